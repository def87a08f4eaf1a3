// How much faster one machine is than another.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/machines.hpp"
#include "analysis/runs.hpp"
#include "results/interval.hpp"

namespace bench::analysis {

/// What a series measures a machine's speed at.
enum class Work : std::uint8_t {
  spsc,         ///< one producer sends as fast as it can
  mpsc,         ///< several do
  round_trips,  ///< one message there and back
};

inline constexpr std::array kWorkNames = {
    std::pair{std::string_view{"one producer"}, Work::spsc},
    std::pair{std::string_view{"many producers"}, Work::mpsc},
    std::pair{std::string_view{"round trips"}, Work::round_trips}};

/// None for messages on a schedule, whose rate says nothing about the machine.
[[nodiscard]] std::optional<Work> work_of(const workload::Spec& spec) noexcept;

/// A series that both machines have.
struct SeriesRatio {
  std::vector<const results::Series*> base;  ///< in each run that has it
  std::vector<const results::Series*> candidate;
  JudgedRuns judged;  ///< with the ratio of the candidate to the base
};

/// How the series of one kind of work compare together.
struct MeanRatio {
  Work work = Work::spsc;
  std::size_t matched = 0;           ///< series that both machines have
  std::size_t of = 0;                ///< series that either has
  std::optional<double> ratio = {};  ///< geometric mean of the ratios of the matched series
  std::size_t base_runs = 0;         ///< documents that have a matched series
  std::size_t candidate_runs = 0;
  /// Holds the true mean with a probability of 95 %; none where the runs are too few to tell.
  std::optional<results::Interval> interval = {};
};

struct MachineComparison {
  std::vector<SeriesRatio> series;  ///< in the order of the base's documents
  std::vector<MeanRatio> means;     ///< of each kind of work of which there are matched series
};

/// Unlike compare_runs() it does not match the regimes of both sides: how long a cache line takes
/// from core to core is a part of what is compared. Each interval of a series holds by itself with
/// a probability of 95 %; there is none where the runs are too few to show how much runs differ. A
/// mean's interval is that of the mean over each run, so that what all series of a run have in
/// common counts once. Both machines have results, and must outlive what is returned.
[[nodiscard]] MachineComparison compare_machines(const MachineRuns& base,
                                                 const MachineRuns& candidate);

}  // namespace bench::analysis
