#include "measure/rounds.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <utility>

#include "measure/deadline.hpp"
#include "measure/resume.hpp"
#include "measure/windows.hpp"
#include "workload/queue_table.hpp"
#include "workload/trial.hpp"

namespace bench::measure {
namespace {

using std::chrono::duration;
using std::chrono::nanoseconds;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

/// How often a running trial is looked at: often enough for a progress line, and seldom enough that
/// the looks, on one of the measured CPUs, take no noticeable part of the trial.
constexpr nanoseconds kTick = 100ms;

/// How long an interrupted trial may take to consume what was sent. After that it is abandoned.
constexpr nanoseconds kGrace = 700ms;

/// Waits until the trial ends, its time is over, or an interrupt arrives. True if an interrupt cut
/// it short.
bool supervise(workload::RunningTrial& trial, std::optional<double> length, Interrupt& interrupt,
               const std::function<void(double)>& show, Windows& windows) {
  const auto begin = steady_clock::now();
  const auto elapsed = [&] { return duration<double>(steady_clock::now() - begin).count(); };
  while (!trial.finished_within(0ns)) {
    const double left = length ? *length - elapsed() : 1;
    if (left <= 0) return false;
    const workload::Consumed consumed = trial.consumed_so_far();
    windows.look(consumed.seconds, consumed.messages);
    show(length ? elapsed() / *length : 0);
    const auto sleep = std::chrono::duration_cast<nanoseconds>(duration<double>(left));
    if (interrupt.wait_for(std::min(sleep, kTick))) return true;
  }
  return false;
}

/// Runs one trial until its spec or an interrupt ends it. Nothing if it was interrupted before its
/// clock had started, or if it did not end in time after an interrupt.
std::optional<workload::Sample> run_trial(const workload::Spec& spec,
                                          const machine::Placement& placement, Interrupt& interrupt,
                                          const std::function<void(double)>& show) {
  auto trial = workload::start_trial(spec, placement);
  // The threads of an abandoned trial run on until the process exits, which is soon.
  const auto abandon = [&trial] {
    static_cast<void>(trial.release());  // NOLINT(bugprone-unused-return-value)
  };
  while (!trial->started_within(kTick / 10)) {
    if (!interrupt.requested()) continue;
    abandon();  // it is still faulting in its rings, which can take seconds
    return std::nullopt;
  }
  Windows windows;
  const bool cut_short = supervise(*trial, spec.duration_s, interrupt, show, windows);
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
  sample.windows = windows.of_trial(sample.seconds, sample.messages);
  if (cut_short) abandon();  // freeing gigabytes of rings takes a while
  return sample;
}

/// The order of a round's trials. Each round has its own, so that whatever else the machine does
/// affects all series alike.
std::vector<std::size_t> shuffled(std::size_t count, std::mt19937_64& random) {
  std::vector<std::size_t> order(count);
  for (std::size_t i = 0; i < count; ++i) order[i] = i;
  std::ranges::shuffle(order, random);
  return order;
}

/// How long a trial of this series will take: its planned duration, or what the last one took, or a
/// guess where neither is known.
double expected_seconds(const results::Series& series) {
  if (series.spec.duration_s) return *series.spec.duration_s;
  constexpr double kGuessSeconds = 0.1;
  return series.samples.empty() ? kGuessSeconds : series.samples.back().seconds;
}

/// How long producers send in a rehearsal. The rest of its time is what every trial takes besides
/// sending: threads start, the pages of rings are touched for the first time, and messages are
/// consumed after the end.
constexpr double kRehearsedSeconds = 0.002;
/// The same where the plan has a number of messages and no duration.
constexpr double kRateSeconds = 0.02;
/// Rehearsals take no more than this part of the time that they estimate, or this many seconds if
/// that is longer.
constexpr double kRehearsalPart = 0.03;
constexpr double kLeastRehearsal = 0.5;

/// The number of trials to run: warm-ups are included, trials from before an interrupt are not.
double trials_to_run(const Plan& plan, const std::vector<results::Series>& all) {
  double trials = 0;
  for (const results::Series& series : all) {
    trials += plan.warmup + plan.trials - static_cast<double>(series.samples.size());
  }
  return trials;
}

}  // namespace

std::optional<double> rehearse(const Plan& plan, std::vector<results::Series>& all,
                               Interrupt& interrupt) {
  const auto begin = steady_clock::now();
  const auto since = [](steady_clock::time_point then) {
    return duration<double>(steady_clock::now() - then).count();
  };
  std::mt19937_64 random(plan.seed);
  const double trials = trials_to_run(plan, all);
  double one_each = 0;
  double tried = 0;
  for (const std::size_t index : shuffled(all.size(), random)) {
    workload::Spec spec = all[index].spec;
    const double length =
        spec.duration_s ? std::min(*spec.duration_s, kRehearsedSeconds) : kRateSeconds;
    const auto messages = std::exchange(spec.messages_per_producer, std::nullopt);
    const double planned = spec.duration_s.value_or(0);
    spec.duration_s = length;
    const auto start = steady_clock::now();
    const auto sample = run_trial(spec, plan.series[index].placement, interrupt, [](double) {});
    if (!sample || sample->cut_short) return std::nullopt;
    all[index].verification += sample->verification;
    one_each += planned * (1 + Prober::kShare) + since(start) - length;
    if (messages && sample->messages > 0) {
      one_each += static_cast<double>(*messages) * spec.producers / sample->messages_per_second();
    }
    tried += 1;
    const double estimate = trials * one_each / tried;
    if (since(begin) > std::max(kLeastRehearsal, kRehearsalPart * estimate)) break;
  }
  return trials * one_each / tried;
}

void run_rounds(const Plan& plan, std::vector<results::Series>& all, std::optional<double> seconds,
                Prober& prober, Interrupt& interrupt, Progress& progress) {
  const Deadline deadline(seconds);
  const auto begin = steady_clock::now();
  const machine::Placement* last_placement = nullptr;
  workload::Sample* last_sample = nullptr;  // null if it was not kept
  std::mt19937_64 random(plan.seed);
  const unsigned rounds = plan.warmup + plan.trials;
  const double steps = trials_to_run(plan, all);
  double step = 0;
  for (unsigned i = 0; i < rounds; ++i) {
    const bool counted = i >= plan.warmup;
    const duration<double> taken = steady_clock::now() - begin;
    const auto rounds_run = static_cast<unsigned>(step / static_cast<double>(all.size()));
    if (i > plan.warmup && !deadline.allows_another(rounds_run, taken.count())) {
      spdlog::warn(
          "the machine was slower than estimated: {} of {} trials each were run, to keep "
          "to the announced time",
          i - plan.warmup, plan.trials);
      break;
    }
    const std::string what = counted
                                 ? fmt::format("trial {} of {}", i - plan.warmup + 1, plan.trials)
                                 : fmt::format("warm-up {} of {}", i + 1, plan.warmup);
    for (const std::size_t index : shuffled(all.size(), random)) {
      results::Series& series = all[index];
      if (counted && has_round(series, i - plan.warmup)) continue;
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
      // A trial that was cut short is not like the others. If it is the only one, it is better than
      // nothing.
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

}  // namespace bench::measure
