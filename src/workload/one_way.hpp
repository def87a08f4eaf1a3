// One-way trials: messages are due on a fixed schedule, and each is timed from when it was due.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include "machine/placement.hpp"
#include "machine/tick_clock.hpp"
#include "workload/loops.hpp"
#include "workload/message.hpp"
#include "workload/pace.hpp"
#include "workload/queue.hpp"
#include "workload/queue_table.hpp"
#include "workload/schedule.hpp"
#include "workload/sinks.hpp"
#include "workload/stream.hpp"
#include "workload/timing.hpp"
#include "workload/trial_threads.hpp"
#include "workload/waiting.hpp"

namespace bench::workload {

/// A one-way trial of queue Q. Every producer sends on a schedule, regardless of what happens to
/// its messages, and each message is timed from when it was due. Timing a message from when it was
/// really sent would hide what a stall does to the messages behind it: they are sent late, but
/// would look prompt ("coordinated omission": G. Tene, How NOT to Measure Latency, 2015).
///
/// Both sides read a clock for every message. From about 10 million messages per second on, the
/// clock readings are saturated, not the queue (PERFORMANCE.md, "Appendix").
template <class Q, class M>
  requires QueueUnderTest<Q, M>
class OneWayOf final : public TrialThreads {
 public:
  /// Throws std::invalid_argument if the spec has no rate.
  OneWayOf(const Spec& spec, const machine::Placement& placement)
      : TrialThreads(spec, placement),
        clock_(machine::tick_clock_of_this_machine()),
        queue_(queue_options(spec)),
        waits_(spec.wait),
        sink_(spec.producers) {
    if (!(spec.rate > 0.0)) throw std::invalid_argument("one-way: the rate must be more than 0");
    start();
  }
  ~OneWayOf() override { join(); }

 private:
  /// The time from the common start to the first due message. By then every producer has seen the
  /// start.
  static constexpr std::chrono::microseconds kLead{100};

  std::uint64_t produce(unsigned id) override {
    auto producer = queue_.producer();
    std::vector<decltype(queue_.producer())> idle;
    if (id == 0) idle = idle_producers_of(queue_, spec_);
    if (!line_up(id)) return 0;
    const std::uint64_t limit = spec_.messages_per_producer.value_or(UINT64_MAX);
    const Scheduled done = send_on_schedule<M>(std::move(producer), id, *schedule_, clock_,
                                               approach(), limit, signals_, waits_);
    due_.fetch_add(done.due, std::memory_order_relaxed);
    return done.sent;
  }

  /// Ends with the trial and not with its last message: the time until the next would have been due
  /// belongs to the schedule too.
  Clock::time_point consume(Sample& sample) override {
    auto consumer = queue_.consumer();
    LatencyRecorder latencies;
    if (!all_lined_up()) return {};
    const auto begin = Clock::now() + kLead;
    schedule_.emplace(clock_.now() + ticks(kLead),
                      clock_.ticks_per_second() * spec_.producers / *spec_.rate, spec_.producers);
    go(begin);
    TimingSink<M> timing(sink_, spec_.producers, *schedule_, clock_, latencies);
    static_cast<void>(
        consume_to_the_end(consumer, timing, spec_.producers, signals_, Pace(kNeverPause), waits_));
    const auto end = Clock::now();
    sample.metrics = metrics(consumer);
    sample.latency = latencies.histogram();
    sample.messages_due = due_.load(std::memory_order_relaxed);
    return std::max(begin, end);  // the trial may be over before any message was due
  }

  Verification verification(std::span<const std::uint64_t> sent) override {
    return sink_.verification(sent);
  }

  [[nodiscard]] std::uint64_t ticks(std::chrono::nanoseconds time) const noexcept {
    return clock_.from_ns(static_cast<std::uint64_t>(time.count()));
  }

  /// A producer spins when the due time is near. It yields while more than 100 us are left or,
  /// where threads share CPUs, at every reading of the clock. If no other thread wants the core,
  /// the producer gets it back at once and the figures are the same. Otherwise it may get the core
  /// back a time slice later: its message is then sent late, and this delay is part of the
  /// message's time. Without the yield, threads that share a CPU would take turns only at the end
  /// of a slice.
  [[nodiscard]] Approach approach() const noexcept {
    return {.longest_spin = placement_.oversubscribed ? 0 : ticks(std::chrono::microseconds(100))};
  }

  const machine::TickClock& clock_;
  /// Made by the consumer before it releases the producers.
  std::optional<Schedule> schedule_;
  Q queue_;
  WaitPoints waits_;
  VerifyingSink<M> sink_;
  std::atomic<std::uint64_t> due_{0};  // messages that were due when their producers stopped
};

}  // namespace bench::workload
