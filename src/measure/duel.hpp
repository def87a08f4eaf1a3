// A duel: two programs measured in turns, so that whatever else the machine does meets both alike.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "machine/placement.hpp"
#include "machine/topology.hpp"
#include "measure/interrupt.hpp"
#include "measure/plan.hpp"
#include "measure/progress.hpp"
#include "results/caveat.hpp"
#include "results/verdict_report.hpp"
#include "workload/spec.hpp"

namespace bench::measure {

/// A series as both sides measure it.
struct DuelPair {
  struct Side {
    workload::Spec spec;
    machine::Placement placement;
  };

  std::string name;
  std::vector<results::Parameter> parameters;
  Side base;
  Side candidate;
  std::vector<results::Caveat> caveats;  ///< known before measuring
};

struct DuelSide {
  std::string program;
  std::vector<std::string> arguments;  ///< the settings of this side alone
};

struct DuelPlan {
  DuelSide base;
  DuelSide candidate;
  std::vector<DuelPair> series;
  std::vector<results::Unmatched> unmatched;
  double margin = 0.05;
  /// The most that measuring may take; kSecondsPerSeries for each series by default.
  std::optional<double> budget_s;
  std::uint64_t seed = 1;
};

/// How long a trial takes by default. Shorter ones would mostly start and stop, and between the
/// ends of longer ones the machine changes more often.
inline constexpr double kDuelTrialSeconds = 0.02;
inline constexpr double kSecondsPerSeries = 10;

/// Matches the series of two plans of one sweep. `varied` are the keys in which the sides differ on
/// purpose: they are not compared, and are in no name. Each trial takes `trial_s` seconds. Throws
/// BadRequest if a side has several values of such a key.
[[nodiscard]] DuelPlan match(const Plan& base, const Plan& candidate,
                             const std::vector<std::string>& varied, double trial_s);

/// Runs blocks of four trials, ABBA or BAAB, one series after the other in random order, each with
/// a new worker process of either side, until every verdict is clear or the budget is used up. A
/// series whose verdict is clear leaves its time to the others. An interrupt ends it; the report is
/// then not complete. Throws machine::CannotMeasure if a program fails as a worker.
[[nodiscard]] results::VerdictReport duel(DuelPlan plan, const machine::Topology& topology,
                                          const std::string& command_line, Interrupt& interrupt,
                                          Progress& progress);

}  // namespace bench::measure
