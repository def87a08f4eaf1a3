// The table of message times.

#include "present/latency_table.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "present/console.hpp"
#include "unit/result_document.hpp"

namespace bench::present {
namespace {

/// A throughput-latency curve of three rates, the last of which saturates the queue.
results::Document curve() {
  results::Document document = testing::document();
  document.sweep = results::Sweep{.name = "latency",
                                  .axes = {{.key = "queue", .values = {"ringmpsc"}},
                                           {.key = "rate", .values = {"1k", "1M", "9M"}}},
                                  .trials = 2};
  const results::Series like = document.series.front();
  document.series.clear();
  for (const char* const rate : {"1k", "1M", "9M"}) {
    results::Series series = like;
    series.name = std::string("queue=ringmpsc rate=") + rate;
    series.parameters = {{.key = "queue", .value = "ringmpsc"}, {.key = "rate", .value = rate}};
    series.spec.pattern = workload::Pattern::one_way;
    series.spec.latency = true;
    series.comparisons.clear();
    document.series.push_back(std::move(series));
  }
  document.series[2].latency->load =
      results::OfferedLoad{.offered_rate = 9e6, .achieved_rate = 5e6, .saturated = true};
  return document;
}

std::string row_of(const std::string& page, const std::string& label) {
  const std::size_t at = page.find("  " + label + " ");
  return at == std::string::npos ? "" : page.substr(at, page.find('\n', at) - at);
}

TEST(TimeText, HasThreeDigitsAndItsUnit) {
  EXPECT_EQ(time_text(0), "0 ns");
  EXPECT_EQ(time_text(9'999), "9,999 ns");
  EXPECT_EQ(time_text(10'000), "10.0 us");
  EXPECT_EQ(time_text(999'499), "999 us");
  EXPECT_EQ(time_text(999'500), "1.00 ms");
  EXPECT_EQ(time_text(8'000'000), "8.00 ms");
  EXPECT_EQ(time_text(2'500'000'000), "2.50 s");
  EXPECT_EQ(time_text(123'456'000'000), "123 s");
}

TEST(LatencyTable, HasARowForEachRateWithItsTimes) {
  const std::string page = render(curve(), {.width = 100});
  EXPECT_EQ(row_of(page, "1k").find("  1k   100 ns   200 ns   300 ns 3,000 ns 3,001 ns"), 0U)
      << page;
  EXPECT_NE(row_of(page, "1M").find("|---"), std::string::npos) << page;
}

TEST(LatencyTable, ShowsNoTimesPastSaturation) {
  const std::string page = render(curve(), {.width = 100});
  const std::string row = row_of(page, "9M");
  EXPECT_NE(row.find("saturated: 5.000 M/s achieved of 9.000 M/s"), std::string::npos) << page;
  EXPECT_EQ(row.find("ns"), std::string::npos) << row;
}

TEST(LatencyTable, DrawsThePercentilesInTheirPlaces) {
  results::Document document = curve();
  document.series.resize(1);
  document.sweep->axes[1].values = {"1k"};
  results::Latency& latency = *document.series[0].latency;
  latency.p50_ns = 100;
  latency.p99_ns = 1'000;
  latency.p99_9_ns = 10'000;
  latency.max_ns = 100'000;
  // The picture has 40 columns at most, which is 13 for each of the three powers of ten.
  const std::string page = render(document, {.width = 140});
  EXPECT_NE(page.find("|-------------............."), std::string::npos) << page;
  EXPECT_NE(page.find("100 ns                            100 us"), std::string::npos) << page;
}

TEST(LatencyTable, FitsANarrowTerminalWithoutAPicture) {
  const std::string page = render(curve(), {.width = 60});
  EXPECT_EQ(page.find("picture"), std::string::npos) << page;
  EXPECT_NE(row_of(page, "1k").find("3,001 ns"), std::string::npos) << page;
}

TEST(LatencyTable, LeavesColumnsOutOnAVeryNarrowTerminal) {
  const std::string page = render(curve(), {.width = 40});
  EXPECT_EQ(page.find("p99.9"), std::string::npos) << page;
  EXPECT_NE(row_of(page, "1k").find("100 ns   300 ns 3,001 ns"), std::string::npos) << page;
}

TEST(LatencyTable, FitsTwentyColumns) {
  for (const unsigned width : {20U, 24U, 32U, 40U}) {
    const std::string page = render(curve(), {.width = width});
    const std::size_t begin = page.find("  rate");
    std::istringstream lines(page.substr(begin, page.find("times") - begin));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), width) << page;
    EXPECT_NE(row_of(page, "1k").find("100 ns"), std::string::npos) << page;
  }
}

TEST(LatencyTable, BecomesAListWhereTheLabelsLeaveNoRoom) {
  results::Document document = curve();
  document.sweep->axes[0].values = {"ringmpsc", "moodycamel-mpmc"};
  for (results::Series& series : document.series) series.parameters[0].value = "moodycamel-mpmc";
  for (const unsigned width : {24U, 30U}) {
    const std::string page = render(document, {.width = width});
    std::istringstream lines(page.substr(0, page.find("times")));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), width) << page;
    EXPECT_NE(page.find(width == 24 ? "rate=1k\n    p50 100 ns,"
                                    : "moodycamel-mpmc rate=1k\n    p50 100 ns,"),
              std::string::npos)
        << page;
  }
}

TEST(LatencyTable, HasNoScaleIfEverySeriesIsSaturated) {
  results::Document document = curve();
  for (results::Series& series : document.series) series.latency->load->saturated = true;
  const std::string page = render(document, {.width = 100});
  const std::string head =
      page.substr(page.find("rate"), page.find('\n', page.find("rate")) - page.find("rate"));
  EXPECT_EQ(head.find(" ns"), std::string::npos) << page;
}

TEST(LatencyTable, HasADashWhereNothingWasTimed) {
  results::Document document = curve();
  for (results::Series& series : document.series) {
    series.latency.reset();
    series.samples.clear();
    series.summary.reset();
  }
  const std::string page = render(document, {.width = 100});
  EXPECT_NE(row_of(page, "1M").find(" -"), std::string::npos) << page;
}

TEST(LatencyTable, StandsBesideTheThroughputTableIfOnlySomeSeriesAreTimed) {
  results::Document document = curve();
  document.series[0].spec.latency = false;
  document.series[0].latency.reset();
  const std::string page = render(document, {.width = 100});
  EXPECT_NE(page.find("p99.9"), std::string::npos) << page;
  EXPECT_NE(page.find("figures"), std::string::npos) << page;
}

}  // namespace
}  // namespace bench::present
