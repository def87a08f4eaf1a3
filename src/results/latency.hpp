// How long the messages of a series took.
#pragma once

#include <cstdint>
#include <optional>

#include "workload/latency_histogram.hpp"

namespace bench::results {

/// Whether a series that was offered messages on a schedule kept up with it; in messages a second.
struct OfferedLoad {
  double offered_rate = 0;
  double achieved_rate = 0;  ///< never more than was offered
  /// It did not keep up: its times tell how long the trials were, for messages wait the longer the
  /// later they are due, and not how quick the queue is.
  bool saturated = false;

  friend bool operator==(const OfferedLoad&, const OfferedLoad&) = default;
};

/// Over all of a series' samples.
struct Latency {
  std::uint64_t p50_ns = 0;
  std::uint64_t p90_ns = 0;
  std::uint64_t p99_ns = 0;
  std::uint64_t p99_9_ns = 0;
  std::uint64_t p99_99_ns = 0;
  std::uint64_t max_ns = 0;
  workload::LatencyHistogram histogram;
  /// Only of one-way.
  std::optional<OfferedLoad> load;

  friend bool operator==(const Latency&, const Latency&) = default;
};

}  // namespace bench::results
