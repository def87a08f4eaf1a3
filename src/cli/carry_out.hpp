// From a plan to an exit code, for every command that runs trials.
#pragma once

#include <string>

#include "cli/options.hpp"
#include "measure/plan.hpp"
#include "measure/run.hpp"

namespace bench::cli {

/// Runs the plan, delivers the result, and returns the exit code. Ends the process itself after an
/// interrupt. Throws machine::CannotMeasure.
[[nodiscard]] int carry_out(const measure::Plan& plan, const OutputOptions& options,
                            const std::string& command_line,
                            const measure::Announce& announce = {});

}  // namespace bench::cli
