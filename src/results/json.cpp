#include "results/json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace bench::results {
namespace {

using Json = nlohmann::ordered_json;

template <class E, std::size_t N>
std::string_view name_in(const std::array<std::pair<std::string_view, E>, N>& names, E value) {
  return std::ranges::find(names, value, &std::pair<std::string_view, E>::second)->first;
}

/// What is not known is null, never a guess.
template <class T>
Json nullable(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

template <class Range, class ToJson>
Json array(const Range& range, ToJson to_json) {
  Json list = Json::array();
  for (const auto& item : range) list.push_back(to_json(item));
  return list;
}

Json json_of(const Tool& tool) {
  return {{"name", tool.name},
          {"version", tool.version},
          {"commit", tool.commit},
          {"compiler", tool.compiler},
          {"flags", tool.flags},
          {"build_type", tool.build_type},
          {"native", tool.native},
          {"sanitizer", tool.sanitizer.empty() ? Json(nullptr) : Json(tool.sanitizer)}};
}

Json json_of(const machine::TopologyFacts& topology) {
  return {{"packages", nullable(topology.packages)},
          {"numa_nodes", nullable(topology.numa_nodes)},
          {"l3", nullable(topology.l3)},
          {"cores", nullable(topology.cores)},
          {"pus", nullable(topology.pus)},
          {"allowed_pus", nullable(topology.allowed_pus)}};
}

Json json_of(const machine::CacheFacts& cache) {
  return {{"level", cache.level},
          {"kind", cache.kind},
          {"count", cache.count},
          {"size_bytes", cache.size_bytes},
          {"line_bytes", cache.line_bytes}};
}

Json json_of(const machine::HostFacts& host) {
  return {{"hostname", nullable(host.hostname)},
          {"cpu_model", nullable(host.cpu_model)},
          {"topology", json_of(host.topology)},
          {"caches", array(host.caches, [](const auto& cache) { return json_of(cache); })},
          {"memory_bytes", nullable(host.memory_bytes)},
          {"kernel", nullable(host.kernel)},
          {"virtualization", nullable(host.virtualization)},
          {"governor", nullable(host.governor)},
          {"smt", nullable(host.smt)},
          {"transparent_hugepages", nullable(host.transparent_hugepages)}};
}

Json json_of(const Caveat& caveat) { return {{"code", name(caveat.code)}, {"text", caveat.text}}; }

Json json_of(const std::vector<Caveat>& caveats) {
  return array(caveats, [](const Caveat& caveat) { return json_of(caveat); });
}

Json json_of(const workload::Spec& spec) {
  return {{"queue", spec.queue},
          {"preset", spec.preset},
          {"producers", spec.producers},
          {"idle_producers", spec.idle_producers},
          {"pattern", name(spec.pattern)},
          {"ring_bits", spec.ring_bits},
          {"payload_bytes", spec.payload_bytes},
          {"batch", spec.batch},
          {"write", name(spec.write)},
          {"consume", name(spec.consume)},
          {"wait", name(spec.wait)},
          {"duration_s", nullable(spec.duration_s)},
          {"messages_per_producer", nullable(spec.messages_per_producer)},
          {"metrics", spec.metrics}};
}

Json json_of(const ObservedPlacement& placement) {
  return {{"policy", name(placement.policy)},
          {"pinned", placement.pinned},
          {"consumer_cpu", nullable(placement.consumer_cpu)},
          {"producer_cpus",
           array(placement.producer_cpus, [](const auto& cpu) { return nullable(cpu); })},
          {"oversubscribed", placement.oversubscribed},
          {"memory", name_in(kMemoryPlaceNames, placement.memory)}};
}

Json json_of(const ringmpsc::Metrics& metrics) {
  return {{"messages_sent", metrics.messages_sent},
          {"messages_received", metrics.messages_received},
          {"commits", metrics.commits},
          {"refused_full", metrics.refused_full},
          {"batches", metrics.batches},
          {"empty_polls", metrics.empty_polls}};
}

Json json_of(const workload::Sample& sample) {
  return {{"round", sample.round},
          {"messages", sample.messages},
          {"seconds", sample.seconds},
          {"messages_per_second", sample.messages_per_second()},
          {"cut_short", sample.cut_short},
          {"per_producer_messages", sample.per_producer_messages},
          {"metrics", sample.metrics ? json_of(*sample.metrics) : Json(nullptr)}};
}

Json json_of(const std::optional<Interval>& interval) {
  return interval ? Json::array({interval->lo, interval->hi}) : Json(nullptr);
}

Json json_of(const Summary& summary) {
  const ThroughputSummary& rate = summary.messages_per_second;
  return {{"messages_per_second",
           {{"median", rate.median},
            {"ci95", json_of(rate.ci95)},
            {"min", rate.min},
            {"max", rate.max},
            {"mad", rate.mad}}},
          {"bytes_per_second", summary.bytes_per_second},
          {"fairness", summary.fairness},
          {"round_trip_ns", nullable(summary.round_trip_ns)},
          {"per_producer_messages", summary.per_producer_messages}};
}

/// What a mode does not look at is null: a checksum knows no order, and a count no content.
Json json_of(workload::Consume mode, const workload::Verification& verification) {
  const bool order = mode == workload::Consume::verify;
  const bool content = mode != workload::Consume::count;
  return {{"mode", name(mode)},
          {"sent", verification.sent},
          {"received", verification.received},
          {"lost", verification.lost},
          {"duplicated", verification.duplicated},
          {"reordered", order ? Json(verification.reordered) : Json(nullptr)},
          {"corrupted", content ? Json(verification.corrupted) : Json(nullptr)}};
}

Json json_of(const Comparison& comparison) {
  return {{"reference", comparison.reference},
          {"ratio", comparison.ratio},
          {"ci95", json_of(comparison.ci95)},
          {"pairs", comparison.pairs}};
}

Json json_of(const Series& series) {
  return {{"name", series.name},
          {"spec", json_of(series.spec)},
          {"placement", json_of(series.placement)},
          {"samples", array(series.samples, [](const auto& sample) { return json_of(sample); })},
          {"summary", series.summary ? json_of(*series.summary) : Json(nullptr)},
          {"verification", json_of(series.spec.consume, series.verification)},
          {"keeps_order", series.keeps_order},
          {"comparisons", array(series.comparisons, [](const auto& one) { return json_of(one); })},
          {"caveats", json_of(series.caveats)}};
}

}  // namespace

std::string to_json(const Document& document) {
  const Json json = {
      {"schema_version", kSchemaVersion},
      {"complete", document.complete},
      {"created_utc", document.created_utc},
      {"command_line", document.command_line},
      {"seed", document.seed},
      {"tool", json_of(document.tool)},
      {"host", json_of(document.host)},
      {"caveats", json_of(document.caveats)},
      {"series", array(document.series, [](const auto& series) { return json_of(series); })}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace bench::results
