// Latency histograms of known values.

#include "workload/latency_histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

namespace bench::workload {
namespace {

using Bucket = LatencyHistogram::Bucket;
using Values = std::vector<std::uint64_t>;

LatencyHistogram histogram_of(std::span<const std::uint64_t> values) {
  LatencyRecorder recorder;
  for (const std::uint64_t value : values) recorder.record(value);
  return recorder.histogram();
}

constexpr std::uint64_t kHighest = LatencyLayout::kHighest;

TEST(LatencyLayout, ReachesBeyondAnHour) { EXPECT_GT(kHighest, 3'600'000'000'000U); }

TEST(LatencyLayout, LeavesNoGapAndNoOverlap) {
  std::uint64_t next = 0;
  for (std::size_t i = 0; i < LatencyLayout::kBuckets; ++i) {
    ASSERT_EQ(LatencyLayout::lowest_in(i), next);
    ASSERT_EQ(LatencyLayout::index_of(LatencyLayout::lowest_in(i)), i);
    ASSERT_EQ(LatencyLayout::index_of(LatencyLayout::highest_in(i)), i);
    next = LatencyLayout::highest_in(i) + 1;
  }
  EXPECT_EQ(next, kHighest + 1);
}

// These follow from HdrHistogram's definition for 3 digits and a unit of 1 (its sub-bucket count is
// 2,048): buckets begin at every number to 2,047, at even numbers to 4,095, at multiples of four to
// 8,191, and so on.
TEST(LatencyLayout, MatchesHdrHistogram) {
  for (const Bucket expected :
       {Bucket{1'023, 1'023}, Bucket{2'047, 2'047}, Bucket{2'048, 2'049}, Bucket{4'094, 4'095},
        Bucket{4'096, 4'099}, Bucket{8'188, 8'191}, Bucket{1'000'448, 1'000'959}}) {
    const std::size_t index = LatencyLayout::index_of(expected.highest);
    EXPECT_EQ(LatencyLayout::lowest_in(index), expected.lowest);
    EXPECT_EQ(LatencyLayout::highest_in(index), expected.highest);
  }
}

TEST(LatencyHistogram, IsAllZeroIfNothingWasRecorded) {
  const LatencyHistogram nothing = LatencyRecorder().histogram();
  EXPECT_EQ(nothing, LatencyHistogram());
  EXPECT_EQ(nothing.count(), 0U);
  EXPECT_EQ(nothing.min(), 0U);
  EXPECT_EQ(nothing.max(), 0U);
  EXPECT_EQ(nothing.mean(), 0);
  EXPECT_EQ(nothing.value_at_percentile(50), 0U);
  EXPECT_TRUE(nothing.buckets().empty());
}

TEST(LatencyHistogram, OfOneValueReportsItAsEveryStatistic) {
  for (const std::uint64_t value : {0ULL, 1ULL, 2'047ULL, 2'048ULL, 5'001ULL, 123'456'789ULL}) {
    const LatencyHistogram one = histogram_of(Values{value});
    EXPECT_EQ(one.count(), 1U);
    EXPECT_EQ(one.min(), value);
    EXPECT_EQ(one.max(), value);
    EXPECT_EQ(one.mean(), static_cast<double>(value));
    for (const double p : {0.0, 50.0, 99.99, 100.0}) EXPECT_EQ(one.value_at_percentile(p), value);
  }
}

TEST(LatencyHistogram, CountsLongerTimesInItsLastBucketAndKeepsTheMaximumExact) {
  const LatencyHistogram histogram = histogram_of(Values{5, kHighest + 1, UINT64_MAX - 1});
  ASSERT_EQ(histogram.buckets().size(), 2U);
  EXPECT_EQ(histogram.buckets().back().highest, kHighest);
  EXPECT_EQ(histogram.buckets().back().count, 2U);
  EXPECT_EQ(histogram.max(), UINT64_MAX - 1);
  EXPECT_EQ(histogram.value_at_percentile(99), UINT64_MAX - 1);
  EXPECT_EQ(histogram.value_at_percentile(33), 5U);
}

TEST(LatencyHistogram, FindsTheValueInThePlaceThatThePercentageAsksFor) {
  Values values(10'000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::min<std::size_t>(i + 1, 2'000);
  const LatencyHistogram histogram = histogram_of(values);
  EXPECT_EQ(histogram.value_at_percentile(0), 1U);
  EXPECT_EQ(histogram.value_at_percentile(0.01), 1U);
  EXPECT_EQ(histogram.value_at_percentile(0.011), 2U);
  EXPECT_EQ(histogram.value_at_percentile(10), 1'000U);
  EXPECT_EQ(histogram.value_at_percentile(19.99), 1'999U);
  EXPECT_EQ(histogram.value_at_percentile(100), 2'000U);
  EXPECT_EQ(histogram.value_at_percentile(-3), 1U);
  EXPECT_EQ(histogram.value_at_percentile(300), 2'000U);
}

// 99.9 has no exact binary form: the 999th of 1,000 must not become the 1,000th.
TEST(LatencyHistogram, IsNotMisledByTheRoundingOfAPercentage) {
  for (const std::uint64_t count : {1'000ULL, 10'000ULL, 100'000ULL}) {
    LatencyRecorder recorder;
    for (std::uint64_t i = 1; i <= count; ++i) {
      recorder.record(i <= count / 1'000 * 999 ? 1 : 2);
    }
    EXPECT_EQ(recorder.histogram().value_at_percentile(99.9), 1U) << count;
    recorder.record(2);
    EXPECT_EQ(recorder.histogram().value_at_percentile(99.9), 2U) << count;
  }
}

/// Distributions of times from 1 ns to 100 s, at every magnitude.
enum class Shape : std::uint8_t { uniform, logarithmic, exponential, two_peaks, constant };
constexpr std::array kShapes = {Shape::uniform, Shape::logarithmic, Shape::exponential,
                                Shape::two_peaks, Shape::constant};

Values draw(Shape shape, double scale, std::size_t count) {
  constexpr double kMost = 100e9;
  std::mt19937_64 engine(4711);
  const auto uniform = [&engine] { return (static_cast<double>(engine() >> 11) + 0.5) * 0x1p-53; };
  Values values(count);
  for (std::uint64_t& value : values) {
    double drawn = scale;
    switch (shape) {
      case Shape::uniform:
        drawn = scale * uniform();
        break;
      case Shape::logarithmic:
        drawn = std::pow(kMost, uniform());
        break;
      case Shape::exponential:
        drawn = -std::log(uniform()) * scale / 5;
        break;
      case Shape::two_peaks:
        drawn = scale * (uniform() < 0.99 ? 0.001 : 1) * (1 + 0.1 * uniform());
        break;
      case Shape::constant:
        break;
    }
    value = static_cast<std::uint64_t>(std::clamp(std::round(drawn), 1.0, kMost));
  }
  return values;
}

TEST(LatencyHistogram, ReportsEveryPercentileToWithinATenthOfAPercent) {
  for (const Shape shape : kShapes) {
    for (const double scale : {10.0, 1e3, 3e4, 1e6, 7e7, 1e9, 1e11}) {
      Values values = draw(shape, scale, 20'000);
      const LatencyHistogram histogram = histogram_of(values);
      std::ranges::sort(values);
      for (const double p : {0.01, 1.0, 25.0, 50.0, 90.0, 99.0, 99.9, 99.99, 100.0}) {
        const auto place = static_cast<std::size_t>(
            std::ceil(p * static_cast<double>(values.size()) / 100 - 1e-6));
        const std::uint64_t exact = values[place - 1];
        const std::uint64_t told = histogram.value_at_percentile(p);
        ASSERT_GE(told, exact) << p << " % of shape " << static_cast<int>(shape) << ", " << scale;
        ASSERT_LE(static_cast<double>(told), static_cast<double>(exact) * 1.001)
            << p << " % of shape " << static_cast<int>(shape) << ", " << scale;
      }
      EXPECT_EQ(histogram.min(), values.front());
      EXPECT_EQ(histogram.max(), values.back());
      EXPECT_EQ(histogram.count(), values.size());
      const double exact_mean =
          std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
      EXPECT_NEAR(histogram.mean() / exact_mean, 1, 0.0005);
    }
  }
}

TEST(LatencyHistogram, MergesAsIfAllValuesHadBeenRecordedInOne) {
  Values all;
  LatencyHistogram merged;
  for (const Shape shape : kShapes) {
    const Values part = draw(shape, 1e6, 5'000);
    all.insert(all.end(), part.begin(), part.end());
    merged.merge(histogram_of(part));
    merged.merge(LatencyHistogram());
    EXPECT_EQ(merged, histogram_of(all));
  }
  merged.merge(histogram_of(Values{0, UINT64_MAX}));
  all.insert(all.end(), {0, UINT64_MAX});
  EXPECT_EQ(merged, histogram_of(all));
}

TEST(LatencyHistogram, DiffersFromOneWithOtherValues) {
  EXPECT_NE(histogram_of(Values{1, 2}), histogram_of(Values{1, 3}));
  EXPECT_NE(histogram_of(Values{1, 2}), histogram_of(Values{1, 2, 2}));
  EXPECT_NE(histogram_of(Values{10'000}), histogram_of(Values{10'001}));  // in the same bucket
  EXPECT_NE(LatencyHistogram(), histogram_of(Values{0}));
}

TEST(LatencyHistogram, ListsItsNonEmptyBucketsInOrder) {
  const LatencyHistogram histogram = histogram_of(Values{4'097, 3, 4'099, 3, 2'048, 3});
  const std::vector<Bucket> listed(histogram.buckets().begin(), histogram.buckets().end());
  EXPECT_EQ(listed, (std::vector<Bucket>{{3, 3, 3}, {2'048, 2'049, 1}, {4'096, 4'099, 2}}));
}

TEST(LatencyHistogram, CanBeRebuiltFromItsBuckets) {
  for (const Values& values :
       {Values{}, Values{0}, Values{10'001}, draw(Shape::logarithmic, 1, 10'000),
        Values{kHighest, UINT64_MAX}, Values{UINT64_MAX}}) {
    const LatencyHistogram histogram = histogram_of(values);
    const auto again =
        LatencyHistogram::from_buckets(histogram.buckets(), histogram.min(), histogram.max());
    ASSERT_TRUE(again.has_value()) << again.error();
    EXPECT_EQ(*again, histogram);
  }
}

TEST(LatencyHistogram, RefusesInvalidBuckets) {
  const auto refused = [](const std::vector<Bucket>& buckets, std::uint64_t min,
                          std::uint64_t max) {
    const auto histogram = LatencyHistogram::from_buckets(buckets, min, max);
    return !histogram.has_value() && !histogram.error().empty();
  };
  ASSERT_FALSE(refused({{3, 3, 1}, {4'096, 4'099, 1}}, 3, 4'098));
  EXPECT_TRUE(refused({{3, 4, 1}}, 3, 3));                         // too wide
  EXPECT_TRUE(refused({{4'097, 4'100, 1}}, 4'098, 4'098));         // begins elsewhere
  EXPECT_TRUE(refused({{3, 3, 0}}, 3, 3));                         // empty
  EXPECT_TRUE(refused({{4'096, 4'099, 1}, {3, 3, 1}}, 3, 4'098));  // out of order
  EXPECT_TRUE(refused({{3, 3, 1}, {3, 3, 1}}, 3, 3));              // twice
  EXPECT_TRUE(refused({{3, 3, 1}, {4'096, 4'099, 1}}, 2, 4'098));  // minimum outside its bucket
  EXPECT_TRUE(refused({{3, 3, 1}, {4'096, 4'099, 1}}, 3, 4'100));  // maximum outside its bucket
  EXPECT_TRUE(refused({{4'096, 4'099, 2}}, 4'098, 4'097));         // maximum below minimum
  EXPECT_TRUE(refused({{3, 3, UINT64_MAX}, {4, 4, 1}}, 3, 4));     // count overflows
  EXPECT_TRUE(refused({{kHighest + 1, kHighest + 1, 1}}, kHighest + 1, kHighest + 1));
  EXPECT_TRUE(refused({}, 0, 1));
}

}  // namespace
}  // namespace bench::workload
