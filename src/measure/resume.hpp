// Going on with a measurement that was interrupted.
#pragma once

#include <vector>

#include "machine/topology.hpp"
#include "measure/plan.hpp"
#include "results/document.hpp"

namespace bench::measure {

/// Makes the plan go on with `earlier`, which an interrupt or its announced time had end before all
/// trials were run. Throws BadRequest if there is nothing left to do, or if it is not of the same
/// sweep, by the same program, on the same machine: the message names the first thing that differs.
void go_on_with(results::Document earlier, Plan& plan, const machine::Topology& topology);

/// Puts the trials of `earlier`, which the plan of `document` goes on with, into it.
void take_over(const results::Document& earlier, results::Document& document);

/// Whether the series has a trial of this round.
[[nodiscard]] bool has_round(const results::Series& series, unsigned round) noexcept;

/// What others did on the CPUs in two stretches of time, of `a_s` and `b_s` seconds. What is not
/// known of one is taken from the other.
[[nodiscard]] machine::Activity joined(const machine::Activity& a, double a_s,
                                       const machine::Activity& b, double b_s) noexcept;

/// Seconds that the trials of a document took, with what was between them.
[[nodiscard]] double measured_seconds(const results::Document& document) noexcept;

}  // namespace bench::measure
