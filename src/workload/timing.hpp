// How the loops use a clock: they time round trips, and messages that are due on a schedule.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "machine/tick_clock.hpp"
#include "workload/latency_histogram.hpp"
#include "workload/message.hpp"
#include "workload/schedule.hpp"
#include "workload/sinks.hpp"

namespace bench::workload {

/// Times round trips one after the other. The end of one trip is the start of the next, so that a
/// trip costs one reading and the trips add up to the time that passed. A trip's time includes
/// 27 ns for reading the clock and counting the previous trip (PERFORMANCE.md, "Appendix"). The
/// thread that makes the trips owns this object and makes it before the start.
class TripTimes {
 public:
  TripTimes() : clock_(machine::tick_clock_of_this_machine()) {}

  void start() noexcept { last_ = clock_.now(); }
  void returned() noexcept;

  [[nodiscard]] LatencyHistogram histogram() const { return latencies_.histogram(); }

 private:
  const machine::TickClock& clock_;
  LatencyRecorder latencies_;
  std::uint64_t last_ = 0;
};

/// A sink that verifies each message and then times it, from when it was due to when the consumer
/// had read every word of it. All delays count: in the sender, in the queue, and by the messages
/// that the consumer had to read first.
///
/// A very short time may come out negative, because the clocks of two CPUs can differ. It counts as
/// 0. `C` is the clock, a template parameter only for the tests.
template <class M, class C = machine::TickClock>
class TimingSink {
 public:
  TimingSink(VerifyingSink<M>& sink, unsigned producers, const Schedule& schedule, const C& clock,
             LatencyRecorder& latencies)
      : sink_(sink), schedule_(schedule), clock_(clock), latencies_(latencies), next_(producers) {}

  class Reader {
   public:
    explicit Reader(TimingSink& sink) noexcept : reader_(sink.sink_), sink_(sink) {}
    void operator()(const M& message) {
      reader_(message);
      sink_.took(message.words.front(), sink_.clock_.now());
    }
    void operator()(std::span<const M> run) {
      for (const M& message : run) (*this)(message);
    }

   private:
    typename VerifyingSink<M>::Reader reader_;
    TimingSink& sink_;
  };

 private:
  /// Records that the message with this first word had been read at `now`.
  void took(typename M::Word first, std::uint64_t now) noexcept {
    const auto [producer, low_sequence] = origin_of(first);
    if (producer >= next_.size()) return;  // damaged: its due time is unknown
    std::uint64_t& next = next_[producer];
    const std::int64_t distance = distance_from(next, low_sequence);
    if (is_damage<typename M::Word>(distance, next)) return;
    next += static_cast<std::uint64_t>(distance);
    latencies_.record(clock_.ns_between(schedule_.due(producer, next), now));
    ++next;
  }

  VerifyingSink<M>& sink_;
  const Schedule& schedule_;
  const C& clock_;
  LatencyRecorder& latencies_;
  std::vector<std::uint64_t> next_;  // for each producer, one past the last sequence number seen
};

}  // namespace bench::workload
