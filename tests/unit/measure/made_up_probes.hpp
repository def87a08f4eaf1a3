// A machine for tests whose clock moves only while it is probed, so that a test knows every time.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "machine/probe.hpp"
#include "measure/instruments.hpp"

namespace bench::testing {

struct MadeUpProbes {
  using Pair = std::pair<unsigned, unsigned>;

  std::vector<Pair> asked;             ///< in the order of the probes
  std::vector<double> asked_s;         ///< how long each was asked to take
  double late_s = 0;                   ///< what each takes besides that and kProbeStartSeconds
  std::optional<double> p50_ns = 100;  ///< the probe fails if there is none
  std::function<void()> meanwhile = [] {};
  std::chrono::steady_clock::time_point now;

  void pass(double seconds) {
    now += std::chrono::duration_cast<std::chrono::nanoseconds>(
        std::chrono::duration<double>(seconds));
  }

  /// This object must outlive them.
  [[nodiscard]] measure::Instruments instruments() {
    return {.probe = [this](unsigned from, unsigned to,
                            std::chrono::nanoseconds time) -> std::optional<machine::RoundTrip> {
              asked.emplace_back(from, to);
              asked_s.push_back(std::chrono::duration<double>(time).count());
              pass(asked_s.back() + machine::kProbeStartSeconds + late_s);
              meanwhile();
              if (!p50_ns) return std::nullopt;
              return machine::RoundTrip{
                  .p10_ns = *p50_ns - 1, .p50_ns = *p50_ns, .p90_ns = *p50_ns + 1, .readings = 7};
            },
            .now = [this] { return now; }};
  }
};

}  // namespace bench::testing
