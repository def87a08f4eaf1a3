// The trials of a plan, round by round.
#pragma once

#include <optional>
#include <vector>

#include "measure/interrupt.hpp"
#include "measure/plan.hpp"
#include "measure/prober.hpp"
#include "measure/progress.hpp"
#include "results/document.hpp"

namespace bench::measure {

/// Seconds that all rounds take, as short trials of every series tell, or of as many series as
/// there is time for. They are checked like all trials, and not kept. Nothing if interrupted.
[[nodiscard]] std::optional<double> rehearse(const Plan& plan, std::vector<results::Series>& all,
                                             Interrupt& interrupt);

/// Runs every round that there is time for, one counted round at least, but for the trials that
/// their series have already. A warm-up round's samples
/// are checked and not kept.
/// `seconds` is what all rounds may take; no limit without it. Of a trial that was interrupted
/// before its end nothing is kept, unless it is the only one.
void run_rounds(const Plan& plan, std::vector<results::Series>& all, std::optional<double> seconds,
                Prober& prober, Interrupt& interrupt, Progress& progress);

}  // namespace bench::measure
