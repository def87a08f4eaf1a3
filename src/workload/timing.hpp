// What the loops do with a clock. The clock's type is a template parameter (one of
// machine/tick_clock.hpp's): reading it is the only thing that is added to a loop's work on a
// message before its time is taken.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "machine/tick_clock.hpp"
#include "workload/latency_histogram.hpp"
#include "workload/message.hpp"
#include "workload/schedule.hpp"
#include "workload/sinks.hpp"
#include "workload/spec.hpp"

namespace bench::workload {

/// For round trips that nobody times.
struct Untimed {
  void start() noexcept {}
  void returned() noexcept {}
};

/// Times round trips one after the other: the end of one is the start of the next, so that a trip
/// costs one reading, and all of them together are the time that went by. Reading the clock and
/// counting the trip before is a part of a trip's time: 27 ns with the TSC of a virtual machine
/// (AMD EPYC, Zen 5, 2026-11-25, median of 2,001 runs of 1,000 in a row).
template <class Source>
class TripTimes {
 public:
  TripTimes(const machine::TickClock& clock, LatencyRecorder& latencies) noexcept
      : clock_(clock), latencies_(latencies) {}

  void start() noexcept { last_ = Source::now(); }
  void returned() noexcept {
    const std::uint64_t now = Source::now();
    latencies_.record(clock_.ns_between(last_, now));
    last_ = now;
  }

 private:
  const machine::TickClock& clock_;
  LatencyRecorder& latencies_;
  std::uint64_t last_ = 0;
};

/// The times of a trial's round trips, if its spec asks for them. The object of the thread that
/// makes the trips, made before the start.
class TripLog {
 public:
  explicit TripLog(const Spec& spec) {
    if (!spec.latency) return;
    clock_ = &machine::tick_clock_of_this_machine();
    latencies_.emplace();
  }

  /// Runs the loop with what it is to tell of its trips: an Untimed or a TripTimes.
  template <class Loop>
  std::uint64_t run(Loop loop) {
    if (!latencies_) return loop(Untimed());
    return clock_->with_source(
        [&]<class Source>(Source) { return loop(TripTimes<Source>(*clock_, *latencies_)); });
  }

  [[nodiscard]] std::optional<LatencyHistogram> histogram() const {
    return latencies_ ? std::optional(latencies_->histogram()) : std::nullopt;
  }

 private:
  const machine::TickClock* clock_ = nullptr;
  std::optional<LatencyRecorder> latencies_;
};

/// A sink that verifies each message and then takes its time, from when it was due to when the
/// consumer had read every word of it. What its sender or the queue delayed it counts, wherever it
/// waited; so does what the consumer needed for the messages before it.
///
/// A time of less than nothing, which two CPUs' clocks can make of a very short one by what they
/// are apart, counts as 0.
template <class M, class Source>
class TimingSink {
 public:
  TimingSink(VerifyingSink<M>& sink, unsigned producers, const Schedule& schedule,
             const machine::TickClock& clock, LatencyRecorder& latencies)
      : sink_(sink), schedule_(schedule), clock_(clock), latencies_(latencies), next_(producers) {}

  class Reader {
   public:
    explicit Reader(TimingSink& sink) noexcept : reader_(sink.sink_), sink_(sink) {}
    void operator()(const M& message) {
      reader_(message);
      sink_.took(message.words.front(), Source::now());
    }
    void operator()(std::span<const M> run) {
      for (const M& message : run) (*this)(message);
    }

   private:
    typename VerifyingSink<M>::Reader reader_;
    TimingSink& sink_;
  };

 private:
  /// The message with this first word had been read at `now`.
  void took(typename M::Word first, std::uint64_t now) noexcept {
    const auto [producer, low_sequence] = origin_of(first);
    if (producer >= next_.size()) return;  // damaged: nobody knows when it was due
    std::uint64_t& next = next_[producer];
    const std::int64_t distance = distance_from(next, low_sequence);
    if (is_damage<typename M::Word>(distance, next)) return;
    next += static_cast<std::uint64_t>(distance);
    latencies_.record(clock_.ns_between(schedule_.due(producer, next), now));
    ++next;
  }

  VerifyingSink<M>& sink_;
  const Schedule& schedule_;
  const machine::TickClock& clock_;
  LatencyRecorder& latencies_;
  std::vector<std::uint64_t> next_;  // by producer, one past the last sequence number seen
};

}  // namespace bench::workload
