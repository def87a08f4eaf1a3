// Carries out a request or a plan, for every command that runs trials.
#pragma once

#include <string>

#include "cli/gate.hpp"
#include "cli/output.hpp"
#include "measure/plan.hpp"

namespace bench::cli {

/// Plans the request, measures it, judges it by the gate and delivers the result. Returns the exit
/// code; after an interrupt it ends the process itself. Throws measure::BadRequest and
/// machine::CannotMeasure.
[[nodiscard]] int carry_out(measure::Request request, const Gate& gate,
                            const OutputOptions& options, const std::string& command_line);

/// The same for a plan of many series; it also announces how long they will take.
[[nodiscard]] int carry_out(const measure::Plan& plan, const Gate& gate,
                            const OutputOptions& options, const std::string& command_line);

}  // namespace bench::cli
