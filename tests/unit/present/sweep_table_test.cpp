// The page of a sweep shows its axes, each figure with its interval, and every caveat once.

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "present/console.hpp"
#include "unit/present/page_text.hpp"
#include "unit/result_document.hpp"

namespace bench::testing {
namespace {

/// The table's row that begins with this word.
std::string row(const std::string& text, const std::string& word) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string first;
    if (words >> first && first == word) return line;
  }
  return "";
}

/// Producers 1, 2 and 4 with two batch sizes, without the largest combination. The medians are
/// 10 M, 20 M, ... messages/s.
results::Document sweep() {
  results::Document all = document();
  const results::Series series = all.series[0];
  all.series.clear();
  all.sweep = results::Sweep{.name = "mine",
                             .axes = {{.key = "batch", .values = {"1", "64k"}},
                                      {.key = "producers", .values = {"1", "2", "4"}}},
                             .trials = 2};
  double median = 10e6;
  for (const std::string& batch : all.sweep->axes[0].values) {
    for (const std::string& producers : all.sweep->axes[1].values) {
      if (batch == "64k" && producers == "4") continue;
      results::Series& one = all.series.emplace_back(series);
      one.name = std::string("batch=").append(batch).append(" producers=").append(producers);
      one.parameters = {{"batch", batch}, {"producers", producers}};
      one.spec.batch = batch == "1" ? 1 : 64000;
      one.spec.producers = static_cast<unsigned>(std::stoul(producers));
      one.comparisons.clear();
      one.summary->messages_per_second = {.median = median,
                                          .ci95 = {{median * 0.96, median * 1.02}},
                                          .min = 1,
                                          .max = 1e9,
                                          .mad = 1};
      median += 10e6;
    }
  }
  return all;
}

TEST(SweepTable, HasTheLongestAxisDownAndTheNextAcross) {
  const std::string text = shown(sweep());
  EXPECT_TRUE(has(text, "sweep mine: 5 series")) << text;
  EXPECT_TRUE(has(row(text, "producers"), "batch 1")) << text;
  EXPECT_TRUE(has(row(text, "producers"), "64k")) << text;
  EXPECT_TRUE(has(row(text, "1"), "10.00 M   +-4%")) << text;
  EXPECT_TRUE(has(row(text, "1"), "40.00 M   +-4%")) << text;
  EXPECT_TRUE(has(row(text, "2"), "50.00 M")) << text;
  EXPECT_TRUE(has(row(text, "4"), "30.00 M")) << text;
}

TEST(SweepTable, LeavesExcludedCellsBlankAndMarksSeriesWithoutAFigure) {
  results::Document partly = sweep();
  partly.series[0].summary.reset();
  const std::string text = shown(partly);
  EXPECT_TRUE(has(row(text, "1"), "-  ")) << text;
  EXPECT_TRUE(has(row(text, "1"), "40.00 M")) << text;
  EXPECT_EQ(std::ranges::count(row(text, "4"), '%'), 1) << text;
}

TEST(SweepTable, DrawsBarsInProportion) {
  const std::string text = shown(sweep());
  EXPECT_EQ(std::ranges::count(row(text, "2"), '#'), 4 + 10) << row(text, "2");
}

TEST(SweepTable, BecomesAListOnANarrowTerminal) {
  const std::string text = shown(sweep(), 40);
  EXPECT_TRUE(has(text, "batch 1\n")) << text;
  EXPECT_TRUE(has(text, "batch 64k\n")) << text;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_FALSE(has(line, "M  ") && line.size() > 40) << line;
  }
}

TEST(SweepTable, HasATableForEachCombinationOfTheOtherAxes) {
  results::Document deep = sweep();
  deep.sweep->axes.push_back({.key = "wait", .values = {"adaptive", "blocking"}});
  const std::vector<results::Series> once = deep.series;
  for (auto& series : deep.series) series.parameters.push_back({"wait", "adaptive"});
  for (results::Series series : once) {
    series.parameters.push_back({"wait", "blocking"});
    deep.series.push_back(std::move(series));
  }
  const std::string text = shown(deep);
  EXPECT_TRUE(has(text, "wait adaptive\n")) << text;
  EXPECT_TRUE(has(text, "wait blocking\n")) << text;
}

TEST(SweepTable, ShowsTheVerificationAndEachCaveatOnce) {
  results::Document doubtful = sweep();
  for (auto& series : doubtful.series) {
    series.caveats = {{results::CaveatCode::unpinned, "it moved"}};
  }
  doubtful.series[1].caveats.push_back({results::CaveatCode::wide_interval, "it is wide"});
  const std::string text = shown(doubtful);
  EXPECT_TRUE(has(text, "40,000,000 messages sent and received")) << text;
  EXPECT_TRUE(has(text, "caveat      unpinned: it moved\n")) << text;
  EXPECT_EQ(text.find("it moved"), text.rfind("it moved"));
  EXPECT_TRUE(has(text, "wide interval: [a] batch=1 producers=2: it")) << text;
  EXPECT_TRUE(row(text, "2").find(" a ") != std::string::npos) << text;
  EXPECT_FALSE(has(row(text, "1"), " a")) << text;
}

TEST(SweepTable, NamesTheSeriesThatFailed) {
  results::Document faulty = sweep();
  faulty.series[3].verification.lost = 1;
  const std::string text = shown(faulty);
  EXPECT_TRUE(has(text, "batch=64k producers=1:")) << text;
  EXPECT_TRUE(has(text, "FAILED")) << text;
}

TEST(SweepTable, ShowsTheRatioToTheFirstQueue) {
  results::Document queues = sweep();
  queues.series[3].comparisons = {
      {.reference = queues.series[0].name, .ratio = 0.5, .ci95 = {}, .pairs = 2}};
  EXPECT_TRUE(has(row(shown(queues), "1"), "   x0.5")) << shown(queues);
  // The interval stands beside it as it does beside the medians, which say 4 and not 0.5.
  queues.series[3].comparisons[0].ci95 = {{0.49, 0.53}};
  EXPECT_TRUE(has(row(shown(queues), "1"), "   x0.5   +-6%")) << shown(queues);
  const std::string text = shown(queues);
  EXPECT_TRUE(has(text, "(above 1 is faster)")) << text;
  EXPECT_TRUE(has(text, "can differ from the quotient")) << text;
  EXPECT_TRUE(has(text, "trust it")) << text;
  // A list that is narrower than that has the ratios alone.
  EXPECT_TRUE(has(shown(queues, 37), "40.00 M   +-4%     x0.5\n")) << shown(queues, 37);
}

TEST(SweepTable, SpellsSettingsAsTheyAreTyped) {
  results::Document rings = sweep();
  rings.sweep->axes[0] = {.key = "ring_bits", .values = {"1", "64k"}};
  for (results::Series& series : rings.series) {
    series.parameters[0].key = "ring_bits";
    series.name = "ring_bits=" + series.parameters[0].value + " producers=x";
  }
  rings.series[1].caveats = {{results::CaveatCode::wide_interval, "it is wide"}};
  rings.series[2].verification.lost = 1;
  for (const unsigned width : {40U, 80U}) {
    const std::string text = shown(rings, width);
    EXPECT_TRUE(has(text, "ring-bits")) << text;
    EXPECT_FALSE(has(text, "_")) << text;
  }
}

TEST(SweepTable, SaysHowManyTrialsThereWasTimeFor) {
  results::Document slow = sweep();
  EXPECT_TRUE(has(shown(slow), "2 of 300 ms for each series, interleaved\n")) << shown(slow);
  slow.sweep->trials = 3;
  EXPECT_TRUE(has(shown(slow), "3 were planned")) << shown(slow);
}

TEST(SweepTable, ShowsTheTimeOfRoundTrips) {
  results::Document trips = sweep();
  trips.series[0].spec.pattern = workload::Pattern::round_trip;
  trips.series[0].summary->round_trip_ns = 99.6;
  EXPECT_TRUE(has(row(shown(trips), "1"), "100 ns")) << shown(trips);
}

TEST(SweepTable, SaysWhatAllSeriesHaveInCommon) {
  const std::string text = shown(sweep());
  EXPECT_TRUE(has(text, "queue ringmpsc, preset default, pattern stream, ring-bits 16")) << text;
  EXPECT_TRUE(has(text, "payload 8,")) << text;
  EXPECT_FALSE(has(text, "_")) << text;
}

TEST(SweepTable, FitsEveryWidth) {
  results::Document queues = sweep();
  for (results::Series& series : queues.series) {
    series.comparisons = {{.reference = "x", .ratio = 0.5, .ci95 = {{0.49, 0.53}}, .pairs = 2}};
  }
  queues.series[1].caveats = {{results::CaveatCode::wide_interval, "it is wide"}};
  for (unsigned width = 20; width <= 130; ++width) {
    const std::string text = shown(queues, width);
    std::istringstream lines(text.substr(0, text.find("  figures")));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), width) << text;
    EXPECT_TRUE(has(text, "40.00 M")) << text;
    EXPECT_TRUE(has(text, "x0.5")) << text;
  }
  EXPECT_TRUE(has(shown(queues, 30), "  2\n    20.00 M +-4%, x0.5 +-6%\n    [a]\n"))
      << shown(queues, 30);
}

TEST(SweepTable, HasABlankBetweenCells) {
  results::Document wild = sweep();
  wild.series[0].summary->messages_per_second.ci95 = {{1, 200e6}};
  for (const double ratio : {0.00763, 7.63e-5, 1e-12, 12345.0, 1e12}) {
    wild.series[0].comparisons = {
        {.reference = "x", .ratio = ratio, .ci95 = {{ratio / 50, ratio * 50}}, .pairs = 2}};
    const std::string text = shown(wild, 130);
    const std::string cells = row(text, "1");
    EXPECT_TRUE(has(cells, " 10.00 M  >999% ")) << cells;
    EXPECT_TRUE(has(cells, " x")) << cells;
    EXPECT_EQ(cells.find("40.00 M"), row(shown(sweep(), 130), "1").find("40.00 M") + 16 - 0)
        << "the ratio pushes the next cell away";
  }
}

TEST(SweepTable, HasAColumnAsWideAsItsValue) {
  results::Document queues = sweep();
  const std::string long_name = "rigtorp-spsc-queue";
  queues.sweep->axes[0] = {.key = "queue", .values = {long_name, "64k"}};
  for (results::Series& series : queues.series) {
    series.parameters[0] = {"queue", series.parameters[0].value == "1" ? long_name : "64k"};
  }
  const std::string text = shown(queues, 51);
  EXPECT_TRUE(has(text, long_name + "  64k\n")) << text;
  EXPECT_EQ(row(text, "2").find("50.00 M") - row(text, "2").find("20.00 M"), long_name.size() + 2)
      << text;
}

TEST(SweepTable, NamesASeriesSoThatNoOtherHasItsName) {
  results::Document alike = sweep();
  alike.sweep->axes = {{.key = "ring_bits", .values = {"4", "16"}},
                       {.key = "batch", .values = {"1", "64k"}},
                       {.key = "consume", .values = {"read", "verify"}},
                       {.key = "wait", .values = {"adaptive"}}};
  const results::Series series = alike.series[0];
  alike.series.clear();
  for (const std::string bits : {"4", "16"}) {
    for (const std::string batch : {"1", "64k"}) {
      for (const std::string consume : {"read", "verify"}) {
        alike.series.push_back(series);
        alike.series.back().parameters = {
            {"ring_bits", bits}, {"batch", batch}, {"consume", consume}, {"wait", "adaptive"}};
      }
    }
  }
  alike.series[3].caveats = {{results::CaveatCode::wide_interval, "it is wide"}};
  const std::string text = shown(alike, 120);
  EXPECT_TRUE(has(text, "wide interval: [a] 4 64k verify: it is wide")) << text;
  for (results::Series& one : alike.series) one.parameters[1].value = "1";
  EXPECT_TRUE(has(shown(alike, 120), "[a] 4 verify: it is wide")) << shown(alike, 120);
  EXPECT_FALSE(has(text, "wait=adaptive")) << "all series have it";
}

}  // namespace
}  // namespace bench::testing
