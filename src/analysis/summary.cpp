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
  return results::Summary{.messages_per_second = {.median = middle,
                                                  .ci95 = median_interval(rates, seed),
                                                  .min = min,
                                                  .max = max,
                                                  .mad = median_absolute_deviation(rates)},
                          .bytes_per_second = middle * static_cast<double>(spec.payload_bytes),
                          .fairness = fairness(samples),
                          .per_producer_messages = std::move(sent)};
}

}  // namespace bench::analysis
