// The parts of a sweep, each of which varies along axes of its own.
#pragma once

#include <vector>

#include "results/document.hpp"

namespace bench::present {

/// The series that vary along the same axes.
struct SweepPart {
  /// What they have in common, of the axes along which the sweep as a whole varies.
  std::vector<results::Parameter> heading;
  /// A sweep of them alone, on the other axes; on all, if that leaves none. The rest is empty.
  results::Document document;
};

/// In the order of their first series. A sweep that is one product is one part. Precondition:
/// document.sweep has a value.
[[nodiscard]] std::vector<SweepPart> parts_of(const results::Document& document);

}  // namespace bench::present
