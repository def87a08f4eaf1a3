#include <fmt/format.h>

#include <string>
#include <utility>

#include "present/quantity.hpp"
#include "report/sections.hpp"

namespace bench::report {
namespace {

/// The account of a document, and what of it nobody looked at.
struct Account {
  workload::Verification sum;
  bool checks_order = true;  ///< every message of every series was looked at
  bool keeps_order = true;   ///< every queue promises its producers' order

  void add(const workload::Verification& seen, workload::Consume mode, bool keeps) {
    sum += seen;
    checks_order = checks_order && mode == workload::Consume::verify;
    keeps_order = keeps_order && keeps;
  }
};

void add_row(const std::string& machine, const std::string& what, const Account& account,
             std::string end, Table& table) {
  const workload::Verification& seen = account.sum;
  const auto looked_at = [&](std::uint64_t count, std::string_view note) {
    if (!account.checks_order) return std::string("not checked");
    return fmt::format("{}{}", present::grouped(count), count > 0 ? note : "");
  };
  table.rows.push_back(
      {{.text = machine},
       {.text = what},
       {.text = present::grouped(seen.sent)},
       {.text = present::grouped(seen.received)},
       {.text = present::grouped(seen.lost)},
       {.text = present::grouped(seen.duplicated)},
       {.text = looked_at(seen.reordered, account.keeps_order ? "" : " (not promised)")},
       {.text = looked_at(seen.corrupted, "")},
       {.text = std::move(end)}});
}

std::string end_of(bool complete, const auto& failure) {
  if (failure) return "failed: " + failure->reason;
  return complete ? "complete" : "interrupted";
}

}  // namespace

Section integrity_section(const Basis& basis) {
  Section section{.id = "integrity", .title = "Was every message right?", .blocks = {}};
  Table table{.title = "The account of all messages, warm-ups included",
              .columns = {{.title = "machine", .is_number = false},
                          {.title = "document", .is_number = false},
                          {.title = "sent"},
                          {.title = "received"},
                          {.title = "lost"},
                          {.title = "repeated"},
                          {.title = "out of order"},
                          {.title = "damaged"},
                          {.title = "measurement", .is_number = false}},
              .rows = {}};
  for (const analysis::MachineRuns& machine : basis.evidence.machines) {
    for (const auto& [file, document] : machine.results) {
      Account all;
      for (const results::Series& series : document.series) {
        all.add(series.verification, series.spec.consume, series.keeps_order);
      }
      add_row(machine.name, file, all, end_of(document.complete, document.failure), table);
    }
  }
  for (const auto& [file, report] : basis.evidence.verdicts) {
    Account all;
    for (const results::JudgedSeries& series : report.series) {
      for (const results::JudgedSide& side : {series.base, series.candidate}) {
        all.add(side.verification, side.spec.consume, series.keeps_order);
      }
    }
    add_row("both sides", file, all, end_of(report.complete, report.failure), table);
  }
  for (const auto& [file, report] : basis.evidence.stresses) {
    table.rows.push_back({{.text = report.host.hostname.value_or("-")},
                          {.text = file},
                          {.text = "-"},
                          {.text = present::grouped(report.messages)},
                          {.text = "-"},
                          {.text = "-"},
                          {.text = "-"},
                          {.text = "-"},
                          {.text = end_of(report.complete, report.failure)}});
  }
  if (!table.rows.empty()) section.blocks.emplace_back(std::move(table));
  return section;
}

}  // namespace bench::report
