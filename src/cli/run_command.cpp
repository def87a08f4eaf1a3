#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "cli/carry_out.hpp"
#include "cli/commands.hpp"
#include "cli/deliver.hpp"
#include "machine/cannot_measure.hpp"
#include "machine/topology.hpp"
#include "measure/plan.hpp"
#include "measure/saturation.hpp"

namespace bench::cli {
namespace {

measure::Plan plan_of(const measure::Request& request) {
  return measure::make_plan(request, machine::this_machine());
}

}  // namespace

int execute(const RunOptions& options, const std::string& command_line) {
  prepare(options.output);
  measure::Request request = options.request;
  measure::Interrupt interrupt;
  if (request.up_to_saturation) {
    const results::Document overload =
        measured(plan_of(measure::overloaded(request)), options.output, command_line, interrupt);
    if (interrupt.signal()) {
      complain(
          "interrupted while it was looked for what saturates: nothing of the curve was measured");
      std::_Exit(exit_code(true, {}, interrupt.signal()));
    }
    // What went wrong there would be hidden by a curve that does not show it.
    if (!std::ranges::all_of(overload.series, results::verified)) {
      return finish(overload, options.output, interrupt);
    }
    request.rates = measure::rates_up_to_saturation(overload);
    if (request.rates.empty()) throw machine::CannotMeasure("--rate auto: no message came through");
    request.spec.rate = request.rates.front().per_second;
  }
  const measure::Plan plan = plan_of(request);
  for (const std::string& queue : plan.left_out) {
    if (!options.output.quiet) complain("left out " + queue);
  }
  const measure::Announce announce =
      plan.sweep ? announcement(plan, options.output) : measure::Announce();
  const results::Document document =
      measured(plan, options.output, command_line, interrupt, announce);
  return finish(document, options.output, interrupt);
}

}  // namespace bench::cli
