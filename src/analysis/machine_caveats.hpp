// Caveats drawn from what is known of the machine: what it is, what was probed of it, and what else
// ran on it.
#pragma once

#include <vector>

#include "machine/activity.hpp"
#include "machine/host.hpp"
#include "results/caveat.hpp"
#include "results/document.hpp"

namespace bench::analysis {

/// A round trip in nanoseconds that no two cores with a common L3 cache take: such cores of current
/// processors need 30 to 130, distant ones 280 to 920.
inline constexpr double kFarRoundTripNs = 200;

/// Time of others on the CPUs, as a share, from which a figure is in doubt.
inline constexpr double kForeignShare = 0.05;
/// The same of what the hypervisor took.
inline constexpr double kStealShare = 0.01;

/// Of the machine by itself: virtualized, topology_contradicted, frequency_scaling.
[[nodiscard]] std::vector<results::Caveat> machine_caveats(const machine::HostFacts& host,
                                                           const results::Probes& probes);

/// Of what went on beside a measurement: foreign_load, steal.
[[nodiscard]] std::vector<results::Caveat> activity_caveats(const machine::Activity& activity);

}  // namespace bench::analysis
