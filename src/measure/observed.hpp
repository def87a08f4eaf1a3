// Where the threads of a series really were.
#pragma once

#include <vector>

#include "machine/placement.hpp"
#include "results/document.hpp"
#include "workload/sample.hpp"

namespace bench::measure {

/// Where the threads were in the last trial, and whether they were pinned in all trials.
[[nodiscard]] results::ObservedPlacement observed(const machine::Placement& planned,
                                                  const std::vector<workload::Sample>& samples);

}  // namespace bench::measure
