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

/// About the seconds that survey_cpus() will take.
[[nodiscard]] double survey_seconds(const machine::Topology& topology,
                                    std::optional<double> time_s);

/// Probes every pair of allowed CPUs, or as many as there is time for (SurveyOptions::time_s), in
/// random order. After an interrupt it has the pairs that were probed until then.
[[nodiscard]] results::Survey survey_cpus(const machine::Topology& topology,
                                          std::optional<double> time_s, Interrupt& interrupt,
                                          Progress& progress,
                                          const Instruments& instruments = Instruments());

/// The same, with the facts of the machine.
[[nodiscard]] results::TopologyReport survey(const machine::Topology& topology,
                                             const SurveyOptions& options,
                                             const std::string& command_line, Interrupt& interrupt,
                                             Progress& progress,
                                             const Instruments& instruments = Instruments());

}  // namespace bench::measure
