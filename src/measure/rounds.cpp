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
#include <string_view>
#include <utility>

#include "measure/resume.hpp"
#include "measure/supervisor.hpp"

namespace bench::measure {
namespace {

using std::chrono::duration;
using std::chrono::steady_clock;

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
/// The least and the most where the plan has a number of messages and no duration. In a shorter
/// time, threads that share a core do not all have their turn.
constexpr double kLeastRateSeconds = 0.02;
constexpr double kMostRateSeconds = 0.2;
/// Rehearsals take no more than this part of the time that they estimate, or this many seconds if
/// that is longer.
constexpr double kRehearsalPart = 0.03;
constexpr double kLeastRehearsal = 0.5;

/// A measurement is late when it takes this many times the announced time and this many seconds
/// more than that.
constexpr double kLate = 1.2;
constexpr double kLateSeconds = 1;

/// A trial is run again if the process was stopped for more than this part of it.
constexpr double kMostStopped = 0.01;
/// A trial that is stopped again and again is kept, with a caveat.
constexpr unsigned kMostRepeats = 3;

bool was_stopped(const workload::Sample& sample) {
  return sample.stopped_s > kMostStopped * sample.seconds;
}

/// Adds what was found out about the messages of a trial.
void add(const std::string& trial, workload::Verification verification, results::Series& series) {
  for (workload::FaultyMessage& message : verification.first) message.trial = trial;
  series.verification += verification;
}

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
                               Interrupt& interrupt, std::optional<results::Failure>& failure) {
  const auto begin = steady_clock::now();
  const auto since = [](steady_clock::time_point then) {
    return duration<double>(steady_clock::now() - then).count();
  };
  std::mt19937_64 random(plan.seed);
  const double trials = trials_to_run(plan, all);
  const double rate_seconds = std::clamp(kLeastRehearsal / static_cast<double>(all.size()),
                                         kLeastRateSeconds, kMostRateSeconds);
  double one_each = 0;
  double tried = 0;
  for (const std::size_t index : shuffled(all.size(), random)) {
    workload::Spec spec = all[index].spec;
    const double planned = spec.duration_s.value_or(0);
    const double length = spec.duration_s ? std::min(planned, kRehearsedSeconds) : rate_seconds;
    spec.duration_s = length;
    const auto start = steady_clock::now();
    const std::string name = "a short trial before the first";
    const auto [sample, failed, verification] =
        run_trial(spec, plan.series[index].placement, name, interrupt, [](double) {});
    if (failed) {
      failure = failed;
      failure->series = all[index].name;
      add(name, verification, all[index]);
      return std::nullopt;
    }
    if (!sample || sample->cut_short) return std::nullopt;
    add(name, sample->verification, all[index]);
    if (spec.messages_per_producer) {
      // It was all of a trial, or the part that its time was enough for.
      const double all_messages = static_cast<double>(*spec.messages_per_producer) * spec.producers;
      const double times = all_messages / std::max(1.0, static_cast<double>(sample->messages));
      one_each += since(start) + sample->seconds * (times * (1 + Prober::kShare) - 1);
    } else {
      one_each += since(start) + planned * (1 + Prober::kShare) - length;
    }
    tried += 1;
    const double estimate = trials * one_each / tried;
    if (since(begin) > std::max(kLeastRehearsal, kRehearsalPart * estimate)) break;
  }
  return trials * one_each / tried;
}

std::optional<results::Failure> run_rounds(const Plan& plan, std::vector<results::Series>& all,
                                           std::optional<double> announced_s,
                                           const Deadline& deadline, Prober& prober,
                                           Interrupt& interrupt, Progress& progress) {
  const auto begin = steady_clock::now();
  const machine::Placement* last_placement = nullptr;
  workload::Sample* last_sample = nullptr;  // null if it was not kept
  std::mt19937_64 random(plan.seed);
  const unsigned rounds = plan.warmup + plan.trials;
  const double steps = trials_to_run(plan, all);
  double step = 0;
  const auto seconds_taken = [&] { return duration<double>(steady_clock::now() - begin).count(); };
  // Once, because the estimate of the time left changes all the time.
  const auto say_if_late = [&](double done) {
    const double taken_s = seconds_taken();
    if (!announced_s || done <= 0 || taken_s < kLate * *announced_s + kLateSeconds) return;
    progress.clear();
    spdlog::info(
        "it takes longer than announced: {:.0f} of {:.0f} trials in {:.0f} s, about {:.0f} s left",
        step, steps, taken_s, taken_s * (1 - done) / done);
    announced_s.reset();
  };
  for (unsigned i = 0; i < rounds; ++i) {
    const bool counted = i >= plan.warmup;
    const auto rounds_run = static_cast<unsigned>(step / static_cast<double>(all.size()));
    if (i > plan.warmup && !deadline.allows_another(rounds_run, seconds_taken())) {
      spdlog::warn(
          "{} of {} trials each were run: more would not have ended within the sweep's time limit "
          "of {:g} s; with this result kept by --output FILE, sweep --resume FILE runs the rest",
          i - plan.warmup, plan.trials, *plan.time_limit_s);
      break;
    }
    const std::string what = counted
                                 ? fmt::format("trial {} of {}", i - plan.warmup + 1, plan.trials)
                                 : fmt::format("warm-up {} of {}", i + 1, plan.warmup);
    for (const std::size_t index : shuffled(all.size(), random)) {
      results::Series& series = all[index];
      if (counted && has_round(series, i - plan.warmup)) continue;
      const std::string_view name = all.size() > 1 ? std::string_view(series.name) : "";
      const auto show = [&](double part) { progress.show((step + part) / steps, what, name); };
      if (interrupt.requested()) return std::nullopt;
      say_if_late(step / steps);
      show(0);
      const machine::Placement& placement = plan.series[index].placement;
      const RoundTrips trips = prober.between(last_placement, &placement, expected_seconds(series));
      if (last_sample != nullptr) add_after_trial(*last_placement, trips, *last_sample);
      last_placement = &placement;
      last_sample = nullptr;
      std::optional<workload::Sample> sample;
      for (unsigned repeats = 0; !sample; ++repeats) {
        auto [whole, failure, verification] =
            run_trial(series.spec, placement, what, interrupt, show);
        if (failure) {
          failure->series = series.name;
          add(what, std::move(verification), series);
          return failure;
        }
        if (!whole) return std::nullopt;
        add(what, whole->verification, series);
        if (was_stopped(*whole) && !whole->cut_short && repeats < kMostRepeats) {
          series.repeated.trials += 1;
          series.repeated.stopped_s += whole->stopped_s;
        } else {
          sample = std::move(whole);
        }
      }
      step += 1;
      sample->core_to_core = before_trial(placement, trips);
      spdlog::debug("{}, {}: {} messages in {:.6f} s, {:.1f} M/s", what, series.name,
                    sample->messages, sample->seconds, sample->messages_per_second() / 1e6);
      // A trial that was cut short is not like the others. If it is the only one, it is better than
      // nothing.
      if (counted && (!sample->cut_short || (all.size() == 1 && series.samples.empty()))) {
        sample->round = i - plan.warmup;
        series.samples.push_back(std::move(*sample));
        last_sample = &series.samples.back();
      }
    }
  }
  if (last_sample == nullptr) return std::nullopt;
  const double length_s = last_sample->seconds;
  add_after_trial(*last_placement, prober.between(last_placement, nullptr, length_s), *last_sample);
  return std::nullopt;
}

}  // namespace bench::measure
