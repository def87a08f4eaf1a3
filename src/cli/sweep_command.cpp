#include <fmt/format.h>

#include "cli/carry_out.hpp"
#include "cli/commands.hpp"
#include "cli/deliver.hpp"
#include "machine/topology.hpp"
#include "measure/plan.hpp"

namespace bench::cli {
namespace {

/// As a person would say it: 17 s, 4.5 min.
std::string about(double seconds) {
  if (seconds < 120) return fmt::format("{:.{}f} s", seconds, seconds < 10 ? 1 : 0);
  return fmt::format("{:.1f} min", seconds / 60);
}

}  // namespace

int execute(const SweepOptions& options, const std::string& command_line) {
  prepare(options.output);
  const measure::Plan plan = measure::make_plan(options.sweep, machine::this_machine());
  const auto announce = [&](double seconds) {
    if (options.output.quiet) return;
    complain(fmt::format("{} series, {} trial{} each: about {}", plan.series.size(), plan.trials,
                         plan.trials == 1 ? "" : "s", about(seconds)));
  };
  return carry_out(plan, options.output, command_line, announce);
}

}  // namespace bench::cli
