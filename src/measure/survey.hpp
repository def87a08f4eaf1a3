// Gathers what is known about the machine.
#pragma once

#include <optional>
#include <string>

#include "machine/topology.hpp"
#include "measure/instruments.hpp"
#include "measure/interrupt.hpp"
#include "measure/progress.hpp"
#include "results/topology_report.hpp"

namespace bench::measure {

/// The most time that probing takes, unless another is asked for.
inline constexpr double kSurveySeconds = 10;

struct SurveyOptions {
  unsigned producers = 1;  ///< for which the report shows where each policy would place them
  /// The time to share among all pairs of CPUs, each of which has a second at most. Without it,
  /// each has 20 ms at most, and all together kSurveySeconds.
  std::optional<double> time_s = {};
};

/// Reads the facts of the machine, and probes every pair of allowed CPUs, or as many as there is
/// time for, in random order. After an interrupt the report has the pairs that were probed until
/// then.
[[nodiscard]] results::TopologyReport survey(const machine::Topology& topology,
                                             const SurveyOptions& options,
                                             const std::string& command_line, Interrupt& interrupt,
                                             Progress& progress);
/// The same with other instruments than the real ones.
[[nodiscard]] results::TopologyReport survey(const machine::Topology& topology,
                                             const SurveyOptions& options,
                                             const std::string& command_line, Interrupt& interrupt,
                                             Progress& progress, const Instruments& instruments);

}  // namespace bench::measure
