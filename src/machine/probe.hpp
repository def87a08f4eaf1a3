// A short measurement of the machine itself: how long a cache line takes from one core to another
// and back.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

namespace bench::machine {

/// Of one pair of CPUs, in nanoseconds there and back. Each reading is the mean of a few dozen
/// trips, since one is shorter than the clock is fine.
struct RoundTrip {
  double p10_ns = 0;
  double p50_ns = 0;
  double p90_ns = 0;
  std::size_t readings = 0;

  friend bool operator==(const RoundTrip&, const RoundTrip&) = default;
};

/// Beside the time asked for: two threads that start, bind themselves, find each other and end. To
/// plan with. The mean of 55 probes between the trials of a sweep was 0.67, 0.69 and 0.74 ms, on a
/// quiet VM of 2 CPUs (AMD EPYC, Zen 5, 2026-11-25); on a busy machine it is some milliseconds.
inline constexpr double kProbeStartSeconds = 0.0007;

/// Two threads, one bound to each CPU, answer each other with a counter on a line of its own, for
/// about `time` beside the start of the threads (kProbeStartSeconds). Nothing if the CPUs are the
/// same, or memory or a thread cannot be had, or cannot be bound.
///
/// The lines are fresh memory that only these two threads have ever touched, the one on `from`
/// first: a page that was used before, or that a third core touched, skews the result on several
/// processors.
[[nodiscard]] std::optional<RoundTrip> probe_round_trip(unsigned from, unsigned to,
                                                        std::chrono::nanoseconds time);

}  // namespace bench::machine
