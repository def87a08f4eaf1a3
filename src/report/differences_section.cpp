#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "report/sections.hpp"
#include "results/difference.hpp"

namespace bench::report {
namespace {

using results::Field;

/// One fact of all machines: its values on each, in the machines' order.
struct Fact {
  std::string kind;
  std::string key;
  std::vector<std::vector<std::string>> values;  ///< several where documents of one machine differ
};

/// Facts in the order in which they are first met.
class Facts {
 public:
  explicit Facts(std::size_t machines) : machines_(machines) {}

  void add(const std::string& kind, std::size_t machine, const Field& field) {
    const auto [at, added] = places_.try_emplace(kind + " " + field.key, facts_.size());
    if (added) facts_.push_back({.kind = kind, .key = field.key, .values = {}});
    auto& values = facts_[at->second].values;
    values.resize(machines_);
    const std::string nothing = field.key == "sanitizer" ? "none" : "unknown";
    const std::string value = field.value == "null" ? nothing : field.value;
    if (std::ranges::find(values[machine], value) == values[machine].end()) {
      values[machine].push_back(value);
    }
  }

  [[nodiscard]] const std::vector<Fact>& all() const noexcept { return facts_; }

 private:
  std::size_t machines_;
  std::map<std::string, std::size_t> places_;
  std::vector<Fact> facts_;
};

/// How the series of a document were measured, where it is not an axis.
std::vector<Field> method_of(const results::Document& document) {
  constexpr std::array<std::string_view, 5> kMethod = {
      "consume", "duration_s", "messages_per_producer", "metrics", "latency"};
  std::map<std::string, std::set<std::string>> values;
  std::set<std::string> trials;
  for (const results::Series& series : document.series) {
    trials.insert(fmt::format("{}", series.samples.size()));
    for (const Field& field : results::fields(series.spec)) {
      if (std::ranges::find(kMethod, field.key) == kMethod.end()) continue;
      values[field.key].insert(field.value);
    }
  }
  std::vector<Field> fields = {
      {.key = "sweep", .value = document.sweep ? document.sweep->name : "none"},
      {.key = "trials", .value = fmt::format("{}", fmt::join(trials, ", "))},
      {.key = "seed", .value = fmt::format("{}", document.seed)}};
  for (const auto& [key, all] : values) {
    fields.push_back({.key = key, .value = fmt::format("{}", fmt::join(all, ", "))});
  }
  return fields;
}

Facts facts_of(const analysis::Evidence& evidence) {
  Facts facts(evidence.machines.size());
  const auto add = [&facts](const char* kind, std::size_t machine,
                            const std::vector<Field>& fields) {
    for (const Field& field : fields) {
      // The load before a measurement is another one each time, and says nothing.
      if (field.key != "load_average") facts.add(kind, machine, field);
    }
  };
  for (std::size_t i = 0; i < evidence.machines.size(); ++i) {
    const analysis::MachineRuns& machine = evidence.machines[i];
    for (const auto& [key, value] : machine.notes)
      facts.add("note", i, {.key = key, .value = value});
    for (const auto& [file, document] : machine.results) {
      add("machine", i, results::fields(document.host));
      add("build", i, results::fields(document.tool));
      add("method", i, method_of(document));
    }
    for (const auto& [file, report] : machine.topologies) {
      add("machine", i, results::fields(report.host));
      add("build", i, results::fields(report.tool));
    }
  }
  return facts;
}

/// A document that has nothing of a kind, like that of the topology, which has no method, differs
/// in nothing.
bool is_equal(const Fact& fact) {
  const auto said = [](const auto& values) { return !values.empty(); };
  const auto first = std::ranges::find_if(fact.values, said);
  return std::ranges::all_of(fact.values, [&](const auto& values) {
    return (values.empty() && fact.kind != "note") || values == *first;
  });
}

Table table_of(const analysis::Evidence& evidence, std::string title, bool folded) {
  Table table{
      .title = std::move(title),
      .columns = {{.title = "kind", .is_number = false}, {.title = "fact", .is_number = false}},
      .rows = {},
      .folded = folded};
  for (const analysis::MachineRuns& machine : evidence.machines) {
    table.columns.push_back({.title = machine.name, .is_number = false});
  }
  return table;
}

std::vector<Cell> row_of(const Fact& fact) {
  std::vector<Cell> row = {{.text = fact.kind}, {.text = fact.key}};
  for (const auto& values : fact.values) {
    row.push_back({.text = values.empty() ? "-" : fmt::format("{}", fmt::join(values, "; "))});
  }
  return row;
}

}  // namespace

Section differences_section(const Basis& basis) {
  const analysis::Evidence& evidence = basis.evidence;
  Section section{.id = "differences", .title = "What differs", .blocks = {}};
  if (evidence.machines.empty()) return section;
  const bool single = evidence.machines.size() == 1;
  Table different = table_of(evidence, "What differs between the machines", false);
  Table equal = table_of(
      evidence, single ? "The machine, the build and the method" : "What is equal on all machines",
      true);
  const Facts facts = facts_of(evidence);
  for (const Fact& fact : facts.all()) {
    const bool is_open = !single && !is_equal(fact);
    (is_open ? different : equal).rows.push_back(row_of(fact));
  }
  if (single) section.title = "The machine";
  if (!different.rows.empty()) section.blocks.emplace_back(std::move(different));
  if (!equal.rows.empty()) section.blocks.emplace_back(std::move(equal));
  return section;
}

}  // namespace bench::report
