#include "measure/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "analysis/caveats.hpp"
#include "machine/memory_limit.hpp"
#include "measure/memory_budget.hpp"
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

/// Why this queue cannot do what the spec asks for, if it cannot.
std::optional<std::string> obstacle(const workload::QueueEntry& queue, const workload::Spec& spec) {
  if (queue.start == nullptr) return "its library was not there when this program was built";
  const unsigned producers = spec.producers + spec.idle_producers;
  if (queue.kind == QueueKind::spsc && producers > 1) {
    return fmt::format("it is for one producer, and {} were asked for", producers);
  }
  return std::nullopt;
}

void check_pattern(const workload::Spec& spec) {
  if (spec.pattern != Pattern::round_trip) return;
  if (spec.producers > 1) {
    throw BadRequest(fmt::format(
        "--pattern round-trip has one message in flight, which is one producer's: --producers {} "
        "must be 1 (--idle-producers registers more)",
        spec.producers));
  }
  if (spec.consume != workload::Consume::verify) {
    throw BadRequest("--pattern round-trip verifies what comes back: --consume must be verify");
  }
}

std::vector<workload::Spec> choose_queues(const Request& request,
                                          std::vector<std::string>& left_out) {
  std::vector<workload::Spec> specs;
  const auto add = [&](std::string_view name) {
    specs.push_back(request.spec);
    specs.back().queue = name;
  };
  if (request.queues == std::vector<std::string>{"all"}) {
    for (const workload::QueueEntry& queue : workload::queue_table()) {
      if (queue.kind == QueueKind::limit) continue;
      if (const auto why = obstacle(queue, request.spec)) {
        left_out.push_back(fmt::format("{}: {}", queue.name, *why));
      } else {
        add(queue.name);
      }
    }
  } else {
    for (const std::string& name : request.queues) {
      const workload::QueueEntry* const queue = workload::find_queue(name);
      if (const auto why = obstacle(*queue, request.spec)) {
        throw BadRequest(fmt::format("--queue {}: {}", name, *why));
      }
      add(name);
    }
  }
  const bool single = request.spec.producers == 1;
  if (request.limit && !single) {
    throw BadRequest(
        fmt::format("--limit is of one producer and one consumer: --producers {} must "
                    "be 1",
                    request.spec.producers));
  }
  if (request.limit || request.spec.pattern == Pattern::round_trip) {
    add(workload::limit_of(request.spec.pattern));
    specs.back().idle_producers = 0;
  }
  return specs;
}

}  // namespace

Plan make_plan(const Request& request, const machine::Topology& topology) {
  check_pattern(request.spec);
  Plan plan{.specs = {},
            .placement = place(request, topology),
            .trials = request.trials,
            .warmup = request.warmup,
            .seed = request.seed,
            .caveats = {},
            .left_out = {}};
  plan.specs = choose_queues(request, plan.left_out);
  const std::size_t slots = std::size_t{1} << request.spec.ring_bits;
  if (request.spec.batch > slots) {
    plan.caveats.push_back(analysis::batch_clamped(request.spec.batch, slots));
    for (workload::Spec& spec : plan.specs) spec.batch = slots;
  }
  const machine::MemoryLimit limit = machine::memory_limit();
  for (const workload::Spec& spec : plan.specs) check_memory(spec, limit);
  return plan;
}

}  // namespace bench::measure
