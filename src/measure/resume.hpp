// Resumes a measurement that was interrupted.
#pragma once

#include <vector>

#include "machine/topology.hpp"
#include "measure/plan.hpp"
#include "results/document.hpp"

namespace bench::measure {

/// Makes the plan continue `earlier`, which an interrupt or its time limit ended before all
/// trials were run. Throws BadRequest if there is nothing left to do, or if `earlier` is not of the
/// same sweep, by the same program, on the same machine. The message names the first thing that
/// differs.
void go_on_with(results::Document earlier, Plan& plan, const machine::Topology& topology);

/// Puts the trials of `earlier` into `document`, whose plan continues it.
void take_over(const results::Document& earlier, results::Document& document);

/// Whether the series has a trial of this round.
[[nodiscard]] bool has_round(const results::Series& series, unsigned round) noexcept;

/// What others did on the CPUs in two periods together, of `a_s` and `b_s` seconds. A value that is
/// not known for one period is taken from the other.
[[nodiscard]] machine::Activity joined(const machine::Activity& a, double a_s,
                                       const machine::Activity& b, double b_s) noexcept;

/// Seconds that the trials of a document took, including the time between them. Where nothing was
/// probed, only the trials' own time is known.
[[nodiscard]] double measured_seconds(const results::Document& document) noexcept;

}  // namespace bench::measure
