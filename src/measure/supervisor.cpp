#include "measure/supervisor.hpp"

#include <fmt/format.h>
#include <string.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <new>
#include <thread>
#include <utility>
#include <vector>

#include "machine/cannot_measure.hpp"
#include "machine/control_groups.hpp"
#include "measure/aside.hpp"
#include "measure/watch.hpp"
#include "measure/windows.hpp"
#include "workload/queue_table.hpp"
#include "workload/trial.hpp"

namespace bench::measure {
namespace {

using std::chrono::duration;
using std::chrono::nanoseconds;
using std::chrono::steady_clock;
using namespace std::chrono_literals;
using workload::Stage;

/// How often a running trial is looked at: often enough for a progress line, and seldom enough that
/// the looks, on one of the measured CPUs, take no noticeable part of the trial.
constexpr nanoseconds kTick = 100ms;

/// How long a trial that was interrupted or got stuck may take to consume what was sent. After that
/// it is abandoned.
constexpr nanoseconds kGrace = 700ms;

/// The slowest that memory is faulted in.
constexpr double kSlowestBytesPerSecond = 100e6;

double seconds_to_fault_in(const workload::Spec& spec) noexcept {
  return static_cast<double>(workload::ring_bytes(spec)) / kSlowestBytesPerSecond;
}

/// The time since the machine started in which it was suspended: the one clock goes on meanwhile,
/// and the other stands still.
double suspended_seconds() noexcept {
  timespec with{};
  timespec without{};
  if (clock_gettime(CLOCK_BOOTTIME, &with) != 0) return 0;
  if (clock_gettime(CLOCK_MONOTONIC, &without) != 0) return 0;
  return static_cast<double>(with.tv_sec - without.tv_sec) +
         static_cast<double>(with.tv_nsec - without.tv_nsec) * 1e-9;
}

/// CPU time of the whole process.
double cpu_seconds() noexcept {
  timespec used{};
  if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) != 0) return 0;
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
}

/// What a thread did between two states, in words.
std::string doing(const workload::ThreadState& before, const workload::ThreadState& now,
                  bool consumer, bool trips) {
  if (now.crash != 0) return "crashed within the queue";
  const bool waits = now.waits != before.waits;
  switch (now.stage) {
    case Stage::starting:
      return "making its end of the queue";
    case Stage::lined_up:
      return "waiting for the start";
    case Stage::replying:
      return waits ? "waiting for room to reply" : "within the queue's push";
    case Stage::running:
      if (now.messages != before.messages) return consumer ? "consuming" : "sending";
      if (consumer) return waits ? "waiting for messages" : "within the queue's consume";
      if (!waits) return "within the queue's push";
      return trips ? "waiting for room or for its reply" : "waiting for room";
    case Stage::ended:
      break;
  }
  return "ended";
}

/// The signal of a thread that crashed, if one did.
std::optional<int> crash_of(const workload::TrialState& state) {
  if (state.consumer.crash != 0) return state.consumer.crash;
  for (const workload::ThreadState& producer : state.producers) {
    if (producer.crash != 0) return producer.crash;
  }
  return std::nullopt;
}

/// Says what each thread was doing in the time between the two states.
std::vector<results::ThreadReport> reports(const workload::TrialState& before,
                                           const workload::TrialState& now, bool trips) {
  std::vector<results::ThreadReport> all;
  const auto add = [&](std::string name, const workload::ThreadState& then,
                       const workload::ThreadState& state, bool consumer) {
    all.push_back({.thread = std::move(name),
                   .doing = doing(then, state, consumer, trips),
                   .messages = state.messages});
  };
  add("consumer", before.consumer, now.consumer, true);
  for (std::size_t i = 0; i < now.producers.size(); ++i) {
    add(fmt::format("producer {}", i), before.producers[i], now.producers[i], false);
  }
  return all;
}

/// A failure whose trial and threads are still to be filled in.
results::Failure because(results::FailureKind kind, std::string reason) {
  return {.kind = kind,
          .series = {},
          .queue = {},
          .trial = {},
          .reason = std::move(reason),
          .threads = {}};
}

/// The failure of a trial that threw this.
results::Failure failure_of(const std::exception_ptr& thrown) {
  using results::FailureKind;
  try {
    std::rethrow_exception(thrown);
  } catch (const machine::CannotMeasure& error) {
    return because(FailureKind::cannot_measure, error.what());
  } catch (const std::bad_alloc&) {
    return because(FailureKind::cannot_measure, "out of memory");
  } catch (const std::exception& error) {
    return because(FailureKind::exception, fmt::format("the queue threw: {}", error.what()));
  } catch (...) {
    return because(FailureKind::exception, "the queue threw what is no std::exception");
  }
}

/// A trial on its way to its end.
class Supervisor {
 public:
  Supervisor(const workload::Spec& spec, Interrupt& interrupt,
             const std::function<void(double)>& show, std::unique_ptr<workload::RunningTrial> trial)
      : spec_(spec),
        interrupt_(interrupt),
        show_(show),
        trial_(std::move(trial)),
        watch_(seconds_to_fault_in(spec)) {}

  TrialOutcome outcome() {
    if (!wait_for_start()) return ended_early();
    const double suspended = suspended_seconds();
    const auto throttled = machine::throttling();
    watch_.begin_trial();
    const bool cut_short = wait_for_duration();
    if (failing_) return ended_early();
    trial_->stop();
    show(1);
    if (!wait_for_end()) return ended_early();
    TrialOutcome outcome;
    outcome.sample = trial_->sample();
    workload::Sample& sample = *outcome.sample;
    sample.cut_short = cut_short;
    sample.windows = windows_.of_trial(sample.seconds, sample.messages);
    sample.stopped_s =
        watch_.stopped_seconds() + std::max(0.0, suspended_seconds() - suspended - kClockJitter);
    if (const auto during = machine::since(throttled, machine::throttling())) {
      sample.throttled_s = during->seconds;
      // A quota stops the whole process too, and is told apart.
      sample.stopped_s = std::max(0.0, sample.stopped_s - during->seconds);
    }
    if (cut_short) abandon();  // freeing gigabytes of rings takes a while
    return outcome;
  }

  /// The trial's threads have ended; its memory is still to be freed.
  [[nodiscard]] std::unique_ptr<workload::RunningTrial> left_over() { return std::move(trial_); }

 private:
  /// The two clocks are read one after the other.
  static constexpr double kClockJitter = 0.01;

  [[nodiscard]] double now() const {
    return duration<double>(steady_clock::now() - begin_).count();
  }

  /// Looks at the trial. True if it can go on.
  bool goes_on() {
    using results::FailureKind;
    const workload::TrialState state = trial_->state();
    const Watch::Verdict verdict = watch_.look(now(), cpu_seconds(), state);
    if (crash_of(state)) {
      failing_ = FailureKind::crash;
    } else if (verdict == Watch::Verdict::stuck) {
      failing_ = FailureKind::no_progress;
    } else if (verdict == Watch::Verdict::too_many) {
      failing_ = FailureKind::too_many;
    }
    if (const nanoseconds late = steady_clock::now() - shown_; late >= kTick) show(part_);
    return !failing_;
  }

  void show(double part) {
    part_ = part;
    shown_ = steady_clock::now();
    show_(part);
  }

  bool wait_for_start() {
    while (!trial_->started_within(kTick / 10)) {
      if (!goes_on() || interrupt_.requested()) return false;
    }
    return true;
  }

  /// Waits until the trial ends, its time is over, it fails or an interrupt arrives. True if an
  /// interrupt cut it short.
  bool wait_for_duration() {
    const double begin = now();
    while (!trial_->finished_within(0ns)) {
      if (!goes_on()) return false;
      const double elapsed = now() - begin;
      const double left = spec_.duration_s ? *spec_.duration_s - elapsed : 1;
      if (left <= 0) return false;
      const workload::Consumed consumed = trial_->consumed_so_far();
      windows_.look(consumed.seconds, consumed.messages);
      show(spec_.duration_s ? elapsed / *spec_.duration_s : 0);
      const auto sleep = std::chrono::duration_cast<nanoseconds>(duration<double>(left));
      // The end of the trial ends this wait: many trials of a number of messages are shorter.
      if (trial_->finished_within(std::min(sleep, kTick))) return false;
      if (interrupt_.requested()) return true;
    }
    return false;
  }

  /// Waits until all threads have ended. False if they do not.
  bool wait_for_end() {
    std::optional<steady_clock::time_point> patience;
    while (!trial_->finished_within(kTick / 10)) {
      if (!goes_on()) return false;
      if (!interrupt_.requested()) continue;
      if (!patience) patience = steady_clock::now() + kGrace;
      if (steady_clock::now() > *patience) return false;
    }
    static_cast<void>(goes_on());  // the last look: a stop may have come just before the end
    failing_.reset();
    return true;
  }

  /// The threads of an abandoned trial run on until the process exits, which is soon.
  void abandon() { static_cast<void>(trial_.release()); }  // NOLINT(bugprone-unused-return-value)

  /// The outcome of a trial that did not come to its end.
  TrialOutcome ended_early() {
    TrialOutcome outcome;
    if (failing_) {
      outcome.failure = failure(*failing_);
      if (outcome.failure->kind == results::FailureKind::no_progress && threads_end()) {
        outcome.verification = trial_->sample().verification;
      }
      trial_->call_off();  // so that no thread keeps a CPU busy while the result is written
    }
    abandon();
    return outcome;
  }

  /// Asks the threads to end, first so that what was sent is still consumed. True once they have.
  bool threads_end() {
    trial_->stop();
    if (trial_->finished_within(kGrace)) return true;
    trial_->call_off();
    return trial_->finished_within(kGrace);
  }

  results::Failure failure(results::FailureKind kind) {
    const workload::TrialState before = trial_->state();
    // In this time every thread that waits makes a step: it sleeps at most 10 ms at a time.
    std::this_thread::sleep_for(kTick);
    const workload::TrialState state = trial_->state();
    results::Failure failure =
        state.thrown ? failure_of(state.thrown) : because(kind, reason(kind, state));
    failure.threads = reports(before, state, spec_.pattern == workload::Pattern::round_trip);
    return failure;
  }

  static std::string reason(results::FailureKind kind, const workload::TrialState& state) {
    if (kind == results::FailureKind::too_many) {
      return "the consumer got more messages than were sent";
    }
    if (const auto crash = crash_of(state)) {
      return fmt::format("the queue crashed with SIG{}", sigabbrev_np(*crash));
    }
    return fmt::format("no message got on for {:.0f} s", Watch::kPatienceSeconds);
  }

  const workload::Spec& spec_;
  Interrupt& interrupt_;
  const std::function<void(double)>& show_;
  std::unique_ptr<workload::RunningTrial> trial_;
  steady_clock::time_point begin_ = steady_clock::now();
  double part_ = 0;
  steady_clock::time_point shown_ = begin_;
  Watch watch_;
  Windows windows_;
  std::optional<results::FailureKind> failing_;
};

/// Waits for what the queue does outside of a trial: its constructor or its destructor. Returns the
/// failure, if it fails; nothing too if it was interrupted. `done` is set if it ended well, and
/// `show` is called from time to time.
std::optional<results::Failure> wait_for(Aside& aside, const char* what, double patience_s,
                                         Interrupt& interrupt, const std::function<void()>& show,
                                         bool& done) {
  // Counts its own waits and not the time, in which the whole process may have been stopped.
  constexpr nanoseconds kWait = kTick / 10;
  for (nanoseconds waited = 0ns; !aside.done_within(kWait); waited += kWait) {
    if (waited % kTick == 0ns) show();
    if (const auto crash = aside.crash()) {
      return because(
          results::FailureKind::crash,
          fmt::format("the queue crashed in its {} with SIG{}", what, sigabbrev_np(*crash)));
    }
    if (interrupt.requested()) return std::nullopt;
    if (duration<double>(waited).count() > patience_s) {
      return because(
          results::FailureKind::no_progress,
          fmt::format("the queue's {} did not return within {:.0f} s", what, patience_s));
    }
  }
  aside.rethrow();
  done = true;
  return std::nullopt;
}

}  // namespace

TrialOutcome run_trial(const workload::Spec& spec, const machine::Placement& placement,
                       const std::string& name, Interrupt& interrupt,
                       const std::function<void(double)>& show) {
  using Trial = std::unique_ptr<workload::RunningTrial>;
  // A queue may fault in all its memory in its constructor, and give it back in its destructor.
  const double patience_s = Watch::kPatienceSeconds + seconds_to_fault_in(spec);
  TrialOutcome outcome;
  try {
    bool made = false;
    const auto trial = std::make_shared<Trial>();
    Aside making([trial, spec, placement] { *trial = workload::start_trial(spec, placement); });
    outcome.failure =
        wait_for(making, "constructor", patience_s, interrupt, [&] { show(0); }, made);
    if (made) {
      Supervisor supervisor(spec, interrupt, show, std::move(*trial));
      outcome = supervisor.outcome();
      if (Trial left = supervisor.left_over()) {
        const auto last = std::make_shared<Trial>(std::move(left));
        Aside ending([last] { last->reset(); });
        bool ended = false;
        if (auto failure =
                wait_for(ending, "destructor", patience_s, interrupt, [&] { show(1); }, ended)) {
          outcome.failure = std::move(failure);
        }
      }
    }
  } catch (...) {
    outcome.failure = failure_of(std::current_exception());
  }
  if (outcome.failure) {
    outcome.failure->queue = spec.queue;
    outcome.failure->trial = name;
  }
  return outcome;
}

double longest_trial_seconds(const workload::Spec& spec) noexcept {
  // The constructor, the trial and the destructor each get the patience, and some seconds more go
  // into asking threads to end.
  constexpr double kStages = 3;
  constexpr double kMore = 10;
  return spec.duration_s.value_or(0) +
         kStages * (Watch::kPatienceSeconds + seconds_to_fault_in(spec)) + kMore;
}

}  // namespace bench::measure
