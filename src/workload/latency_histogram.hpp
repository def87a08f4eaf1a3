// How long things took: counts of nanoseconds in buckets that are fine to three significant digits,
// whatever the magnitude. A recorder counts, on the data path; a histogram is what it has counted.
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

/// Which values share a bucket: HdrHistogram's log-linear layout (G. Tene, HdrHistogram,
/// http://hdrhistogram.org) for 3 significant decimal digits of whole nanoseconds.
///
/// The values below 2,048 have a bucket each. From there on every power of two is divided into
/// 1,024 buckets of equal width, so that a bucket is narrower than a thousandth of what is in it.
struct LatencyLayout {
  /// Each power of two is divided into 2^kFineBits buckets.
  static constexpr unsigned kFineBits = 10;
  static constexpr unsigned kValueBits = 42;
  /// 73 minutes. What is beyond is counted as this.
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
  /// The bucket is 2^this wide.
  static constexpr unsigned shift_of(std::size_t index) noexcept {
    const std::size_t part = index >> kFineBits;
    return part == 0 ? 0 : static_cast<unsigned>(part - 1);
  }
};

/// What was recorded: the buckets that something fell into, and the exact extremes. Times are in
/// nanoseconds. An ordinary value, of some kilobytes: a bucket that nothing fell into takes no
/// room.
class LatencyHistogram {
 public:
  /// Values from `lowest` to `highest`; in the last one of the layout, from `lowest` on.
  struct Bucket {
    std::uint64_t lowest = 0;
    std::uint64_t highest = 0;
    std::uint64_t count = 0;

    friend bool operator==(const Bucket&, const Bucket&) = default;
  };

  /// Of nothing.
  LatencyHistogram() = default;

  /// Makes one again of what buckets(), min() and max() have told. The error says what does not
  /// fit: a bucket that the layout does not have, an order, an extreme outside of its bucket.
  [[nodiscard]] static std::expected<LatencyHistogram, std::string> from_buckets(
      std::span<const Bucket> buckets, std::uint64_t min, std::uint64_t max);

  /// Adds what another one has counted, as if it had been recorded here.
  void merge(const LatencyHistogram& other);

  [[nodiscard]] std::uint64_t count() const noexcept;
  /// Exact, however large; 0 of nothing.
  [[nodiscard]] std::uint64_t min() const noexcept { return min_; }
  [[nodiscard]] std::uint64_t max() const noexcept { return max_; }
  /// Every value taken for the middle of its bucket, which is within 0.05 % of it up to kHighest;
  /// 0 of nothing.
  [[nodiscard]] double mean() const noexcept;

  /// The highest value equivalent to the p-th percentile: of the values in ascending order the one
  /// in place ceil(p / 100 * count()) decides, and the highest value of its bucket is returned, or
  /// max() if that is lower. Hence never below the exact percentile, and at most 0.1 % above it; in
  /// the last bucket of the layout, which everything beyond shares, max(). `p` is cut to 0 ... 100,
  /// of which 0 asks for the smallest value. 0 of nothing.
  [[nodiscard]] std::uint64_t value_at_percentile(double p) const noexcept;

  /// Those that are not empty, lowest first.
  [[nodiscard]] std::span<const Bucket> buckets() const noexcept { return buckets_; }

  friend bool operator==(const LatencyHistogram&, const LatencyHistogram&) = default;

 private:
  friend class LatencyRecorder;

  std::vector<Bucket> buckets_;
  std::uint64_t min_ = 0;
  std::uint64_t max_ = 0;
};

/// Counts times as they are measured. One thread's own object. All of its memory is taken, and
/// touched, when it is made.
class LatencyRecorder {
 public:
  static constexpr std::size_t kBytes = LatencyLayout::kBuckets * sizeof(std::uint64_t);

  LatencyRecorder() : counts_(LatencyLayout::kBuckets) {}

  /// The same few instructions for every value: no branch, no search, no allocation.
  void record(std::uint64_t ns) noexcept {
    min_ = std::min(min_, ns);
    max_ = std::max(max_, ns);
    ++counts_[LatencyLayout::index_of(std::min(ns, LatencyLayout::kHighest))];
  }

  /// What has been recorded so far.
  [[nodiscard]] LatencyHistogram histogram() const;

 private:
  std::vector<std::uint64_t> counts_;
  std::uint64_t min_ = UINT64_MAX;
  std::uint64_t max_ = 0;
};

}  // namespace bench::workload
