// Tests what the survey probes on machines with few CPUs and with many, and how long it takes.

#include "measure/survey.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "machine/topology.hpp"
#include "unit/measure/made_up_probes.hpp"

namespace bench::testing {
namespace {

using Pair = MadeUpProbes::Pair;

// 200 CPUs: 19,900 pairs.
constexpr const char* kMany = "package:2 core:100 pu:1";

results::TopologyReport surveyed(MadeUpProbes& probes, const std::string& machine,
                                 const std::vector<unsigned>& allowed = {},
                                 std::optional<double> time_s = {}) {
  measure::Interrupt interrupt;
  measure::Progress progress(false);
  return measure::survey(machine::Topology::synthetic(machine, allowed),
                         {.producers = 1, .time_s = time_s}, "ringmpsc-bench", interrupt, progress,
                         probes.instruments());
}

std::vector<Pair> pairs_of(const results::TopologyReport& report) {
  std::vector<Pair> pairs;
  for (const auto& probe : report.probes.core_to_core) pairs.emplace_back(probe.from, probe.to);
  return pairs;
}

TEST(Survey, ProbesEveryPairOfAllowedCpusOnce) {
  MadeUpProbes probes;
  probes.p50_ns = 250;
  const auto report = surveyed(probes, "package:2 core:4 pu:1", {0, 2, 5, 7});
  EXPECT_TRUE(report.complete);
  EXPECT_EQ(report.allowed_cpus, (std::vector<unsigned>{0, 2, 5, 7}));
  EXPECT_EQ(report.pairs, 6U);
  EXPECT_EQ(probes.asked.size(), 6U);
  EXPECT_EQ(pairs_of(report), (std::vector<Pair>{{0, 2}, {0, 5}, {0, 7}, {2, 5}, {2, 7}, {5, 7}}));
  EXPECT_EQ(report.probes.core_to_core[1], (results::PairProbe{.from = 0,
                                                               .to = 5,
                                                               .shared = machine::Distance::apart,
                                                               .p10_ns = 249,
                                                               .p50_ns = 250,
                                                               .p90_ns = 251,
                                                               .readings = 7}));
  EXPECT_EQ(report.probes.core_to_core[0].shared, machine::Distance::same_package);
}

TEST(Survey, HasNoPairOnOneCpu) {
  MadeUpProbes probes;
  const auto report = surveyed(probes, "core:4 pu:1", {3});
  EXPECT_TRUE(report.complete);
  EXPECT_EQ(report.pairs, 0U);
  EXPECT_TRUE(report.probes.core_to_core.empty());
  EXPECT_TRUE(probes.asked.empty());
}

TEST(Survey, ProbesASampleOfManyPairsWithinItsTime) {
  MadeUpProbes probes;
  const auto report = surveyed(probes, kMany);
  EXPECT_TRUE(report.complete);
  EXPECT_EQ(report.pairs, 19'900U);
  const std::vector<Pair> pairs = pairs_of(report);
  EXPECT_LT(pairs.size(), report.pairs);
  EXPECT_GT(pairs.size(), 1000U);
  EXPECT_EQ(std::set<Pair>(pairs.begin(), pairs.end()).size(), pairs.size());
  EXPECT_TRUE(std::ranges::is_sorted(pairs));
  EXPECT_LE(report.probes.seconds, measure::kSurveySeconds * 1.001);
  EXPECT_GE(report.probes.seconds, measure::kSurveySeconds * 0.9);
  EXPECT_GE(std::ranges::min(probes.asked_s), 0.001 - 1e-6) << "too short for a reading";
}

TEST(Survey, SharesTheTimeThatIsAskedForAmongAllPairs) {
  for (const double time_s : {40.0, 60.0, 300.0}) {
    MadeUpProbes probes;
    const auto report = surveyed(probes, kMany, {}, time_s);
    EXPECT_EQ(report.probes.core_to_core.size(), report.pairs) << time_s;
    EXPECT_GE(report.probes.seconds, time_s * 0.99);
    EXPECT_LE(report.probes.seconds, time_s * 1.001);
    EXPECT_LE(std::ranges::max(probes.asked_s), 1.01 * std::ranges::min(probes.asked_s));
  }
}

TEST(Survey, GivesNoPairMoreThanASecond) {
  MadeUpProbes probes;
  const auto report = surveyed(probes, "core:3 pu:1", {}, 60);
  EXPECT_EQ(probes.asked_s, (std::vector<double>{1, 1, 1}));
  EXPECT_LT(report.probes.seconds, 4);
}

TEST(Survey, ProbesEveryPairThoughProbesStartLaterThanPlanned) {
  MadeUpProbes probes;
  probes.late_s = 0.1;
  const auto report = surveyed(probes, "core:20 pu:1", {}, 30);
  EXPECT_EQ(report.probes.core_to_core.size(), 190U);
  EXPECT_LE(report.probes.seconds, 30 * 1.01);
}

TEST(Survey, TakesTheSameSampleFromAllOverTheMachineEachTime) {
  MadeUpProbes first;
  MadeUpProbes second;
  const auto report = surveyed(first, kMany);
  static_cast<void>(surveyed(second, kMany));
  EXPECT_EQ(first.asked, second.asked);
  EXPECT_FALSE(std::ranges::is_sorted(first.asked));
  std::set<unsigned> from;
  for (const auto& [cpu, other] : pairs_of(report)) from.insert(cpu);
  EXPECT_GT(from.size(), 190U);
}

TEST(Survey, EndsInTimeWhereProbesTakeLongerThanPlanned) {
  MadeUpProbes probes;
  probes.late_s = 0.3;
  const auto report = surveyed(probes, "core:20 pu:1");
  EXPECT_TRUE(report.complete);
  EXPECT_EQ(report.pairs, 190U);
  EXPECT_LT(probes.asked.size(), 40U);
  EXPECT_EQ(report.probes.core_to_core.size(), probes.asked.size());
  EXPECT_LE(report.probes.seconds, measure::kSurveySeconds + 0.4)
      << "more than one probe past the time";
}

TEST(Survey, ThatIsInterruptedKeepsItsPairsAndIsIncomplete) {
  MadeUpProbes probes;
  probes.meanwhile = [&probes] {
    if (probes.asked.size() == 3) raise(SIGINT);
  };
  const auto report = surveyed(probes, "core:8 pu:1");
  EXPECT_FALSE(report.complete);
  EXPECT_EQ(report.pairs, 28U);
  EXPECT_EQ(probes.asked.size(), 3U);
  EXPECT_EQ(report.probes.core_to_core.size(), 3U);
}

TEST(Survey, ProbesMorePairsInMoreTimeAndKnowsBeforehandHowLongItTakes) {
  const auto many = machine::Topology::synthetic(kMany);
  std::size_t fewer = 0;
  for (const double most_s : {1.0, 20.0, 60.0}) {
    MadeUpProbes probes;
    measure::Interrupt interrupt;
    measure::Progress progress(false);
    const results::Survey survey =
        measure::survey_cpus(many, most_s, interrupt, progress, probes.instruments());
    EXPECT_GT(survey.probes.core_to_core.size(), fewer);
    fewer = survey.probes.core_to_core.size();
    EXPECT_NEAR(survey.probes.seconds, measure::survey_seconds(many, most_s), 0.01 * most_s);
    EXPECT_EQ(survey.tree, many.tree());
  }
  EXPECT_EQ(fewer, 19'900U) << "a minute is enough for all";
  EXPECT_NEAR(measure::survey_seconds(machine::Topology::synthetic("core:2 pu:1"), 60), 1, 0.01)
      << "a pair has a second at most";
  EXPECT_EQ(measure::survey_seconds(machine::Topology::synthetic("core:1 pu:1"), 60), 0);
}

TEST(Survey, LeavesOutPairsThatCannotBeProbed) {
  MadeUpProbes probes;
  probes.p50_ns.reset();
  const auto report = surveyed(probes, "core:3 pu:1");
  EXPECT_TRUE(report.complete);
  EXPECT_EQ(probes.asked.size(), 3U);
  EXPECT_TRUE(report.probes.core_to_core.empty());
}

}  // namespace
}  // namespace bench::testing
