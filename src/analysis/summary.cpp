#include "analysis/summary.hpp"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "analysis/statistics.hpp"

namespace bench::analysis {

std::optional<results::Summary> summarize(std::span<const workload::Sample> samples,
                                          const workload::Spec& spec, std::uint64_t seed) {
  if (samples.empty()) return std::nullopt;
  std::vector<double> rates(samples.size());
  std::ranges::transform(samples, rates.begin(), &workload::Sample::messages_per_second);
  std::vector<std::uint64_t> sent(spec.producers);
  for (const workload::Sample& sample : samples) {
    std::ranges::transform(sent, sample.per_producer_messages, sent.begin(), std::plus());
  }
  const auto [min, max] = std::ranges::minmax(rates);
  const double middle = median(rates);
  return results::Summary{
      .messages_per_second = {.median = middle,
                              .ci95 = median_interval(rates, seed),
                              .min = min,
                              .max = max,
                              .mad = median_absolute_deviation(rates)},
      .bytes_per_second = middle * static_cast<double>(spec.payload_bytes),
      .fairness = fairness(samples),
      .round_trip_ns = spec.pattern == workload::Pattern::round_trip && middle > 0
                           ? std::optional(1e9 / middle)
                           : std::nullopt,
      .per_producer_messages = std::move(sent)};
}

std::optional<results::Comparison> compare(const results::Series& series,
                                           const results::Series& reference, std::uint64_t seed) {
  std::vector<double> ratios;
  for (const workload::Sample& sample : series.samples) {
    const auto other = std::ranges::find(reference.samples, sample.round, &workload::Sample::round);
    if (other == reference.samples.end() || other->messages_per_second() <= 0) continue;
    ratios.push_back(sample.messages_per_second() / other->messages_per_second());
  }
  if (ratios.empty()) return std::nullopt;
  return results::Comparison{.reference = reference.name,
                             .ratio = median(ratios),
                             .ci95 = median_interval(ratios, seed),
                             .pairs = ratios.size()};
}

}  // namespace bench::analysis
