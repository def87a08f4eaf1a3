#include "cli/commands.hpp"
#include "cli/deliver.hpp"
#include "machine/topology.hpp"
#include "measure/interrupt.hpp"
#include "measure/progress.hpp"
#include "measure/survey.hpp"
#include "present/topology_page.hpp"
#include "results/json.hpp"

namespace bench::cli {

int execute(const TopologyOptions& options, const std::string& command_line) {
  prepare(options.output);
  measure::Interrupt interrupt;
  measure::Progress progress(!options.output.quiet);
  const results::TopologyReport report = measure::survey(machine::this_machine(), options.producers,
                                                         command_line, interrupt, progress);
  interrupt.release();
  const auto delivered =
      deliver([&report](present::Format) { return results::to_json(report); },
              present::render(report, style(options.output.color)), options.output);
  return exit_code(true, delivered, interrupt.signal());
}

}  // namespace bench::cli
