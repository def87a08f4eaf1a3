#include "measure/resume.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "machine/host.hpp"
#include "machine/tick_clock.hpp"
#include "measure/origin.hpp"
#include "results/difference.hpp"
#include "results/series_names.hpp"

namespace bench::measure {
namespace {

/// The facts that must not change. Memory and load change by themselves.
machine::HostFacts lasting(machine::HostFacts host) {
  host.load_average.reset();
  host.memory_bytes.reset();
  return host;
}

bool same_cpus(const machine::Placement& now, const results::ObservedPlacement& then) {
  return now.consumer_cpu == then.consumer_cpu && now.producer_cpus == then.producer_cpus;
}

/// A fault that no interrupted measurement leaves, but an edited document may have.
std::optional<std::string> contradiction(const results::Series& series, unsigned trials,
                                         const machine::Topology& topology) {
  std::set<unsigned> rounds;
  for (const workload::Sample& sample : series.samples) {
    if (sample.round >= trials || !rounds.insert(sample.round).second) {
      return fmt::format(
          "{} has a trial of round {}, which is not one of its {} rounds or is there "
          "twice",
          series.name, sample.round, trials);
    }
    for (const workload::CoreToCore& probed : sample.core_to_core) {
      if (!topology.allows(probed.cpu)) {
        return fmt::format("{} was probed on CPU {}, which may not be used here", series.name,
                           probed.cpu);
      }
    }
  }
  return std::nullopt;
}

std::string in_words(const std::vector<results::Axis>& axes) {
  std::string words;
  for (const auto& [key, values] : axes) {
    words += fmt::format("{}{}={}", words.empty() ? "" : " ", results::typed(key),
                         fmt::join(values, ","));
  }
  return words;
}

/// What differs between the two sweeps as their files and flags define them.
std::optional<std::string> other_sweep(const results::Document& earlier, const Plan& plan) {
  const results::Sweep& then = *earlier.sweep;
  const results::Sweep& now = *plan.sweep;
  if (then.name != now.name) {
    return fmt::format("it is the result of the sweep {}, and this sweep is {}", then.name,
                       now.name);
  }
  if (then.trials != now.trials) {
    return fmt::format("it has {} trials of each series, and this sweep {}", then.trials,
                       now.trials);
  }
  if (then.axes != now.axes) {
    return fmt::format("its axes are {}, and this sweep's are {}", in_words(then.axes),
                       in_words(now.axes));
  }
  if (earlier.series.size() != plan.series.size()) {
    return fmt::format("it has {} series, and this sweep {}", earlier.series.size(),
                       plan.series.size());
  }
  if (earlier.seed != plan.seed) {
    return fmt::format("its seed is {}, and this sweep's is {}", earlier.seed, plan.seed);
  }
  for (std::size_t i = 0; i < plan.series.size(); ++i) {
    const PlannedSeries& planned = plan.series[i];
    const results::Series& series = earlier.series[i];
    if (series.name != planned.name || series.parameters != planned.parameters) {
      return fmt::format("it has the series {} in place of {}", series.name, planned.name);
    }
    if (const auto other = results::difference(planned.spec, series.spec)) {
      return fmt::format("in the series {}, {}", planned.name, *other);
    }
    if (series.placement.policy != planned.placement.policy) {
      return fmt::format("in the series {}, the placement is {} and was {}", planned.name,
                         name(planned.placement.policy), name(series.placement.policy));
    }
  }
  return std::nullopt;
}

std::optional<std::string> obstacle(const results::Document& earlier, const Plan& plan,
                                    const machine::Topology& topology) {
  const machine::HostFacts host = machine::host_facts(topology);
  if (!earlier.sweep) return "it is not the result of a sweep";
  if (auto other = other_sweep(earlier, plan)) {
    return fmt::format("{}; give the file and the flags that it began with: {}", *other,
                       earlier.command_line);
  }
  for (std::size_t i = 0; i < plan.series.size(); ++i) {
    const PlannedSeries& planned = plan.series[i];
    const results::Series& series = earlier.series[i];
    if (auto wrong = contradiction(series, plan.trials, topology)) return wrong;
    if (series.placement.pinned && !same_cpus(planned.placement, series.placement)) {
      return fmt::format("{} would run on other CPUs than it did", planned.name);
    }
  }
  if (const auto other = results::difference(this_tool(), earlier.tool)) {
    return fmt::format("it was measured by another program: {}", *other);
  }
  if (const auto other = results::difference(lasting(host), lasting(earlier.host))) {
    return fmt::format("it was measured on another machine, or the machine has changed: {}",
                       *other);
  }
  const std::string_view clock = machine::tick_clock_of_this_machine().name();
  if (earlier.clock && earlier.clock->name != clock) {
    return fmt::format(
        "its messages were timed by the {} clock, and would now be timed by the {} clock",
        earlier.clock->name, clock);
  }
  const auto is_whole = [&](const results::Series& series) {
    return series.samples.size() == plan.trials &&
           std::ranges::none_of(series.samples, &workload::Sample::cut_short);
  };
  if (std::ranges::all_of(earlier.series, is_whole)) {
    return "it is complete: there is nothing left to measure";
  }
  return std::nullopt;
}

std::optional<double> joined(std::optional<double> a, double a_s, std::optional<double> b,
                             double b_s) noexcept {
  if (!a || a_s <= 0) return b;
  if (!b || b_s <= 0) return a;
  return (*a * a_s + *b * b_s) / (a_s + b_s);
}

std::optional<machine::Throttling> joined(const std::optional<machine::Throttling>& a,
                                          const std::optional<machine::Throttling>& b) noexcept {
  if (!a || !b) return a ? a : b;
  return machine::Throttling{.periods = a->periods + b->periods,
                             .throttled_periods = a->throttled_periods + b->throttled_periods,
                             .seconds = a->seconds + b->seconds};
}

}  // namespace

void go_on_with(results::Document earlier, Plan& plan, const machine::Topology& topology) {
  if (const auto why = obstacle(earlier, plan, topology)) {
    throw BadRequest(*why);
  }
  plan.earlier = std::move(earlier);
}

void take_over(const results::Document& earlier, results::Document& document) {
  document.resumed_utc = earlier.resumed_utc;
  document.resumed_utc.push_back(std::exchange(document.created_utc, earlier.created_utc));
  document.label = earlier.label;
  document.notes = earlier.notes;
  document.host = earlier.host;
  if (earlier.survey && earlier.survey->complete) document.survey = earlier.survey;
  for (std::size_t i = 0; i < document.series.size(); ++i) {
    results::Series& series = document.series[i];
    series.samples = earlier.series[i].samples;
    series.verification = earlier.series[i].verification;
    series.repeated = earlier.series[i].repeated;
    std::erase_if(series.samples, &workload::Sample::cut_short);
    // The times of all its trials together, which any one sample can carry.
    if (!series.samples.empty() && earlier.series[i].latency) {
      series.samples.front().latency = earlier.series[i].latency->histogram;
    }
  }
}

bool has_round(const results::Series& series, unsigned round) noexcept {
  return std::ranges::find(series.samples, round, &workload::Sample::round) != series.samples.end();
}

machine::Activity joined(const machine::Activity& a, double a_s, const machine::Activity& b,
                         double b_s) noexcept {
  return {.foreign_cpu_share = joined(a.foreign_cpu_share, a_s, b.foreign_cpu_share, b_s),
          .steal_share = joined(a.steal_share, a_s, b.steal_share, b_s),
          .throttling = joined(a.throttling, b.throttling)};
}

double measured_seconds(const results::Document& document) noexcept {
  const results::Probes& probes = document.probes;
  if (probes.share_of_time > 0) return probes.seconds / probes.share_of_time;
  double seconds = 0;  // nothing was probed: at least the trials' own time
  for (const results::Series& series : document.series) {
    for (const workload::Sample& sample : series.samples) seconds += sample.seconds;
  }
  return seconds;
}

}  // namespace bench::measure
