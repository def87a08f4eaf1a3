#include "present/hgrm.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "workload/latency_histogram.hpp"

namespace bench::present {
namespace {

using workload::LatencyHistogram;
using workload::LatencyLayout;

/// Lines that each halving of the distance to 100 % has: the default of the programs that read
/// them.
constexpr double kTicksPerHalfDistance = 5;

/// The percentage of the line after the one of `level`, as HdrHistogram's PercentileIterator
/// advances. It is always higher, however near to 100 that is.
double next_level(double level) {
  const double halvings = std::floor(std::log(100 / (100 - level)) / std::log(2.0)) + 1;
  const double ticks = kTicksPerHalfDistance * std::exp2(halvings);
  return std::max(level + 100 / ticks, std::nextafter(level, 200.0));
}

double deviation(const LatencyHistogram& histogram) {
  const double mean = histogram.mean();
  double sum = 0;
  for (const LatencyHistogram::Bucket& bucket : histogram.buckets()) {
    const double middle =
        (static_cast<double>(bucket.lowest) + static_cast<double>(bucket.highest)) / 2;
    sum += (middle - mean) * (middle - mean) * static_cast<double>(bucket.count);
  }
  return std::sqrt(sum / static_cast<double>(histogram.count()));
}

std::string percentile_lines(const LatencyHistogram& histogram) {
  const std::uint64_t total = histogram.count();
  std::string text;
  std::uint64_t seen = 0;
  double level = 0;
  for (const LatencyHistogram::Bucket& bucket : histogram.buckets()) {
    seen += bucket.count;
    const double reached = 100 * static_cast<double>(seen) / static_cast<double>(total);
    const auto value = static_cast<double>(histogram.highest_of(bucket));
    // Of the last bucket there is one such line, before the one of 100 %.
    for (bool more = true; more && level < 100 && level <= reached; level = next_level(level)) {
      text += fmt::format("{:12.3f} {:2.12f} {:10} {:14.2f}\n", value, level / 100, seen,
                          1 / (1 - level / 100));
      more = seen < total;
    }
  }
  return text +
         fmt::format("{:12.3f} {:2.12f} {:10}\n", static_cast<double>(histogram.max()), 1.0, total);
}

}  // namespace

std::string to_hgrm(const results::Series& series) {
  // HdrHistogram's words for the layout: its buckets are the powers of two.
  constexpr unsigned kPowers = LatencyLayout::kValueBits - LatencyLayout::kFineBits;
  constexpr unsigned kParts = 2U << LatencyLayout::kFineBits;
  const LatencyHistogram& histogram = series.latency->histogram;
  return fmt::format("{:>12} {:>14} {:>10} {:>14}\n\n", "Value", "Percentile", "TotalCount",
                     "1/(1-Percentile)") +
         percentile_lines(histogram) +
         fmt::format(
             "#[Mean    = {:12.3f}, StdDeviation   = {:12.3f}]\n"
             "#[Max     = {:12.3f}, Total count    = {:12}]\n"
             "#[Buckets = {:12}, SubBuckets     = {:12}]\n",
             histogram.mean(), deviation(histogram), static_cast<double>(histogram.max()),
             histogram.count(), kPowers, kParts);
}

}  // namespace bench::present
