// The command topology: shows the machine.

#include "machine/topology.hpp"

#include <string>
#include <utility>

#include "cli/command.hpp"
#include "cli/flags.hpp"
#include "cli/output.hpp"
#include "cli/values.hpp"
#include "measure/interrupt.hpp"
#include "measure/progress.hpp"
#include "measure/survey.hpp"
#include "present/topology_page.hpp"
#include "results/json.hpp"
#include "ringmpsc/config.hpp"

namespace bench::cli {
namespace {

int execute_topology(Arguments arguments, const std::string& command_line) {
  Flags flags("ringmpsc-bench topology",
              "Shows the machine: what the system reports about its processors, where each\n"
              "policy would place threads, and the measured time that a cache line takes from\n"
              "core to core and back.");
  OutputOptions output;
  unsigned producers = 1;
  flags.add("Machine", "--producers", "N", "Number of producers to show placements for [1]",
            [&producers](auto flag, auto value) {
              producers = static_cast<unsigned>(
                  parse_number(flag, value, ringmpsc::kMinProducers, ringmpsc::kMaxProducers));
            });
  add_label_flags(flags, output.labels);
  if (const auto help = read(flags, output, std::move(arguments), present::formats().first(1))) {
    return show(*help);
  }
  prepare(output);

  // Before signals are only noted: it may take long.
  const machine::Topology& machine = machine::this_machine();
  measure::Interrupt interrupt;
  measure::Progress progress(!output.quiet);
  results::TopologyReport report =
      measure::survey(machine, producers, command_line, interrupt, progress);
  interrupt.release();
  output.labels.write_to(report);
  const auto delivered = deliver([&report](const Output&) { return results::to_json(report); },
                                 present::render(report, style(output.color)), output);
  return exit_code(true, delivered, interrupt.signal());
}

}  // namespace

const Command kTopology{.name = "topology",
                        .summary = "the machine as the system reports it and as measured",
                        .execute = execute_topology};

}  // namespace bench::cli
