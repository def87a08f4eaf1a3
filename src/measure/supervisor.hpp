// Runs one trial, whatever its queue does: it may hang, throw or crash.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "machine/placement.hpp"
#include "measure/interrupt.hpp"
#include "results/document.hpp"
#include "workload/sample.hpp"
#include "workload/spec.hpp"

namespace bench::measure {

/// What became of a trial. Neither a sample nor a failure: it was interrupted before its clock had
/// started, or did not end in time after an interrupt.
struct TrialOutcome {
  std::optional<workload::Sample> sample;
  std::optional<results::Failure> failure;
  /// What is known of the messages of a failed trial, if its threads could be ended.
  workload::Verification verification;
};

/// Runs one trial until its spec or an interrupt ends it. `name` is the trial's, like "trial 3 of
/// 10", and `show` is told several times a second which part of it is over, 0 to 1.
///
/// A trial fails if it makes no progress for Watch::kPatienceSeconds, if its queue throws or
/// crashes, or if there is no memory or no thread for it. After a failure and after an interrupt,
/// threads of the trial may still run: the process must end without destroying what they use
/// (std::_Exit).
[[nodiscard]] TrialOutcome run_trial(const workload::Spec& spec,
                                     const machine::Placement& placement, const std::string& name,
                                     Interrupt& interrupt, const std::function<void(double)>& show);

/// Longer than run_trial() takes of a spec with a duration, whatever its queue does.
[[nodiscard]] double longest_trial_seconds(const workload::Spec& spec) noexcept;

}  // namespace bench::measure
