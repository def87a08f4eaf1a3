// Intervals of the percentiles of times.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "results/interval.hpp"
#include "workload/latency_histogram.hpp"

namespace bench::analysis {

/// With more trials than this, neighbours are put together to this many groups, which are then the
/// units: it bounds the time and the memory, and their interval is no narrower for it.
inline constexpr std::size_t kMostGroups = 256;

/// The times of each trial, which take too much memory to be copied where trials are many.
using TimesOfTrials = std::span<const std::reference_wrapper<const workload::LatencyHistogram>>;

/// 95 % bootstrap interval of each percentile (0 to 100, ascending) of all times together; none for
/// fewer than kFewestForInterval trials. The unit is a trial and not a message: messages of one
/// trial met the same machine and the same stalls, so that a million of them tell far less than a
/// million that are independent.
///
/// A stall that is so rare that no trial met it is in no resample either. Where trials differ much
/// among themselves, the intervals of the high percentiles hold the truth less often than they
/// claim (PERFORMANCE.md, "Appendix").
[[nodiscard]] std::vector<std::optional<results::Interval>> percentile_intervals(
    TimesOfTrials trials, std::span<const double> percentiles, std::uint64_t seed);

}  // namespace bench::analysis
