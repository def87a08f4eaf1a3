// Topology and placement, mostly on invented machines.

#include "machine/placement.hpp"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "machine/topology.hpp"

namespace bench::machine {
namespace {

// 2 packages x 2 L3 x 2 cores x 2 SMT siblings: CPUs 0-15, siblings side by side.
constexpr const char* kBig = "package:2 l3:2 core:2 pu:2";

std::vector<unsigned> producers_of(const Placement& placement) {
  std::vector<unsigned> cpus;
  for (const auto& cpu : placement.producer_cpus) cpus.push_back(cpu.value());
  return cpus;
}

std::map<unsigned, unsigned> threads_on(const Placement& placement) {
  std::map<unsigned, unsigned> threads;
  ++threads[placement.consumer_cpu.value()];
  for (const unsigned cpu : producers_of(placement)) ++threads[cpu];
  return threads;
}

TEST(Topology, CountsTheObjectsOfEachKind) {
  EXPECT_EQ(
      Topology::synthetic(kBig).facts(),
      (TopologyFacts{
          .packages = 2, .numa_nodes = 1, .l3 = 4, .cores = 8, .pus = 16, .allowed_pus = 16}));
}

TEST(Topology, LeavesFactsNullThatAreNotReported) {
  const TopologyFacts facts = Topology::synthetic("pu:2").facts();
  EXPECT_EQ(facts.l3, std::nullopt);
  EXPECT_EQ(facts.cores, std::nullopt);
  EXPECT_EQ(facts.pus, 2U);
}

TEST(Topology, FindsTheClosestPartThatTwoCpusShare) {
  const Topology machine = Topology::synthetic(kBig);
  EXPECT_EQ(machine.distance(0, 1), Distance::same_core);
  EXPECT_EQ(machine.distance(0, 2), Distance::same_l3);
  EXPECT_EQ(machine.distance(0, 4), Distance::same_package);
  EXPECT_EQ(machine.distance(0, 8), Distance::apart);
}

TEST(Topology, FindsTheNumaNodeOfACpu) {
  const Topology machine = Topology::synthetic("numa:2 core:2 pu:1");
  EXPECT_EQ(machine.numa_nodes(), 2U);
  EXPECT_EQ(machine.numa_node_of(1), 0U);
  EXPECT_EQ(machine.numa_node_of(2), 1U);
}

TEST(Topology, OfThisMachineAllowsAtLeastOneCpu) {
  EXPECT_FALSE(this_machine().allowed_cpus().empty());
  EXPECT_TRUE(this_machine().facts().pus.has_value());
}

TEST(Placement, NearTakesTheClosestCoresFirstAndSiblingsLast) {
  const Placement placement = plan_placement(Topology::synthetic(kBig), PlacementPolicy::near, 15);
  EXPECT_EQ(placement.consumer_cpu, 2U);
  EXPECT_EQ(producers_of(placement),
            (std::vector<unsigned>{0, 4, 6, 8, 10, 12, 14, 1, 5, 7, 9, 11, 13, 15, 3}));
  EXPECT_FALSE(placement.oversubscribed);
}

TEST(Placement, FarTakesTheMostDistantCoresFirst) {
  const Placement placement = plan_placement(Topology::synthetic(kBig), PlacementPolicy::far, 15);
  EXPECT_EQ(producers_of(placement),
            (std::vector<unsigned>{8, 10, 12, 14, 4, 6, 0, 9, 11, 13, 15, 5, 7, 1, 3}));
}

TEST(Placement, SmtTakesTheSiblingFirst) {
  const Placement placement = plan_placement(Topology::synthetic(kBig), PlacementPolicy::smt, 3);
  EXPECT_EQ(placement.consumer_cpu, 2U);
  EXPECT_EQ(producers_of(placement), (std::vector<unsigned>{3, 0, 1}));
}

TEST(Placement, NoneLeavesEveryThreadToTheKernel) {
  const Placement placement =
      plan_placement(Topology::synthetic("core:4 pu:1"), PlacementPolicy::none, 3);
  EXPECT_EQ(placement.consumer_cpu, std::nullopt);
  EXPECT_EQ(placement.producer_cpus, std::vector<std::optional<unsigned>>(3));
  EXPECT_FALSE(placement.oversubscribed);
  EXPECT_TRUE(
      plan_placement(Topology::synthetic("core:4 pu:1"), PlacementPolicy::none, 4).oversubscribed);
}

TEST(Placement, SpreadsThreadsEvenlyForEveryPolicyAndNumberOfProducers) {
  for (const char* const description : {"core:1 pu:1", "core:2 pu:1", "core:3 pu:2", kBig}) {
    const Topology machine = Topology::synthetic(description);
    const std::size_t cpus = machine.allowed_cpus().size();
    for (const auto policy : {PlacementPolicy::near, PlacementPolicy::far, PlacementPolicy::smt}) {
      for (unsigned producers = 1; producers <= 128; ++producers) {
        const Placement placement = plan_placement(machine, policy, producers);
        const auto threads = threads_on(placement);
        unsigned fewest = threads.size() < cpus ? 0 : UINT32_MAX;
        unsigned most = 0;
        for (const auto& [cpu, count] : threads) {
          fewest = std::min(fewest, count);
          most = std::max(most, count);
        }
        ASSERT_LE(most - fewest, 1U) << description << ", " << producers << " producers";
        ASSERT_EQ(placement.oversubscribed, producers + 1 > cpus);
      }
    }
  }
}

TEST(Placement, UsesOnlyAllowedCpus) {
  const Topology machine = Topology::synthetic(kBig, {3, 9, 12});
  const auto threads = threads_on(plan_placement(machine, PlacementPolicy::near, 20));
  std::set<unsigned> used;
  for (const auto& [cpu, count] : threads) used.insert(cpu);
  EXPECT_EQ(used, (std::set<unsigned>{3, 9, 12}));
}

TEST(Placement, PutsAllThreadsOnTheOnlyAllowedCpu) {
  const Placement placement =
      plan_placement(Topology::synthetic(kBig, {5}), PlacementPolicy::far, 2);
  EXPECT_EQ(placement.consumer_cpu, 5U);
  EXPECT_EQ(producers_of(placement), (std::vector<unsigned>{5, 5}));
  EXPECT_TRUE(placement.oversubscribed);
}

TEST(ExplicitPlacement, GivesTheFirstCpuToTheConsumerAndTheOthersToProducersInTurn) {
  const auto placement = plan_explicit(Topology::synthetic(kBig), {3, 0, 1}, 4);
  ASSERT_TRUE(placement.has_value());
  EXPECT_EQ(placement->consumer_cpu, 3U);
  EXPECT_EQ(producers_of(*placement), (std::vector<unsigned>{0, 1, 0, 1}));
  EXPECT_TRUE(placement->oversubscribed);
}

TEST(ExplicitPlacement, NamesTheForbiddenCpuAndTheAllowedOnes) {
  const auto placement = plan_explicit(Topology::synthetic(kBig, {0, 1, 2, 7}), {0, 4}, 1);
  ASSERT_FALSE(placement.has_value());
  EXPECT_NE(placement.error().find("CPU 4"), std::string::npos) << placement.error();
  EXPECT_NE(placement.error().find("0-2,7"), std::string::npos) << placement.error();
}

TEST(CpuList, KeepsTheOrderOfNumbersAndRanges) {
  EXPECT_EQ(parse_cpu_list("3,0-2").value(), (std::vector<unsigned>{3, 0, 1, 2}));
  EXPECT_EQ(parse_cpu_list("7").value(), (std::vector<unsigned>{7}));
  EXPECT_EQ(parse_cpu_list("1,1").value(), (std::vector<unsigned>{1, 1}));
}

TEST(CpuList, NamesThePartThatIsWrong) {
  for (const char* const text : {"", ",", "3,", ",3", "3,,4", "5-2", "a", "1-", "-1", "1-2-3",
                                 "0x1", " 1", "1 ", "0-4000000000", "99999999999", "+1"}) {
    EXPECT_FALSE(parse_cpu_list(text).has_value()) << text;
  }
  EXPECT_NE(parse_cpu_list("0,5-2").error().find("'5-2'"), std::string::npos);
}

}  // namespace
}  // namespace bench::machine
