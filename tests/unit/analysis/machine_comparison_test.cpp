#include "analysis/machine_comparison.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "unit/result_document.hpp"

namespace bench::testing {
namespace {

using analysis::compare_machines;
using analysis::MachineComparison;
using analysis::MachineRuns;
using analysis::Work;

using SpecsAndRates = std::vector<std::pair<workload::Spec, double>>;

/// A machine on which each run measured these specs at these rates.
MachineRuns machine_of_runs(const std::string& name, const std::vector<SpecsAndRates>& runs) {
  MachineRuns machine{.name = name, .host = document().host};
  for (const SpecsAndRates& rates : runs) {
    results::Document made = document();
    made.label.clear();
    made.notes.clear();
    const results::Series like = made.series.front();
    made.series.clear();
    for (const auto& [spec, rate] : rates) {
      results::Series series = like;
      series.name = "series " + std::to_string(made.series.size());
      series.spec = spec;
      series.samples.clear();
      for (const double factor : {0.99, 1.0, 1.01}) {
        const auto messages = static_cast<std::uint64_t>(rate * factor);
        series.samples.push_back(sample(messages, 1.0, std::vector(spec.producers, messages)));
      }
      made.series.push_back(std::move(series));
    }
    machine.results.push_back({.file = name + ".json", .document = std::move(made)});
  }
  return machine;
}

workload::Spec of_batch(std::size_t batch, unsigned producers = 1) {
  workload::Spec spec;
  spec.batch = batch;
  spec.producers = producers;
  return spec;
}

workload::Spec of_pattern(workload::Pattern pattern) {
  workload::Spec spec;
  spec.pattern = pattern;
  if (pattern == workload::Pattern::one_way) spec.rate = 1e6;
  return spec;
}

TEST(MachineComparison, TakesTheGeometricMeanOfTheRatios) {
  const MachineRuns base = machine_of_runs("a", {{{of_batch(1), 1e6}, {of_batch(2), 1e6}}});
  const MachineRuns candidate = machine_of_runs("b", {{{of_batch(1), 2e6}, {of_batch(2), 8e6}}});
  const MachineComparison comparison = compare_machines(base, candidate);
  ASSERT_EQ(comparison.series.size(), 2U);
  EXPECT_NEAR(comparison.series[0].judged.ratio.value(), 2, 1e-6);
  EXPECT_NEAR(comparison.series[1].judged.ratio.value(), 8, 1e-6);
  ASSERT_EQ(comparison.means.size(), 1U);
  EXPECT_EQ(comparison.means[0].work, Work::spsc);
  EXPECT_NEAR(comparison.means[0].ratio.value(), 4, 1e-6);
}

TEST(MachineComparison, TakesNothingIntoTheMeanThatNotBothHave) {
  const MachineRuns base = machine_of_runs("a", {{{of_batch(1), 1e6}, {of_batch(2), 1e6}}});
  const MachineRuns candidate = machine_of_runs("b", {{{of_batch(1), 2e6}, {of_batch(4), 9e6}}});
  const MachineComparison comparison = compare_machines(base, candidate);
  EXPECT_EQ(comparison.series.size(), 1U);
  ASSERT_EQ(comparison.means.size(), 1U);
  EXPECT_EQ(comparison.means[0].matched, 1U);
  EXPECT_NEAR(comparison.means[0].ratio.value(), 2, 1e-6);
}

TEST(MachineComparison, CountsTheSeriesThatEitherHas) {
  MachineRuns base = machine_of_runs("a", {{{of_batch(1), 1e6}, {of_batch(2), 1e6}}});
  MachineRuns candidate = machine_of_runs("b", {{{of_batch(1), 2e6}, {of_batch(4), 9e6}}});
  // As a measurement names them: by what they are.
  base.results[0].document.series[1].name = "batch=2";
  candidate.results[0].document.series[1].name = "batch=4";
  const MachineComparison comparison = compare_machines(base, candidate);
  ASSERT_EQ(comparison.means.size(), 1U);
  EXPECT_EQ(comparison.means[0].matched, 1U);
  EXPECT_EQ(comparison.means[0].of, 3U);
}

TEST(MachineComparison, CountsSeriesOfOneNameThatMeasureOtherThings) {
  // Both are called "series 1".
  const MachineRuns base = machine_of_runs("a", {{{of_batch(1), 1e6}, {of_batch(2), 1e6}}});
  const MachineRuns candidate = machine_of_runs("b", {{{of_batch(1), 2e6}, {of_batch(4), 9e6}}});
  const MachineComparison comparison = compare_machines(base, candidate);
  ASSERT_EQ(comparison.means.size(), 1U);
  EXPECT_EQ(comparison.means[0].of, 3U);
}

TEST(MachineComparison, KeepsKindsOfWorkApart) {
  const SpecsAndRates rates = {{of_batch(1), 1e6},
                               {of_batch(1, 2), 1e6},
                               {of_pattern(workload::Pattern::round_trip), 1e6},
                               {of_pattern(workload::Pattern::one_way), 1e6}};
  SpecsAndRates faster = rates;
  for (std::size_t i = 0; i < faster.size(); ++i) {
    faster[i].second *= static_cast<double>(i + 2);
  }
  const MachineComparison comparison =
      compare_machines(machine_of_runs("a", {rates}), machine_of_runs("b", {faster}));
  // A schedule's rate says nothing about the machine.
  EXPECT_EQ(comparison.series.size(), 3U);
  ASSERT_EQ(comparison.means.size(), 3U);
  EXPECT_EQ(comparison.means[0].work, Work::spsc);
  EXPECT_NEAR(comparison.means[0].ratio.value(), 2, 1e-6);
  EXPECT_EQ(comparison.means[1].work, Work::mpsc);
  EXPECT_NEAR(comparison.means[1].ratio.value(), 3, 1e-6);
  EXPECT_EQ(comparison.means[2].work, Work::round_trips);
  EXPECT_NEAR(comparison.means[2].ratio.value(), 4, 1e-6);
}

TEST(MachineComparison, HasNoIntervalWithOneRunASide) {
  const MachineRuns base = machine_of_runs("a", {{{of_batch(1), 1e6}}});
  const MachineRuns candidate = machine_of_runs("b", {{{of_batch(1), 2e6}}});
  const MachineComparison comparison = compare_machines(base, candidate);
  EXPECT_FALSE(comparison.means[0].interval);
  EXPECT_EQ(comparison.means[0].base_runs, 1U);
  EXPECT_EQ(comparison.means[0].candidate_runs, 1U);
}

TEST(MachineComparison, HasAnIntervalWithThreeRunsASide) {
  const auto runs = [](double rate) {
    std::vector<SpecsAndRates> all;
    for (const double factor : {0.98, 1.0, 1.02}) {
      all.push_back({{of_batch(1), rate * factor}, {of_batch(2), rate * factor * 3}});
    }
    return all;
  };
  const MachineComparison comparison =
      compare_machines(machine_of_runs("a", runs(1e6)), machine_of_runs("b", runs(2e6)));
  ASSERT_TRUE(comparison.means[0].interval);
  EXPECT_LT(comparison.means[0].interval->lo, 2);
  EXPECT_GT(comparison.means[0].interval->hi, 2);
  EXPECT_GT(comparison.means[0].interval->lo, 1.8);
  EXPECT_LT(comparison.means[0].interval->hi, 2.2);
  EXPECT_NEAR(comparison.means[0].ratio.value(), 2, 0.01);
  EXPECT_EQ(comparison.means[0].base_runs, 3U);
}

TEST(MachineComparison, HasNoIntervalOfASeriesThatTooFewRunsMeasured) {
  const auto machine = [](const char* name, double rate) {
    return machine_of_runs(name, {{{of_batch(1), rate}, {of_batch(2), rate}},
                                  {{of_batch(1), 1.01 * rate}, {of_batch(2), 1.01 * rate}},
                                  {{of_batch(1), 1.02 * rate}, {of_batch(2), 1.02 * rate}}});
  };
  const MachineRuns base = machine("a", 1e6);
  MachineRuns candidate = machine("b", 2e6);
  candidate.results[2].document.series[1].samples.clear();
  const MachineComparison comparison = compare_machines(base, candidate);
  ASSERT_EQ(comparison.series.size(), 2U);
  EXPECT_TRUE(comparison.series[0].judged.interval);
  EXPECT_TRUE(comparison.series[1].judged.ratio);
  EXPECT_FALSE(comparison.series[1].judged.interval) << "a run without samples is none";
}

TEST(MachineComparison, LeavesARunThatLacksASeriesOutOfTheMeansInterval) {
  std::vector<SpecsAndRates> runs = {{{of_batch(1), 1e6}, {of_batch(2), 1e6}},
                                     {{of_batch(1), 1e6}, {of_batch(2), 1e6}},
                                     {{of_batch(1), 1e6}}};
  const MachineRuns base = machine_of_runs("a", runs);
  runs[2].push_back({of_batch(2), 1e6});
  const MachineRuns candidate = machine_of_runs("b", runs);
  const MachineComparison comparison = compare_machines(base, candidate);
  EXPECT_FALSE(comparison.means[0].interval) << "two runs are too few";
  EXPECT_EQ(comparison.means[0].matched, 2U);
}

TEST(MachineComparison, HasNothingToSayOfMachinesWithNothingInCommon) {
  const MachineComparison comparison = compare_machines(
      machine_of_runs("a", {{{of_batch(1), 1e6}}}), machine_of_runs("b", {{{of_batch(2), 1e6}}}));
  EXPECT_TRUE(comparison.series.empty());
  EXPECT_TRUE(comparison.means.empty());
}

}  // namespace
}  // namespace bench::testing
