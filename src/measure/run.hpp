// From a plan to a result document.
#pragma once

#include <functional>
#include <string>

#include "machine/topology.hpp"
#include "measure/interrupt.hpp"
#include "measure/plan.hpp"
#include "measure/progress.hpp"
#include "results/document.hpp"

namespace bench::measure {

/// Is told how many seconds a measurement will take, before it begins.
using Announce = std::function<void(double seconds)>;

/// Runs the plan's trials and sums them up. An interrupt ends the running trial and the
/// measurement; the document then holds what was measured and is not complete. Throws
/// machine::CannotMeasure.
///
/// With `announce`, short trials find out how long all of them will take, `announce` is told, and
/// the time is kept to: on a machine that gets slower, the last rounds are left out.
[[nodiscard]] results::Document run(const Plan& plan, const machine::Topology& topology,
                                    const std::string& command_line, Interrupt& interrupt,
                                    Progress& progress, const Announce& announce = {});

}  // namespace bench::measure
