#include <fmt/format.h>

#include <string>
#include <utility>

#include "present/quantity.hpp"
#include "report/sections.hpp"

namespace bench::report {
namespace {

void add_row(const std::string& machine, const std::string& what,
             const workload::Verification& seen, std::string end, Table& table) {
  table.rows.push_back({{.text = machine},
                        {.text = what},
                        {.text = present::grouped(seen.sent)},
                        {.text = present::grouped(seen.received)},
                        {.text = present::grouped(seen.lost)},
                        {.text = present::grouped(seen.duplicated)},
                        {.text = present::grouped(seen.reordered)},
                        {.text = present::grouped(seen.corrupted)},
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
      workload::Verification all;
      for (const results::Series& series : document.series) {
        workload::Verification one = series.verification;
        // A queue that promises no order breaks no promise.
        if (!series.keeps_order) one.reordered = 0;
        all += one;
      }
      add_row(machine.name, file, all, end_of(document.complete, document.failure), table);
    }
  }
  for (const auto& [file, report] : basis.evidence.verdicts) {
    workload::Verification all;
    for (const results::JudgedSeries& series : report.series) {
      for (workload::Verification side :
           {series.base.verification, series.candidate.verification}) {
        if (!series.keeps_order) side.reordered = 0;
        all += side;
      }
    }
    add_row("both sides", file, all, end_of(report.complete, report.failure), table);
  }
  if (!table.rows.empty()) section.blocks.emplace_back(std::move(table));
  return section;
}

}  // namespace bench::report
