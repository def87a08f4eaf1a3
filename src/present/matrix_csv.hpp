// The core-to-core round trips as a square of numbers, as programs that draw such matrices read it.
#pragma once

#include <string>

#include "results/topology_report.hpp"

namespace bench::present {

/// A row for each allowed CPU and a column for each, in the order of their numbers, without a
/// headline. A cell is the median round trip in nanoseconds, the p50 of the document; the same in
/// both directions. It is empty where the pair was not measured, and from a CPU to itself.
[[nodiscard]] std::string to_matrix_csv(const results::TopologyReport& report);

}  // namespace bench::present
