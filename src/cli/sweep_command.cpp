#include "cli/carry_out.hpp"
#include "cli/commands.hpp"
#include "cli/deliver.hpp"
#include "machine/topology.hpp"
#include "measure/plan.hpp"

namespace bench::cli {

int execute(const SweepOptions& options, const std::string& command_line) {
  prepare(options.output);
  const measure::Plan plan = measure::make_plan(options.sweep, machine::this_machine());
  return finish(measured(plan, options.output, command_line, announcement(plan, options.output)),
                options.output);
}

}  // namespace bench::cli
