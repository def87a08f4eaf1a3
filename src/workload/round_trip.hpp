// Round trips: one message at a time is sent and sent back, and is verified both ways.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "machine/placement.hpp"
#include "ringmpsc/backoff.hpp"
#include "workload/loops.hpp"
#include "workload/message.hpp"
#include "workload/pace.hpp"
#include "workload/queue.hpp"
#include "workload/queue_table.hpp"
#include "workload/sinks.hpp"
#include "workload/stream.hpp"
#include "workload/timing.hpp"
#include "workload/trial_threads.hpp"
#include "workload/waiting.hpp"

namespace bench::workload {

/// A sink that sends each message back and checks it.
template <class M, class P>
struct Echo {
  VerifyingSink<M>& sink;
  P& out;
  Signals& signals;

  class Reader {
   public:
    explicit Reader(Echo& echo) noexcept
        : reader_(echo.sink), out_(echo.out), signals_(echo.signals) {}
    void operator()(const M& message) {
      if (!out_.push(message)) [[unlikely]] {
        push_later(message);
      }
      reader_(message);
    }
    void operator()(std::span<const M> run) {
      for (const M& message : run) (*this)(message);
    }

   private:
    /// The one message in flight always finds room, unless the queue is at fault or the producer
    /// has left.
    [[gnu::noinline]] void push_later(const M& message) {
      signals_.consumer.reached(Stage::replying);
      ringmpsc::Backoff backoff;
      do {
        if (signals_.off.load(std::memory_order_relaxed)) return;
        signals_.consumer.waits();
        backoff.snooze();
      } while (!out_.push(message));
      signals_.consumer.reached(Stage::running);
    }

    typename VerifyingSink<M>::Reader reader_;
    P& out_;
    Signals& signals_;
  };
};

/// A round-trip trial of queue Q. One message at a time goes to the consumer through one queue and
/// comes back through another, and is verified both times.
template <class Q, class M>
  requires QueueUnderTest<Q, M>
class RoundTripOf final : public TrialThreads {
 public:
  RoundTripOf(const Spec& spec, const machine::Placement& placement)
      : TrialThreads(spec, placement),
        there_(queue_options(spec)),
        back_(way_back(spec)),
        waits_(spec.wait),
        sink_(1),
        reply_sink_(1) {
    start();
  }
  ~RoundTripOf() override { join(); }

 private:
  static QueueOptions way_back(Spec spec) {
    spec.producers = 1;
    spec.idle_producers = 0;
    spec.metrics = false;
    return queue_options(spec);
  }

  std::uint64_t produce(unsigned id) override {
    auto producer = there_.producer();
    const auto idle = idle_producers_of(there_, spec_);
    auto replies = back_.consumer();
    std::optional<TripTimes> times;
    if (spec_.latency) times.emplace();
    if (!line_up(id)) return 0;
    const std::uint64_t limit = spec_.messages_per_producer.value_or(UINT64_MAX);
    const std::uint64_t trips = send_and_await<M>(std::move(producer), replies, reply_sink_, limit,
                                                  signals_, waits_, times ? &*times : nullptr);
    if (times) latency_ = times->histogram();
    return trips;
  }

  Clock::time_point consume(Sample& sample) override {
    auto consumer = there_.consumer();
    auto replier = back_.producer();
    if (!start_clock()) return {};
    Echo<M, decltype(replier)> echo{sink_, replier, signals_};
    const auto last = consume_to_the_end(consumer, echo, 1, signals_, Pace(kNeverPause), waits_);
    sample.metrics = metrics(consumer);
    sample.latency = std::move(latency_);
    return last;
  }

  Verification verification(std::span<const std::uint64_t> sent) override {
    // A message that goes wrong on the way there is also wrong on the way back: this is one fault.
    const Verification there = sink_.verification(sent);
    Verification both = reply_sink_.verification(sent);
    both.lost = std::max(both.lost, there.lost);
    both.duplicated = std::max(both.duplicated, there.duplicated);
    both.reordered = std::max(both.reordered, there.reordered);
    both.corrupted = std::max(both.corrupted, there.corrupted);
    for (const FaultyMessage& message : there.first) both.keep_first(message);
    return both;
  }

  Q there_;
  Q back_;
  WaitPoints waits_;
  VerifyingSink<M> sink_;
  VerifyingSink<M> reply_sink_;
  std::optional<LatencyHistogram> latency_;  // written by the producer, read after it has ended
};

}  // namespace bench::workload
