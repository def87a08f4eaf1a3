// What the sections say, where it is not in the points.

#include "report/sections.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "unit/report_documents.hpp"

namespace bench::testing {
namespace {

using report::Report;
using report::Table;

Report report_without_documents(const NamedDocuments& documents) {
  return report::make_report(analysis::sorted_by_machine(documents), "now");
}

template <class Kind>
std::vector<Kind> blocks_of(const Report& report, std::string_view section) {
  std::vector<Kind> found;
  for (const report::Section& one : report.sections) {
    if (one.id != section) continue;
    for (const report::Block& block : one.blocks) {
      if (const auto* const kind = std::get_if<Kind>(&block)) found.push_back(*kind);
    }
  }
  return found;
}

std::vector<std::string> texts_in(const Table& table, std::size_t column) {
  std::vector<std::string> texts;
  for (const auto& row : table.rows) texts.push_back(row[column].text);
  return texts;
}

/// Machines of these speeds, with so many runs each.
NamedDocuments of_machines(const std::vector<double>& speeds, unsigned runs) {
  NamedDocuments all;
  for (std::size_t i = 0; i < speeds.size(); ++i) {
    const SomeMachine machine{.hostname = fmt::format("m{}", i),
                              .cpu_model = "a processor",
                              .speed = speeds[i],
                              .cpus = 4};
    for (unsigned run = 0; run < runs; ++run) {
      all.push_back({.file = fmt::format("m{}-{}.json", i, run),
                     .document = measured(machine, run, 3, {workload::Spec()})});
    }
  }
  return all;
}

TEST(VerdictSection, ComparesAFewMachinesInSentences) {
  const Report made = report_without_documents(of_machines({1, 2, 3, 4}, 3));
  EXPECT_TRUE(blocks_of<Table>(made, "verdict").empty());
  const auto sentences = blocks_of<report::Paragraph>(made, "verdict");
  ASSERT_EQ(sentences.size(), 3U);
  EXPECT_TRUE(sentences[0].text.starts_with("m1 is faster than m0 with one producer: 2 times as"))
      << sentences[0].text;
  EXPECT_TRUE(sentences[0].strong);
}

TEST(VerdictSection, ComparesManyMachinesInATable) {
  const Report made = report_without_documents(of_machines({1, 2, 0.5, 1, 3}, 3));
  const auto sentences = blocks_of<report::Paragraph>(made, "verdict");
  ASSERT_EQ(sentences.size(), 1U);
  EXPECT_EQ(sentences[0].text,
            "4 machines were compared with m0 with one producer, each by itself: 2 faster, 1 "
            "slower, and of 1 it "
            "cannot be told.");
  const auto tables = blocks_of<Table>(made, "verdict");
  ASSERT_EQ(tables.size(), 1U);
  EXPECT_EQ(texts_in(tables[0], 0), (std::vector<std::string>{"m4", "m1", "m3", "m2"}));
  EXPECT_EQ(texts_in(tables[0], 3), (std::vector<std::string>(4, "1 of 1")));
  EXPECT_EQ(texts_in(tables[0], 4), (std::vector<std::string>(4, "3 and 3")));
  EXPECT_NEAR(tables[0].rows[1][1].value.value(), 2, 0.2);
  EXPECT_TRUE(tables[0].rows[1][1].interval);
}

TEST(VerdictSection, ClaimsNothingOfManyMachinesWithOneRunEach) {
  const auto sentences = blocks_of<report::Paragraph>(
      report_without_documents(of_machines({1, 2, 3, 4, 5}, 1)), "verdict");
  ASSERT_EQ(sentences.size(), 2U);
  EXPECT_TRUE(sentences[0].text.ends_with("0 faster, 0 slower, and of 4 it cannot be told."));
  EXPECT_TRUE(sentences[1].text.starts_with("The next run on the same machine may be"));
}

TEST(CoresSection, HasARowForEachCpu) {
  const auto tables = blocks_of<Table>(
      report_without_documents({{.file = "t", .document = topology_of(kAlder)}}), "cores");
  ASSERT_EQ(tables.size(), 1U);
  EXPECT_EQ(tables[0].title, "alder (t): 6 of 6 pairs");
  EXPECT_EQ(texts_in(tables[0], 0), (std::vector<std::string>{"0", "1", "2", "3"}));
  EXPECT_EQ(tables[0].columns.size(), 5U);
  // The pairs of each CPU with those before it.
  EXPECT_EQ(tables[0].rows[3][1].text,
            fmt::format("{:.0f}", topology_of(kAlder).probes.core_to_core[3].p50_ns));
  EXPECT_EQ(tables[0].rows[0][1], report::Cell());
}

TEST(CoresSection, TakesCpusOfALargeMachineTogether) {
  results::TopologyReport large =
      topology_of({.hostname = "a", .cpu_model = "b", .speed = 1, .cpus = 128});
  for (results::PairProbe& pair : large.probes.core_to_core) {
    // CPUs 0 to 3 and 4 to 7 have times of their own, of which one is an outlier.
    const bool between = pair.from < 4 && pair.to >= 4 && pair.to < 8;
    pair.p50_ns = between ? 500 : pair.to < 4 ? 50 : 200;
  }
  large.probes.core_to_core.front().p50_ns = 9000;  // of 0 and 1
  const auto tables =
      blocks_of<Table>(report_without_documents({{.file = "t", .document = large}}), "cores");
  ASSERT_EQ(tables.size(), 1U);
  ASSERT_EQ(tables[0].rows.size(), 32U);
  EXPECT_EQ(tables[0].rows[0][0].text, "0-3");
  EXPECT_EQ(tables[0].rows[31][0].text, "124-127");
  EXPECT_EQ(tables[0].columns[2].title, "4");
  EXPECT_EQ(tables[0].rows[0][1].text, "50");
  EXPECT_EQ(tables[0].rows[1][1].text, "500");
  EXPECT_EQ(tables[0].rows[31][32].text, "200");
  EXPECT_GT(tables[0].rows[1][1].shade, tables[0].rows[31][32].shade);
}

/// The name of the first row of a machine whose CPUs have these numbers in the tree's order.
std::string first_row_of(unsigned (*number)(unsigned)) {
  results::TopologyReport numbered =
      topology_of({.hostname = "a", .cpu_model = "b", .speed = 1, .cpus = 128});
  unsigned seen = 0;
  for (machine::TopologyNode& node : numbered.tree) {
    if (node.kind == "PU") node.os_index = number(seen++);
  }
  return blocks_of<Table>(report_without_documents({{.file = "t", .document = numbered}}), "cores")
      .at(0)
      .rows[0][0]
      .text;
}

TEST(CoresSection, NamesCpusThatAreNotNumberedInARow) {
  // As siblings are numbered on many machines: 0 and 64 share a core.
  EXPECT_EQ(first_row_of([](unsigned i) { return i % 2 * 64 + i / 2; }), "0,64,1,65");
  EXPECT_EQ(first_row_of([](unsigned i) { return i * 2; }), "0,2,4,6");
  EXPECT_EQ(first_row_of([](unsigned i) { return 127 - i; }), "127,126,125,124");
}

TEST(CoresSection, TakesATreeWithoutCpus) {
  results::TopologyReport odd = topology_of(kAlder);
  odd.tree.clear();
  EXPECT_NO_THROW(
      static_cast<void>(report_without_documents({{.file = "t", .document = std::move(odd)}})));
}

TEST(CaveatsSection, NamesEachSeriesOnce) {
  const auto tables = blocks_of<Table>(report_without_documents(small_documents()), "caveats");
  ASSERT_EQ(tables.size(), 1U);
  EXPECT_EQ(texts_in(tables[0], 0), (std::vector<std::string>{"oversubscribed", "virtualized"}));
  const std::string name = measured(kAlder, 0, 3, small_specs()).series[2].name;
  EXPECT_EQ(texts_in(tables[0], 3), (std::vector<std::string>{name, "all"}));
}

TEST(RatiosSection, NamesAReferenceByWhatTellsItApart) {
  const auto tables = blocks_of<Table>(report_without_documents(small_documents()), "ratios");
  const auto found = std::ranges::find_if(tables, [](const Table& table) {
    return table.title == "alder: series of results/alder-0.json compared within the same rounds";
  });
  ASSERT_NE(found, tables.end());
  EXPECT_EQ(found->columns.size(), 3U);
  for (const std::string& name : texts_in(*found, 0)) {
    EXPECT_TRUE(name.starts_with("mutex-ring pattern=stream producers=")) << name;
    EXPECT_TRUE(name.ends_with(" over ringmpsc")) << name;
  }
}

}  // namespace
}  // namespace bench::testing
