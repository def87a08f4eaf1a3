#include "workload/latency_histogram.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace bench::workload {
namespace {

using Bucket = LatencyHistogram::Bucket;

constexpr std::uint64_t kLastLowest = LatencyLayout::lowest_in(LatencyLayout::kBuckets - 1);

/// Whether a value is counted in this bucket.
bool holds(const Bucket& bucket, std::uint64_t value) noexcept {
  return value >= bucket.lowest && (value <= bucket.highest || bucket.lowest == kLastLowest);
}

}  // namespace

std::expected<LatencyHistogram, std::string> LatencyHistogram::from_buckets(
    std::span<const Bucket> buckets, std::uint64_t min, std::uint64_t max) {
  std::uint64_t next = 0;  // the lowest value that the next bucket may begin with
  std::uint64_t total = 0;
  for (const Bucket& bucket : buckets) {
    const auto wrong = [&bucket](std::string_view why) {
      return std::unexpected(
          fmt::format("bucket from {} to {}: {}", bucket.lowest, bucket.highest, why));
    };
    if (bucket.lowest > LatencyLayout::kHighest) return wrong("beyond the last bucket");
    const std::size_t index = LatencyLayout::index_of(bucket.lowest);
    if (bucket.lowest != LatencyLayout::lowest_in(index) ||
        bucket.highest != LatencyLayout::highest_in(index)) {
      return wrong(fmt::format("the bucket there is from {} to {}", LatencyLayout::lowest_in(index),
                               LatencyLayout::highest_in(index)));
    }
    if (bucket.lowest < next) return wrong("not above the previous bucket");
    if (bucket.count == 0) return wrong("empty");
    if (bucket.count > UINT64_MAX - total) return wrong("the sum of all counts is too large");
    total += bucket.count;
    next = bucket.highest + 1;
  }
  if (buckets.empty()) {
    if (min != 0 || max != 0) return std::unexpected("a minimum or maximum without buckets");
    return LatencyHistogram();
  }
  if (!holds(buckets.front(), min)) {
    return std::unexpected(fmt::format("minimum {}: not in the first bucket", min));
  }
  if (!holds(buckets.back(), max)) {
    return std::unexpected(fmt::format("maximum {}: not in the last bucket", max));
  }
  if (max < min) return std::unexpected(fmt::format("maximum {}: below the minimum {}", max, min));
  LatencyHistogram histogram;
  histogram.buckets_.assign(buckets.begin(), buckets.end());
  histogram.min_ = min;
  histogram.max_ = max;
  return histogram;
}

void LatencyHistogram::merge(const LatencyHistogram& other) {
  if (other.buckets_.empty()) return;
  min_ = buckets_.empty() ? other.min_ : std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  std::vector<Bucket> merged;
  merged.reserve(buckets_.size() + other.buckets_.size());
  std::ranges::merge(buckets_, other.buckets_, std::back_inserter(merged), {}, &Bucket::lowest,
                     &Bucket::lowest);
  // A bucket that both histograms have is now there twice.
  buckets_.clear();
  for (const Bucket& bucket : merged) {
    if (!buckets_.empty() && buckets_.back().lowest == bucket.lowest) {
      buckets_.back().count += bucket.count;
    } else {
      buckets_.push_back(bucket);
    }
  }
}

std::uint64_t LatencyHistogram::count() const noexcept {
  std::uint64_t total = 0;
  for (const Bucket& bucket : buckets_) total += bucket.count;
  return total;
}

double LatencyHistogram::mean() const noexcept {
  if (buckets_.empty()) return 0;
  double sum = 0;
  for (const Bucket& bucket : buckets_) {
    const double middle =
        (static_cast<double>(bucket.lowest) + static_cast<double>(bucket.highest)) / 2;
    sum += middle * static_cast<double>(bucket.count);
  }
  return std::clamp(sum / static_cast<double>(count()), static_cast<double>(min_),
                    static_cast<double>(max_));
}

std::uint64_t LatencyHistogram::rank_of(double p, std::uint64_t count) noexcept {
  // A percentage like 99.9 has no exact binary form. The next lower number keeps rounding from
  // asking for one value more (HdrHistogram does the same).
  const double part = std::clamp(std::nextafter(p, 0.0), 0.0, 100.0) / 100;
  return static_cast<std::uint64_t>(std::ceil(part * static_cast<double>(count)));
}

std::uint64_t LatencyHistogram::highest_of(const Bucket& bucket) const noexcept {
  return bucket.lowest == kLastLowest ? max_ : std::min(bucket.highest, max_);
}

std::uint64_t LatencyHistogram::value_at_percentile(double p) const noexcept {
  const std::uint64_t rank = rank_of(p, count());
  std::uint64_t seen = 0;
  for (const Bucket& bucket : buckets_) {
    seen += bucket.count;
    if (seen >= rank) return highest_of(bucket);
  }
  return max_;
}

LatencyHistogram LatencyRecorder::histogram() const {
  LatencyHistogram histogram;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i] == 0) continue;
    histogram.buckets_.push_back({.lowest = LatencyLayout::lowest_in(i),
                                  .highest = LatencyLayout::highest_in(i),
                                  .count = counts_[i]});
  }
  if (histogram.buckets_.empty()) return histogram;
  histogram.min_ = min_;
  histogram.max_ = max_;
  return histogram;
}

}  // namespace bench::workload
