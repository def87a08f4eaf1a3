#include "analysis/latency.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

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

}  // namespace

std::uint64_t messages_for(double percentile) noexcept {
  return static_cast<std::uint64_t>(
      std::llround(static_cast<double>(kFewestBeyond) / (1 - percentile / 100)));
}

std::optional<results::Latency> summarize_latency(std::span<const workload::Sample> samples,
                                                  const workload::Spec& spec) {
  workload::LatencyHistogram all;
  for (const workload::Sample& sample : samples) {
    if (sample.latency) all.merge(*sample.latency);
  }
  if (all.count() == 0) return std::nullopt;
  const auto percentile = [&all](double p) {
    return all.count() >= messages_for(p) ? std::optional(all.value_at_percentile(p))
                                          : std::nullopt;
  };
  return results::Latency{.p50_ns = percentile(50),
                          .p90_ns = percentile(90),
                          .p99_ns = percentile(99),
                          .p99_9_ns = percentile(99.9),
                          .p99_99_ns = percentile(99.99),
                          .max_ns = all.max(),
                          .histogram = all,
                          .load = spec.rate ? load_of(samples, *spec.rate) : std::nullopt};
}

}  // namespace bench::analysis
