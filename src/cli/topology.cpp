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

constexpr double kShortestSurvey = 0.01;
constexpr double kLongestSurvey = 24 * 3600;

constexpr const char* kTopologyFooter =
    R"(Every pair of CPUs is measured, or as many as the time is enough for, which is
said. A file that ends in .csv gets the matrix alone: a row for each allowed
CPU, by number, of round trips in ns, empty where none was measured.

Examples:
  ringmpsc-bench topology
  ringmpsc-bench topology --time 2m --output '{hostname}.json' --output m.csv)";

int execute_topology(Arguments arguments, const std::string& command_line) {
  Flags flags("ringmpsc-bench topology",
              "Shows the machine: what the system reports about its processors, where each\n"
              "policy would place threads, and the measured time that a cache line takes from\n"
              "core to core and back.",
              kTopologyFooter);
  OutputOptions output;
  measure::SurveyOptions options;
  flags.add("Machine", "--producers", "N", "Number of producers to show placements for [1]",
            [&options](auto flag, auto value) {
              options.producers = static_cast<unsigned>(
                  parse_number(flag, value, ringmpsc::kMinProducers, ringmpsc::kMaxProducers));
            });
  flags.add("Machine", "--time", "T", "Share this time among all pairs of CPUs [20ms each, 10s]",
            [&options](auto flag, auto value) {
              options.time_s = parse_duration(flag, value, kShortestSurvey, kLongestSurvey);
            });
  add_label_flags(flags, output.labels);
  if (const auto help = read(flags, output, std::move(arguments), present::topology_formats())) {
    return show(*help);
  }
  prepare(output);

  // Before signals are only noted: it may take long.
  const machine::Topology& machine = machine::this_machine();
  measure::Interrupt interrupt;
  measure::Progress progress(!output.quiet);
  results::TopologyReport report =
      measure::survey(machine, options, command_line, interrupt, progress);
  interrupt.release();
  output.labels.write_to(report);
  const auto delivered =
      deliver([&report](const Output& one) { return one.format->render_topology(report); },
              present::render(report, style(output.color)), output);
  return exit_code(true, delivered, interrupt.signal());
}

}  // namespace

const Command kTopology{.name = "topology",
                        .summary = "the machine as the system reports it and as measured",
                        .execute = execute_topology};

}  // namespace bench::cli
