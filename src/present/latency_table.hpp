// Times of messages, of many series: a throughput-latency curve, or queues side by side.
#pragma once

#include <cstdint>
#include <string>

#include "present/marks.hpp"
#include "present/page.hpp"
#include "results/document.hpp"

namespace bench::present {

/// To three digits, whole nanoseconds up to 10,000: 443 ns, 12.3 us, 100 ms, 2.50 s.
[[nodiscard]] std::string time_text(std::uint64_t ns);

/// A row for each series: what it is, percentiles, and a picture of them on a scale of powers of
/// ten. Of a saturated one the rate that it achieved, and no times: they would tell how long the
/// trials were. Series that are not timed have none.
void show_latencies(Page& page, const results::Document& document, const Marks& marks);

}  // namespace bench::present
