// The times of one series as HdrHistogram prints them, for programs that plot its files (.hgrm).
#pragma once

#include <string>

#include "results/document.hpp"

namespace bench::present {

/// What HdrHistogram's outputPercentileDistribution prints with 5 ticks per half distance, in
/// nanoseconds: a line for each percentile, the finer the nearer it is to 100 %, with the highest
/// value of its bucket (the maximum at most) and how many values are not above it; then the mean,
/// the deviation, the maximum, the count, and the layout. Precondition: has_times(series).
[[nodiscard]] std::string to_hgrm(const results::Series& series);

}  // namespace bench::present
