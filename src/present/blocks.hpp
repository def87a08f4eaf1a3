// What is shown alike of one series and of many.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "present/page.hpp"
#include "results/document.hpp"

namespace bench::present {

/// "s", unless there is one.
[[nodiscard]] std::string_view plural(std::uint64_t count) noexcept;

/// The median of a series' rates or, where there are several regimes, that of the one with the most
/// trials: to scale bars and to fill cells that say so.
[[nodiscard]] const results::ThroughputSummary& leading(const results::Summary& summary) noexcept;

/// Of one series, whose messages all came as promised or did not.
void show_verification(Page& page, workload::Consume mode, const workload::Verification& seen,
                       bool passed);

/// Each series that has a fault, and for each mode the sum of those that have none.
void show_verification(Page& page, const std::vector<results::Series>& all);

void show_caveats(Page& page, const std::vector<results::Caveat>& caveats);

[[nodiscard]] std::string machine_text(const machine::HostFacts& host);

}  // namespace bench::present
