// From a machine to what is known of it.
#pragma once

#include <string>

#include "machine/topology.hpp"
#include "measure/instruments.hpp"
#include "measure/interrupt.hpp"
#include "measure/progress.hpp"
#include "results/topology_report.hpp"

namespace bench::measure {

/// Probes every pair of allowed CPUs, or as many as there is time for, in random order.
inline constexpr double kSurveySeconds = 10;

/// Reads the machine and probes it for kSurveySeconds at most. `producers` is whose placements are
/// shown. After an interrupt the report has the pairs that were probed until then.
[[nodiscard]] results::TopologyReport survey(const machine::Topology& topology, unsigned producers,
                                             const std::string& command_line, Interrupt& interrupt,
                                             Progress& progress);
/// The same by other instruments than the real ones.
[[nodiscard]] results::TopologyReport survey(const machine::Topology& topology, unsigned producers,
                                             const std::string& command_line, Interrupt& interrupt,
                                             Progress& progress, const Instruments& instruments);

}  // namespace bench::measure
