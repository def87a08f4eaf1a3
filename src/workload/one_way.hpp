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
#include "ringmpsc/pace.hpp"
#include "workload/loops.hpp"
#include "workload/message.hpp"
#include "workload/queue.hpp"
#include "workload/queue_table.hpp"
#include "workload/schedule.hpp"
#include "workload/sinks.hpp"
#include "workload/stream.hpp"
#include "workload/timing.hpp"
#include "workload/trial_threads.hpp"
#include "workload/waiting.hpp"

namespace bench::workload {

/// A one-way trial of queue Q: every producer sends on a schedule, whatever becomes of its
/// messages, and each message is timed from when it was due. Timing from when it was really sent
/// would hide what a stall does to the messages behind it: they are sent late, and would look
/// prompt ("coordinated omission": G. Tene, How NOT to Measure Latency, 2015).
///
/// Both sides read a clock for every message: from about 10 million messages a second on, the clock
/// readings are saturated and not the queue (PERFORMANCE.md, "Reading the clock").
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
  /// From the common start to the first due message: by then every producer has seen the start.
  static constexpr std::chrono::microseconds kLead{100};

  std::uint64_t produce(unsigned id) override {
    auto producer = queue_.producer();
    std::vector<decltype(queue_.producer())> idle;
    if (id == 0) idle = idle_producers_of(queue_, spec_);
    if (!line_up()) return 0;
    const std::uint64_t limit = spec_.messages_per_producer.value_or(UINT64_MAX);
    const Scheduled done = send_on_schedule<M>(std::move(producer), id, *schedule_, clock_,
                                               approach(), limit, signals_, waits_);
    due_.fetch_add(done.due, std::memory_order_relaxed);
    return done.sent;
  }

  Clock::time_point consume(Sample& sample) override {
    auto consumer = queue_.consumer();
    LatencyRecorder latencies;
    if (!all_lined_up()) return {};
    const auto begin = Clock::now() + kLead;
    schedule_.emplace(clock_.now() + ticks(kLead),
                      clock_.ticks_per_second() * spec_.producers / *spec_.rate, spec_.producers);
    go(begin);
    TimingSink<M> timing(sink_, spec_.producers, *schedule_, clock_, latencies);
    const auto last = consume_to_the_end(consumer, timing, spec_.producers, signals_,
                                         ringmpsc::Pace(kNeverPause), waits_);
    sample.metrics = metrics(consumer);
    sample.latency = latencies.histogram();
    sample.messages_due = due_.load(std::memory_order_relaxed);
    return std::max(begin, last);  // it may be over before anything was due
  }

  Verification verification(std::span<const std::uint64_t> sent) override {
    return sink_.verification(sent);
  }

  [[nodiscard]] std::uint64_t ticks(std::chrono::nanoseconds time) const noexcept {
    return clock_.from_ns(static_cast<std::uint64_t>(time.count()));
  }

  /// A producer spins towards a due time that is near. It yields while more than 100 us are left
  /// or, where threads share CPUs, at every look at the clock. If nobody else wants the core, it
  /// has it back at once and the figures are the same. Otherwise it may have it back a time slice
  /// later: its message is then sent late, which is a part of the message's time. Without the yield
  /// the threads that share a CPU would change places only at the end of a slice.
  [[nodiscard]] Approach approach() const noexcept {
    return {.longest_spin = placement_.oversubscribed ? 0 : ticks(std::chrono::microseconds(100))};
  }

  const machine::TickClock& clock_;
  /// Made by the consumer before it lets the producers go.
  std::optional<Schedule> schedule_;
  Q queue_;
  WaitPoints waits_;
  VerifyingSink<M> sink_;
  std::atomic<std::uint64_t> due_{0};  // messages due by the time that their producers stopped
};

}  // namespace bench::workload
