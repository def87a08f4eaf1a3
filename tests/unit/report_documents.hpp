// Documents of several machines, of which tests make reports.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "analysis/latency.hpp"
#include "analysis/machines.hpp"
#include "analysis/summary.hpp"
#include "report/report.hpp"
#include "results/enclosures.hpp"
#include "results/fields.hpp"
#include "unit/result_document.hpp"
#include "unit/stress_report.hpp"
#include "unit/topology_report.hpp"
#include "unit/verdict_report.hpp"

namespace bench::testing {

using NamedDocuments = std::vector<analysis::Named<results::AnyDocument>>;

struct SomeMachine {
  std::string hostname;
  std::string cpu_model;
  double speed = 1;
  unsigned cpus = 4;
};

/// Factors around 1 that look random, and are the same for each run of a test.
class Noise {
 public:
  explicit Noise(std::uint64_t seed) : state_(seed * 2 + 1) {}

  double factor(double spread) {
    state_ ^= state_ << 13U;
    state_ ^= state_ >> 7U;
    state_ ^= state_ << 17U;
    constexpr double kSteps = 1 << 20;
    return 1 + spread * (static_cast<double>(state_ % (1U << 20U)) / kSteps - 0.5);
  }

 private:
  std::uint64_t state_;
};

/// A time as a probe gives it, which times 32 round trips together.
[[nodiscard]] inline double probed(double ns) { return std::round(ns * 32) / 32; }

/// Makes the trials of a series, and sums them up as a measurement does.
class SeriesMaker {
 public:
  SeriesMaker(const SomeMachine& machine, std::uint64_t seed, unsigned trials)
      : machine_(machine), noise_(seed), trials_(trials) {}

  results::Series make(const workload::Spec& spec) {
    results::Series series;
    series.spec = spec;
    for (const auto& [key, value] : places_of(spec)) {
      series.name += fmt::format("{}{}={}", series.name.empty() ? "" : " ", key, value);
      series.parameters.push_back({.key = key, .value = value});
    }
    series.placement = {.policy = machine::PlacementPolicy::near,
                        .pinned = true,
                        .consumer_cpu = 0,
                        .producer_cpus = {},
                        .oversubscribed = spec.producers >= machine_.cpus,
                        .memory = results::MemoryPlace::first_touch};
    for (unsigned i = 0; i < spec.producers; ++i) {
      series.placement.producer_cpus.emplace_back((i + 1) % machine_.cpus);
    }
    const double run = noise_.factor(0.1);
    for (unsigned round = 0; round < trials_; ++round) {
      series.samples.push_back(trial(series, round, run * noise_.factor(0.05)));
      series.verification += series.samples.back().verification;
    }
    analysis::assign_regimes(series.samples);
    series.summary = analysis::summarize(series.samples, spec, 1);
    if (spec.latency) series.latency = analysis::summarize_latency(series.samples, spec, 1);
    for (workload::Sample& sample : series.samples) sample.latency.reset();
    return series;
  }

  static std::vector<std::pair<std::string, std::string>> places_of(const workload::Spec& spec) {
    return {{"queue", spec.queue},
            {"pattern", std::string(workload::name(spec.pattern))},
            {"producers", fmt::format("{}", spec.producers)},
            {"batch", fmt::format("{}", spec.batch)},
            {"payload_bytes", fmt::format("{}", spec.payload_bytes)},
            {"rate", spec.rate ? fmt::format("{}", *spec.rate) : "-"}};
  }

 private:
  /// The most messages a second that the machine manages of this work.
  [[nodiscard]] double capacity(const workload::Spec& spec) const {
    double rate = 40e6 * machine_.speed;
    if (spec.pattern == workload::Pattern::round_trip) rate = 4e6 * machine_.speed;
    if (spec.batch > 1) rate *= 5;
    if (spec.queue != "ringmpsc") rate /= 6;
    rate *= 8.0 / (7.0 + static_cast<double>(spec.payload_bytes) / 8);
    return rate / (0.7 + 0.3 * spec.producers);
  }

  workload::Sample trial(const results::Series& series, unsigned round, double factor) {
    const workload::Spec& spec = series.spec;
    constexpr double kSeconds = 0.1;
    const double possible = capacity(spec) * factor;
    const double rate = spec.rate ? std::min(*spec.rate, possible) : possible;
    std::vector<std::uint64_t> each(spec.producers);
    for (std::uint64_t& messages : each) {
      messages = static_cast<std::uint64_t>(rate * kSeconds / spec.producers *
                                            (noise_.factor(0.01) - 0.005));
    }
    workload::Sample one =
        sample(std::accumulate(each.begin(), each.end(), std::uint64_t{0}), kSeconds, each);
    one.round = round;
    one.consumer = {.cpu = 0, .pinned = true};
    one.core_to_core.clear();
    for (unsigned i = 0; i < spec.producers; ++i) {
      const unsigned cpu = *series.placement.producer_cpus[i];
      one.producers[i] = {.cpu = cpu, .pinned = true};
      if (i + 1 >= machine_.cpus) continue;
      const double ns = 120 / machine_.speed * noise_.factor(0.2);
      one.core_to_core.push_back(
          {.cpu = cpu, .before_ns = probed(ns), .after_ns = probed(ns * noise_.factor(0.02))});
    }
    if (spec.rate) one.messages_due = static_cast<std::uint64_t>(*spec.rate * kSeconds);
    if (spec.latency) {
      workload::LatencyRecorder recorder;
      for (std::uint64_t i = 1; i <= 30'000; ++i) {
        const double tail = i % 1'000 == 0 ? 40 : i % 100 == 0 ? 6 : 1;
        recorder.record(
            static_cast<std::uint64_t>(150 / machine_.speed / factor * tail * noise_.factor(0.4)));
      }
      one.latency = recorder.histogram();
    }
    return one;
  }

  SomeMachine machine_;
  Noise noise_;
  unsigned trials_;
};

[[nodiscard]] inline results::Document unlabelled_document() {
  results::Document made = document();
  made.label.clear();
  made.notes.clear();
  return made;
}

/// A document of these specs, measured in rounds on the machine.
[[nodiscard]] inline results::Document measured(const SomeMachine& machine, unsigned run,
                                                unsigned trials,
                                                const std::vector<workload::Spec>& specs) {
  results::Document made = unlabelled_document();
  made.created_utc = fmt::format("2026-01-{:02}T12:00:00Z", run + 1);
  made.command_line = "ringmpsc-bench sweep hardware --output result.json";
  made.seed = run;
  made.host.hostname = machine.hostname;
  made.host.cpu_model = machine.cpu_model;
  made.host.topology.pus = machine.cpus;
  made.series.clear();
  made.requirements.clear();
  made.sweep = results::Sweep{.name = "hardware", .axes = {}, .trials = trials};
  for (const auto& [key, value] : SeriesMaker::places_of(specs.front())) {
    made.sweep->axes.push_back({.key = key, .values = {value}});
  }
  SeriesMaker maker(machine, run + 17 * machine.cpus, trials);
  for (const workload::Spec& spec : specs) {
    made.series.push_back(maker.make(spec));
    const auto& places = made.series.back().parameters;
    for (std::size_t i = 0; i < places.size(); ++i) {
      std::vector<std::string>& values = made.sweep->axes[i].values;
      if (std::ranges::find(values, places[i].value) == values.end()) {
        values.push_back(places[i].value);
      }
    }
  }
  for (results::Series& series : made.series) {
    if (series.spec.queue == made.series.front().spec.queue) continue;
    for (const results::Series& reference : made.series) {
      workload::Spec like = series.spec;
      like.queue = reference.spec.queue;
      if (reference.spec != like || &reference == &series) continue;
      const auto comparison = analysis::compare(series, reference, 1);
      if (comparison) series.comparisons.push_back(*comparison);
    }
  }
  return made;
}

/// Throughput by producers, batch and payload, two round trips, and a latency curve whose last rate
/// is too high for any machine.
[[nodiscard]] inline std::vector<workload::Spec> small_specs() {
  std::vector<workload::Spec> specs;
  workload::Spec spec;
  for (const unsigned producers : {1U, 2U, 4U}) {
    for (const std::size_t batch : {1U, 256U}) {
      for (const std::size_t payload : {8U, 64U}) {
        spec.producers = producers;
        spec.batch = batch;
        spec.payload_bytes = payload;
        specs.push_back(spec);
      }
    }
    spec.payload_bytes = 8;
    spec.queue = "mutex-ring";
    specs.push_back(std::exchange(spec, workload::Spec()));
  }
  spec.pattern = workload::Pattern::round_trip;
  spec.latency = true;
  for (const std::size_t payload : {8U, 64U}) {
    spec.payload_bytes = payload;
    specs.push_back(spec);
  }
  spec = {};
  spec.pattern = workload::Pattern::one_way;
  spec.latency = true;
  for (const double rate : {1e6, 4e6, 16e6, 1e9}) {
    spec.rate = rate;
    specs.push_back(spec);
  }
  return specs;
}

[[nodiscard]] inline results::TopologyReport topology_of(const SomeMachine& machine) {
  const auto topology = machine::Topology::synthetic(
      machine.cpus == 128 ? "package:2 l3:8 core:8 pu:1" : "package:1 l3:2 core:2 pu:1");
  results::TopologyReport made = report();
  made.label.clear();
  made.notes.clear();
  made.host.hostname = machine.hostname;
  made.host.cpu_model = machine.cpu_model;
  made.host.topology.pus = machine.cpus;
  made.tree = topology.tree();
  made.allowed_cpus.clear();
  for (const machine::Cpu& cpu : topology.allowed_cpus()) {
    made.allowed_cpus.push_back(cpu.os_index);
  }
  Noise noise(machine.cpus);
  made.probes.core_to_core.clear();
  for (unsigned to = 1; to < machine.cpus; ++to) {
    for (unsigned from = 0; from < to; ++from) {
      const machine::Distance shared = topology.distance(from, to);
      const double ns = (60 + 90 * static_cast<double>(shared)) / machine.speed * noise.factor(0.1);
      made.probes.core_to_core.push_back({.from = from,
                                          .to = to,
                                          .shared = shared,
                                          .p10_ns = probed(ns * noise.factor(0.02) * 0.97),
                                          .p50_ns = probed(ns),
                                          .p90_ns = probed(ns * noise.factor(0.04) * 1.05),
                                          .readings = 9});
    }
  }
  made.pairs = made.probes.core_to_core.size();
  return made;
}

inline const SomeMachine kAlder{
    .hostname = "alder", .cpu_model = "Some Processor 9000", .speed = 1, .cpus = 4};
inline const SomeMachine kBirch{
    .hostname = "birch", .cpu_model = "Another Processor 12", .speed = 1.6, .cpus = 4};

/// Two machines with three runs each, their topologies, a duel and a stress.
[[nodiscard]] inline NamedDocuments small_documents() {
  NamedDocuments all;
  for (const SomeMachine& machine : {kAlder, kBirch}) {
    for (unsigned run = 0; run < 3; ++run) {
      results::Document one = measured(machine, run, 7, small_specs());
      one.caveats = {{results::CaveatCode::virtualized, "a hypervisor runs this machine"}};
      one.series[2].caveats = {{results::CaveatCode::oversubscribed, "5 threads share 4 CPUs"}};
      all.push_back({.file = fmt::format("results/{}-{}.json", machine.hostname, run),
                     .document = std::move(one)});
    }
    all.push_back({.file = fmt::format("results/{}-topology.json", machine.hostname),
                   .document = topology_of(machine)});
  }
  all.push_back({.file = "results/duel.json", .document = verdicts()});
  all.push_back({.file = "results/stress.json", .document = stress_report()});
  return all;
}

/// As many machines as anyone compares, each of 128 CPUs, with a result and all pairs of its CPUs.
[[nodiscard]] inline NamedDocuments large_documents() {
  std::vector<workload::Spec> specs;
  workload::Spec spec;
  for (const unsigned producers : {1U, 2U, 4U, 8U, 16U, 32U, 64U, 127U}) {
    for (const std::size_t batch : {1U, 256U}) {
      for (const std::size_t payload : {8U, 64U}) {
        spec.producers = producers;
        spec.batch = batch;
        spec.payload_bytes = payload;
        specs.push_back(spec);
      }
    }
  }
  NamedDocuments all;
  for (unsigned i = 0; i < 20; ++i) {
    const SomeMachine machine{.hostname = fmt::format("node-{:02}.rack-7.example.org", i),
                              .cpu_model = fmt::format("Some Processor {} (64 cores)", 9000 + i),
                              .speed = 1 + 0.1 * i,
                              .cpus = 128};
    all.push_back({.file = fmt::format("results/{}.json", machine.hostname),
                   .document = measured(machine, i, 5, specs)});
    all.push_back({.file = fmt::format("results/{}-topology.json", machine.hostname),
                   .document = topology_of(machine)});
  }
  return all;
}

/// Markup, scripts, control characters, a change of the direction of writing, and bytes that are
/// not UTF-8.
inline const std::string kHostileText =
    std::string(R"(</title></style></table></script><script>window.hacked=1</script><!-- "'& )"
                R"(<img src=x onerror=window.hacked=1><iframe src="javascript:window.hacked=1">)"
                R"(javascript:window.hacked=1 | **b** [a](javascript:alert\(1\)) @someone )") +
    "\n# heading\n\n\xE2\x80\xAE\x07\x1B[2J\xC2\x9B\xFF\xC0\xAF" + '\0' + "\x7F\xED\xA0\x80";

/// Visits what describe() names, and puts the hostile text before every text.
class Vandal {
 public:
  template <class T>
  void operator()(std::string_view /*key*/, T& value, const auto&... how) {
    spoil(value, how...);
  }
  template <class T>
  void later(std::string_view /*key*/, T& value, const auto&... how) {
    spoil(value, how...);
  }
  void derived(std::string_view /*key*/, const auto& /*value*/) const noexcept {}
  void check(bool /*holds*/, std::string_view /*rule*/) const noexcept {}

 private:
  static void spoil(std::string& text, const auto&... /*how*/) { text = kHostileText + text; }
  static void spoil(workload::LatencyHistogram& /*histogram*/) {}
  static void spoil(results::Interval& /*interval*/) {}
  template <class T>
  static void spoil(std::optional<T>& value, const auto&... how) {
    if (value) spoil(*value, how...);
  }
  template <class T>
  static void spoil(std::vector<T>& list, const auto&... how) {
    for (T& item : list) spoil(item, how...);
  }
  template <class T>
  static void spoil(T& value, const auto&... how) {
    if constexpr (std::is_class_v<T>) {
      using results::describe;
      Vandal inner;
      describe(inner, value, how...);
    }
  }
};

/// The small documents, and a failed one, in which every text and every file's name is hostile.
[[nodiscard]] inline NamedDocuments hostile_documents() {
  NamedDocuments all = small_documents();
  results::Document failed = measured(kAlder, 9, 3, small_specs());
  failed.complete = false;
  failed.failure = results::Failure{.kind = results::FailureKind::crash,
                                    .series = failed.series[0].name,
                                    .queue = "ringmpsc",
                                    .trial = "trial 3 of 7",
                                    .reason = "the queue crashed",
                                    .threads = {{.thread = "consumer", .doing = "waiting"}}};
  all.push_back({.file = "failed.json", .document = std::move(failed)});
  all.push_back({.file = "failed-stress.json", .document = failed_stress()});
  for (auto& [file, document] : all) {
    file.insert(0, kHostileText);
    std::visit(
        [](auto& one) {
          using results::describe;
          Vandal vandal;
          describe(vandal, one);
        },
        document);
  }
  return all;
}

/// The report of these documents, which carries them.
[[nodiscard]] inline report::Report report_of(const NamedDocuments& documents) {
  report::Report made =
      report::make_report(analysis::sorted_by_machine(documents), "2026-01-31T12:00:00Z");
  for (const auto& [file, document] : documents) {
    made.enclosures.push_back(
        {.name = file,
         .packed = std::visit(
             [](const auto& one) { return results::packed(results::to_json(one)); }, document)});
  }
  return made;
}

}  // namespace bench::testing
