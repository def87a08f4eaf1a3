#include "measure/run.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "analysis/caveats.hpp"
#include "analysis/summary.hpp"
#include "machine/activity.hpp"
#include "machine/host.hpp"
#include "measure/origin.hpp"
#include "measure/prober.hpp"
#include "workload/trial.hpp"

namespace bench::measure {
namespace {

using std::chrono::duration;
using std::chrono::nanoseconds;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

/// How often a running trial is looked at: often enough for a progress line, seldom enough that the
/// looking, on one of the measured CPUs, takes no noticeable part of it.
constexpr nanoseconds kTick = 100ms;

/// How long an interrupted trial may take to consume what was sent. Past it, nobody waits for it.
constexpr nanoseconds kGrace = 700ms;

/// Waits for the end of the trial, of its time or of patience. True if an interrupt cut it short.
bool supervise(workload::RunningTrial& trial, std::optional<double> length, Interrupt& interrupt,
               const std::function<void(double)>& show) {
  const auto begin = steady_clock::now();
  const auto elapsed = [&] { return duration<double>(steady_clock::now() - begin).count(); };
  while (!trial.finished_within(0ns)) {
    const double left = length ? *length - elapsed() : 1;
    if (left <= 0) return false;
    show(length ? elapsed() / *length : 0);
    const auto sleep = std::chrono::duration_cast<nanoseconds>(duration<double>(left));
    if (interrupt.wait_for(std::min(sleep, kTick))) return true;
  }
  return false;
}

/// Runs one trial to its end, the spec's or an interrupt's. Nothing if it was interrupted before
/// its clock had started, or did not end in time.
std::optional<workload::Sample> run_trial(const workload::Spec& spec,
                                          const machine::Placement& placement, Interrupt& interrupt,
                                          const std::function<void(double)>& show) {
  auto trial = workload::start_trial(spec, placement);
  // An abandoned trial's threads go on until the process exits, which is soon.
  const auto abandon = [&trial] {
    static_cast<void>(trial.release());  // NOLINT(bugprone-unused-return-value)
  };
  while (!trial->started_within(kTick / 10)) {
    if (!interrupt.requested()) continue;
    abandon();  // it is still faulting rings in, which can take seconds
    return std::nullopt;
  }
  const bool cut_short = supervise(*trial, spec.duration_s, interrupt, show);
  trial->stop();
  show(1);
  const auto patience = steady_clock::now() + kGrace;
  while (!trial->finished_within(kTick / 10)) {
    if (!interrupt.requested() || steady_clock::now() < patience) continue;
    abandon();
    return std::nullopt;
  }
  workload::Sample sample = trial->sample();
  sample.cut_short = cut_short;
  if (cut_short) abandon();  // giving gigabytes of rings back takes a while
  return sample;
}

/// Where the threads were in the last trial.
results::ObservedPlacement observed(const machine::Placement& planned,
                                    const std::vector<workload::Sample>& samples) {
  results::ObservedPlacement placement{.policy = planned.policy,
                                       .pinned = false,
                                       .consumer_cpu = std::nullopt,
                                       .producer_cpus = {},
                                       .oversubscribed = planned.oversubscribed,
                                       .memory = results::MemoryPlace::first_touch};
  if (samples.empty()) return placement;
  const workload::Sample& last = samples.back();
  placement.consumer_cpu = last.consumer.cpu;
  for (const workload::ThreadCpu& producer : last.producers) {
    placement.producer_cpus.push_back(producer.cpu);
  }
  if (std::ranges::all_of(last.memory_nodes, &std::optional<unsigned>::has_value)) {
    placement.memory = results::MemoryPlace::bound;
  }
  const auto all_pinned = [](const workload::Sample& sample) {
    return sample.consumer.pinned &&
           std::ranges::all_of(sample.producers, &workload::ThreadCpu::pinned);
  };
  placement.pinned = std::ranges::all_of(samples, all_pinned);
  return placement;
}

/// The order of a round's trials: each round has its own, so that whatever else the machine does
/// meets all series alike.
std::vector<std::size_t> shuffled(std::size_t count, std::mt19937_64& random) {
  std::vector<std::size_t> order(count);
  for (std::size_t i = 0; i < count; ++i) order[i] = i;
  std::ranges::shuffle(order, random);
  return order;
}

/// How long a trial of this spec will take, or did; a guess where that is not known.
double expected_seconds(const results::Series& series) {
  if (series.spec.duration_s) return *series.spec.duration_s;
  constexpr double kGuess_s = 0.1;
  return series.samples.empty() ? kGuess_s : series.samples.back().seconds;
}

/// What was found before a trial on each of its producers' CPUs.
std::vector<workload::CoreToCore> before_trial(const machine::Placement& placement,
                                               const RoundTrips& trips) {
  std::vector<workload::CoreToCore> seen;
  for (const auto& [pair, ns] : trips) {
    const auto [consumer, producer] = pair;
    if (placement.consumer_cpu == consumer &&
        std::ranges::find(placement.producer_cpus, std::optional(producer)) !=
            placement.producer_cpus.end()) {
      seen.push_back({.cpu = producer, .before_ns = ns, .after_ns = std::nullopt});
    }
  }
  return seen;
}

/// The probe after a trial is the next one's before.
void add_after_trial(const machine::Placement& placement, const RoundTrips& trips,
                     workload::Sample& sample) {
  for (const workload::CoreToCore& found : before_trial(placement, trips)) {
    const auto same = std::ranges::find(sample.core_to_core, found.cpu, &workload::CoreToCore::cpu);
    if (same != sample.core_to_core.end()) {
      same->after_ns = found.before_ns;
    } else {
      sample.core_to_core.push_back(
          {.cpu = found.cpu, .before_ns = std::nullopt, .after_ns = found.before_ns});
    }
  }
}

/// Runs every round. A warm-up round's samples are checked and not kept.
void run_rounds(const Plan& plan, std::vector<results::Series>& all, Prober& prober,
                Interrupt& interrupt, Progress& progress) {
  const machine::Placement* last_placement = nullptr;
  workload::Sample* last_sample = nullptr;  // null if it was not kept

  std::mt19937_64 random(plan.seed);
  const unsigned rounds = plan.warmup + plan.trials;
  const double steps = static_cast<double>(rounds) * static_cast<double>(all.size());
  double step = 0;
  for (unsigned i = 0; i < rounds; ++i) {
    const bool counted = i >= plan.warmup;
    const std::string what = counted
                                 ? fmt::format("trial {} of {}", i - plan.warmup + 1, plan.trials)
                                 : fmt::format("warm-up {} of {}", i + 1, plan.warmup);
    for (const std::size_t index : shuffled(all.size(), random)) {
      results::Series& series = all[index];
      const std::string shown = all.size() > 1 ? what + ", " + series.name : what;
      const auto show = [&](double part) { progress.show((step + part) / steps, shown); };
      if (interrupt.requested()) return;
      show(0);
      const machine::Placement& placement = plan.series[index].placement;
      const RoundTrips trips = prober.between(last_placement, &placement, expected_seconds(series));
      if (last_sample != nullptr) add_after_trial(*last_placement, trips, *last_sample);
      last_placement = &placement;
      last_sample = nullptr;
      auto sample = run_trial(series.spec, placement, interrupt, show);
      if (!sample) return;
      step += 1;
      sample->core_to_core = before_trial(placement, trips);
      spdlog::debug("{}: {} messages in {:.6f} s, {:.1f} M/s", shown, sample->messages,
                    sample->seconds, sample->messages_per_second() / 1e6);
      series.verification += sample->verification;
      // A trial that was cut short is not like the others; alone, it is better than nothing.
      if (counted && (!sample->cut_short || (all.size() == 1 && series.samples.empty()))) {
        sample->round = i - plan.warmup;
        series.samples.push_back(std::move(*sample));
        last_sample = &series.samples.back();
      }
    }
  }
  if (last_sample == nullptr) return;
  const double length_s = last_sample->seconds;
  add_after_trial(*last_placement, prober.between(last_placement, nullptr, length_s), *last_sample);
}

/// Sums each series up and compares it with the first, and with the limit if there is one.
void finish(const Plan& plan, std::vector<results::Series>& all) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    results::Series& series = all[i];
    series.placement = observed(plan.series[i].placement, series.samples);
    series.summary = analysis::summarize(series.samples, series.spec, plan.seed);
    for (const results::Series& other : all) {
      const bool limit = workload::limit_of(series.spec.pattern) == other.spec.queue;
      if (&other == &series || (&other != &all.front() && !limit)) continue;
      if (auto one = analysis::compare(series, other, plan.seed)) {
        series.comparisons.push_back(std::move(*one));
      }
    }
    std::ranges::move(analysis::series_caveats(series), std::back_inserter(series.caveats));
  }
}

}  // namespace

results::Document run(const Plan& plan, const machine::Topology& topology,
                      const std::string& command_line, Interrupt& interrupt, Progress& progress) {
  results::Document document;
  document.created_utc = now_utc();
  document.command_line = command_line;
  document.seed = plan.seed;
  document.tool = this_tool();
  document.host = machine::host_facts(topology);
  for (const PlannedSeries& planned : plan.series) {
    results::Series series;
    series.name = planned.name;
    series.spec = planned.spec;
    series.caveats = planned.caveats;
    series.keeps_order = workload::find_queue(planned.spec.queue)->order != workload::kNoOrder;
    document.series.push_back(std::move(series));
  }

  Prober prober;
  const machine::CpuTimes before = machine::cpu_times(topology);
  const auto begin = steady_clock::now();
  run_rounds(plan, document.series, prober, interrupt, progress);
  const duration<double> elapsed = steady_clock::now() - begin;
  document.activity = machine::activity_between(before, machine::cpu_times(topology));
  document.probes = prober.probes(topology, elapsed.count());
  progress.clear();

  document.complete = !interrupt.signal();
  finish(plan, document.series);
  document.caveats = analysis::document_caveats(document);
  return document;
}

}  // namespace bench::measure
