// From a plan to an exit code, for every command that runs trials.
#pragma once

#include <optional>
#include <string>

#include "cli/options.hpp"
#include "measure/plan.hpp"
#include "measure/run.hpp"
#include "results/document.hpp"

namespace bench::cli {

struct Measured {
  results::Document document;
  std::optional<int> signal;  ///< that interrupted it
};

/// Runs the plan. Throws machine::CannotMeasure.
[[nodiscard]] Measured measured(const measure::Plan& plan, const OutputOptions& options,
                                const std::string& command_line,
                                const measure::Announce& announce = {});

/// Delivers the result, and returns the exit code. Ends the process itself after an interrupt.
[[nodiscard]] int finish(const Measured& measured, const OutputOptions& options);

/// Tells on stderr what a plan of many series will take, unless that is to be quiet.
[[nodiscard]] measure::Announce announcement(const measure::Plan& plan,
                                             const OutputOptions& options);

}  // namespace bench::cli
