// Programs that plot HdrHistogram's text find the same columns in ours, and every line agrees with
// the histogram that the document has.

#include "present/hgrm.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "unit/result_document.hpp"
#include "workload/latency_histogram.hpp"

namespace bench::testing {
namespace {

using workload::LatencyHistogram;
using Buckets = std::vector<LatencyHistogram::Bucket>;

std::string hgrm_of(const LatencyHistogram& histogram) {
  results::Series series;
  series.latency.emplace();
  series.latency->histogram = histogram;
  return present::to_hgrm(series);
}

TEST(Hgrm, IsWhatHdrHistogramPrints) {
  // Three values of 100 ns and one of 3001 ns: 75 % are reached with the first bucket, and the next
  // line after 75 % is the one of 77.5 %.
  EXPECT_EQ(present::to_hgrm(document().series[0]),
            R"(       Value     Percentile TotalCount 1/(1-Percentile)

     100.000 0.000000000000          3           1.00
     100.000 0.100000000000          3           1.11
     100.000 0.200000000000          3           1.25
     100.000 0.300000000000          3           1.43
     100.000 0.400000000000          3           1.67
     100.000 0.500000000000          3           2.00
     100.000 0.550000000000          3           2.22
     100.000 0.600000000000          3           2.50
     100.000 0.650000000000          3           2.86
     100.000 0.700000000000          3           3.33
     100.000 0.750000000000          3           4.00
    3001.000 0.775000000000          4           4.44
    3001.000 1.000000000000          4
#[Mean    =      825.125, StdDeviation   =     1255.953]
#[Max     =     3001.000, Total count    =            4]
#[Buckets =           32, SubBuckets     =         2048]
)");
}

TEST(Hgrm, OfOneValueHasItsFirstLineAndItsLast) {
  const auto one =
      LatencyHistogram::from_buckets(Buckets{{.lowest = 7, .highest = 7, .count = 1}}, 7, 7);
  EXPECT_TRUE(hgrm_of(one.value())
                  .contains("\n\n       7.000 0.000000000000          1           1.00\n"
                            "       7.000 1.000000000000          1\n#[Mean    =        7.000"));
}

TEST(Hgrm, AgreesWithTheHistogramInEveryLine) {
  std::mt19937_64 random(3);
  std::lognormal_distribution<double> times(6, 1.5);
  workload::LatencyRecorder recorder;
  for (int i = 0; i < 200'000; ++i) recorder.record(static_cast<std::uint64_t>(times(random)));
  const LatencyHistogram histogram = recorder.histogram();
  std::istringstream lines(hgrm_of(histogram));
  std::string line;
  std::getline(lines, line);
  std::getline(lines, line);
  double level_before = -1;
  std::uint64_t last_count = 0;
  int read = 0;
  while (std::getline(lines, line) && !line.starts_with('#')) {
    std::istringstream columns(line);
    double value = 0;
    double level = 0;
    std::uint64_t count = 0;
    ASSERT_TRUE(columns >> value >> level >> count) << line;
    EXPECT_GT(level, level_before) << line;
    std::uint64_t seen = 0;
    for (const LatencyHistogram::Bucket& bucket : histogram.buckets()) {
      if (histogram.highest_of(bucket) <= static_cast<std::uint64_t>(value)) seen += bucket.count;
    }
    EXPECT_EQ(count, seen) << line;
    EXPECT_EQ(histogram.value_at_percentile(100 * level), static_cast<std::uint64_t>(value))
        << line;
    double inverted = 0;
    EXPECT_EQ(static_cast<bool>(columns >> inverted), level < 1) << line;
    level_before = level;
    last_count = count;
    ++read;
  }
  EXPECT_EQ(level_before, 1);
  EXPECT_EQ(last_count, 200'000U);
  EXPECT_GT(read, 80) << "five for each halving of the distance, of which there are 17";
}

TEST(Hgrm, EndsHoweverManyValuesThereAre) {
  const Buckets many = {{.lowest = 1, .highest = 1, .count = UINT64_MAX - 1},
                        {.lowest = 2, .highest = 2, .count = 1}};
  const std::string text = hgrm_of(LatencyHistogram::from_buckets(many, 1, 2).value());
  EXPECT_TRUE(text.contains("\n       2.000 1.000000000000 18446744073709551615\n")) << text;
}

}  // namespace
}  // namespace bench::testing
