// The trials of a plan, round by round.
#pragma once

#include <optional>
#include <vector>

#include "measure/deadline.hpp"
#include "measure/interrupt.hpp"
#include "measure/plan.hpp"
#include "measure/prober.hpp"
#include "measure/progress.hpp"
#include "results/document.hpp"

namespace bench::measure {

/// Estimates the seconds that all rounds take, from short trials of every series, or of as many
/// series as there is time for. These trials are checked like all others, but not kept. Nothing if
/// interrupted or failed; `failure` is then set.
[[nodiscard]] std::optional<double> rehearse(const Plan& plan, std::vector<results::Series>& all,
                                             Interrupt& interrupt,
                                             std::optional<results::Failure>& failure);

/// Runs every round, or those for which the `deadline` has room, at least one counted round.
/// It leaves out the trials that their series already have. Warm-up rounds are checked, but not
/// kept. `announced_s` is the time that was announced for all of them: it limits nothing, and a
/// measurement that takes much longer says so. Nothing is kept of a trial that was interrupted
/// before its end, unless it is the only one. A trial during which the whole process was stopped is
/// run again. Returns the failure of a trial, which ends all of it.
[[nodiscard]] std::optional<results::Failure> run_rounds(const Plan& plan,
                                                         std::vector<results::Series>& all,
                                                         std::optional<double> announced_s,
                                                         const Deadline& deadline, Prober& prober,
                                                         Interrupt& interrupt, Progress& progress);

}  // namespace bench::measure
