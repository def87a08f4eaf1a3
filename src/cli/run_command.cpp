#include <cstdlib>
#include <optional>

#include "cli/commands.hpp"
#include "cli/deliver.hpp"
#include "machine/topology.hpp"
#include "measure/interrupt.hpp"
#include "measure/plan.hpp"
#include "measure/progress.hpp"
#include "measure/run.hpp"

namespace bench::cli {

int execute(const RunOptions& options, const std::string& command_line) {
  prepare(options.output);
  std::optional<int> signal;
  const results::Document document = [&] {
    measure::Interrupt interrupt;
    const machine::Topology& topology = machine::this_machine();
    const measure::Plan plan = measure::make_plan(options.request, topology);
    for (const std::string& queue : plan.left_out) {
      if (!options.output.quiet) complain("left out " + queue);
    }
    measure::Progress progress(!options.output.quiet);
    results::Document measured = measure::run(plan, topology, command_line, interrupt, progress);
    signal = interrupt.signal();
    return measured;
  }();
  const int code = deliver(document, options.output, signal);
  // An abandoned trial's threads may still be at work on memory that ordinary exit would destroy.
  if (signal) std::_Exit(code);
  return code;
}

}  // namespace bench::cli
