// Round trips are told apart by what CPUs share, on machines of many shapes.

#include "analysis/round_trips.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "machine/topology.hpp"
#include "present/round_trips_words.hpp"

namespace bench::testing {
namespace {

using analysis::round_trips_by_part;
using analysis::RoundTrips;
using analysis::SharedPart;

/// A machine on which every pair was measured: 10 ns within a core, 50 within an L3, and so on.
results::TopologyReport measured_machine(const std::string& description,
                                         const std::vector<unsigned>& allowed = {}) {
  const auto topology = machine::Topology::synthetic(description, allowed);
  results::TopologyReport report;
  report.tree = topology.tree();
  for (const machine::Cpu& cpu : topology.allowed_cpus()) {
    report.allowed_cpus.push_back(cpu.os_index);
  }
  for (std::size_t i = 0; i < report.allowed_cpus.size(); ++i) {
    for (std::size_t j = i + 1; j < report.allowed_cpus.size(); ++j) {
      const unsigned from = report.allowed_cpus[i];
      const unsigned to = report.allowed_cpus[j];
      const auto shared = topology.distance(from, to);
      const double ns = shared == machine::Distance::same_core      ? 10
                        : shared == machine::Distance::same_l3      ? 50
                        : shared == machine::Distance::same_package ? 180
                                                                    : 310;
      report.probes.core_to_core.push_back({.from = from,
                                            .to = to,
                                            .shared = shared,
                                            .p10_ns = ns,
                                            .p50_ns = ns,
                                            .p90_ns = ns,
                                            .readings = 1});
    }
  }
  report.pairs = report.probes.core_to_core.size();
  return report;
}

std::vector<std::string> words_of(const results::TopologyReport& report) {
  return present::round_trips_lines(round_trips_by_part(report));
}

using Lines = std::vector<std::string>;

TEST(RoundTripsByPart, GoFromTheCoreToTheMachine) {
  EXPECT_EQ(words_of(measured_machine("package:2 l3:2 core:2 pu:2")),
            (Lines{"within a core: 10 ns (8 pairs)", "within an L3: 50 ns (16 pairs)",
                   "between L3s of one package: 180 ns (32 pairs)",
                   "between packages: 310 ns (64 pairs)"}));
  const std::vector<RoundTrips> all =
      round_trips_by_part(measured_machine("package:2 core:2 pu:1"));
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0], (RoundTrips{.shared = SharedPart::package,
                                .between = SharedPart::core,
                                .median_ns = 180,
                                .measured = 2,
                                .pairs = 2}));
  EXPECT_EQ(all[1].between, SharedPart::package);
}

TEST(RoundTripsByPart, HaveOnlyPartsThatThereAre) {
  EXPECT_EQ(words_of(measured_machine("package:2 core:2 pu:1")),
            (Lines{"within a package: 180 ns (2 pairs)", "between packages: 310 ns (4 pairs)"}));
  EXPECT_EQ(words_of(measured_machine("l3:2 core:2 pu:1")),
            (Lines{"within an L3: 50 ns (2 pairs)", "between L3s: 310 ns (4 pairs)"}));
  EXPECT_EQ(words_of(measured_machine("core:3 pu:1")), (Lines{"between cores: 310 ns (3 pairs)"}));
  EXPECT_EQ(words_of(measured_machine("package:1 l3:1 core:2 pu:1")),
            (Lines{"within an L3: 50 ns (1 pair)"}));
  EXPECT_EQ(words_of(measured_machine("core:1 pu:2")), (Lines{"within a core: 10 ns (1 pair)"}));
  EXPECT_EQ(words_of(measured_machine("core:2 pu:1", {1})), Lines{});
}

TEST(RoundTripsByPart, TellNumaNodesApartWhereTheyDivideAPackage) {
  EXPECT_EQ(
      words_of(measured_machine("package:2 numa:2 l3:2 core:2 pu:1")),
      (Lines{"within an L3: 50 ns (8 pairs)", "between L3s of one NUMA node: 180 ns (16 pairs)",
             "between NUMA nodes of one package: 180 ns (32 pairs)",
             "between packages: 310 ns (64 pairs)"}));
  EXPECT_EQ(
      words_of(measured_machine("package:2 numa:1 l3:2 core:1 pu:1")),
      (Lines{"between L3s of one package: 180 ns (2 pairs)", "between packages: 310 ns (4 pairs)"}))
      << "a node for each package is no part of its own";
  EXPECT_EQ(
      words_of(measured_machine("numa:2 core:2 pu:1")),
      (Lines{"within a NUMA node: 310 ns (2 pairs)", "between NUMA nodes: 310 ns (4 pairs)"}));
  EXPECT_EQ(words_of(measured_machine("package:1 l3:1 numa:2 core:2 pu:1")),
            (Lines{"within a NUMA node: 50 ns (2 pairs)",
                   "between NUMA nodes of one L3: 50 ns (4 pairs)"}));
}

TEST(RoundTripsByPart, AreTheMedianOfThePairsThatWereMeasured) {
  results::TopologyReport report = measured_machine("package:2 l3:1 core:3 pu:1");
  auto& pairs = report.probes.core_to_core;  // 0-1, 0-2, then 0-3, ...
  pairs[0].p50_ns = 40;
  pairs[1].p50_ns = 70;
  std::swap(pairs[1].from, pairs[1].to);
  pairs.resize(2);
  EXPECT_EQ(words_of(report), (Lines{"within an L3: 55 ns (2 of 6 pairs)",
                                     "between packages: not measured (0 of 9 pairs)"}));
}

TEST(RoundTripsByPart, AreOfAllowedCpusAlone) {
  EXPECT_EQ(words_of(measured_machine("package:2 l3:1 core:4 pu:1", {1, 3, 6})),
            (Lines{"within an L3: 50 ns (1 pair)", "between packages: 310 ns (2 pairs)"}));
}

TEST(RoundTripsByPart, OfATreeThatMakesNoSenseAreOfTheMachine) {
  results::TopologyReport report = measured_machine("core:3 pu:1");
  report.tree.clear();
  EXPECT_EQ(words_of(report), (Lines{"between cores: 310 ns (3 pairs)"}));
  machine::TopologyNode node;
  node.kind = "NUMANode";
  node.depth = 4'000'000'000;
  report.tree = {node, node};
  EXPECT_EQ(words_of(report).size(), 1U);
}

}  // namespace
}  // namespace bench::testing
