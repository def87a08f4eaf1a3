// Statistics of a handful of samples, none of which assume what distribution they come from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "results/document.hpp"
#include "workload/sample.hpp"

namespace bench::analysis {

/// The middle value; of an even number of them, halfway between the middle two. Never of none.
[[nodiscard]] double median(std::span<const double> values);

/// The smallest value that at least `part` (0 to 1) of the values do not exceed. Never of none.
[[nodiscard]] double quantile(std::span<const double> values, double part);

/// Median absolute deviation from the median, unscaled: half the values lie within it. Never of
/// none.
[[nodiscard]] double median_absolute_deviation(std::span<const double> values);

/// The fewest samples that a 95 % interval of the median can be had from: even the range of five
/// holds the median only 1 - 2^-4 = 93.75 % of the time.
inline constexpr std::size_t kFewestForInterval = 6;

inline constexpr std::size_t kResamples = 10'000;

/// How often, at least, the range of `samples` independent samples of any continuous distribution
/// holds its median: 1 - 2^(1 - samples), 0 to 1.
[[nodiscard]] double coverage_of_range(std::size_t samples) noexcept;

/// Bootstrap interval of the median, at least 95 % of the time around it; none of fewer than
/// kFewestForInterval values. The same seed gives the same interval on
/// every machine. Percentiles are taken further out than 2.5 and 97.5 as few values demand; see
/// statistics.cpp for the method and the coverage that was found.
[[nodiscard]] std::optional<results::Interval> median_interval(std::span<const double> values,
                                                               std::uint64_t seed,
                                                               std::size_t resamples = kResamples);

/// The smallest producer's share of a trial's messages over the largest's, 0 to 1; the median over
/// the trials. 1 for one producer; 0 if one sent nothing. Never of none.
[[nodiscard]] double fairness(std::span<const workload::Sample> samples);

}  // namespace bench::analysis
