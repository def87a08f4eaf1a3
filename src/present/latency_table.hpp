// The message times of many series: a throughput-latency curve, or queues side by side.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "present/marks.hpp"
#include "present/page.hpp"
#include "results/document.hpp"

namespace bench::present {

/// Whole nanoseconds below 10,000 ns, three digits from there on: 443 ns, 12.3 us, 100 ms, 2.50 s.
[[nodiscard]] std::string time_text(std::uint64_t ns);
/// "-" for a time that is not known.
[[nodiscard]] std::string time_text(const std::optional<std::uint64_t>& ns);

/// Shows a row for each timed series: its labels, its percentiles, and a picture of them on a
/// logarithmic scale. A saturated series has the rate that it achieved in place of times, which
/// would reflect the length of its trials. Series that are not timed have no row.
void show_latencies(Page& page, const results::Document& document, const Marks& marks);

}  // namespace bench::present
