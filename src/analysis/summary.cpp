#include "analysis/summary.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "analysis/regimes.hpp"
#include "analysis/statistics.hpp"

namespace bench::analysis {

namespace {

results::ThroughputSummary throughput(const std::vector<double>& rates, std::uint64_t seed) {
  const auto [min, max] = std::ranges::minmax(rates);
  return {.median = median(rates),
          .ci95 = median_interval(rates, seed),
          .min = min,
          .max = max,
          .mad = median_absolute_deviation(rates)};
}

std::vector<results::RegimeSummary> summarize_regimes(std::span<const workload::Sample> samples,
                                                      std::uint64_t seed) {
  unsigned count = 0;
  for (const workload::Sample& sample : samples) count = std::max(count, sample.regime + 1);
  std::vector<results::RegimeSummary> regimes(count);
  for (unsigned regime = 0; regime < count; ++regime) {
    std::vector<double> rates;
    std::vector<double> probes;
    for (const workload::Sample& sample : samples) {
      if (sample.regime != regime) continue;
      rates.push_back(sample.messages_per_second());
      if (const auto ns = core_to_core_ns(sample)) probes.push_back(*ns);
    }
    results::RegimeSummary& summary = regimes[regime];
    summary.samples = rates.size();
    summary.share = static_cast<double>(rates.size()) / static_cast<double>(samples.size());
    summary.messages_per_second = throughput(rates, seed);
    if (!probes.empty()) summary.core_to_core_ns = median(probes);
  }
  return regimes;
}

}  // namespace

std::optional<double> core_to_core_ns(const workload::Sample& sample) {
  double sum = 0;
  std::size_t count = 0;
  for (const workload::CoreToCore& found : sample.core_to_core) {
    for (const std::optional<double>& ns : {found.before_ns, found.after_ns}) {
      if (!ns || *ns <= 0) continue;
      sum += std::log(*ns);
      ++count;
    }
  }
  return count > 0 ? std::optional(std::exp(sum / static_cast<double>(count))) : std::nullopt;
}

void assign_regimes(std::vector<workload::Sample>& samples) {
  std::vector<RegimePoint> points(samples.size());
  std::ranges::transform(samples, points.begin(), [](const workload::Sample& sample) {
    return RegimePoint{.messages_per_second = sample.messages_per_second(),
                       .core_to_core_ns = core_to_core_ns(sample)};
  });
  const std::vector<unsigned> regimes = regimes_of(points);
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i].regime = regimes[i];
}

std::optional<results::Summary> summarize(std::span<const workload::Sample> samples,
                                          const workload::Spec& spec, std::uint64_t seed) {
  if (samples.empty()) return std::nullopt;
  results::Summary summary;
  summary.fairness = fairness(samples);
  summary.per_producer_messages.resize(spec.producers);
  for (const workload::Sample& sample : samples) {
    std::ranges::transform(summary.per_producer_messages, sample.per_producer_messages,
                           summary.per_producer_messages.begin(), std::plus());
  }
  summary.regimes = summarize_regimes(samples, seed);
  if (summary.regimes.size() == 1) {
    summary.messages_per_second = summary.regimes.front().messages_per_second;
    const double middle = *summary.messages_per_second.median;
    summary.bytes_per_second = middle * static_cast<double>(spec.payload_bytes);
    if (spec.pattern == workload::Pattern::round_trip && middle > 0) {
      summary.round_trip_ns = 1e9 / middle;
    }
  } else {
    const auto by_rate = [](const auto& a, const auto& b) {
      return a.messages_per_second() < b.messages_per_second();
    };
    const auto [least, most] = std::ranges::minmax_element(samples, by_rate);
    summary.messages_per_second.min = least->messages_per_second();
    summary.messages_per_second.max = most->messages_per_second();
  }
  return summary;
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
