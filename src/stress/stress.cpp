#include "stress/stress.hpp"

#include <fmt/format.h>
#include <string.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "machine/cannot_measure.hpp"
#include "machine/memory_limit.hpp"
#include "stress/hosted_round.hpp"
#include "stress/memory_watch.hpp"
#include "stress/sanitizer.hpp"
#include "stress/watchdog.hpp"

namespace bench::stress {
namespace {

using results::StressFailureKind;
using std::chrono::duration;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

/// How often a running round is looked at.
constexpr std::chrono::nanoseconds kLook = 5ms;
/// How often the user is told.
constexpr double kShowSeconds = 0.1;
/// How long a round that has failed may take to end, so that all that went wrong is known; and a
/// round that is interrupted.
constexpr double kGraceSeconds = 2;

std::string signal_name(int signal) {
  const char* const name = sigabbrev_np(signal);
  return name == nullptr ? fmt::format("signal {}", signal) : fmt::format("SIG{}", name);
}

class Stress {
 public:
  Stress(const StressOptions& options, const Surroundings& surroundings)
      : options_(options), surroundings_(surroundings), possible_(possible(options.narrowing)) {
    for (const workload::QueueEntry& queue : options.narrowing.queues) {
      report_.queues.push_back(
          {.name = std::string(queue.name), .order = std::string(queue.order)});
    }
    for (const ShapeEntry& entry : shapes()) {
      if (!possible_.has(entry.shape)) continue;
      report_.coverage.push_back({.shape = std::string(entry.name),
                                  .group = group_name(entry.shape),
                                  .meaning = std::string(entry.meaning)});
    }
    report_.seed = options.seed;
    report_.duration_s = options.duration_s;
    report_.rounds_asked = options.rounds;
  }

  results::StressReport report() && {
    std::uint64_t seed = options_.seed;
    while (goes_on()) {
      ++ordinal_;
      run(draw(seed, options_.narrowing));
      if (report_.failure) break;
      if (!options_.same_round) seed = next_seed(seed);
    }
    report_.seconds = elapsed();
    report_.complete = !interrupted_ && !report_.failure;
    report_.memory = {.resident_first = resident_first_,
                      .resident_last = resident_last_,
                      .resident_most = resident_most_,
                      .allocated_first = allocated_.first(),
                      .allocated_last = allocated_.last()};
    return std::move(report_);
  }

 private:
  [[nodiscard]] static std::string group_name(Shape shape) {
    for (const Group& group : groups()) {
      if (shape >= group.first && shape <= group.last) return std::string(group.name);
    }
    return {};
  }

  [[nodiscard]] double elapsed() const {
    return duration<double>(steady_clock::now() - begin_).count();
  }

  [[nodiscard]] bool goes_on() {
    look_around();
    if (interrupted_) return false;
    if (options_.rounds && report_.rounds + report_.skipped >= *options_.rounds) return false;
    return !options_.duration_s || elapsed() < *options_.duration_s;
  }

  /// Asks for signals each time, since the second one ends the process.
  void look_around() {
    interrupted_ = surroundings_.interrupted() || interrupted_;
    show();
  }

  void run(const RoundPlan& plan) {
    say_at_sanitizers_end("repeat the round: " + command_of(plan, true));
    try {
      check_memory(plan);
      auto round = std::make_unique<HostedRound>(plan);
      if (!watch(*round, plan)) {
        // Its threads still run, and use what it has.
        static_cast<void>(round.release());  // NOLINT(bugprone-unused-return-value)
        return;
      }
      note(plan, round->outcome());
      round.reset();
      watch_memory(plan);
    } catch (const std::bad_alloc&) {
      skip(fmt::format("out of memory in a round of {}", describe(plan)));
    } catch (const std::system_error& error) {
      skip(fmt::format("{} threads: {}; use fewer --producers", plan.threads + 1,
                       error.code().message()));
    }
  }

  /// Leaves a round out for which there is not enough of something. That much cannot be always so.
  void skip(const std::string& why) {
    constexpr std::uint64_t kMostSkipped = 100;
    if (++report_.skipped > report_.rounds + kMostSkipped || options_.same_round) {
      throw machine::CannotMeasure(why);
    }
  }

  static void check_memory(const RoundPlan& plan) {
    const machine::MemoryLimit memory = machine::memory_limit();
    if (plan.ring_bytes() > memory.available_bytes / 2) throw std::bad_alloc();
  }

  /// Waits until the round is over; false if it never will be.
  bool watch(HostedRound& round, const RoundPlan& plan) {
    const auto begin = steady_clock::now();
    std::optional<double> failed_s;
    std::optional<double> interrupted_s;
    Watchdog watchdog;
    while (!round.over_within(kLook)) {
      const double now = duration<double>(steady_clock::now() - begin).count();
      look_around();
      if (interrupted_ || now > duration<double>(plan.time).count()) round.stop();
      const HostedRound::State state = round.state();
      const bool stuck = watchdog.is_stuck(now, state.positions);
      if (state.crash) {
        note_failure(plan, StressFailureKind::crash,
                     fmt::format("the queue crashed with {}", signal_name(*state.crash)),
                     watchdog.threads());
        return false;
      }
      if (stuck) {
        note_hang(plan, state, watchdog);
        return false;
      }
      if (interrupted_ && !interrupted_s) interrupted_s = now;
      if (interrupted_s && now - *interrupted_s > kGraceSeconds) return false;
      if (!state.failed) continue;
      if (!failed_s) failed_s = now;
      if (now - *failed_s > kGraceSeconds) {
        note_failure(plan, StressFailureKind::wrong, state.fault, watchdog.threads());
        return false;
      }
    }
    return true;
  }

  void show() {
    const double now = elapsed();
    if (now < shown_ + kShowSeconds) return;
    shown_ = now;
    surroundings_.show({.seconds = now, .rounds = report_.rounds, .messages = report_.messages});
  }

  void note(const RoundPlan& plan, const HostedRound::Outcome& outcome) {
    ++report_.rounds;
    report_.messages += outcome.received;
    for (results::StressedQueue& queue : report_.queues) {
      if (queue.name != plan.queue.name) continue;
      ++queue.rounds;
      queue.messages += outcome.received;
    }
    for (results::Coverage& row : report_.coverage) {
      const Shape shape = shape_of(row.shape);
      const std::uint64_t times = outcome.happened[static_cast<std::size_t>(shape)];
      row.drawn += plan.has(shape) ? 1 : 0;
      row.rounds += times > 0 ? 1 : 0;
      row.times += times;
    }
    if (!outcome.fault.empty()) {
      note_failure(plan, StressFailureKind::wrong, outcome.fault, {});
    } else if (sanitizer_reports() > 0) {
      note_failure(plan, StressFailureKind::wrong,
                   "the thread sanitizer reported what stands above", {});
    }
  }

  [[nodiscard]] static Shape shape_of(std::string_view name) {
    const auto all = shapes();
    return std::ranges::find(all, name, &ShapeEntry::name)->shape;
  }

  void note_hang(const RoundPlan& plan, const HostedRound::State& state, const Watchdog& watchdog) {
    std::string reason = fmt::format("no thread got on for {:.0f} s", Watchdog::kPatienceSeconds);
    if (state.positions.empty()) reason += " while the queue was made or destroyed";
    if (!state.fault.empty()) reason += ", after " + state.fault;
    for (const std::string& hint : state.hints) reason += "; " + hint;
    note_failure(plan, StressFailureKind::no_progress, reason, watchdog.threads());
  }

  /// The command that repeats the round, or all rounds up to it.
  [[nodiscard]] std::string command_of(const RoundPlan& plan, bool one_round) const {
    std::string command =
        fmt::format("ringmpsc-bench stress --seed {}{}", one_round ? plan.seed : options_.seed,
                    one_round || options_.same_round ? " --same-round" : "");
    // One queue of several draws the same round.
    if (one_round && plan.queue.name != workload::kOurQueue) {
      command += fmt::format(" --queue {}", plan.queue.name);
    } else if (!one_round && !options_.queue_words.empty()) {
      command += " " + options_.queue_words;
    }
    if (!options_.narrowing_words.empty()) command += " " + options_.narrowing_words;
    return command;
  }

  void note_failure(const RoundPlan& plan, StressFailureKind kind, std::string reason,
                    std::vector<results::ThreadReport> threads) {
    // A leak shows after many rounds, whatever their shape.
    const bool one_round = kind != StressFailureKind::leak;
    report_.failure = results::StressFailure{.kind = kind,
                                             .round = ordinal_,
                                             .seed = plan.seed,
                                             .queue = std::string(plan.queue.name),
                                             .reason = std::move(reason),
                                             .command = command_of(plan, one_round),
                                             .plan = describe(plan),
                                             .shapes = {},
                                             .threads = std::move(threads)};
    for (const ShapeEntry& entry : shapes()) {
      if (plan.has(entry.shape)) report_.failure->shapes.emplace_back(entry.name);
    }
  }

  void watch_memory(const RoundPlan& plan) {
    if (report_.failure) return;
    const MemoryUse use = memory_use();
    if (use.resident) {
      if (report_.rounds == Growth::kRounds || !resident_first_) resident_first_ = use.resident;
      resident_last_ = use.resident;
      resident_most_ = std::max(resident_most_.value_or(0), *use.resident);
    }
    const bool heap = use.allocated && allocated_.grows(*use.allocated);
    const bool mapped = use.mapped && mapped_.grows(*use.mapped);
    if (!heap && !mapped) return;
    const Growth& growth = heap ? allocated_ : mapped_;
    note_failure(
        plan, StressFailureKind::leak,
        fmt::format(
            "memory grows from round to round: {} bytes {} after the first rounds, and {} now",
            growth.first().value_or(0), heap ? "were allocated" : "were mapped",
            growth.last().value_or(0)),
        {});
  }

  const StressOptions& options_;
  const Surroundings& surroundings_;
  const ShapeSet possible_;
  const steady_clock::time_point begin_ = steady_clock::now();
  results::StressReport report_;
  Growth allocated_{16};
  Growth mapped_{4096};
  std::optional<std::uint64_t> resident_first_;
  std::optional<std::uint64_t> resident_last_;
  std::optional<std::uint64_t> resident_most_;
  double shown_ = 0;
  std::uint64_t ordinal_ = 0;  ///< of the round that runs, from 1
  bool interrupted_ = false;
};

}  // namespace

results::StressReport stress(const StressOptions& options, const Surroundings& surroundings) {
  return Stress(options, surroundings).report();
}

}  // namespace bench::stress
