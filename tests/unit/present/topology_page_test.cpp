// What is known of a machine, as a page for people and as a JSON document.

#include "present/topology_page.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "present/matrix_csv.hpp"
#include "results/json.hpp"
#include "schema/schema.hpp"
#include "unit/topology_report.hpp"

namespace bench::present {
namespace {

using testing::complaints;
using testing::report;
using testing::schema;

bool shows(const std::string& page, std::string_view what) {
  return page.find(what) != std::string::npos;
}

TEST(TopologyPage, ShowsTheTreeThePlacementsAndTheMatrix) {
  const std::string page = render(report(), Style{});
  EXPECT_TRUE(shows(page, "CPU 3 (not allowed)")) << page;
  EXPECT_TRUE(shows(page, "consumer on CPU 1, producers on 0, 2")) << page;
  EXPECT_TRUE(shows(page, "left to the kernel")) << page;
  EXPECT_TRUE(shows(page, "101 ░")) << page;
  EXPECT_TRUE(shows(page, "512 █")) << page;
  EXPECT_TRUE(shows(page, "?")) << page;
  EXPECT_TRUE(shows(page, "2 of 3 pairs")) << page;
}

TEST(TopologyPage, SaysThatItWasInterrupted) {
  results::TopologyReport part = report();
  part.probes.seconds = 10;
  EXPECT_TRUE(
      shows(render(part, Style{}), "2 of 3 pairs measured; all of them need about --time 17s"));
  part.complete = false;
  EXPECT_TRUE(shows(render(part, Style{}), "2 of 3 pairs measured; it was interrupted"));
}

TEST(TopologyPage, SaysThatEveryPairWasMeasured) {
  results::TopologyReport whole = report();
  whole.probes.core_to_core.push_back(whole.probes.core_to_core[0]);
  whole.probes.core_to_core.back().from = 1;
  whole.probes.core_to_core.back().to = 2;
  EXPECT_TRUE(shows(render(whole, Style{}), "3 of 3 pairs measured\n"));
}

TEST(TopologyMatrix, IsASquareWithTheMediansOfTheDocument) {
  results::TopologyReport some = report();
  some.allowed_cpus = {2, 0, 1};  // as cores are numbered, and CPUs may be not
  some.probes.core_to_core[0].p50_ns = 101.25;
  EXPECT_EQ(to_matrix_csv(some), ",101.25,512\n101.25,,\n512,,\n");
  some.allowed_cpus = {0};
  some.probes.core_to_core.clear();
  EXPECT_EQ(to_matrix_csv(some), "\n");
}

TEST(TopologyPage, SaysHowLongItTakesWithinAndBetweenTheParts) {
  const std::string page = render(report(), Style{});
  EXPECT_TRUE(shows(page, "  within an L3: 101 ns (1 pair)\n")) << page;
  EXPECT_TRUE(shows(page, "  between L3s of one package: 512 ns (1 of 2 pairs)\n")) << page;
}

TEST(TopologyPage, ShadesNoPairDarkIfAllAreAlike) {
  results::TopologyReport even = report();
  even.probes.core_to_core[1].p50_ns = 105;
  EXPECT_FALSE(shows(render(even, Style{}), "█"));
}

TEST(TopologyPage, SaysThatOneCpuHasNoPair) {
  results::TopologyReport one = report();
  one.allowed_cpus = {0};
  one.probes.core_to_core.clear();
  one.pairs = 0;
  EXPECT_TRUE(shows(render(one, Style{}), "no pair to measure"));
}

TEST(TopologyPage, ShowsOnlyShadesWhereNumbersDoNotFit) {
  results::TopologyReport wide = report();
  for (unsigned cpu = 3; cpu < 40; ++cpu) wide.allowed_cpus.push_back(cpu);
  const std::string page = render(wide, Style{});
  EXPECT_TRUE(shows(page, "-░█?")) << page;
}

/// The characters of a line of UTF-8.
std::size_t characters(const std::string& line) {
  return static_cast<std::size_t>(std::ranges::count_if(
      line, [](char c) { return (static_cast<unsigned>(c) & 0xC0U) != 0x80U; }));
}

TEST(TopologyPage, FitsEveryWidth) {
  results::TopologyReport many = report();
  using machine::TopologyNode;
  std::vector<TopologyNode> chain;
  for (const std::string kind : {"Machine", "L2Cache", "L1Cache", "Core", "PU"}) {
    TopologyNode& node = chain.emplace_back();
    node.depth = static_cast<unsigned>(chain.size() - 1);
    node.kind = kind;
    node.os_index = 0;
    if (kind.ends_with("Cache")) node.size_bytes = 2U << 20U;
  }
  many.tree = chain;
  many.tree.insert(many.tree.end(), chain.begin() + 1, chain.end());
  for (unsigned cpu = 3; cpu < 40; ++cpu) many.allowed_cpus.push_back(cpu);
  for (const auto& shown : {report(), many}) {
    for (const unsigned width : {20U, 30U, 50U, 80U}) {
      const std::string page = render(shown, {.color = false, .width = width});
      std::istringstream lines(page);
      for (std::string line; std::getline(lines, line);) {
        EXPECT_LE(characters(line), width) << page;
      }
    }
  }
  EXPECT_TRUE(shows(render(many, {.color = false, .width = 30}), "CPU  24 to 39")) << "by blocks";
}

TEST(TopologyDocument, MatchesItsSchemaWhichRequiresEveryKey) {
  const auto json = nlohmann::json::parse(results::to_json(report()));
  EXPECT_EQ(complaints(schema("topology"), json), "");
  for (const auto& [key, value] : json.items()) {
    nlohmann::json less = json;
    less.erase(key);
    EXPECT_NE(complaints(schema("topology"), less), "") << key;
  }
}

}  // namespace
}  // namespace bench::present
