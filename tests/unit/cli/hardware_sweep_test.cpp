// The sweep hardware on machines of every size: it has the same series wherever they can be
// measured, each once, and is planned to end well within its time.

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "cli/sweep_files.hpp"
#include "cli/sweep_series.hpp"
#include "machine/topology.hpp"
#include "measure/plan.hpp"
#include "measure/prober.hpp"
#include "measure/survey.hpp"
#include "results/series_names.hpp"

namespace bench::testing {
namespace {

/// The last is the largest, and has every series.
const std::vector<std::string> kMachines = {
    "core:1 pu:1",
    "package:1 l3:1 core:2 pu:1",
    "package:1 l3:1 core:8 pu:2",
    "package:2 l3:8 core:8 pu:1",
    "package:2 numa:4 l3:2 core:8 pu:2",
};

measure::Plan hardware_on(const machine::Topology& topology) {
  const cli::LoadedSweep sweep = cli::load_sweep("hardware");
  const auto cpus = static_cast<unsigned>(topology.allowed_cpus().size());
  return measure::make_plan(cli::sweep_series(sweep.file, cpus, sweep.name), topology);
}

measure::Plan hardware_on(const std::string& machine) {
  return hardware_on(machine::Topology::synthetic(machine));
}

/// What is measured: the spec, and the CPUs of all threads.
std::string measured_in(const measure::PlannedSeries& series) {
  std::string text = series.name.substr(0, series.name.find("placement=")) +
                     series.name.substr(series.name.find(' ', series.name.find("placement=")) + 1);
  const machine::Placement& placement = series.placement;
  text += " on " + std::to_string(placement.consumer_cpu.value());
  for (const auto& cpu : placement.producer_cpus) text += "," + std::to_string(cpu.value());
  return text;
}

TEST(HardwareSweep, HasTheSameSeriesOnEveryMachineThatCanMeasureThem) {
  const measure::Plan all = hardware_on(kMachines.back());
  std::map<std::string, workload::Spec> specs;
  for (const measure::PlannedSeries& series : all.series) specs[series.name] = series.spec;
  ASSERT_EQ(specs.size(), all.series.size());
  for (const std::string& machine : kMachines) {
    const measure::Plan plan = hardware_on(machine);
    std::set<std::string> found;
    for (const measure::PlannedSeries& series : plan.series) {
      found.insert(series.name);
      ASSERT_TRUE(specs.contains(series.name)) << series.name;
      EXPECT_EQ(series.spec, specs[series.name]) << series.name;
    }
    for (const auto& [name, spec] : specs) {
      if (name.find("placement=near") == std::string::npos) continue;
      EXPECT_TRUE(found.contains(name)) << name << " on " << machine;
    }
    for (std::size_t i = 0; i < all.sweep->axes.size(); ++i) {
      EXPECT_EQ(plan.sweep->axes.at(i).key, all.sweep->axes[i].key);
      if (all.sweep->axes[i].key == "placement") continue;
      EXPECT_EQ(plan.sweep->axes[i].values, all.sweep->axes[i].values);
    }
    EXPECT_EQ(plan.trials, all.trials);
  }
}

TEST(HardwareSweep, CoversWhatAComparisonOfMachinesNeeds) {
  std::set<std::string> names;
  for (const measure::PlannedSeries& series : hardware_on(kMachines.back()).series) {
    names.insert(series.name);
  }
  for (const std::string placement : {"near", "far"}) {
    for (const std::string producers : {"1", "2", "4", "8", "16", "64"}) {
      for (const std::string batch : {"1", "256"}) {
        for (const std::string payload : {"8", "64", "256"}) {
          const std::string name = results::series_name({{"pattern", "stream"},
                                                         {"producers", producers},
                                                         {"placement", placement},
                                                         {"batch", batch},
                                                         {"payload", payload}});
          EXPECT_TRUE(names.contains(name)) << name;
        }
      }
    }
    EXPECT_TRUE(names.contains("pattern=round-trip placement=" + placement));
    EXPECT_TRUE(names.contains("pattern=one-way placement=" + placement + " rate=10k"));
    EXPECT_TRUE(names.contains("pattern=one-way placement=" + placement + " rate=1M"));
  }
}

TEST(HardwareSweep, MeasuresNothingTwiceAndSaysOnceWhereNearIsFar) {
  for (const std::string& machine : kMachines) {
    const measure::Plan plan = hardware_on(machine);
    std::set<std::string> measured;
    std::size_t far = 0;
    for (const measure::PlannedSeries& series : plan.series) {
      EXPECT_TRUE(measured.insert(measured_in(series)).second) << series.name << " on " << machine;
      if (series.name.find("placement=far") != std::string::npos) ++far;
    }
    const bool one_l3 = machine.find("package:2") == std::string::npos;
    EXPECT_EQ(far, one_l3 ? 0 : plan.series.size() / 2) << machine;
    ASSERT_EQ(plan.left_out.size(), one_l3 ? 1U : 0U) << machine;
    if (!one_l3) continue;
    EXPECT_EQ(plan.left_out[0], "placement=far (" + std::to_string(plan.series.size()) +
                                    " series): here it is on the same CPUs as placement=near");
  }
}

TEST(HardwareSweep, MarksTheSeriesWithMoreThreadsThanCpus) {
  for (const measure::PlannedSeries& series : hardware_on("package:1 l3:1 core:8 pu:2").series) {
    EXPECT_EQ(series.placement.oversubscribed, series.spec.producers + 1 > 16) << series.name;
  }
}

TEST(HardwareSweep, IsPlannedToEndWithinHalfOfItsTime) {
  for (const std::string& machine : kMachines) {
    const auto topology = machine::Topology::synthetic(machine);
    const measure::Plan plan = hardware_on(topology);
    ASSERT_EQ(plan.time_limit_s, 600);
    double round_s = 0;
    for (const measure::PlannedSeries& series : plan.series) {
      round_s += series.spec.duration_s.value() * (1 + measure::Prober::kShare);
    }
    const double survey_s = measure::survey_seconds(topology, plan.core_to_core_s);
    // The other half is for what this cannot know: how long threads take to start.
    EXPECT_LE(survey_s + (plan.warmup + plan.trials) * round_s, 300) << machine;
  }
}

}  // namespace
}  // namespace bench::testing
