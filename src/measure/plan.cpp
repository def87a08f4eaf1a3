#include "measure/plan.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include "analysis/caveats.hpp"
#include "machine/cannot_measure.hpp"
#include "machine/memory_limit.hpp"
#include "measure/memory_budget.hpp"
#include "measure/placed_alike.hpp"
#include "results/series_names.hpp"
#include "workload/queue_table.hpp"
#include "workload/trial.hpp"

namespace bench::measure {
namespace {

using workload::Pattern;
using workload::QueueKind;

machine::Placement place(const Request& request, const machine::Topology& topology) {
  if (request.cpus.empty()) {
    return machine::plan_placement(topology, request.policy, request.spec.producers);
  }
  auto placement = machine::plan_explicit(topology, request.cpus, request.spec.producers);
  if (!placement) throw BadRequest("--cpus: " + placement.error());
  return std::move(*placement);
}

std::string not_built_in(const workload::QueueEntry& queue) {
  if (queue.package.empty()) return "it is not built in: scripts/bench builds the queues you name";
  return fmt::format("it is not built in: install {} and build again (scripts/bench does both)",
                     queue.package);
}

/// Why this queue cannot do what the spec asks for, if it cannot.
std::optional<std::string> obstacle(const workload::QueueEntry& queue, const workload::Spec& spec) {
  if (queue.start == nullptr) return not_built_in(queue);
  const unsigned producers = spec.producers + spec.idle_producers;
  const bool one = queue.kind == QueueKind::spsc || queue.kind == QueueKind::limit;
  if (one && producers > 1) {
    return fmt::format("it supports only one producer, and {} were asked for", producers);
  }
  if (queue.kind == QueueKind::limit && queue.name != workload::limit_of(spec.pattern)) {
    return fmt::format("it is the limit of another --pattern, not of {}", name(spec.pattern));
  }
  if (std::ranges::find(queue.payloads, spec.payload_bytes) == queue.payloads.end()) {
    return fmt::format("messages of {} bytes are not built in for it: --payload must be one of {}",
                       spec.payload_bytes, fmt::join(queue.payloads, ", "));
  }
  return std::nullopt;
}

void check_pattern(const Request& request) {
  const workload::Spec& spec = request.spec;
  if (spec.pattern == Pattern::one_way && !(spec.rate > 0.0)) {
    throw BadRequest("--pattern one-way sends on a schedule: it needs a --rate of more than 0");
  }
  if (spec.pattern != Pattern::one_way && spec.rate) {
    throw BadRequest(
        fmt::format("--rate is for --pattern one-way: {} has no schedule", name(spec.pattern)));
  }
  if (spec.pattern == Pattern::stream) return;
  if (request.batch_given && spec.batch > 1) {
    throw BadRequest(fmt::format("--pattern {} sends one message at a time: --batch {} must be 1",
                                 name(spec.pattern), spec.batch));
  }
  if (request.write_given && spec.write != workload::Write::in_place) {
    throw BadRequest(fmt::format(
        "--pattern {} pushes each message where it is read: --write {} must be in-place",
        name(spec.pattern), name(spec.write)));
  }
  if (spec.pattern == Pattern::round_trip && spec.producers > 1) {
    throw BadRequest(fmt::format(
        "--pattern round-trip has one message in flight, from one producer: --producers {} must be "
        "1 (--idle-producers registers more)",
        spec.producers));
  }
  if (spec.consume != workload::Consume::verify) {
    throw BadRequest(fmt::format("--pattern {} verifies its messages: --consume must be verify",
                                 name(spec.pattern)));
  }
}

void check_write(const workload::Spec& spec) {
  if (spec.pattern != Pattern::stream) return;
  if (spec.write == workload::Write::deferred && spec.batch > 1) {
    throw BadRequest(
        fmt::format("--write deferred is for single pushes: --batch {} must be 1", spec.batch));
  }
  if (spec.write == workload::Write::deferred && spec.layout == workload::Layout::celled) {
    throw BadRequest(
        "--write deferred stages messages for --layout dense: --layout celled publishes each at "
        "once");
  }
  if (spec.write == workload::Write::copy && spec.batch == 1) {
    throw BadRequest("--write copy is for batches: --batch 1 must be larger");
  }
}

/// The spec as this queue will carry it out.
workload::Spec carried_out(workload::Spec spec, const workload::QueueEntry& queue) {
  using workload::Write;
  spec.queue = queue.name;
  if (queue.kind == QueueKind::limit) spec.idle_producers = 0;
  if (spec.pattern != Pattern::stream) {
    spec.batch = 1;
    spec.write = Write::in_place;
  }
  if (spec.pattern == Pattern::one_way) spec.latency = true;
  if (spec.write == Write::deferred && !queue.deferred) spec.write = Write::in_place;
  if (spec.batch > 1 && spec.write == Write::in_place && !queue.in_place) spec.write = Write::copy;
  if (!queue.layouts) {
    spec.layout.reset();
  } else if (!spec.layout) {
    spec.layout = workload::layout_for(spec);
  }
  spec.metrics = spec.metrics && queue.metrics;
  return spec;
}

bool is_named(const Request& request, std::string_view queue) {
  return std::ranges::find(request.queues, queue) != request.queues.end();
}

/// Caveats about what the user asked for and this queue or this machine cannot do. The spec has
/// what is done in its place.
std::vector<results::Caveat> not_as_asked(const Request& request, const workload::Spec& spec,
                                          const machine::Placement& placement,
                                          const machine::Topology& topology) {
  std::vector<results::Caveat> caveats;
  const auto add = [&caveats](std::string text) {
    caveats.push_back({.code = results::CaveatCode::not_as_asked, .text = std::move(text)});
  };
  if (request.write_given && spec.write != request.spec.write) {
    add(request.spec.write == workload::Write::deferred
            ? fmt::format("{} cannot stage pushes, so each was published at once, as with --write "
                          "in-place",
                          spec.queue)
            : fmt::format("{} cannot be written in place, so batches were copied in, as with "
                          "--write copy",
                          spec.queue));
  }
  if (request.spec.metrics && !spec.metrics) {
    add(fmt::format("{} counts nothing, so there are no --metrics of it", spec.queue));
  }
  // A limit that was only added beside the queues is not what --layout is about.
  if (request.spec.layout && !spec.layout &&
      (!workload::is_limit(spec) || is_named(request, spec.queue))) {
    add(fmt::format("{} has one layout of its own, whatever --layout says", spec.queue));
  }
  const auto policy = placement.policy;
  if ((policy == machine::PlacementPolicy::far || policy == machine::PlacementPolicy::smt) &&
      same_cpus(placement, machine::plan_placement(topology, machine::PlacementPolicy::near,
                                                   spec.producers))) {
    add(fmt::format("--placement {} names the same CPUs as near on this machine", name(policy)));
  }
  return caveats;
}

/// Warns once, about the series that needs the most memory.
void warn_of_unknown_limit(const std::vector<PlannedSeries>& all,
                           const machine::MemoryLimit& limit) {
  const auto bytes = [](const PlannedSeries& one) { return workload::ring_bytes(one.spec); };
  const auto largest = std::ranges::max_element(all, {}, bytes);
  if (largest == all.end()) return;
  if (const auto warning = unknown_limit(largest->spec, limit)) spdlog::warn("{}", *warning);
}

std::vector<workload::Spec> choose_queues(const Request& request,
                                          std::vector<std::string>& left_out) {
  std::vector<workload::Spec> specs;
  const auto add = [&](const workload::QueueEntry& queue) {
    specs.push_back(carried_out(request.spec, queue));
  };
  if (request.queues == std::vector<std::string>{"all"}) {
    for (const workload::QueueEntry& queue : workload::queue_table()) {
      if (queue.kind == QueueKind::limit) continue;
      if (const auto why = obstacle(queue, request.spec)) {
        left_out.push_back(fmt::format("{}: {}", queue.name, *why));
      } else {
        add(queue);
      }
    }
  } else {
    for (const std::string& name : request.queues) {
      const auto queue = workload::find_queue(name);
      if (const auto why = obstacle(*queue, request.spec)) {
        throw BadRequest(fmt::format("--queue {}: {}", name, *why));
      }
      add(*queue);
    }
  }
  return specs;
}

/// Adds a series for the most that the machine can do, if the request asks for it or the pattern is
/// round-trip.
void add_limit(const Request& request, std::vector<workload::Spec>& specs) {
  const bool single = request.spec.producers == 1;
  if (request.limit && !single) {
    throw BadRequest(
        fmt::format("--limit is for one producer and one consumer: --producers {} must "
                    "be 1",
                    request.spec.producers));
  }
  const std::string_view limit = workload::limit_of(request.spec.pattern);
  const bool named = is_named(request, limit);
  if ((request.limit || request.spec.pattern == Pattern::round_trip) && !named) {
    specs.push_back(carried_out(request.spec, *workload::find_queue(limit)));
  }
}

PlannedSeries planned(workload::Spec spec, const Request& request,
                      const machine::Topology& topology, const machine::MemoryLimit& limit) {
  machine::Placement placement = place(request, topology);
  std::vector<results::Caveat> caveats = not_as_asked(request, spec, placement, topology);
  const bool layout_chosen = spec.layout.has_value() && !request.spec.layout;
  PlannedSeries series{.name = spec.queue,
                       .parameters = {},
                       .spec = std::move(spec),
                       .layout_chosen = layout_chosen,
                       .placement = std::move(placement),
                       .caveats = std::move(caveats),
                       .references = {}};
  const std::size_t slots = std::size_t{1} << series.spec.ring_bits;
  if (series.spec.batch > slots) {
    series.caveats.push_back(analysis::batch_clamped(series.spec.batch, slots));
    series.spec.batch = slots;
  }
  check_memory(series.spec, limit);
  return series;
}

/// Compares each series with the first one, and with the limit.
void refer_to_first(std::vector<PlannedSeries>& all) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t other = 0; other < all.size(); ++other) {
      const bool limit = workload::limit_of(all[i].spec.pattern) == all[other].spec.queue;
      if (other != i && (other == 0 || limit)) all[i].references.push_back(other);
    }
  }
}

using Parameters = std::vector<results::Parameter>;

Parameters without_queue(Parameters parameters) {
  std::erase_if(parameters, [](const results::Parameter& one) { return one.key == "queue"; });
  return parameters;
}

/// Compares each series with the first queue at the same place. Series that differ on another axis
/// measure different things.
void refer_to_first_queue(std::vector<PlannedSeries>& all) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto first = std::ranges::find(
        all, without_queue(all[i].parameters),
        [](const PlannedSeries& series) { return without_queue(series.parameters); });
    const auto index = static_cast<std::size_t>(first - all.begin());
    if (index != i) all[i].references.push_back(index);
  }
}

/// A throughput-latency curve as a sweep over queues and rates.
results::Sweep curve(const std::vector<workload::Spec>& specs, const Request& request) {
  results::Axis queues{.key = "queue", .values = {}};
  results::Axis rates{.key = "rate", .values = {}};
  queues.values.reserve(specs.size());
  rates.values.reserve(request.rates.size());
  for (const workload::Spec& spec : specs) queues.values.push_back(spec.queue);
  for (const Rate& rate : request.rates) rates.values.push_back(rate.text);
  return {
      .name = kCurveName, .axes = {std::move(queues), std::move(rates)}, .trials = request.trials};
}

workload::Spec at_rate(workload::Spec spec, const Rate& rate) {
  spec.rate = rate.per_second;
  return spec;
}

PlannedSeries planned(const SweepRequest::Series& wanted, const machine::Topology& topology,
                      const machine::MemoryLimit& limit) {
  const Request& request = wanted.request;
  check_pattern(request);
  check_write(request.spec);
  std::vector<std::string> none_left_out;
  PlannedSeries series =
      planned(choose_queues(request, none_left_out).front(), request, topology, limit);
  series.parameters = wanted.parameters;
  return series;
}

bool has(const Parameters& parameters, const results::Parameter& wanted) {
  return std::ranges::find(parameters, wanted) != parameters.end();
}

[[noreturn]] void refuse(const SweepRequest::LeftOut& series) {
  throw BadRequest(fmt::format("{}: {}", results::series_name(series.parameters), series.why));
}

/// Refuses a value that was asked for by its name if all of its series are left out.
void refuse_idle_values(const SweepRequest& sweep, const std::vector<PlannedSeries>& planned) {
  if (planned.empty() && !sweep.left_out.empty()) refuse(sweep.left_out.front());
  for (const results::Axis& axis : sweep.axes) {
    if (std::ranges::find(sweep.named, axis.key) == sweep.named.end()) continue;
    for (const std::string& value : axis.values) {
      const auto of_value = [&](const auto& series) {
        return has(series.parameters, {.key = axis.key, .value = value});
      };
      const auto left_out = std::ranges::find_if(sweep.left_out, of_value);
      if (left_out != sweep.left_out.end() && std::ranges::none_of(planned, of_value)) {
        refuse(*left_out);
      }
    }
  }
}

/// One line for each reason.
std::vector<std::string> lines_of(const std::vector<SweepRequest::LeftOut>& left_out) {
  std::vector<std::string> lines;
  for (auto first = left_out.begin(); first != left_out.end(); ++first) {
    if (std::ranges::find(left_out.begin(), first, first->why, &SweepRequest::LeftOut::why) !=
        first) {
      continue;
    }
    const auto more =
        std::ranges::count(first + 1, left_out.end(), first->why, &SweepRequest::LeftOut::why);
    lines.push_back(fmt::format(
        "{}{}: {}", results::series_name(first->parameters),
        more == 0 ? std::string() : fmt::format(" and {} more series", more), first->why));
  }
  return lines;
}

/// Drops values, and then axes, that no series has.
void drop_idle_values(std::vector<results::Axis>& axes, const std::vector<PlannedSeries>& planned) {
  for (results::Axis& axis : axes) {
    std::erase_if(axis.values, [&](const std::string& value) {
      return std::ranges::none_of(planned, [&](const PlannedSeries& series) {
        return has(series.parameters, {.key = axis.key, .value = value});
      });
    });
  }
  std::erase_if(axes, [](const results::Axis& axis) { return axis.values.empty(); });
}

}  // namespace

void leave_out(SweepRequest& sweep, std::vector<results::Parameter> parameters,
               const BadRequest& why) {
  sweep.left_out.push_back({.parameters = std::move(parameters), .why = why.what()});
  if (sweep.may_leave_out) return;
  sweep.left_out.back().why += " (or exclude it)";
  refuse(sweep.left_out.back());
}

Plan make_plan(const Request& request, const machine::Topology& topology) {
  check_pattern(request);
  check_write(request.spec);
  Plan plan{.series = {},
            .trials = request.trials,
            .warmup = request.warmup,
            .seed = request.seed,
            .sweep = {},
            .earlier = {},
            .left_out = {}};
  const machine::MemoryLimit limit = machine::memory_limit();
  std::vector<workload::Spec> specs = choose_queues(request, plan.left_out);
  add_limit(request, specs);
  if (!request.rates.empty()) {
    plan.sweep = curve(specs, request);
    for (const workload::Spec& spec : specs) {
      for (const Rate& rate : request.rates) {
        plan.series.push_back(planned(at_rate(spec, rate), request, topology, limit));
        plan.series.back().parameters = {{.key = "queue", .value = spec.queue},
                                         {.key = "rate", .value = rate.text}};
        plan.series.back().name = results::series_name(plan.series.back().parameters);
      }
    }
    refer_to_first_queue(plan.series);
    warn_of_unknown_limit(plan.series, limit);
    return plan;
  }
  for (workload::Spec& spec : specs) {
    plan.series.push_back(planned(std::move(spec), request, topology, limit));
  }
  refer_to_first(plan.series);
  warn_of_unknown_limit(plan.series, limit);
  return plan;
}

Plan make_plan(SweepRequest sweep, const machine::Topology& topology) {
  Plan plan;
  plan.time_limit_s = sweep.time_limit_s;
  plan.core_to_core_s = sweep.core_to_core_s;
  PlacedAlike alike;
  const machine::MemoryLimit limit = machine::memory_limit();
  for (const SweepRequest::Series& wanted : sweep.series) {
    const std::string name = results::series_name(wanted.parameters);
    try {
      PlannedSeries series = planned(wanted, topology, limit);
      if (alike.leaves_out(series, plan.series)) continue;
      series.name = name;
      plan.series.push_back(std::move(series));
    } catch (const BadRequest& error) {
      leave_out(sweep, wanted.parameters, error);
    } catch (const machine::CannotMeasure& error) {
      throw machine::CannotMeasure(fmt::format("{}: {}", name, error.what()));
    }
  }
  refuse_idle_values(sweep, plan.series);
  plan.left_out = lines_of(sweep.left_out);
  std::ranges::move(alike.lines(), std::back_inserter(plan.left_out));
  const Request& first = sweep.series.front().request;
  plan.trials = first.trials;
  plan.warmup = first.warmup;
  plan.seed = first.seed;
  drop_idle_values(sweep.axes, plan.series);
  plan.sweep = results::Sweep{
      .name = std::move(sweep.name), .axes = std::move(sweep.axes), .trials = first.trials};
  refer_to_first_queue(plan.series);
  warn_of_unknown_limit(plan.series, limit);
  return plan;
}

}  // namespace bench::measure
