// Renders what is known of the machine as a page for people.
#pragma once

#include <string>

#include "present/console.hpp"
#include "results/topology_report.hpp"

namespace bench::present {

/// Shows the tree, the placements and the shaded matrix of round trips. Ends in a newline.
[[nodiscard]] std::string render(const results::TopologyReport& report, const Style& style);

}  // namespace bench::present
