// Judges one series by runs: results that were measured at different times. A run is the unit of
// evidence, because the samples of one run resemble each other more than those of another run.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "results/document.hpp"
#include "results/verdict_report.hpp"

namespace bench::analysis {

/// One trial of a run.
struct Observation {
  double messages_per_second = 0;
  std::optional<double> core_to_core_ns = {};  ///< round trip between its CPUs, if it was probed
};

/// The logarithm of the rate, within limits that keep every result finite, whatever a document
/// claims: from one message to 10^18 messages a second.
[[nodiscard]] double log_rate(const Observation& one);

/// The trials of a series in one run.
using Run = std::vector<Observation>;

/// More than single runs of one program were seen to differ by, with nothing else changed, on a
/// virtual machine of 2 CPUs: by up to a factor of 7.3 between regimes that were minutes apart,
/// and, in 9 of 132 pairs of runs whose probes agreed, by 2.4 to 5.6. So few runs that they do not
/// show how much runs differ (enough_runs) claim nothing within it.
inline constexpr double kSpreadOfSingleRuns = 10.0;

/// Round trips that differ by a larger factor, with none between them, are of two strata.
inline constexpr double kStratumGap = 1.25;

/// Whether so many runs a side show how much runs differ, so that a series errs with a probability
/// of at most `error`. The worst case is a machine of two states that no probe tells apart, with
/// one state a run: all runs of one side are then of one state and all of the other side of the
/// other with a probability of p^a q^b + q^a p^b, of which the largest over p must be at most
/// `error`. It is 50 % for one run a side, 12.5 % for two, 3.1 % for three, 0.8 % for four and 0.2
/// % for five; 3.1 % for 2 and 4, and 4.9 % for 1 and 7. So an error of 5 % takes three runs a
/// side, and one of ten series, whose error is 0.5 %, takes five.
[[nodiscard]] bool enough_runs(std::size_t base, std::size_t candidate, double error) noexcept;

/// The fewest runs that are enough where both sides have as many.
[[nodiscard]] std::size_t fewest_runs_a_side(double error) noexcept;

struct RunsRule {
  double margin = 0.05;
  /// How likely the interval misses the true ratio, at most: the error of the whole report over the
  /// number of its series (Bonferroni).
  double error = 0.05;
  /// The largest factor between two samples of one series in one run, over all documents. Too few
  /// runs claim nothing within it.
  double spread = 1;
};

struct JudgedRuns {
  results::Verdict verdict = results::Verdict::inconclusive;
  std::optional<double> ratio;
  std::optional<results::Interval> interval;
  std::optional<double> detectable;
  std::string why;
  /// One for each run, in their order; `file` is left 0.
  std::vector<results::RunEvidence> base;
  std::vector<results::RunEvidence> candidate;
};

/// The stratum of each observation: the regime of the machine as the probes show it. Observations
/// without a probe are of one stratum. Strata count from 0.
[[nodiscard]] std::vector<std::size_t> strata_of(std::span<const Observation> observations);

/// Judges the candidate by the runs of both sides; see runs.cpp for the method.
[[nodiscard]] JudgedRuns judge_runs(std::span<const Run> base, std::span<const Run> candidate,
                                    const RunsRule& rule);

}  // namespace bench::analysis
