// Which fields of a document are in its JSON, and under which keys. Each is described once, for the
// writer and for the reader.
//
// `describe(io, value)` calls `io(key, member)` for each field, in the order of the JSON. Arguments
// after the member, such as its bounds, tell how that member is written and read. An object has
// three more calls:
//
//   io.later(key, member)   the same for a field that was added to this schema version: a document
//                           that was written before has no such key, and the member keeps its
//                           default
//   io.derived(key, value)  a value that follows from other fields: it is written, but not kept
//                           when it is read
//   io.check(holds, rule)   checks that the fields described before fit each other
//
// Whole numbers and other numbers are never negative.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string_view>
#include <type_traits>
#include <vector>

#include "results/document.hpp"
#include "results/stress_report.hpp"
#include "results/topology_report.hpp"
#include "results/verdict_report.hpp"
#include "results/worker_protocol.hpp"
#include "ringmpsc/config.hpp"

namespace bench::results {

/// Lets one description serve the writer, whose value is constant, and the reader, which fills it.
template <class T, class Of>
concept MaybeConst = std::same_as<std::remove_const_t<T>, Of>;

/// Bounds of a whole number; both are allowed values.
struct Between {
  std::uint64_t least = 0;
  std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
};

/// For a count: it is null if `it` is false, because nobody looked at it. The null is read as 0.
struct LookedAt {
  bool it;
};

/// For a summary of throughput that has a median, which one over several regimes has not.
struct OfOneRegime {};

/// For a text: null stands for the empty text.
struct EmptyIsNull {};

/// The words of an enum, each with its value.
constexpr const auto& words_of(CaveatCode) noexcept { return kCaveatNames; }
constexpr const auto& words_of(FailureKind) noexcept { return kFailureKindNames; }
constexpr const auto& words_of(StressFailureKind) noexcept { return kStressFailureKindNames; }
constexpr const auto& words_of(Metric) noexcept { return kMetricNames; }
constexpr const auto& words_of(Relation) noexcept { return kRelationNames; }
constexpr const auto& words_of(RequirementOutcome) noexcept { return kRequirementOutcomeNames; }
constexpr const auto& words_of(workload::FaultKind) noexcept { return workload::kFaultKindNames; }
constexpr const auto& words_of(MemoryPlace) noexcept { return kMemoryPlaceNames; }
constexpr const auto& words_of(Verdict) noexcept { return kVerdictNames; }
constexpr const auto& words_of(Evidence) noexcept { return kEvidenceNames; }
constexpr const auto& words_of(Disturbance) noexcept { return kDisturbanceNames; }
constexpr const auto& words_of(BlockOrder) noexcept { return kBlockOrderNames; }
constexpr const auto& words_of(KnownTo) noexcept { return kKnownToNames; }
constexpr const auto& words_of(DifferenceKind) noexcept { return kDifferenceKindNames; }
constexpr const auto& words_of(WorkerTask) noexcept { return kWorkerTaskNames; }
constexpr const auto& words_of(machine::Distance) noexcept { return machine::kDistanceNames; }
constexpr const auto& words_of(machine::PlacementPolicy) noexcept { return machine::kPolicyNames; }
constexpr const auto& words_of(workload::Consume) noexcept { return workload::kConsumeNames; }
constexpr const auto& words_of(workload::Pattern) noexcept { return workload::kPatternNames; }
constexpr const auto& words_of(workload::Layout) noexcept { return workload::kLayoutNames; }
constexpr const auto& words_of(workload::Wait) noexcept { return workload::kWaitNames; }
constexpr const auto& words_of(workload::Write) noexcept { return workload::kWriteNames; }

template <class E>
[[nodiscard]] constexpr std::string_view word_of(E value) noexcept {
  for (const auto& [word, named] : words_of(value)) {
    if (named == value) return word;
  }
  return {};
}

void describe(auto& io, MaybeConst<Tool> auto& tool) {
  io("name", tool.name);
  io("version", tool.version);
  io("commit", tool.commit);
  io("compiler", tool.compiler);
  io("flags", tool.flags);
  io("build_type", tool.build_type);
  io("native", tool.native);
  io("sanitizer", tool.sanitizer, EmptyIsNull{});
}

void describe(auto& io, MaybeConst<machine::TopologyFacts> auto& topology) {
  io("packages", topology.packages);
  io("numa_nodes", topology.numa_nodes);
  io("l3", topology.l3);
  io("cores", topology.cores);
  io("pus", topology.pus);
  io("allowed_pus", topology.allowed_pus);
}

void describe(auto& io, MaybeConst<machine::CacheFacts> auto& cache) {
  io("level", cache.level);
  io("kind", cache.kind);
  io("count", cache.count);
  io("size_bytes", cache.size_bytes);
  io("line_bytes", cache.line_bytes);
}

void describe(auto& io, MaybeConst<machine::HostFacts> auto& host) {
  io("hostname", host.hostname);
  io("cpu_model", host.cpu_model);
  io("topology", host.topology);
  io("caches", host.caches);
  io("memory_bytes", host.memory_bytes);
  io.later("cpu_quota", host.cpu_quota);
  io("microcode", host.microcode);
  io("kernel", host.kernel);
  io("boot_options", host.boot_options);
  io("virtualization", host.virtualization);
  io("governor", host.governor);
  io("turbo", host.turbo);
  io("smt", host.smt);
  io("transparent_hugepages", host.transparent_hugepages);
  io("numa_balancing", host.numa_balancing);
  io("clocksource", host.clocksource);
  io("load_average", host.load_average);
}

void describe(auto& io, MaybeConst<machine::Throttling> auto& throttling) {
  io("periods", throttling.periods);
  io("throttled_periods", throttling.throttled_periods);
  io("throttled_s", throttling.seconds);
}

void describe(auto& io, MaybeConst<machine::Activity> auto& activity) {
  io("foreign_cpu_share", activity.foreign_cpu_share);
  io("steal_share", activity.steal_share);
  io.later("throttling", activity.throttling);
}

void describe(auto& io, MaybeConst<PairProbe> auto& pair) {
  io("from", pair.from);
  io("to", pair.to);
  io("shared", pair.shared);
  io("p10", pair.p10_ns);
  io("p50", pair.p50_ns);
  io("p90", pair.p90_ns);
  io("readings", pair.readings);
  io.check(pair.p50_ns > 0, "must have a p50 of more than 0");
}

void describe(auto& io, MaybeConst<Probes> auto& probes) {
  io("core_to_core_ns", probes.core_to_core);
  io("seconds", probes.seconds);
  io("share_of_time", probes.share_of_time);
}

void describe(auto& io, MaybeConst<Clock> auto& clock) {
  io("name", clock.name);
  io("overhead_ns", clock.overhead_ns);
  io("resolution_ns", clock.resolution_ns);
  io("why_not_tsc", clock.why_not_tsc);
}

void describe(auto& io, MaybeConst<Caveat> auto& caveat) {
  io("code", caveat.code);
  io("text", caveat.text);
}

void describe(auto& io, MaybeConst<workload::Spec> auto& spec) {
  io("queue", spec.queue);
  io("preset", spec.preset);
  io("producers", spec.producers, Between{ringmpsc::kMinProducers, ringmpsc::kMaxProducers});
  io("idle_producers", spec.idle_producers, Between{0, ringmpsc::kMaxProducers});
  io("pattern", spec.pattern);
  io("ring_bits", spec.ring_bits, Between{ringmpsc::kMinRingBits, ringmpsc::kMaxRingBits});
  io.later("layout", spec.layout);
  io("payload_bytes", spec.payload_bytes, workload::kPayloadBytes);
  io("batch", spec.batch, Between{1, std::uint64_t{1} << ringmpsc::kMaxRingBits});
  io("write", spec.write);
  io("consume", spec.consume);
  io("wait", spec.wait);
  io("duration_s", spec.duration_s);
  io("messages_per_producer", spec.messages_per_producer, Between{.least = 1});
  io.check(spec.duration_s.has_value() != spec.messages_per_producer.has_value(),
           "must have a number in one of duration_s and messages_per_producer, and null in the "
           "other");
  io("metrics", spec.metrics);
  io("rate", spec.rate);
  io("latency", spec.latency);
}

void describe(auto& io, MaybeConst<ObservedPlacement> auto& placement) {
  io("policy", placement.policy);
  io("pinned", placement.pinned);
  io("consumer_cpu", placement.consumer_cpu);
  io("producer_cpus", placement.producer_cpus);
  io("oversubscribed", placement.oversubscribed);
  io("memory", placement.memory);
}

void describe(auto& io, MaybeConst<ringmpsc::Metrics> auto& metrics) {
  io("messages_sent", metrics.messages_sent);
  io("messages_received", metrics.messages_received);
  io("commits", metrics.commits);
  io("refused_full", metrics.refused_full);
  io("batches", metrics.batches);
  io("empty_polls", metrics.empty_polls);
}

void describe(auto& io, MaybeConst<workload::FaultyMessage> auto& message) {
  io("kind", message.kind);
  io("producer", message.producer);
  io("expected", message.expected);
  io("seen", message.seen);
  io("trial", message.trial);
}

/// A fault that the mode does not look for is null: a checksum does not show the order, and a count
/// does not show the content.
void describe(auto& io, MaybeConst<workload::Verification> auto& verification,
              workload::Consume mode) {
  io.derived("mode", mode);
  io("sent", verification.sent);
  io("received", verification.received);
  io("lost", verification.lost);
  io("duplicated", verification.duplicated);
  io("reordered", verification.reordered, LookedAt{mode == workload::Consume::verify});
  io("corrupted", verification.corrupted, LookedAt{mode != workload::Consume::count});
  io.later("first", verification.first);
}

void describe(auto& io, MaybeConst<workload::ThreadCpu> auto& thread) {
  io("cpu", thread.cpu);
  io("pinned", thread.pinned);
}

void describe(auto& io, MaybeConst<machine::ThreadEvents> auto& events) {
  io("preemptions", events.preemptions);
  io("migrations", events.migrations);
  io.later("waited_s", events.waited_s);
}

void describe(auto& io, MaybeConst<workload::CoreToCore> auto& found) {
  io("cpu", found.cpu);
  io("before", found.before_ns);
  io("after", found.after_ns);
}

void describe(auto& io, MaybeConst<workload::Window> auto& window) {
  io("seconds", window.seconds);
  io("messages", window.messages);
  io.derived("messages_per_second", window.messages_per_second());
}

void describe(auto& io, MaybeConst<workload::Sample> auto& sample, workload::Consume mode) {
  io("round", sample.round);
  io("messages", sample.messages);
  io("seconds", sample.seconds);
  io.derived("messages_per_second", sample.messages_per_second());
  io("cut_short", sample.cut_short);
  io.later("stopped_s", sample.stopped_s);
  io.later("throttled_s", sample.throttled_s);
  io("per_producer_messages", sample.per_producer_messages);
  io("verification", sample.verification, mode);
  io("consumer", sample.consumer);
  io("producers", sample.producers);
  io("memory_nodes", sample.memory_nodes);
  io("metrics", sample.metrics);
  io("events", sample.events);
  io("core_to_core_ns", sample.core_to_core);
  io("regime", sample.regime);
  io("messages_due", sample.messages_due);
  io("windows", sample.windows);
}

void describe(auto& io, MaybeConst<ThroughputSummary> auto& rate) {
  io("median", rate.median);
  io("ci95", rate.ci95);
  io("min", rate.min);
  io("max", rate.max);
  io("mad", rate.mad);
}

void describe(auto& io, MaybeConst<ThroughputSummary> auto& rate, OfOneRegime /*of*/) {
  describe(io, rate);
  io.check(rate.median.has_value(), "must have a median");
}

void describe(auto& io, MaybeConst<workload::LatencyHistogram::Bucket> auto& bucket) {
  io("lowest", bucket.lowest);
  io("highest", bucket.highest);
  io("count", bucket.count, Between{.least = 1});
}

/// The parts of a histogram. Its buckets are those that are not empty, in ascending order.
struct HistogramFields {
  std::uint64_t min = 0;
  std::uint64_t max = 0;
  /// How far the lowest value of each bucket is above that of the one before; the first: above 0.
  std::vector<std::uint64_t> steps;
  std::vector<std::uint64_t> counts;
};

void describe(auto& io, MaybeConst<HistogramFields> auto& fields) {
  io("min", fields.min);
  io("max", fields.max);
  io("steps", fields.steps);
  io("counts", fields.counts);
}

/// The parts of a histogram in documents of schema version 1.
struct HistogramOfVersion1 {
  std::uint64_t min = 0;
  std::uint64_t max = 0;
  std::vector<workload::LatencyHistogram::Bucket> buckets;
};

void describe(auto& io, MaybeConst<HistogramOfVersion1> auto& fields) {
  io("min", fields.min);
  io("max", fields.max);
  io("buckets", fields.buckets);
}

void describe(auto& io, MaybeConst<OfferedLoad> auto& load) {
  io("offered_rate", load.offered_rate);
  io("achieved_rate", load.achieved_rate);
  io("saturated", load.saturated);
}

void describe(auto& io, MaybeConst<PercentileIntervals> auto& intervals) {
  io("p50", intervals.p50_ns);
  io("p90", intervals.p90_ns);
  io("p99", intervals.p99_ns);
  io("p99_9", intervals.p99_9_ns);
  io("p99_99", intervals.p99_99_ns);
}

/// Whether no time is shorter than one before it.
[[nodiscard]] inline bool ascending(std::initializer_list<std::optional<std::uint64_t>> times) {
  std::uint64_t longest = 0;
  for (const auto& time : times) {
    if (time.value_or(longest) < longest) return false;
    longest = time.value_or(longest);
  }
  return true;
}

void describe(auto& io, MaybeConst<Latency> auto& latency) {
  io("p50", latency.p50_ns);
  io("p90", latency.p90_ns);
  io("p99", latency.p99_ns);
  io("p99_9", latency.p99_9_ns);
  io("p99_99", latency.p99_99_ns);
  io("max", latency.max_ns);
  io.check(ascending({latency.p50_ns, latency.p90_ns, latency.p99_ns, latency.p99_9_ns,
                      latency.p99_99_ns, latency.max_ns}),
           "must have ascending percentiles");
  io.later("ci95", latency.ci95);
  io("load", latency.load);
  io("histogram", latency.histogram);
}

void describe(auto& io, MaybeConst<RegimeSummary> auto& regime) {
  io("samples", regime.samples);
  io("share", regime.share);
  io("messages_per_second", regime.messages_per_second, OfOneRegime{});
  io("core_to_core_ns", regime.core_to_core_ns);
}

void describe(auto& io, MaybeConst<Summary> auto& summary) {
  io("messages_per_second", summary.messages_per_second);
  io("bytes_per_second", summary.bytes_per_second);
  io("fairness", summary.fairness);
  io("round_trip_ns", summary.round_trip_ns);
  io("per_producer_messages", summary.per_producer_messages);
  io("regimes", summary.regimes);
}

void describe(auto& io, MaybeConst<Comparison> auto& comparison) {
  io("reference", comparison.reference);
  io("ratio", comparison.ratio);
  io("ci95", comparison.ci95);
  io("pairs", comparison.pairs);
}

void describe(auto& io, MaybeConst<Parameter> auto& parameter) {
  io("key", parameter.key);
  io("value", parameter.value);
}

void describe(auto& io, MaybeConst<Axis> auto& axis) {
  io("key", axis.key);
  io("values", axis.values);
  io.check(!axis.values.empty(), "must have at least one value");
}

void describe(auto& io, MaybeConst<Sweep> auto& sweep) {
  io("name", sweep.name);
  io("axes", sweep.axes);
  io.check(!sweep.axes.empty(), "must have at least one axis");
  io("trials", sweep.trials);
}

void describe(auto& io, MaybeConst<Repeated> auto& repeated) {
  io("trials", repeated.trials);
  io("stopped_s", repeated.stopped_s);
}

void describe(auto& io, MaybeConst<ThreadReport> auto& report) {
  io("thread", report.thread);
  io("doing", report.doing);
  io("messages", report.messages);
  io.later("at", report.at, EmptyIsNull{});
}

void describe(auto& io, MaybeConst<Failure> auto& failure) {
  io("kind", failure.kind);
  io("series", failure.series);
  io("queue", failure.queue);
  io("trial", failure.trial);
  io("reason", failure.reason);
  io("threads", failure.threads);
}

void describe(auto& io, MaybeConst<Series> auto& series) {
  io("name", series.name);
  io("parameters", series.parameters);
  io("spec", series.spec);
  io("placement", series.placement);
  io("samples", series.samples, series.spec.consume);
  io.later("repeated", series.repeated);
  io("summary", series.summary);
  io("latency_ns", series.latency);
  io("verification", series.verification, series.spec.consume);
  io("keeps_order", series.keeps_order);
  io("comparisons", series.comparisons);
  io("caveats", series.caveats);
}

void describe(auto& io, MaybeConst<Judgement> auto& judgement) {
  io("text", judgement.requirement.text);
  io("metric", judgement.requirement.metric);
  io("relation", judgement.requirement.relation);
  io("limit", judgement.requirement.limit);
  io("series", judgement.series);
  io("outcome", judgement.outcome);
  io("value", judgement.value);
  io("interval", judgement.interval);
  io("why", judgement.why);
}

/// Whether each series of a sweep has a place, and each of its parameters is on an axis.
[[nodiscard]] inline bool placed(const Document& document) {
  const auto is_axis = [&](const Parameter& parameter) {
    const std::vector<Axis>& axes = document.sweep->axes;
    return std::ranges::find(axes, parameter.key, &Axis::key) != axes.end();
  };
  return !document.sweep || std::ranges::all_of(document.series, [&](const Series& series) {
    return !series.parameters.empty() && std::ranges::all_of(series.parameters, is_axis);
  });
}

void describe(auto& io, MaybeConst<Note> auto& note) {
  io("key", note.key);
  io("value", note.value);
}

void describe(auto& io, MaybeConst<Survey> auto& survey) {
  io("complete", survey.complete);
  io("tree", survey.tree);
  io("allowed_cpus", survey.allowed_cpus);
  io("probes", survey.probes);
  io("pairs", survey.pairs);
}

void describe(auto& io, MaybeConst<Document> auto& document) {
  io.derived("schema_version", kSchemaVersion);
  io("complete", document.complete);
  io.later("failure", document.failure);
  io("created_utc", document.created_utc);
  io("resumed_utc", document.resumed_utc);
  io("command_line", document.command_line);
  io.later("label", document.label, EmptyIsNull{});
  io.later("notes", document.notes);
  io("seed", document.seed);
  io("tool", document.tool);
  io("host", document.host);
  io("activity", document.activity);
  io("probes", document.probes);
  io.later("survey", document.survey);
  io("clock", document.clock);
  io("sweep", document.sweep);
  io("caveats", document.caveats);
  io("series", document.series);
  io.check(!document.series.empty(), "must have at least one series");
  io.check(placed(document),
           "must have parameters of each series, and an axis of the sweep for each of them");
  io.later("requirements", document.requirements);
}

void describe(auto& io, MaybeConst<machine::TopologyNode> auto& node) {
  io("depth", node.depth);
  io("kind", node.kind);
  io("os_index", node.os_index);
  io("size_bytes", node.size_bytes);
  io("allowed", node.allowed);
}

void describe(auto& io, MaybeConst<PlacementPreview> auto& preview) {
  io("policy", preview.policy);
  io("consumer_cpu", preview.consumer_cpu);
  io("producer_cpus", preview.producer_cpus);
  io("oversubscribed", preview.oversubscribed);
  io.check(!preview.consumer_cpu ||
               std::ranges::all_of(preview.producer_cpus, &std::optional<unsigned>::has_value),
           "must have a CPU for each producer or for no thread");
}

/// Whether the placements are for one number of producers.
[[nodiscard]] inline bool for_the_same_producers(const std::vector<PlacementPreview>& placements) {
  return std::ranges::all_of(placements, [&](const PlacementPreview& preview) {
    return preview.producer_cpus.size() == placements.front().producer_cpus.size();
  });
}

void describe(auto& io, MaybeConst<TopologyReport> auto& report) {
  io.derived("schema_version", kSchemaVersion);
  io("complete", report.complete);
  io("created_utc", report.created_utc);
  io("command_line", report.command_line);
  io.later("label", report.label, EmptyIsNull{});
  io.later("notes", report.notes);
  io("tool", report.tool);
  io("host", report.host);
  io("tree", report.tree);
  io("allowed_cpus", report.allowed_cpus);
  io("placements", report.placements);
  io.check(for_the_same_producers(report.placements),
           "must have as many producers in each of the placements");
  io("probes", report.probes);
  io("pairs", report.pairs);
  io("caveats", report.caveats);
}

void describe(auto& io, MaybeConst<StressFailure> auto& failure) {
  io("kind", failure.kind);
  io("round", failure.round);
  io("seed", failure.seed);
  io("queue", failure.queue);
  io("reason", failure.reason);
  io("command", failure.command);
  io("plan", failure.plan);
  io("shapes", failure.shapes);
  io("threads", failure.threads);
}

void describe(auto& io, MaybeConst<Coverage> auto& row) {
  io("shape", row.shape);
  io("group", row.group);
  io("meaning", row.meaning);
  io("drawn", row.drawn);
  io("rounds", row.rounds);
  io("times", row.times);
  io.check(row.times >= row.rounds, "must have at least as many times as rounds");
}

void describe(auto& io, MaybeConst<StressedQueue> auto& queue) {
  io("name", queue.name);
  io("order", queue.order);
  io("rounds", queue.rounds);
  io("messages", queue.messages);
}

void describe(auto& io, MaybeConst<StressMemory> auto& memory) {
  io("resident_first_bytes", memory.resident_first);
  io("resident_last_bytes", memory.resident_last);
  io("resident_most_bytes", memory.resident_most);
  io("allocated_first_bytes", memory.allocated_first);
  io("allocated_last_bytes", memory.allocated_last);
}

void describe(auto& io, MaybeConst<StressReport> auto& report) {
  io.derived("schema_version", kSchemaVersion);
  io("complete", report.complete);
  io("failure", report.failure);
  io("created_utc", report.created_utc);
  io("command_line", report.command_line);
  io("tool", report.tool);
  io("host", report.host);
  io("seed", report.seed);
  io("duration_s", report.duration_s);
  io("rounds_asked", report.rounds_asked);
  io("seconds", report.seconds);
  io("rounds", report.rounds);
  io("skipped", report.skipped);
  io("messages", report.messages);
  io("queues", report.queues);
  io("coverage", report.coverage);
  io("memory", report.memory);
  io("caveats", report.caveats);
}

void describe(auto& io, MaybeConst<Side> auto& side) {
  io("name", side.name);
  io("arguments", side.arguments);
  io("files", side.files);
  io.later("label", side.label, EmptyIsNull{});
  io.later("notes", side.notes);
  io("tool", side.tool);
}

/// Whether it is a part of a whole.
inline bool is_part(double value) { return value >= 0 && value <= 1; }

void describe(auto& io, MaybeConst<RunEvidence> auto& run) {
  io("file", run.file);
  io("samples", run.samples);
  io("left_out", run.left_out);
  io("messages_per_second", run.messages_per_second);
  io("core_to_core_ns", run.core_to_core_ns);
}

void describe(auto& io, MaybeConst<JudgedSide> auto& side) {
  io("spec", side.spec);
  io("placement", side.placement);
  io("messages_per_second", side.messages_per_second);
  io("runs", side.runs);
  io("verification", side.verification, side.spec.consume);
}

void describe(auto& io, MaybeConst<Block> auto& block) {
  io("order", block.order);
  io("base", block.base);
  io("candidate", block.candidate);
  io.check(block.base.size() == 2 && block.candidate.size() == 2,
           "must have two trials of each side");
  io("core_to_core_before_ns", block.core_to_core_before_ns);
  io("core_to_core_after_ns", block.core_to_core_after_ns);
  io("marks", block.marks);
}

void describe(auto& io, MaybeConst<JudgedSeries> auto& series) {
  io("name", series.name);
  io("parameters", series.parameters);
  io("verdict", series.verdict);
  io("ratio", series.ratio);
  io("interval", series.interval);
  io("detectable", series.detectable);
  io.check(series.ratio.value_or(0) >= 0, "must have no negative ratio");
  io.check(
      !series.interval || (0 <= series.interval->lo && series.interval->lo <= series.interval->hi),
      "must have an interval from 0 up that does not end before it begins");
  io.check(is_part(series.detectable.value_or(0)), "must have a detectable slowdown from 0 to 1");
  io("why", series.why);
  io("base", series.base);
  io("candidate", series.candidate);
  io("keeps_order", series.keeps_order);
  io("blocks", series.blocks);
  io("caveats", series.caveats);
}

void describe(auto& io, MaybeConst<SideDifference> auto& difference) {
  io("kind", difference.kind);
  io("field", difference.field);
  io("base", difference.base);
  io("candidate", difference.candidate);
}

void describe(auto& io, MaybeConst<Unmatched> auto& unmatched) {
  io("name", unmatched.name);
  io("known_to", unmatched.known_to);
  io("why", unmatched.why);
  io.later("faults", unmatched.faults);
}

void describe(auto& io, MaybeConst<VerdictReport> auto& report) {
  io.derived("schema_version", kSchemaVersion);
  io.derived("verdict", verdict(report));
  io("evidence", report.evidence);
  io("complete", report.complete);
  io("failure", report.failure);
  io("created_utc", report.created_utc);
  io("command_line", report.command_line);
  io("seed", report.seed);
  io("margin", report.margin);
  io("confidence", report.confidence);
  io.check(is_part(report.margin), "must have a margin from 0 to 1");
  io.check(is_part(report.confidence), "must have a confidence from 0 to 1");
  io("rule", report.rule);
  io("budget_s", report.budget_s);
  io("seconds", report.seconds);
  io("base", report.base);
  io("candidate", report.candidate);
  io("host", report.host);
  io("activity", report.activity);
  io("probes", report.probes);
  io("differences", report.differences);
  io("unmatched", report.unmatched);
  io("caveats", report.caveats);
  io("series", report.series);
}

void describe(auto& io, MaybeConst<WorkerHello> auto& hello) {
  io("protocol", hello.protocol);
  io("word_bits", hello.word_bits);
  io("tool", hello.tool);
}

void describe(auto& io, MaybeConst<machine::Placement> auto& placement) {
  io("policy", placement.policy);
  io("consumer_cpu", placement.consumer_cpu);
  io("producer_cpus", placement.producer_cpus);
  io("oversubscribed", placement.oversubscribed);
}

void describe(auto& io, MaybeConst<WorkerRequest> auto& request) {
  io("id", request.id);
  io("task", request.task);
  io("spec", request.spec);
  io("placement", request.placement);
  io.check(request.task == WorkerTask::check ||
               request.placement.producer_cpus.size() == request.spec.producers,
           "must have a CPU, or null, for each producer");
}

void describe(auto& io, MaybeConst<WorkerAnswer> auto& answer) {
  io("id", answer.id);
  io("running", answer.running);
  io("unknown", answer.unknown);
  io("spec", answer.spec);
  io("keeps_order", answer.keeps_order);
  // A sum of faults stands beside whatever was verified.
  io("sample", answer.sample, workload::Consume::verify);
  io("failure", answer.failure);
  io("verification", answer.verification, workload::Consume::verify);
}

}  // namespace bench::results
