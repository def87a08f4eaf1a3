// Caveats drawn from what is known about the machine: its properties, its probes, and what else ran
// on it.
#pragma once

#include <vector>

#include "machine/activity.hpp"
#include "machine/host.hpp"
#include "results/caveat.hpp"
#include "results/document.hpp"

namespace bench::analysis {

/// No two cores with a common L3 cache take longer than this for a round trip, in nanoseconds: such
/// cores of current processors take 30 to 130, distant ones 280 to 920.
inline constexpr double kFarRoundTripNs = 200;

/// A figure is doubtful if other processes and the kernel used at least this share of the CPUs'
/// time.
inline constexpr double kForeignShare = 0.05;
/// The same for the time that the hypervisor took.
inline constexpr double kStealShare = 0.01;
/// And for the CPU quota: the share of its periods in which it stopped the threads, or of a series'
/// time.
inline constexpr double kThrottledShare = 0.01;

/// Whether a CPU quota makes the figures doubtful.
[[nodiscard]] bool throttled(const machine::Activity& activity) noexcept;

/// Caveats about the machine itself: virtualized, topology_contradicted, frequency_scaling.
[[nodiscard]] std::vector<results::Caveat> machine_caveats(const machine::HostFacts& host,
                                                           const results::Probes& probes);

/// Caveats about what else ran during a measurement: foreign_load, steal.
[[nodiscard]] std::vector<results::Caveat> activity_caveats(const machine::Activity& activity);

}  // namespace bench::analysis
