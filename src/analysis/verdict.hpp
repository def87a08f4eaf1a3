// What an interval of the ratio says of the candidate.
#pragma once

#include "results/document.hpp"
#include "results/verdict_report.hpp"

namespace bench::analysis {

/// Regressed or improved if the interval lies wholly beyond the margin, no change if wholly within
/// it, and otherwise inconclusive.
[[nodiscard]] inline results::Verdict verdict_of(const results::Interval& interval,
                                                 double margin) noexcept {
  using results::Verdict;
  if (interval.hi < 1 - margin) return Verdict::regressed;
  if (interval.lo > 1 + margin) return Verdict::improved;
  return interval.lo >= 1 - margin && interval.hi <= 1 + margin ? Verdict::no_change
                                                                : Verdict::inconclusive;
}

}  // namespace bench::analysis
