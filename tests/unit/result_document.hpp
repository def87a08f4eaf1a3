// A result document for tests, with something in every field.
#pragma once

#include "results/document.hpp"

namespace bench::testing {

[[nodiscard]] inline workload::Sample sample(std::uint64_t messages, double seconds,
                                             std::vector<std::uint64_t> per_producer) {
  workload::Sample sample;
  sample.messages = messages;
  sample.seconds = seconds;
  sample.per_producer_messages = std::move(per_producer);
  sample.verification.sent = messages;
  sample.verification.received = messages;
  sample.consumer = {.cpu = 1, .pinned = true};
  sample.producers.assign(sample.per_producer_messages.size(), {.cpu = 0, .pinned = true});
  sample.memory_nodes.assign(sample.per_producer_messages.size(), 0);
  sample.events = {.preemptions = 0, .migrations = 0};
  sample.core_to_core = {{.cpu = 0, .before_ns = 100, .after_ns = 101.5}};
  return sample;
}

/// The only regime of a series of two samples.
[[nodiscard]] inline results::RegimeSummary regime(double rate, double ns) {
  return {.samples = 2,
          .share = 1,
          .messages_per_second = {.median = rate, .ci95 = {}, .min = rate, .max = rate, .mad = 0},
          .core_to_core_ns = ns};
}

/// A document of two producers and two samples, in which everything is well.
[[nodiscard]] inline results::Document document() {
  results::Document document;
  document.created_utc = "2026-01-31T12:00:00Z";
  document.command_line = "ringmpsc-bench --producers 2";
  document.label = "old server";
  document.notes = {{.key = "price", .value = "120 EUR a month"},
                    {.key = "power", .value = "65 W"}};
  document.seed = 9'007'199'254'740'991;
  document.tool = {.name = "ringmpsc-bench",
                   .version = "1.2.3",
                   .commit = "0123456789ab",
                   .compiler = "GCC 12.2.0",
                   .flags = "-O3",
                   .build_type = "Release",
                   .native = true,
                   .sanitizer = ""};
  document.host.hostname = "host";
  document.host.cpu_model = "Some Processor 9000";
  document.host.topology = {
      .packages = 1, .numa_nodes = 1, .l3 = 1, .cores = 2, .pus = 4, .allowed_pus = 3};
  document.host.caches = {
      {.level = 1, .kind = "data", .count = 2, .size_bytes = 32768, .line_bytes = 64}};
  document.host.memory_bytes = 1U << 30;
  document.host.cpu_quota = 2.5;
  document.host.kernel = "Linux 6.1";
  document.host.virtualization = "none";
  document.host.governor = "performance";
  document.host.smt = true;
  document.host.transparent_hugepages = "madvise";
  document.host.microcode = "0xb002116";
  document.host.boot_options = {"isolcpus=2-3"};
  document.host.turbo = false;
  document.host.numa_balancing = false;
  document.host.clocksource = "tsc";
  document.host.load_average = 0.25;
  document.activity = {
      .foreign_cpu_share = 0.01,
      .steal_share = 0,
      .throttling = machine::Throttling{.periods = 10, .throttled_periods = 0, .seconds = 0}};
  document.probes = {
      .core_to_core =
          {{.from = 1, .to = 0, .p10_ns = 90, .p50_ns = 100, .p90_ns = 120, .readings = 3}},
      .seconds = 0.01,
      .share_of_time = 0.03};
  document.survey = results::Survey{
      .complete = true,
      .tree = {{.depth = 0, .kind = "Machine", .os_index = std::nullopt, .size_bytes = 1U << 30},
               {.depth = 1, .kind = "PU", .os_index = 0, .size_bytes = std::nullopt}},
      .allowed_cpus = {0, 1, 2},
      .probes = {.core_to_core = {{.from = 0,
                                   .to = 2,
                                   .shared = machine::Distance::same_l3,
                                   .p10_ns = 91,
                                   .p50_ns = 102,
                                   .p90_ns = 119,
                                   .readings = 5}},
                 .seconds = 0.02,
                 .share_of_time = 1},
      .pairs = 3};
  document.clock = results::Clock{
      .name = "tsc", .overhead_ns = 17.5, .resolution_ns = 8, .why_not_tsc = std::nullopt};

  results::Series series;
  series.name = "ringmpsc";
  series.spec.producers = 2;
  series.placement = {.policy = machine::PlacementPolicy::near,
                      .pinned = true,
                      .consumer_cpu = 1,
                      .producer_cpus = {0, 2},
                      .oversubscribed = false,
                      .memory = results::MemoryPlace::bound};
  series.samples = {sample(3'000'000, 0.1, {1'000'000, 2'000'000}),
                    sample(5'000'000, 0.1, {2'500'000, 2'500'000})};
  series.samples[0].metrics = ringmpsc::Metrics{.messages_sent = 3'000'000,
                                                .messages_received = 3'000'000,
                                                .commits = 30'000,
                                                .refused_full = 7,
                                                .batches = 20'000,
                                                .empty_polls = 9};
  series.samples[1].messages_due = 5'000'000;
  series.samples[1].throttled_s = 0;
  series.samples[1].windows = {{.seconds = 0.04, .messages = 1'500'000},
                               {.seconds = 0.06, .messages = 3'500'000}};
  series.latency =
      results::Latency{.p50_ns = 100,
                       .p90_ns = 200,
                       .p99_ns = 300,
                       .p99_9_ns = 3000,
                       .p99_99_ns = 3000,
                       .max_ns = 3001,
                       .ci95 = {.p50_ns = results::Interval{99, 101},
                                .p90_ns = results::Interval{190, 210},
                                .p99_ns = results::Interval{290, 310},
                                .p99_9_ns = results::Interval{2900, 3000},
                                .p99_99_ns = results::Interval{2900, 3001}},
                       .histogram = workload::LatencyHistogram::from_buckets(
                                        std::vector<workload::LatencyHistogram::Bucket>{
                                            {.lowest = 100, .highest = 100, .count = 3},
                                            {.lowest = 3000, .highest = 3001, .count = 1}},
                                        100, 3001)
                                        .value(),
                       .load = results::OfferedLoad{
                           .offered_rate = 1e6, .achieved_rate = 999'999, .saturated = false}};
  series.summary = results::Summary{.messages_per_second = {.median = 40e6,
                                                            .ci95 = results::Interval{30e6, 50e6},
                                                            .min = 30e6,
                                                            .max = 50e6,
                                                            .mad = 10e6},
                                    .bytes_per_second = 320e6,
                                    .fairness = 0.75,
                                    .round_trip_ns = std::nullopt,
                                    .per_producer_messages = {3'500'000, 4'500'000},
                                    .regimes = {regime(40e6, 100)}};
  series.comparisons = {
      {.reference = "other", .ratio = 1.5, .ci95 = results::Interval{1.4, 1.6}, .pairs = 2}};
  series.verification.sent = 8'000'000;
  series.verification.received = 8'000'000;
  document.requirements = {{.requirement = {.text = "p99 < 2us",
                                            .metric = results::Metric::p99,
                                            .relation = results::Relation::below,
                                            .limit = 2000},
                            .series = series.name,
                            .outcome = results::RequirementOutcome::met,
                            .value = 300,
                            .interval = results::Interval{290, 310},
                            .why = "part of a sentence"}};
  document.series.push_back(std::move(series));
  return document;
}

}  // namespace bench::testing
