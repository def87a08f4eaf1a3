// The round trips between CPUs in words, by how close the CPUs are.
#pragma once

#include <string>
#include <vector>

#include "analysis/round_trips.hpp"

namespace bench::present {

/// "within an L3", "between L3s of one package", "between packages".
[[nodiscard]] std::string where_text(const analysis::RoundTrips& trips);

/// A line for each group: "between L3s of one package: 180 ns (16 pairs)".
[[nodiscard]] std::vector<std::string> round_trips_lines(
    const std::vector<analysis::RoundTrips>& all);

}  // namespace bench::present
