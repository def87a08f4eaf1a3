// The command `run`: from options to a measured, written and shown result.
#pragma once

#include <string>

#include "cli/options.hpp"

namespace bench::cli {

/// Returns the exit code: 0 verified, 1 a message went wrong, 3 the result was not delivered, 130
/// or 143 interrupted. Throws measure::BadRequest and machine::CannotMeasure.
[[nodiscard]] int run(const RunOptions& options, const std::string& command_line);

}  // namespace bench::cli
