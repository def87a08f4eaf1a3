#include "cli/carry_out.hpp"
#include "cli/commands.hpp"
#include "cli/deliver.hpp"
#include "machine/topology.hpp"
#include "measure/plan.hpp"

namespace bench::cli {

int execute(const RunOptions& options, const std::string& command_line) {
  prepare(options.output);
  const measure::Plan plan = measure::make_plan(options.request, machine::this_machine());
  for (const std::string& queue : plan.left_out) {
    if (!options.output.quiet) complain("left out " + queue);
  }
  return carry_out(plan, options.output, command_line);
}

}  // namespace bench::cli
