// What is known of the machine, for a person to read.
#pragma once

#include <string>

#include "present/console.hpp"
#include "results/topology_report.hpp"

namespace bench::present {

/// The tree, the placements and the matrix of round trips, shaded. Ends in a newline.
[[nodiscard]] std::string render(const results::TopologyReport& report, const Style& style);

}  // namespace bench::present
