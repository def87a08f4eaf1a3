// Tests probing between trials: which pairs it probes, how much time it takes, and what it reports.

#include "measure/prober.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <set>
#include <vector>

#include "machine/placement.hpp"
#include "machine/topology.hpp"
#include "unit/measure/made_up_probes.hpp"

namespace bench::testing {
namespace {

using machine::Placement;
using measure::CpuPair;
using measure::Prober;
using measure::RoundTrips;
using workload::CoreToCore;

constexpr double kTrialSeconds = 0.1;
/// The time that one trial earns for probing.
constexpr double kCredit = Prober::kShare * kTrialSeconds;

Placement of(std::optional<unsigned> consumer, std::vector<std::optional<unsigned>> producers) {
  return {.consumer_cpu = consumer, .producer_cpus = std::move(producers)};
}

/// The consumer is on CPU 0, and the producers are on the next CPUs.
Placement wide(unsigned producers) {
  Placement placement = of(0, {});
  for (unsigned cpu = 1; cpu <= producers; ++cpu) placement.producer_cpus.emplace_back(cpu);
  return placement;
}

std::set<CpuPair> pairs_of(const RoundTrips& trips) {
  std::set<CpuPair> pairs;
  for (const auto& [pair, ns] : trips) pairs.insert(pair);
  return pairs;
}

class Probing : public ::testing::Test {
 protected:
  RoundTrips before(const Placement& next, double trial_s = kTrialSeconds) {
    return prober_.between(nullptr, &next, trial_s);
  }
  /// The time that probing took, by the prober's own account.
  [[nodiscard]] double taken_s() const { return prober_.probes(topology_, 1).seconds; }

  MadeUpProbes machine_;
  Prober prober_{machine_.instruments()};
  machine::Topology topology_ = machine::Topology::synthetic("package:2 core:8 pu:1");
};

TEST_F(Probing, CoversThePairsOfTheLastAndTheNextPlacement) {
  const Placement last = of(1, {0, 2});
  const Placement next = of(3, {1, 3, 1});
  EXPECT_EQ(pairs_of(prober_.between(&last, &next, kTrialSeconds)),
            (std::set<CpuPair>{{1, 0}, {1, 2}, {3, 1}}));
  EXPECT_EQ(machine_.asked, (std::vector<CpuPair>{{1, 0}, {1, 2}, {3, 1}}));
}

TEST_F(Probing, HasNoPairOnOneCpuOrWhereTheKernelPlacesThreads) {
  EXPECT_TRUE(before(of(5, {5, 5})).empty());
  EXPECT_TRUE(before(of(std::nullopt, {std::nullopt, std::nullopt})).empty());
  EXPECT_TRUE(prober_.between(nullptr, nullptr, kTrialSeconds).empty());
  EXPECT_TRUE(machine_.asked.empty());
  const results::Probes probes = prober_.probes(topology_, 1);
  EXPECT_TRUE(probes.core_to_core.empty());
  EXPECT_EQ(probes.seconds, 0);
}

TEST_F(Probing, TakesNoMoreThanItsShareOfTheTrialsTime) {
  for (const unsigned producers : {1U, 3U, 15U}) {
    for (const double trial_s : {0.001, 0.02, 0.1, 1.0}) {
      MadeUpProbes machine;
      Prober prober(machine.instruments());
      const Placement placement = wide(producers);
      for (int trials = 1; trials <= 50; ++trials) {
        static_cast<void>(prober.between(nullptr, &placement, trial_s));
        ASSERT_LE(prober.probes(topology_, 1).seconds, Prober::kShare * trials * trial_s + 1e-9)
            << producers << " producers, trials of " << trial_s << " s";
      }
      EXPECT_EQ(machine.asked.empty(), trial_s < 0.01) << trial_s;
    }
  }
}

TEST_F(Probing, StopsUntilTheTimeOfLateThreadsIsPaidBack) {
  const Placement placement = wide(1);
  machine_.late_s = 10 * kCredit;
  EXPECT_EQ(before(placement).size(), 1U);
  machine_.late_s = 0;
  for (int trial = 2; trial <= 10; ++trial) EXPECT_TRUE(before(placement).empty()) << trial;
  RoundTrips found;
  int trials = 10;
  while (found.empty() && trials < 100) {
    found = before(placement);
    ++trials;
  }
  EXPECT_EQ(found.size(), 1U);
  EXPECT_LE(taken_s(), trials * kCredit + 1e-9);
}

TEST_F(Probing, SpendsNoMoreAtOnceThanOneTrialsShare) {
  for (int trial = 0; trial < 100; ++trial) static_cast<void>(before(of(0, {0})));
  static_cast<void>(before(wide(15)));
  EXPECT_GT(taken_s(), 0);
  EXPECT_LE(taken_s(), kCredit + 1e-9);
}

TEST_F(Probing, GivesEveryPairItsTurnWhereNotAllFit) {
  const Placement placement = wide(15);
  const std::size_t at_once = before(placement).size();
  ASSERT_GT(at_once, 0U);
  ASSERT_LT(at_once, 15U);
  while (machine_.asked.size() < 15) ASSERT_FALSE(before(placement).empty());
  const std::set<CpuPair> first(machine_.asked.begin(), machine_.asked.begin() + 15);
  EXPECT_EQ(first.size(), 15U);
}

TEST_F(Probing, UsesTheTimeThatIsLeftAfterTheLastTrial) {
  const Placement placement = wide(1);
  EXPECT_TRUE(prober_.between(&placement, nullptr, kTrialSeconds).empty())
      << "no trial has earned any time yet";
  EXPECT_EQ(before(placement).size(), 1U);
  EXPECT_EQ(prober_.between(&placement, nullptr, kTrialSeconds).size(), 1U);
  EXPECT_LE(taken_s(), kCredit + 1e-9);
}

TEST_F(Probing, ReportsTheQuantilesOfEachPairsReadings) {
  const Placement placement = of(8, {0, 9});
  for (int i = 0; i <= 10; ++i) {
    machine_.p50_ns = 100 + 10 * ((7 * i) % 11);  // 100 to 200, not in order
    static_cast<void>(before(placement));
  }
  const results::Probes probes = prober_.probes(topology_, 2 * taken_s());
  EXPECT_EQ(probes.core_to_core, (std::vector<results::PairProbe>{
                                     {.from = 8,
                                      .to = 0,
                                      .shared = machine::Distance::apart,
                                      .p10_ns = 110,
                                      .p50_ns = 150,
                                      .p90_ns = 190,
                                      .readings = 11},
                                     {.from = 8,
                                      .to = 9,
                                      .shared = machine::Distance::same_package,
                                      .p10_ns = 110,
                                      .p50_ns = 150,
                                      .p90_ns = 190,
                                      .readings = 11},
                                 }));
  EXPECT_DOUBLE_EQ(probes.share_of_time, 0.5);
  EXPECT_EQ(prober_.probes(topology_, 0).share_of_time, 0);
}

TEST_F(Probing, ThatFailsTakesTimeAndLeavesNoReading) {
  machine_.p50_ns.reset();
  EXPECT_TRUE(before(wide(1)).empty());
  EXPECT_EQ(machine_.asked.size(), 1U);
  EXPECT_GT(taken_s(), 0);
  EXPECT_TRUE(prober_.probes(topology_, 1).core_to_core.empty());
}

TEST(ProbesAroundATrial, AreThoseOfItsPlacement) {
  const Placement placement = of(1, {0, 2, 1});
  const RoundTrips trips = {{{1, 0}, 70}, {{1, 2}, 80}, {{1, 3}, 90}, {{0, 2}, 91}, {{0, 1}, 92}};
  EXPECT_EQ(measure::before_trial(placement, trips),
            (std::vector<CoreToCore>{{.cpu = 0, .before_ns = 70, .after_ns = {}},
                                     {.cpu = 2, .before_ns = 80, .after_ns = {}}}));
  EXPECT_TRUE(measure::before_trial(of(std::nullopt, {std::nullopt}), trips).empty());
}

TEST(ProbesAroundATrial, AreJoinedByCpuInItsSample) {
  const Placement placement = of(1, {0, 2, 3});
  workload::Sample sample;
  sample.core_to_core = measure::before_trial(placement, {{{1, 0}, 70}, {{1, 2}, 80}});
  measure::add_after_trial(placement, {{{1, 2}, 81}, {{1, 3}, 91}, {{2, 0}, 99}}, sample);
  EXPECT_EQ(sample.core_to_core,
            (std::vector<CoreToCore>{{.cpu = 0, .before_ns = 70, .after_ns = {}},
                                     {.cpu = 2, .before_ns = 80, .after_ns = 81},
                                     {.cpu = 3, .before_ns = {}, .after_ns = 91}}));
}

}  // namespace
}  // namespace bench::testing
