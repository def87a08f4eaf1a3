// How long the messages of a series took.
#pragma once

#include <cstdint>
#include <optional>

#include "results/interval.hpp"
#include "workload/latency_histogram.hpp"

namespace bench::results {

/// Whether a series kept up with the schedule on which messages were offered. Rates are in messages
/// a second.
struct OfferedLoad {
  double offered_rate = 0;
  double achieved_rate = 0;  ///< never above offered_rate
  /// The series did not keep up. Messages then wait the longer the later they are due, so that
  /// their times show how long the trials were, and not how quick the queue is.
  bool saturated = false;

  friend bool operator==(const OfferedLoad&, const OfferedLoad&) = default;
};

/// 95 % bootstrap intervals of the percentiles (analysis/percentile_intervals.hpp). Each is none
/// where there are too few trials for one, where the percentile is none, where the series has
/// several regimes, or where the times of some trials were kept only together.
struct PercentileIntervals {
  std::optional<Interval> p50_ns;
  std::optional<Interval> p90_ns;
  std::optional<Interval> p99_ns;
  std::optional<Interval> p99_9_ns;
  std::optional<Interval> p99_99_ns;

  friend bool operator==(const PercentileIntervals&, const PercentileIntervals&) = default;
};

/// The times over all samples of a series. A percentile is null if too few messages were timed to
/// tell it (analysis/latency.hpp).
struct Latency {
  std::optional<std::uint64_t> p50_ns;
  std::optional<std::uint64_t> p90_ns;
  std::optional<std::uint64_t> p99_ns;
  std::optional<std::uint64_t> p99_9_ns;
  std::optional<std::uint64_t> p99_99_ns;
  std::uint64_t max_ns = 0;
  PercentileIntervals ci95;
  workload::LatencyHistogram histogram;
  /// Only for the pattern one-way.
  std::optional<OfferedLoad> load;

  friend bool operator==(const Latency&, const Latency&) = default;
};

}  // namespace bench::results
