#include <fmt/format.h>

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
namespace {

/// As a person would say it: 17 s, 4.5 min.
std::string about(double seconds) {
  if (seconds < 120) return fmt::format("{:.{}f} s", seconds, seconds < 10 ? 1 : 0);
  return fmt::format("{:.1f} min", seconds / 60);
}

}  // namespace

int execute(const SweepOptions& options, const std::string& command_line) {
  prepare(options.output);
  std::optional<int> signal;
  const results::Document document = [&] {
    measure::Interrupt interrupt;
    const machine::Topology& topology = machine::this_machine();
    const measure::Plan plan = measure::make_plan(options.sweep, topology);
    const auto announce = [&](double seconds) {
      if (options.output.quiet) return;
      complain(fmt::format("{} series, {} trial{} each: about {}", plan.series.size(), plan.trials,
                           plan.trials == 1 ? "" : "s", about(seconds)));
    };
    measure::Progress progress(!options.output.quiet);
    results::Document measured =
        measure::run(plan, topology, command_line, interrupt, progress, announce);
    signal = interrupt.signal();
    return measured;
  }();
  const int code = deliver(document, options.output, signal);
  // An abandoned trial's threads may still be at work on memory that ordinary exit would destroy.
  if (signal) std::_Exit(code);
  return code;
}

}  // namespace bench::cli
