#include "analysis/machines.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "unit/report_documents.hpp"

namespace bench::testing {
namespace {

using analysis::Evidence;

results::Document of_host(std::optional<std::string> hostname, const std::string& cpu_model = "a",
                          unsigned pus = 4) {
  results::Document made = unlabelled_document();
  made.host.hostname = std::move(hostname);
  made.host.cpu_model = cpu_model;
  made.host.topology.pus = pus;
  return made;
}

Evidence sorted(std::vector<results::Document> documents) {
  NamedDocuments named;
  for (results::Document& one : documents) {
    named.push_back({.file = std::to_string(named.size()), .document = std::move(one)});
  }
  return analysis::sorted_by_machine(std::move(named));
}

std::vector<std::string> names_of(const Evidence& evidence) {
  std::vector<std::string> names;
  for (const analysis::MachineRuns& machine : evidence.machines) names.push_back(machine.name);
  return names;
}

TEST(Machines, StandInTheOrderInWhichTheyAreMet) {
  const Evidence evidence = sorted({of_host("b"), of_host("a"), of_host("b"), of_host("c")});
  EXPECT_EQ(names_of(evidence), (std::vector<std::string>{"b", "a", "c"}));
  ASSERT_EQ(evidence.machines[0].results.size(), 2U);
  EXPECT_EQ(evidence.machines[0].results[0].file, "0");
  EXPECT_EQ(evidence.machines[0].results[1].file, "2");
  EXPECT_EQ(evidence.machines[1].results.size(), 1U);
}

results::Document labelled(const char* label) {
  results::Document made = of_host("a");
  made.label = label;
  made.notes = {{.key = "price", .value = label}};
  return made;
}

TEST(Machines, OfOneHostDifferByTheirLabels) {
  const Evidence evidence = sorted({labelled("old"), of_host("b"), labelled("new"), of_host("a")});
  EXPECT_EQ(names_of(evidence), (std::vector<std::string>{"old", "b", "new", "a"}));
  ASSERT_EQ(evidence.machines[0].notes.size(), 1U);
  EXPECT_EQ(evidence.machines[0].notes[0].value, "old");
}

TEST(Machines, OfOneLabelAreOneWhateverTheirHostsAreCalled) {
  results::Document other = labelled("old");
  other.host.hostname = "c0ffee1";
  results::Document another = labelled("old");
  another.host.cpu_model = "x";
  const Evidence evidence = sorted({labelled("old"), other, another});
  ASSERT_EQ(evidence.machines.size(), 2U);
  EXPECT_EQ(evidence.machines[0].results.size(), 2U);
}

TEST(Machines, HaveTheDocumentsThatNobodyLabelled) {
  for (const bool label_first : {false, true}) {
    const Evidence evidence = label_first ? sorted({labelled("old"), of_host("b"), of_host("a")})
                                          : sorted({of_host("a"), of_host("b"), labelled("old")});
    EXPECT_EQ(names_of(evidence), (std::vector<std::string>{"old", "b"}));
    EXPECT_EQ(evidence.machines[0].results.size(), 2U);
    EXPECT_EQ(evidence.machines[0].notes.size(), 1U);
  }
}

TEST(Machines, OfOneNameDifferByTheirProcessors) {
  const Evidence evidence = sorted({of_host("a", "x"), of_host("a", "y"), of_host("a", "x", 8)});
  EXPECT_EQ(names_of(evidence), (std::vector<std::string>{"a (1)", "a (2)", "a (3)"}));
}

TEST(Machines, NeverHaveTheNameOfAnother) {
  const Evidence evidence = sorted({of_host("a (2)"), of_host("a", "x"), of_host("a", "y"),
                                    of_host("a (1)"), of_host("a (2)", "z")});
  const std::vector<std::string> names = names_of(evidence);
  EXPECT_EQ(std::set(names.begin(), names.end()).size(), 5U);
}

TEST(Machines, WithoutANameHaveThatOfTheirProcessor) {
  results::Document unknown = of_host(std::nullopt);
  unknown.host.cpu_model.reset();
  const Evidence evidence = sorted({of_host(std::nullopt, "Some Processor"), std::move(unknown)});
  EXPECT_EQ(names_of(evidence), (std::vector<std::string>{"Some Processor", "unknown machine"}));
}

TEST(Machines, HaveTheirTopologiesAndVerdictsStandAside) {
  const Evidence evidence = analysis::sorted_by_machine(small_documents());
  EXPECT_EQ(names_of(evidence), (std::vector<std::string>{"alder", "birch"}));
  for (const analysis::MachineRuns& machine : evidence.machines) {
    EXPECT_EQ(machine.results.size(), 3U);
    EXPECT_EQ(machine.topologies.size(), 1U);
  }
  ASSERT_EQ(evidence.verdicts.size(), 1U);
  EXPECT_EQ(evidence.verdicts[0].file, "results/duel.json");
  EXPECT_EQ(evidence.stresses.size(), 1U);
}

}  // namespace
}  // namespace bench::testing
