#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "report/sections.hpp"

namespace bench::report {

Section method_section(const Basis& basis) {
  Section section{.id = "method", .title = "How this was measured", .blocks = {}};
  const bool has_trials = basis.reference != nullptr || !basis.evidence.verdicts.empty();
  if (has_trials)
    section.blocks.emplace_back(Paragraph{
        .text =
            "Each trial starts its threads anew, binds each to a CPU of its own where there are "
            "enough, and counts only messages that the consumer has received. The consumer checks "
            "every word of every message, unless a caveat says otherwise. The trials of all "
            "series of a document are interleaved in random order, so that no series has a "
            "machine's good minutes to itself."});
  Table table{.title = "Documents",
              .columns = {{.title = "machine", .is_number = false},
                          {.title = "document", .is_number = false},
                          {.title = "measured", .is_number = false},
                          {.title = "command", .is_number = false}},
              .rows = {}};
  const auto add = [&table](const std::string& machine, const std::string& file,
                            const std::string& when, const std::string& command) {
    table.rows.push_back({{.text = machine}, {.text = file}, {.text = when}, {.text = command}});
  };
  for (const analysis::MachineRuns& machine : basis.evidence.machines) {
    for (const auto& [file, one] : machine.results) {
      add(machine.name, file, one.created_utc, one.command_line);
    }
    for (const auto& [file, one] : machine.topologies) {
      add(machine.name, file, one.created_utc, one.command_line);
    }
  }
  for (const auto& [file, one] : basis.evidence.verdicts) {
    add(one.host.hostname.value_or("-"), file, one.created_utc, one.command_line);
  }
  for (const auto& [file, one] : basis.evidence.stresses) {
    add(one.host.hostname.value_or("-"), file, one.created_utc, one.command_line);
  }
  section.blocks.emplace_back(std::move(table));
  return section;
}

}  // namespace bench::report
