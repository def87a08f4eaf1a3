// Gathers what is known about the machine.
#pragma once

#include <string>

#include "machine/topology.hpp"
#include "measure/instruments.hpp"
#include "measure/interrupt.hpp"
#include "measure/progress.hpp"
#include "results/topology_report.hpp"

namespace bench::measure {

/// The most time that probing takes. Every pair of allowed CPUs is probed in it, or as many as
/// there is time for, in random order.
inline constexpr double kSurveySeconds = 10;

/// Reads the facts of the machine and probes it for kSurveySeconds at most. The report shows where
/// each policy would place this number of `producers`. After an interrupt it has the pairs that
/// were probed until then.
[[nodiscard]] results::TopologyReport survey(const machine::Topology& topology, unsigned producers,
                                             const std::string& command_line, Interrupt& interrupt,
                                             Progress& progress);
/// The same with other instruments than the real ones.
[[nodiscard]] results::TopologyReport survey(const machine::Topology& topology, unsigned producers,
                                             const std::string& command_line, Interrupt& interrupt,
                                             Progress& progress, const Instruments& instruments);

}  // namespace bench::measure
