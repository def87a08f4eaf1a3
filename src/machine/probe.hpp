// A probe, which is a short measurement of the machine itself: how long a cache line takes to go
// from one core to another and back.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

namespace bench::machine {

/// The time between one pair of CPUs, in nanoseconds there and back. Each reading is the mean of a
/// few dozen trips, because a single trip is too short for the clock.
struct RoundTrip {
  double p10_ns = 0;
  double p50_ns = 0;
  double p90_ns = 0;
  std::size_t readings = 0;

  friend bool operator==(const RoundTrip&, const RoundTrip&) = default;
};

/// The seconds that a probe takes in addition to the time asked for, for planning: two threads
/// start, bind themselves, find each other and end. Measured on a quiet VM: 0.67 to 0.74 ms
/// (PERFORMANCE.md, "Appendix").
inline constexpr double kProbeStartSeconds = 0.0007;

/// Measures the round trip between two CPUs. Two threads, one bound to each CPU, answer each other
/// with counters, each on a cache line of its own. This takes about `time` in addition to the start
/// of the threads (kProbeStartSeconds). Null if the CPUs are the same, if there is no memory or no
/// thread, or if a thread cannot be bound.
///
/// The lines are fresh memory that only these two threads have ever touched, the thread on `from`
/// first. On several processors, a page that was used before or that a third core touched skews the
/// result.
[[nodiscard]] std::optional<RoundTrip> probe_round_trip(unsigned from, unsigned to,
                                                        std::chrono::nanoseconds time);

}  // namespace bench::machine
