// Two sides compared, with a verdict for each series: the document of the commands `duel` and
// `compare`. configs/schema/verdict.schema.json describes its JSON form.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "machine/activity.hpp"
#include "machine/host.hpp"
#include "results/caveat.hpp"
#include "results/document.hpp"
#include "workload/sample.hpp"
#include "workload/spec.hpp"

namespace bench::results {

/// What is said of the candidate. The worst comes first.
enum class Verdict : std::uint8_t {
  regressed,     ///< slower than the base by more than the margin
  inconclusive,  ///< the evidence is not enough for any of the others
  improved,      ///< faster by more than the margin
  no_change,     ///< neither
};

inline constexpr std::array kVerdictNames = {
    workload::Named<Verdict>{"regressed", Verdict::regressed},
    workload::Named<Verdict>{"inconclusive", Verdict::inconclusive},
    workload::Named<Verdict>{"improved", Verdict::improved},
    workload::Named<Verdict>{"no_change", Verdict::no_change},
};

/// How the evidence came about.
enum class Evidence : std::uint8_t {
  duel,  ///< trials of both sides in turns, paired within a block
  runs,  ///< documents that were measured at different times
};

inline constexpr std::array kEvidenceNames = {
    workload::Named<Evidence>{"duel", Evidence::duel},
    workload::Named<Evidence>{"runs", Evidence::runs},
};

/// Why a block of a duel is marked: the machine changed in its middle.
enum class Disturbance : std::uint8_t {
  probe,      ///< the round trip between its CPUs is another one after it than before
  preempted,  ///< threads that share no CPU lost theirs
  steal,      ///< the hypervisor ran something else
  throttled,  ///< a CPU quota stopped it
  stopped,    ///< the process was stopped
};

inline constexpr std::array kDisturbanceNames = {
    workload::Named<Disturbance>{"probe", Disturbance::probe},
    workload::Named<Disturbance>{"preempted", Disturbance::preempted},
    workload::Named<Disturbance>{"steal", Disturbance::steal},
    workload::Named<Disturbance>{"throttled", Disturbance::throttled},
    workload::Named<Disturbance>{"stopped", Disturbance::stopped},
};

/// The order of a block's trials. A is the base, B the candidate.
enum class BlockOrder : std::uint8_t { abba, baab };

inline constexpr std::array kBlockOrderNames = {
    workload::Named<BlockOrder>{"ABBA", BlockOrder::abba},
    workload::Named<BlockOrder>{"BAAB", BlockOrder::baab},
};

/// Four trials of a duel, two of each side.
struct Block {
  BlockOrder order = BlockOrder::abba;
  /// Messages a second of each side's two trials, in the order of time.
  std::vector<double> base;
  std::vector<double> candidate;
  /// Median round trip of a cache line between the CPUs; null where it was not probed.
  std::optional<double> core_to_core_before_ns = {};
  std::optional<double> core_to_core_after_ns = {};
  std::vector<Disturbance> marks = {};  ///< empty where nothing was seen

  friend bool operator==(const Block&, const Block&) = default;
};

/// What one document of `compare` says of a series.
struct RunEvidence {
  std::size_t file = 0;                   ///< which of its side's documents, from 0
  std::size_t samples = 0;                ///< those that count
  std::size_t left_out = 0;               ///< those of regimes that the other side did not meet
  double messages_per_second = 0;         ///< median of those that count, 0 without any
  std::optional<double> core_to_core_ns;  ///< median of those that count

  friend bool operator==(const RunEvidence&, const RunEvidence&) = default;
};

/// One side of a series.
struct JudgedSide {
  workload::Spec spec;
  ObservedPlacement placement;
  std::optional<double> messages_per_second;  ///< median; none without evidence
  std::vector<RunEvidence> runs;              ///< of `compare`
  workload::Verification verification;        ///< sums over every trial

  friend bool operator==(const JudgedSide&, const JudgedSide&) = default;
};

struct JudgedSeries {
  std::string name;
  std::vector<Parameter> parameters;  ///< its place on the axes that both sides share
  Verdict verdict = Verdict::inconclusive;
  /// The candidate's messages a second over the base's; none without evidence.
  std::optional<double> ratio;
  /// Holds the true ratio; the report's confidence is that of all series' intervals together. None
  /// where there is too little evidence for one.
  std::optional<Interval> interval;
  /// The smallest slowdown (0.07 is 7 %) that would be called regressed 4 times in 5, with the
  /// noise that was seen and all of the budget; none where that cannot be told.
  std::optional<double> detectable;
  /// Why it is inconclusive, as part of a sentence; empty for any other verdict.
  std::string why;
  JudgedSide base;
  JudgedSide candidate;
  /// Whether the queues of both sides promise to keep each producer's order.
  bool keeps_order = true;
  std::vector<Block> blocks;  ///< of a duel, in the order of time
  std::vector<Caveat> caveats;

  friend bool operator==(const JudgedSeries&, const JudgedSeries&) = default;
};

/// Which side knows a series. One that not both know is in no total.
enum class KnownTo : std::uint8_t { base, candidate, neither };

inline constexpr std::array kKnownToNames = {
    workload::Named<KnownTo>{"base", KnownTo::base},
    workload::Named<KnownTo>{"candidate", KnownTo::candidate},
    workload::Named<KnownTo>{"neither", KnownTo::neither},
};

/// A series that could not be compared.
struct Unmatched {
  std::string name;
  KnownTo known_to = KnownTo::neither;
  std::string why;  ///< part of a sentence
  /// What went wrong with its messages, for each document: "b.json: 9 sent, 8 received: 1 lost".
  std::vector<std::string> faults = {};

  friend bool operator==(const Unmatched&, const Unmatched&) = default;
};

/// What differs between the sides besides what is compared.
enum class DifferenceKind : std::uint8_t { machine, build, method };

inline constexpr std::array kDifferenceKindNames = {
    workload::Named<DifferenceKind>{"machine", DifferenceKind::machine},
    workload::Named<DifferenceKind>{"build", DifferenceKind::build},
    workload::Named<DifferenceKind>{"method", DifferenceKind::method},
};

struct SideDifference {
  DifferenceKind kind = DifferenceKind::machine;
  std::string field;  ///< like "kernel"
  std::string base;   ///< its value there
  std::string candidate;

  friend bool operator==(const SideDifference&, const SideDifference&) = default;
};

struct Side {
  std::string name;                         ///< of a duel: the program; else what people call it
  std::vector<std::string> arguments = {};  ///< of a duel: the settings of this side alone
  std::vector<std::string> files = {};      ///< of `compare`: its documents
  /// Of `compare`: the labels of its documents, each once, separated by commas; empty without any.
  std::string label = {};
  std::vector<Note> notes = {};  ///< of `compare`: those of its documents, each once
  Tool tool;

  friend bool operator==(const Side&, const Side&) = default;
};

struct VerdictReport {
  Evidence evidence = Evidence::duel;
  bool complete = true;  ///< false if a signal or a failure ended the measurement
  std::optional<Failure> failure;
  std::string created_utc;
  std::string command_line;
  std::uint64_t seed = 0;
  /// A smaller change than this part of the base's rate is none.
  double margin = 0.05;
  /// How likely it is, at least, that the intervals of all series hold their true ratios.
  double confidence = 0.95;
  std::string rule;                ///< how verdicts are found, and what becomes of marked blocks
  std::optional<double> budget_s;  ///< of a duel: the most that measuring may take
  std::optional<double> seconds;   ///< of a duel: what it took
  Side base;
  Side candidate;
  machine::HostFacts host;                    ///< of the base, where the machines differ
  std::optional<machine::Activity> activity;  ///< of a duel
  std::optional<Probes> probes;               ///< of a duel
  std::vector<SideDifference> differences;
  std::vector<Unmatched> unmatched;
  std::vector<Caveat> caveats;
  std::vector<JudgedSeries> series;

  friend bool operator==(const VerdictReport&, const VerdictReport&) = default;
};

/// The verdict of the whole: the worst of its series.
[[nodiscard]] Verdict verdict(const VerdictReport& report) noexcept;

/// Whether every message of the series arrived on both sides as their queues promise.
[[nodiscard]] bool verified(const JudgedSeries& series) noexcept;
[[nodiscard]] bool verified(const Unmatched& series) noexcept;

}  // namespace bench::results
