#include <fmt/format.h>

#include "cli/carry_out.hpp"
#include "cli/commands.hpp"
#include "cli/deliver.hpp"
#include "machine/topology.hpp"
#include "measure/plan.hpp"

namespace bench::cli {
namespace {

/// Some mistakes of a sweep file come to light only here: they name it like the others.
measure::Plan planned(const SweepOptions& options) {
  try {
    return measure::make_plan(options.sweep, machine::this_machine());
  } catch (const measure::BadRequest& error) {
    throw measure::BadRequest(fmt::format("{}: {}", options.file, error.what()));
  }
}

}  // namespace

int execute(const SweepOptions& options, const std::string& command_line) {
  prepare(options.output);
  const measure::Plan plan = planned(options);
  return finish(measured(plan, options.output, command_line, announcement(plan, options.output)),
                options.output);
}

}  // namespace bench::cli
