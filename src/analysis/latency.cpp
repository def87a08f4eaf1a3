#include "analysis/latency.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <vector>

#include "analysis/percentile_intervals.hpp"

namespace bench::analysis {
namespace {

std::optional<results::OfferedLoad> load_of(std::span<const workload::Sample> samples,
                                            double rate) {
  std::size_t trials = 0;
  std::size_t behind = 0;
  double messages = 0;
  double seconds = 0;
  for (const workload::Sample& sample : samples) {
    const auto scheduled = static_cast<double>(sample.messages_due.value_or(0)) / rate;
    const double taken = std::max(sample.seconds, scheduled);
    if (scheduled <= 0) continue;  // the trial ended before any message was due
    const double part = static_cast<double>(sample.messages) / taken / rate;
    ++trials;
    behind += part < kHalf || (part < kKeptUp && (1 - part) * taken > kStallSeconds) ? 1 : 0;
    messages += static_cast<double>(sample.messages);
    seconds += taken;
  }
  if (trials == 0) return std::nullopt;
  return results::OfferedLoad{
      .offered_rate = rate, .achieved_rate = messages / seconds, .saturated = 2 * behind > trials};
}

constexpr std::array kPercentiles = {50.0, 90.0, 99.0, 99.9, 99.99};

/// The times of each trial, if they were kept trial by trial and the machine did not change between
/// the trials. After `sweep --resume`, those from before the interrupt are kept only together.
std::optional<std::vector<std::reference_wrapper<const workload::LatencyHistogram>>>
times_of_trials(std::span<const workload::Sample> samples) {
  std::vector<std::reference_wrapper<const workload::LatencyHistogram>> trials;
  trials.reserve(samples.size());
  for (const workload::Sample& sample : samples) {
    if (!sample.latency || sample.regime != samples.front().regime) return std::nullopt;
    trials.emplace_back(*sample.latency);
  }
  return trials;
}

}  // namespace

std::uint64_t messages_for(double percentile) noexcept {
  return static_cast<std::uint64_t>(
      std::llround(static_cast<double>(kFewestBeyond) / (1 - percentile / 100)));
}

std::optional<results::Latency> summarize_latency(std::span<const workload::Sample> samples,
                                                  const workload::Spec& spec, std::uint64_t seed) {
  workload::LatencyHistogram all;
  for (const workload::Sample& sample : samples) {
    if (sample.latency) all.merge(*sample.latency);
  }
  if (all.count() == 0) return std::nullopt;
  const auto percentile = [&all](double p) {
    return all.count() >= messages_for(p) ? std::optional(all.value_at_percentile(p))
                                          : std::nullopt;
  };
  results::Latency latency{.p50_ns = percentile(50),
                           .p90_ns = percentile(90),
                           .p99_ns = percentile(99),
                           .p99_9_ns = percentile(99.9),
                           .p99_99_ns = percentile(99.99),
                           .max_ns = all.max(),
                           .ci95 = {},
                           .histogram = all,
                           .load = spec.rate ? load_of(samples, *spec.rate) : std::nullopt};
  const auto trials = times_of_trials(samples);
  if (!trials) return latency;
  const auto intervals = percentile_intervals(*trials, kPercentiles, seed);
  const auto of = [&](const std::optional<std::uint64_t>& value, std::size_t index) {
    return value ? intervals[index] : std::nullopt;
  };
  latency.ci95 = {.p50_ns = of(latency.p50_ns, 0),
                  .p90_ns = of(latency.p90_ns, 1),
                  .p99_ns = of(latency.p99_ns, 2),
                  .p99_9_ns = of(latency.p99_9_ns, 3),
                  .p99_99_ns = of(latency.p99_99_ns, 4)};
  return latency;
}

}  // namespace bench::analysis
