// Statistics of a handful of samples. None of them assumes a distribution.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "results/document.hpp"
#include "workload/sample.hpp"

namespace bench::analysis {

/// The middle value; for an even number of values, halfway between the middle two. Precondition:
/// there is at least one value.
[[nodiscard]] double median(std::span<const double> values);

/// The smallest value that at least `part` (0 to 1) of the values do not exceed. Precondition:
/// there is at least one value.
[[nodiscard]] double quantile(std::span<const double> values, double part);

/// Median absolute deviation from the median, unscaled: half the values lie within it.
/// Precondition: there is at least one value.
[[nodiscard]] double median_absolute_deviation(std::span<const double> values);

/// The fewest samples that allow a 95 % interval of the median: even the range of five samples
/// holds the median only 1 - 2^-4 = 93.75 % of the time.
inline constexpr std::size_t kFewestForInterval = 6;

inline constexpr std::size_t kResamples = 10'000;

/// How often, at least, the range of `samples` independent samples of any continuous distribution
/// holds its median, 0 to 1: 1 - 2^(1 - samples), and 0 without samples.
[[nodiscard]] double coverage_of_range(std::size_t samples) noexcept;

/// Bootstrap interval that holds the median at least 95 % of the time; none for fewer than
/// kFewestForInterval values. The same seed gives the same interval on every machine. The fewer the
/// values, the further the percentiles lie outside of 2.5 and 97.5. See statistics.cpp for the
/// method, and PERFORMANCE.md, "Appendix", for the coverage that was found.
[[nodiscard]] std::optional<results::Interval> median_interval(std::span<const double> values,
                                                               std::uint64_t seed,
                                                               std::size_t resamples = kResamples);

/// Draws `draws` of `samples` samples with replacement, `resamples` times over, and calls `take`
/// each time with how often each sample was drawn. The same seed draws the same on every machine.
/// Precondition: there is at least one sample.
void resample(std::size_t samples, std::size_t draws, std::uint64_t seed, std::size_t resamples,
              const std::function<void(std::span<const std::uint32_t> times)>& take);

/// The interval of a statistic, given its value in each resample of so many samples: it cuts off as
/// much at either end as median_interval does. Precondition: there is at least one value, and
/// `samples` is at least kFewestForInterval.
[[nodiscard]] results::Interval between_tails(std::vector<double> resampled, std::size_t samples);

/// The smallest producer's share of a trial's messages over the largest's, 0 to 1; the median over
/// the trials. It is 1 for a single producer, and otherwise 0 if a producer sent nothing.
/// Precondition: there is at least one sample.
[[nodiscard]] double fairness(std::span<const workload::Sample> samples);

}  // namespace bench::analysis
