#include "cli/carry_out.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "cli/deliver.hpp"
#include "machine/topology.hpp"
#include "measure/progress.hpp"

namespace bench::cli {
namespace {

/// As a person would say it: 17 s, 4.5 min.
std::string about(double seconds) {
  if (seconds < 120) return fmt::format("{:.{}f} s", seconds, seconds < 10 ? 1 : 0);
  return fmt::format("{:.1f} min", seconds / 60);
}

}  // namespace

results::Document measured(const measure::Plan& plan, const OutputOptions& options,
                           const std::string& command_line, measure::Interrupt& interrupt,
                           const measure::Announce& announce) {
  measure::Progress progress(!options.quiet);
  return measure::run(plan, machine::this_machine(), command_line, interrupt, progress, announce);
}

int finish(const results::Document& document, const OutputOptions& options,
           measure::Interrupt& interrupt) {
  interrupt.release();
  const int code = deliver(document, options, interrupt.signal());
  // An abandoned trial's threads may still be at work on memory that ordinary exit would destroy.
  if (interrupt.signal()) std::_Exit(code);
  return code;
}

measure::Announce announcement(const measure::Plan& plan, const OutputOptions& options) {
  return [&plan, quiet = options.quiet](double seconds) {
    if (quiet) return;
    std::size_t there = 0;
    if (plan.earlier) {
      for (const results::Series& series : plan.earlier->series) there += series.samples.size();
    }
    complain(fmt::format("{} series, {} trial{} each{}: about {}", plan.series.size(), plan.trials,
                         plan.trials == 1 ? "" : "s",
                         there == 0 ? std::string() : fmt::format(", of which {} are there", there),
                         about(seconds)));
  };
}

}  // namespace bench::cli
