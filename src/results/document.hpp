// The result document: the tool, the host, and the series. Everything downstream of a measurement
// reads only this document. configs/schema/result.schema.json describes its JSON form.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "machine/activity.hpp"
#include "machine/host.hpp"
#include "machine/placement.hpp"
#include "machine/topology.hpp"
#include "results/caveat.hpp"
#include "results/interval.hpp"
#include "results/latency.hpp"
#include "results/requirement.hpp"
#include "workload/sample.hpp"
#include "workload/spec.hpp"

namespace bench::results {

/// Version 2 writes a histogram as two lists of numbers, which take a fifth of the room of version
/// 1's list of buckets.
inline constexpr int kSchemaVersion = 2;
inline constexpr int kOldestSchemaVersion = 1;  ///< that can be read

/// Something that people know of a machine and no program can find out, in the words of --note.
struct Note {
  std::string key;    ///< like "price"
  std::string value;  ///< like "120 EUR a month"

  friend bool operator==(const Note&, const Note&) = default;
};

/// The program that measured.
struct Tool {
  std::string name;
  std::string version;
  std::string commit;
  std::string compiler;
  std::string flags;
  std::string build_type;
  bool native = false;    ///< optimised for the machine that built it
  std::string sanitizer;  ///< "address", "thread" or empty

  friend bool operator==(const Tool&, const Tool&) = default;
};

/// Messages a second over the samples of a series. One median over several regimes describes none
/// of them: there is no median then, and no interval or deviation around it.
struct ThroughputSummary {
  std::optional<double> median;
  /// 95 % bootstrap interval of the median; none where there are too few samples for one.
  std::optional<Interval> ci95;
  double min = 0;
  double max = 0;
  /// Median absolute deviation from the median, unscaled.
  std::optional<double> mad;

  friend bool operator==(const ThroughputSummary&, const ThroughputSummary&) = default;
};

/// Samples of a series between which the machine did not change.
struct RegimeSummary {
  std::size_t samples = 0;
  double share = 0;  ///< of the series' samples, 0 to 1
  ThroughputSummary messages_per_second;
  /// Median of the round trips that were probed around its samples.
  std::optional<double> core_to_core_ns;

  friend bool operator==(const RegimeSummary&, const RegimeSummary&) = default;
};

struct Summary {
  ThroughputSummary messages_per_second;
  /// Payload bytes a second at the median, where there is one.
  std::optional<double> bytes_per_second;
  /// The smallest producer's share of the messages over the largest's, 0 to 1; median of the
  /// samples.
  double fairness = 0;
  /// Nanoseconds from sending a message to having it back; only for round trips.
  std::optional<double> round_trip_ns;
  /// Messages that each producer sent over all samples.
  std::vector<std::uint64_t> per_producer_messages;
  /// The regime with the most samples comes first. There is a single one where nothing changed.
  std::vector<RegimeSummary> regimes;

  friend bool operator==(const Summary&, const Summary&) = default;
};

/// Compares a series with another one, whose trials ran in the same rounds: each round gives the
/// quotient of the two rates.
struct Comparison {
  std::string reference;  ///< the other series' name
  double ratio = 0;       ///< median of the quotients
  std::optional<Interval> ci95;
  std::size_t pairs = 0;  ///< rounds in which both were measured

  friend bool operator==(const Comparison&, const Comparison&) = default;
};

/// How each ring's memory got to its producer's NUMA node.
enum class MemoryPlace : std::uint8_t {
  first_touch,  ///< it was touched there first
  bound,        ///< it was bound there
};

inline constexpr std::array kMemoryPlaceNames = {
    workload::Named<MemoryPlace>{"first-touch", MemoryPlace::first_touch},
    workload::Named<MemoryPlace>{"bound", MemoryPlace::bound},
};

/// Where the threads really were, which is not always where they were asked to be.
struct ObservedPlacement {
  machine::PlacementPolicy policy = machine::PlacementPolicy::near;
  bool pinned = false;  ///< every thread was bound to its CPU
  std::optional<unsigned> consumer_cpu;
  std::vector<std::optional<unsigned>> producer_cpus;
  bool oversubscribed = false;
  MemoryPlace memory = MemoryPlace::first_touch;

  friend bool operator==(const ObservedPlacement&, const ObservedPlacement&) = default;
};

/// A value of one of a sweep's axes, as it was written: {"batch", "64k"}.
struct Parameter {
  std::string key;
  std::string value;

  friend bool operator==(const Parameter&, const Parameter&) = default;
};

struct Axis {
  std::string key;
  std::vector<std::string> values;

  friend bool operator==(const Axis&, const Axis&) = default;
};

/// What defines the series of a sweep: those that vary along the same axes are the product of their
/// values, without the combinations that were excluded.
struct Sweep {
  std::string name;
  std::vector<Axis> axes;
  unsigned trials = 0;  ///< planned for each series; fewer were run if the time was not enough

  friend bool operator==(const Sweep&, const Sweep&) = default;
};

/// Why a measurement ended before all its trials were run, other than by a signal.
enum class FailureKind : std::uint8_t {
  no_progress,     ///< no thread of the trial got on
  too_many,        ///< the consumer got more messages than were sent
  exception,       ///< the queue threw
  crash,           ///< a thread crashed within the queue
  cannot_measure,  ///< no memory, no threads
};

inline constexpr std::array kFailureKindNames = {
    workload::Named<FailureKind>{"no_progress", FailureKind::no_progress},
    workload::Named<FailureKind>{"too_many", FailureKind::too_many},
    workload::Named<FailureKind>{"exception", FailureKind::exception},
    workload::Named<FailureKind>{"crash", FailureKind::crash},
    workload::Named<FailureKind>{"cannot_measure", FailureKind::cannot_measure},
};

/// What a thread of a failed trial was doing.
struct ThreadReport {
  std::string thread;  ///< "consumer", or like "producer 3"
  std::string doing;   ///< like "waiting for room"
  /// Messages that it had sent or consumed; a producer within the queue may have sent 2^16 more.
  std::uint64_t messages = 0;
  std::string at = {};  ///< like "message 8042 of life 3"; empty if nobody knows it

  friend bool operator==(const ThreadReport&, const ThreadReport&) = default;
};

struct Failure {
  FailureKind kind = FailureKind::no_progress;
  std::string series;  ///< the series' name
  std::string queue;
  std::string trial;   ///< like "trial 3 of 10"
  std::string reason;  ///< part of a sentence
  std::vector<ThreadReport> threads;

  friend bool operator==(const Failure&, const Failure&) = default;
};

/// Trials that were run once more, because the whole process had been stopped in their middle.
struct Repeated {
  unsigned trials = 0;
  double stopped_s = 0;  ///< for how long, together

  friend bool operator==(const Repeated&, const Repeated&) = default;
};

struct Series {
  std::string name;
  /// Its place on each axis along which it varies; empty outside of a sweep.
  std::vector<Parameter> parameters;
  workload::Spec spec;
  ObservedPlacement placement;
  std::vector<workload::Sample> samples;
  Repeated repeated;
  std::optional<Summary> summary;  ///< none without samples
  std::optional<Latency> latency;  ///< where messages were timed
  /// Sums over every trial, the uncounted warm-ups included.
  workload::Verification verification;
  /// Whether the queue promises to keep each producer's order. Where it does not, messages that
  /// come late are counted but are not a fault.
  bool keeps_order = true;
  /// Comparisons with the first series and with the machine's limit, if they exist and are not this
  /// series; in a sweep, with the first queue at the same place on the other axes.
  std::vector<Comparison> comparisons;
  std::vector<Caveat> caveats;

  friend bool operator==(const Series&, const Series&) = default;
};

/// Whether every message of the series arrived as its queue promises.
[[nodiscard]] inline bool verified(const Series& series) noexcept {
  workload::Verification faults = series.verification;
  if (!series.keeps_order) faults.reordered = 0;
  return faults.passed();
}

/// The round trip of a cache line between two CPUs, over all the times that it was probed.
struct PairProbe {
  unsigned from = 0;
  unsigned to = 0;
  machine::Distance shared =
      machine::Distance::apart;  ///< the closest thing that both reportedly share
  double p10_ns = 0;
  double p50_ns = 0;
  double p90_ns = 0;
  std::size_t readings = 0;

  friend bool operator==(const PairProbe&, const PairProbe&) = default;
};

/// What was measured about the machine itself.
struct Probes {
  std::vector<PairProbe> core_to_core;
  double seconds = 0;        ///< the time that probing took
  double share_of_time = 0;  ///< the same as a fraction of the whole measurement's time

  friend bool operator==(const Probes&, const Probes&) = default;
};

/// What the system reports about its processors, and the round trips that were found between them.
struct Survey {
  bool complete = true;  ///< false if an interrupt came before every chosen pair was probed
  std::vector<machine::TopologyNode> tree;
  std::vector<unsigned> allowed_cpus;
  /// Each pair of CPUs once; on a machine with too many pairs for the time, a random part of them.
  Probes probes;
  std::size_t pairs = 0;  ///< how many pairs there are

  friend bool operator==(const Survey&, const Survey&) = default;
};

/// The clock that messages were timed with.
struct Clock {
  std::string name;                        ///< "tsc", or "monotonic", which is the system's
  double overhead_ns = 0;                  ///< the time that a reading takes
  double resolution_ns = 0;                ///< the smallest step seen between two readings
  std::optional<std::string> why_not_tsc;  ///< part of a sentence; none where it is the TSC

  friend bool operator==(const Clock&, const Clock&) = default;
};

struct Document {
  bool complete = true;
  std::optional<Failure> failure;
  std::string created_utc;  ///< ISO 8601, like 2026-01-31T12:00:00Z
  /// Each time at which the measurement was resumed after an interrupt.
  std::vector<std::string> resumed_utc;
  std::string command_line;
  std::string label;        ///< what people call the machine; empty if they gave no --label
  std::vector<Note> notes;  ///< in the order of the command line
  std::uint64_t seed = 0;
  std::optional<Sweep> sweep;
  Tool tool;
  machine::HostFacts host;
  machine::Activity activity;    ///< what others did on the CPUs during the measurement
  Probes probes;                 ///< between the trials
  std::optional<Survey> survey;  ///< before the trials, of a sweep that asks for it
  std::optional<Clock> clock;    ///< none where no message was timed
  std::vector<Caveat> caveats;   ///< about the machine or the tool: they hold for every series
  std::vector<Series> series;
  /// What was required, judged for each series that has the metric: requirement by requirement.
  std::vector<Judgement> requirements;

  friend bool operator==(const Document&, const Document&) = default;
};

}  // namespace bench::results
