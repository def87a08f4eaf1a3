// From a plan to an exit code, for every command that runs trials.
#pragma once

#include <string>

#include "cli/options.hpp"
#include "measure/interrupt.hpp"
#include "measure/plan.hpp"
#include "measure/run.hpp"
#include "results/document.hpp"

namespace bench::cli {

/// Runs the plan. Throws machine::CannotMeasure.
[[nodiscard]] results::Document measured(const measure::Plan& plan, const OutputOptions& options,
                                         const std::string& command_line,
                                         measure::Interrupt& interrupt,
                                         const measure::Announce& announce = {});

/// Delivers the result, and returns the exit code. Ends the process itself after an interrupt.
[[nodiscard]] int finish(const results::Document& document, const OutputOptions& options,
                         measure::Interrupt& interrupt);

/// Tells on stderr what a plan of many series will take, unless that is to be quiet.
[[nodiscard]] measure::Announce announcement(const measure::Plan& plan,
                                             const OutputOptions& options);

}  // namespace bench::cli
