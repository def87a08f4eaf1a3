// Compares results that were measured at different times.
#pragma once

#include "analysis/matching.hpp"
#include "results/verdict_report.hpp"

namespace bench::analysis {

/// Matches the series of both sides, judges each, and says what differs between the sides. Leaves
/// open what only the command knows: created_utc, command_line and the sides' names. Precondition:
/// each side has a document. `margin` is more than 0 and less than 1.
[[nodiscard]] results::VerdictReport compare_runs(const DocumentsOfSide& base,
                                                  const DocumentsOfSide& candidate, double margin);

}  // namespace bench::analysis
