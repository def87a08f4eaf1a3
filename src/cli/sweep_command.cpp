#include <fmt/format.h>

#include "cli/carry_out.hpp"
#include "cli/commands.hpp"
#include "cli/deliver.hpp"
#include "machine/topology.hpp"
#include "measure/plan.hpp"
#include "measure/resume.hpp"

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
  measure::Plan plan = planned(options);
  if (options.earlier) {
    try {
      measure::go_on_with(options.earlier->document, plan, machine::this_machine());
    } catch (const measure::BadRequest& error) {
      throw measure::BadRequest(
          fmt::format("--resume {}: {}", options.earlier->path, error.what()));
    }
  }
  measure::Interrupt interrupt;
  const results::Document document =
      measured(plan, options.output, command_line, interrupt, announcement(plan, options.output));
  return finish(document, options.output, interrupt);
}

}  // namespace bench::cli
