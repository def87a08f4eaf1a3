// The instruments that the machine is probed with.
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "machine/probe.hpp"

namespace bench::measure {

/// The probe, and the clock that tells how long probing takes. Tests replace both.
struct Instruments {
  std::function<std::optional<machine::RoundTrip>(unsigned from, unsigned to,
                                                  std::chrono::nanoseconds time)>
      probe = machine::probe_round_trip;
  std::function<std::chrono::steady_clock::time_point()> now = [] {
    return std::chrono::steady_clock::now();
  };
};

}  // namespace bench::measure
