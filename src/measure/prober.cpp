#include "measure/prober.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "analysis/statistics.hpp"

namespace bench::measure {
namespace {

using std::chrono::duration;

/// Enough for some hundred trips even between far cores.
constexpr double kShortestProbeSeconds = 0.0001;
/// A longer probe would not tell more.
constexpr double kLongestProbeSeconds = 0.002;

void collect(const machine::Placement* placement, std::set<CpuPair>& pairs) {
  if (placement == nullptr || !placement->consumer_cpu) return;
  for (const std::optional<unsigned>& cpu : placement->producer_cpus) {
    if (cpu && cpu != placement->consumer_cpu) pairs.emplace(*placement->consumer_cpu, *cpu);
  }
}

}  // namespace

void Prober::take_over(const results::Document& earlier) {
  earlier_s_ = earlier.probes.seconds;
  for (const results::Series& series : earlier.series) {
    for (const workload::Sample& sample : series.samples) {
      for (const workload::CoreToCore& probed : sample.core_to_core) {
        const auto ns = probed.before_ns ? probed.before_ns : probed.after_ns;
        if (ns && sample.consumer.cpu) found_[{*sample.consumer.cpu, probed.cpu}].push_back(*ns);
      }
    }
  }
}

RoundTrips Prober::between(const machine::Placement* last, const machine::Placement* next,
                           double trial_s) {
  std::set<CpuPair> all;
  collect(last, all);
  collect(next, all);
  const std::vector<CpuPair> pairs(all.begin(), all.end());
  allowed_s_ += next != nullptr ? kShare * trial_s : 0;
  // At once it takes no more than its share of one trial. What was saved up is for probes whose
  // threads start late.
  const double budget_s = std::min(kShare * trial_s, allowed_s_ - taken_.count());
  if (pairs.empty() || budget_s <= 0) return {};
  const auto fitting =
      static_cast<std::size_t>(budget_s / (machine::kProbeStartSeconds + kShortestProbeSeconds));
  const std::size_t count = std::min(pairs.size(), fitting);
  if (count == 0) return {};
  const double each_s = std::min(
      kLongestProbeSeconds, budget_s / static_cast<double>(count) - machine::kProbeStartSeconds);
  const auto begin = instruments_.now();
  RoundTrips trips;
  for (std::size_t i = 0; i < count; ++i) {
    const CpuPair pair = pairs[(turn_ + i) % pairs.size()];
    const auto found = instruments_.probe(
        pair.first, pair.second,
        std::chrono::duration_cast<std::chrono::nanoseconds>(duration<double>(each_s)));
    if (!found) continue;
    trips[pair] = found->p50_ns;
    found_[pair].push_back(found->p50_ns);
  }
  turn_ = (turn_ + count) % pairs.size();
  taken_ += instruments_.now() - begin;
  return trips;
}

results::Probes Prober::probes(const machine::Topology& topology, double elapsed_s) const {
  results::Probes probes;
  probes.seconds = earlier_s_ + taken_.count();
  probes.share_of_time = elapsed_s > 0 ? probes.seconds / elapsed_s : 0;
  for (const auto& [pair, readings] : found_) {
    probes.core_to_core.push_back({.from = pair.first,
                                   .to = pair.second,
                                   .shared = topology.distance(pair.first, pair.second),
                                   .p10_ns = analysis::quantile(readings, 0.1),
                                   .p50_ns = analysis::quantile(readings, 0.5),
                                   .p90_ns = analysis::quantile(readings, 0.9),
                                   .readings = readings.size()});
  }
  return probes;
}

std::vector<workload::CoreToCore> before_trial(const machine::Placement& placement,
                                               const RoundTrips& trips) {
  std::vector<workload::CoreToCore> seen;
  for (const auto& [pair, ns] : trips) {
    const auto [consumer, producer] = pair;
    if (placement.consumer_cpu == consumer &&
        std::ranges::find(placement.producer_cpus, std::optional(producer)) !=
            placement.producer_cpus.end()) {
      seen.push_back({.cpu = producer, .before_ns = ns, .after_ns = std::nullopt});
    }
  }
  return seen;
}

void add_after_trial(const machine::Placement& placement, const RoundTrips& trips,
                     workload::Sample& sample) {
  for (const workload::CoreToCore& found : before_trial(placement, trips)) {
    const auto same = std::ranges::find(sample.core_to_core, found.cpu, &workload::CoreToCore::cpu);
    if (same != sample.core_to_core.end()) {
      same->after_ns = found.before_ns;
    } else {
      sample.core_to_core.push_back(
          {.cpu = found.cpu, .before_ns = std::nullopt, .after_ns = found.before_ns});
    }
  }
}

}  // namespace bench::measure
