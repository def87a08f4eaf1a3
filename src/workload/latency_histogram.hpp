// How long things took: counts of nanoseconds, in buckets of three significant digits at every
// magnitude. A recorder counts on the data path, and a histogram holds what it has counted.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <vector>

namespace bench::workload {

/// Defines which values share a bucket: HdrHistogram's log-linear layout (G. Tene, HdrHistogram,
/// http://hdrhistogram.org) for 3 significant decimal digits of whole nanoseconds.
///
/// Each value below 2,048 has a bucket of its own. From 2,048 on, every power of two is divided
/// into 1,024 buckets of equal width, so that a bucket is narrower than a thousandth of its values.
struct LatencyLayout {
  /// Each power of two is divided into 2^kFineBits buckets.
  static constexpr unsigned kFineBits = 10;
  static constexpr unsigned kValueBits = 42;
  /// 73 minutes. Longer times count as this.
  static constexpr std::uint64_t kHighest = (std::uint64_t{1} << kValueBits) - 1;
  static constexpr std::size_t kBuckets = std::size_t{kValueBits - kFineBits + 1} << kFineBits;

  /// The bucket of a value of at most kHighest.
  [[nodiscard]] static constexpr std::size_t index_of(std::uint64_t value) noexcept {
    constexpr std::uint64_t kExact = (std::uint64_t{2} << kFineBits) - 1;
    const auto shift = static_cast<unsigned>(std::bit_width(value | kExact)) - (kFineBits + 1);
    return static_cast<std::size_t>((std::uint64_t{shift} << kFineBits) + (value >> shift));
  }

  [[nodiscard]] static constexpr std::uint64_t lowest_in(std::size_t index) noexcept {
    return (index - (std::size_t{shift_of(index)} << kFineBits)) << shift_of(index);
  }
  [[nodiscard]] static constexpr std::uint64_t highest_in(std::size_t index) noexcept {
    return lowest_in(index) + (std::uint64_t{1} << shift_of(index)) - 1;
  }

 private:
  /// A bucket's width is 2 to the power of this.
  static constexpr unsigned shift_of(std::size_t index) noexcept {
    const std::size_t part = index >> kFineBits;
    return part == 0 ? 0 : static_cast<unsigned>(part - 1);
  }
};

/// The recorded times, in nanoseconds: the buckets that are not empty, and the exact minimum and
/// maximum. An ordinary value of some kilobytes, because empty buckets take no room.
class LatencyHistogram {
 public:
  /// Counts values from `lowest` to `highest`. The layout's last bucket has no upper limit.
  struct Bucket {
    std::uint64_t lowest = 0;
    std::uint64_t highest = 0;
    std::uint64_t count = 0;

    friend bool operator==(const Bucket&, const Bucket&) = default;
  };

  /// An empty histogram.
  LatencyHistogram() = default;

  /// Rebuilds a histogram from its buckets(), min() and max(). The error says what does not fit: a
  /// bucket that the layout does not have, the order, or an extreme outside its bucket.
  [[nodiscard]] static std::expected<LatencyHistogram, std::string> from_buckets(
      std::span<const Bucket> buckets, std::uint64_t min, std::uint64_t max);

  /// Adds the counts of `other`, as if its values had been recorded here.
  void merge(const LatencyHistogram& other);

  [[nodiscard]] std::uint64_t count() const noexcept;
  /// Exact, however large. 0 if the histogram is empty.
  [[nodiscard]] std::uint64_t min() const noexcept { return min_; }
  [[nodiscard]] std::uint64_t max() const noexcept { return max_; }
  /// Takes every value as the middle of its bucket, which is within 0.05 % of the value up to
  /// kHighest. 0 if the histogram is empty.
  [[nodiscard]] double mean() const noexcept;

  /// The highest value equivalent to the p-th percentile: finds the value in place
  /// `ceil(p / 100 * count())` of all values in ascending order, and returns the highest value of
  /// its bucket, or max() if that is lower. The result is therefore never below the exact
  /// percentile and at most 0.1 % above it. In the layout's last bucket, which all longer times
  /// share, the result is max(). `p` is clamped to 0 ... 100; 0 asks for the smallest value. 0 if
  /// the histogram is empty.
  [[nodiscard]] std::uint64_t value_at_percentile(double p) const noexcept;

  /// The place of the p-th percentile among `count` values in ascending order, from 1 on; 0 for
  /// `p` = 0. `p` is clamped to 0 ... 100.
  [[nodiscard]] static std::uint64_t rank_of(double p, std::uint64_t count) noexcept;
  /// The highest value that a bucket of this histogram stands for: at most max().
  [[nodiscard]] std::uint64_t highest_of(const Bucket& bucket) const noexcept;

  /// The buckets that are not empty, lowest first.
  [[nodiscard]] std::span<const Bucket> buckets() const noexcept { return buckets_; }

  friend bool operator==(const LatencyHistogram&, const LatencyHistogram&) = default;

 private:
  friend class LatencyRecorder;

  std::vector<Bucket> buckets_;
  std::uint64_t min_ = 0;
  std::uint64_t max_ = 0;
};

/// Counts times as they are measured. Only one thread may use it. Its constructor allocates and
/// touches all of its memory.
class LatencyRecorder {
 public:
  static constexpr std::size_t kBytes = LatencyLayout::kBuckets * sizeof(std::uint64_t);

  LatencyRecorder() : counts_(LatencyLayout::kBuckets) {}

  /// Runs the same few instructions for every value: no branch, no search, no allocation.
  void record(std::uint64_t ns) noexcept {
    min_ = std::min(min_, ns);
    max_ = std::max(max_, ns);
    ++counts_[LatencyLayout::index_of(std::min(ns, LatencyLayout::kHighest))];
  }

  /// The times recorded so far.
  [[nodiscard]] LatencyHistogram histogram() const;

 private:
  std::vector<std::uint64_t> counts_;
  std::uint64_t min_ = UINT64_MAX;
  std::uint64_t max_ = 0;
};

}  // namespace bench::workload
