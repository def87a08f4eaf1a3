#include <fmt/format.h>

#include "cli/carry_out.hpp"
#include "cli/commands.hpp"
#include "cli/deliver.hpp"
#include "machine/topology.hpp"
#include "measure/plan.hpp"
#include "measure/resume.hpp"

namespace bench::cli {

int execute(const SweepOptions& options, const std::string& command_line) {
  prepare(options.output);
  const machine::Topology& topology = machine::this_machine();
  measure::Plan plan = measure::make_plan(options.sweep, topology);
  if (options.earlier) {
    try {
      measure::go_on_with(options.earlier->document, plan, topology);
    } catch (const measure::BadRequest& error) {
      throw measure::BadRequest(
          fmt::format("--resume {}: {}", options.earlier->path, error.what()));
    }
  }
  return finish(measured(plan, options.output, command_line, announcement(plan, options.output)),
                options.output);
}

}  // namespace bench::cli
