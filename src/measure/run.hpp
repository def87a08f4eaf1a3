// Carries out a plan and makes the result document.
#pragma once

#include <functional>
#include <string>

#include "machine/topology.hpp"
#include "measure/interrupt.hpp"
#include "measure/plan.hpp"
#include "measure/progress.hpp"
#include "results/document.hpp"

namespace bench::measure {

/// Is called with the seconds that a measurement will take, before it begins.
using Announce = std::function<void(double seconds)>;

/// Probes the pairs of CPUs if the plan has time for that, runs the plan's trials and summarizes
/// them. An interrupt ends the running trial and the
/// measurement; the document then holds what was measured, and is not complete. Throws
/// machine::CannotMeasure.
///
/// With `announce`, short trials first estimate how long all trials will take, and `announce` is
/// called with that time. Only the plan's time limit ever leaves out rounds.
[[nodiscard]] results::Document run(const Plan& plan, const machine::Topology& topology,
                                    const std::string& command_line, Interrupt& interrupt,
                                    Progress& progress, const Announce& announce = {});

}  // namespace bench::measure
