// The commands: each from its options to what is measured, written and shown.
#pragma once

#include <string>

#include "cli/options.hpp"

namespace bench::cli {

/// Returns the exit code: 0 all is well, 1 a message went wrong, 3 the result was not delivered,
/// 130 or 143 interrupted. Throws measure::BadRequest and machine::CannotMeasure.
[[nodiscard]] int execute(const TextOnly& options, const std::string& command_line);
[[nodiscard]] int execute(const RunOptions& options, const std::string& command_line);
[[nodiscard]] int execute(const SweepOptions& options, const std::string& command_line);
[[nodiscard]] int execute(const TopologyOptions& options, const std::string& command_line);

}  // namespace bench::cli
