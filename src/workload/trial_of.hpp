// Trials of one queue type: what its producers and its consumer do. Included by the table of queues
// and by tests that put a queue of their own under the same loops.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "machine/placement.hpp"
#include "machine/tick_clock.hpp"
#include "queues/queue.hpp"
#include "workload/loops.hpp"
#include "workload/message.hpp"
#include "workload/sinks.hpp"
#include "workload/timing.hpp"
#include "workload/trial.hpp"
#include "workload/trial_threads.hpp"
#include "workload/waiting.hpp"

namespace bench::workload {

[[nodiscard]] inline queues::QueueOptions options(const Spec& spec) {
  return {.producers = spec.producers + spec.idle_producers,
          .ring_bits = spec.ring_bits,
          .batch = spec.batch,
          .metrics = spec.metrics};
}

/// They are registered before the start and until the one who asked for them has ended.
template <class Q>
[[nodiscard]] auto idle_producers_of(Q& queue, const Spec& spec) {
  std::vector<decltype(queue.producer())> idle;
  idle.reserve(spec.idle_producers);
  for (unsigned i = 0; i < spec.idle_producers; ++i) idle.push_back(queue.producer());
  return idle;
}

/// A ring of one slot is always full enough.
inline constexpr std::size_t kNeverPause = 1;

/// The adaptive strategy keeps the consumer off its producers' heels; with the others it is greedy.
[[nodiscard]] inline ringmpsc::Pace pace_of(const Spec& spec) noexcept {
  return ringmpsc::Pace(spec.wait == Wait::adaptive ? std::size_t{1} << spec.ring_bits
                                                    : kNeverPause);
}

/// A trial of queue Q with messages M.
template <class Q, class M, template <class> class Sink, bool Blocking>
  requires queues::QueueUnderTest<Q, M>
class TrialOf final : public TrialThreads {
 public:
  TrialOf(const Spec& spec, const machine::Placement& placement)
      : TrialThreads(spec, placement),
        queue_(options(spec)),
        waits_(spec.wait),
        sink_(spec.producers) {
    start();
  }
  ~TrialOf() override { join(); }

 private:
  std::uint64_t produce(unsigned id) override {
    auto producer = queue_.producer();
    std::vector<decltype(queue_.producer())> idle;
    if (id == 0) idle = idle_producers_of(queue_, spec_);
    const std::uint64_t limit = spec_.messages_per_producer.value_or(UINT64_MAX);
    if constexpr (requires { std::move(producer).deferred(); }) {
      if (spec_.write == Write::deferred) {
        auto deferred = std::move(producer).deferred();
        if (!line_up()) return 0;
        return send_singly<M>(std::move(deferred), id, limit, signals_, waits_);
      }
    }
    if constexpr (requires { producer.produce(1, [](std::span<M>) {}); }) {
      if (spec_.write == Write::in_place && spec_.batch > 1) {
        if (!line_up()) return 0;
        return send_in_place<M>(std::move(producer), id, spec_.batch, limit, signals_, waits_);
      }
    }
    if (spec_.batch == 1) {
      if (!line_up()) return 0;
      return send_singly<M>(std::move(producer), id, limit, signals_, waits_);
    }
    std::vector<M> buffer(spec_.batch);
    if (!line_up()) return 0;
    return send_copies<M>(std::move(producer), id, std::span(buffer), limit, signals_, waits_);
  }

  Clock::time_point consume(Sample& sample) override {
    auto consumer = queue_.consumer();
    if (!start_clock()) return {};
    const auto last =
        consume_to_the_end(consumer, sink_, spec_.producers, signals_, pace_of(spec_), waits_);
    sample.metrics = queues::metrics(consumer);
    return last;
  }

  Verification verification(std::span<const std::uint64_t> sent) override {
    return sink_.verification(sent);
  }

  Q queue_;
  WaitPoints<Blocking> waits_;
  Sink<M> sink_;
};

/// A sink that checks each message and sends it back.
template <class M, class P>
struct Echo {
  VerifyingSink<M>& sink;
  P& out;

  class Reader {
   public:
    explicit Reader(Echo& echo) noexcept : reader_(echo.sink), out_(echo.out) {}
    void operator()(const M& message) {
      while (!out_.push(message)) ringmpsc::detail::pause();
      reader_(message);
    }
    void operator()(std::span<const M> run) {
      for (const M& message : run) (*this)(message);
    }

   private:
    typename VerifyingSink<M>::Reader reader_;
    P& out_;
  };
};

/// A round-trip trial of queue Q: one message at a time goes to the consumer through one queue and
/// comes back through another, verified both times.
template <class Q, class M, bool Blocking>
  requires queues::QueueUnderTest<Q, M>
class RoundTripOf final : public TrialThreads {
 public:
  RoundTripOf(const Spec& spec, const machine::Placement& placement)
      : TrialThreads(spec, placement),
        there_(options(spec)),
        back_({.producers = 1, .ring_bits = spec.ring_bits, .batch = 1, .metrics = false}),
        waits_(spec.wait),
        sink_(1),
        reply_sink_(1) {
    start();
  }
  ~RoundTripOf() override { join(); }

 private:
  std::uint64_t produce(unsigned /*id*/) override {
    auto producer = there_.producer();
    const auto idle = idle_producers_of(there_, spec_);
    auto replies = back_.consumer();
    TripLog log(spec_);
    if (!line_up()) return 0;
    const std::uint64_t limit = spec_.messages_per_producer.value_or(UINT64_MAX);
    const std::uint64_t trips = log.run([&](auto times) {
      return send_and_await<M>(std::move(producer), replies, reply_sink_, limit, signals_, waits_,
                               times);
    });
    latency_ = log.histogram();
    return trips;
  }

  Clock::time_point consume(Sample& sample) override {
    auto consumer = there_.consumer();
    auto replier = back_.producer();
    if (!start_clock()) return {};
    Echo<M, decltype(replier)> echo{sink_, replier};
    const auto last =
        consume_to_the_end(consumer, echo, 1, signals_, ringmpsc::Pace(kNeverPause), waits_);
    sample.metrics = queues::metrics(consumer);
    sample.latency = std::move(latency_);
    return last;
  }

  Verification verification(std::span<const std::uint64_t> sent) override {
    // What goes wrong on the way there is wrong on the way back too, and is one fault.
    const Verification there = sink_.verification(sent);
    Verification both = reply_sink_.verification(sent);
    both.lost = std::max(both.lost, there.lost);
    both.duplicated = std::max(both.duplicated, there.duplicated);
    both.reordered = std::max(both.reordered, there.reordered);
    both.corrupted = std::max(both.corrupted, there.corrupted);
    return both;
  }

  Q there_;
  Q back_;
  WaitPoints<Blocking> waits_;
  VerifyingSink<M> sink_;
  VerifyingSink<M> reply_sink_;
  std::optional<LatencyHistogram> latency_;  // the producer's, until it has ended
};

/// A one-way trial of queue Q: every producer sends on a schedule, whatever becomes of its
/// messages, and each message is timed from when it was due. Timing from when it was really sent
/// would leave out what a stall does to the messages behind it: they are sent late, and would look
/// prompt ("coordinated omission": G. Tene, How NOT to Measure Latency, 2015).
///
/// Both sides read a clock for every message, and the consumer waits for each before the next: it
/// is they, and not a queue, that are saturated by more than some 10 million messages a second.
/// With ringmpsc 13 million of 8 bytes were achieved of a billion offered, and 33 million an hour
/// later, on two CPUs of a virtual machine (AMD EPYC, Zen 5, 2026-11-25), far cores and near ones.
template <class Q, class M, bool Blocking>
  requires queues::QueueUnderTest<Q, M>
class OneWayOf final : public TrialThreads {
 public:
  /// Throws std::invalid_argument if the spec has no rate.
  OneWayOf(const Spec& spec, const machine::Placement& placement)
      : TrialThreads(spec, placement),
        clock_(machine::tick_clock_of_this_machine()),
        queue_(options(spec)),
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
    const Scheduled done = clock_.with_source([&]<class Source>(Source) {
      return send_on_schedule<M, Source>(std::move(producer), id, *schedule_, approach(), limit,
                                         signals_, waits_);
    });
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
    const auto last = clock_.with_source([&]<class Source>(Source) {
      TimingSink<M, Source> timing(sink_, spec_.producers, *schedule_, clock_, latencies);
      return consume_to_the_end(consumer, timing, spec_.producers, signals_,
                                ringmpsc::Pace(kNeverPause), waits_);
    });
    sample.metrics = queues::metrics(consumer);
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

  /// A producer spins towards a due time that is near, and gives its core up if there are more than
  /// 100 us to go or, where threads share CPUs, anything at all. Nobody else wanting it, it has the
  /// core back at once, and the figures are the same. Otherwise it has it back when the other gives
  /// it up, which may be a time slice of some milliseconds later: its message is sent late, and
  /// that is a part of the message's time. So it would be without the yield, which only lets the
  /// threads that share the CPU change places when one has nothing to do, and not when its slice is
  /// over.
  [[nodiscard]] Approach approach() const noexcept {
    return {.longest_spin = placement_.oversubscribed ? 0 : ticks(std::chrono::microseconds(100))};
  }

  const machine::TickClock& clock_;
  /// Made by the consumer before it lets the producers go.
  std::optional<Schedule> schedule_;
  Q queue_;
  WaitPoints<Blocking> waits_;
  VerifyingSink<M> sink_;
  std::atomic<std::uint64_t> due_{0};  // by the time that they stopped sending
};

namespace detail {

template <template <class> class Q, class M, template <class> class Sink, bool Blocking>
Started start_with_pattern(const Spec& spec, const machine::Placement& placement) {
  if (spec.pattern == Pattern::round_trip) {
    return std::make_unique<RoundTripOf<Q<M>, M, Blocking>>(spec, placement);
  }
  if (spec.pattern == Pattern::one_way) {
    return std::make_unique<OneWayOf<Q<M>, M, Blocking>>(spec, placement);
  }
  return std::make_unique<TrialOf<Q<M>, M, Sink, Blocking>>(spec, placement);
}

template <template <class> class Q, class M, template <class> class Sink>
Started start_with_wait(const Spec& spec, const machine::Placement& placement) {
  if (spec.wait == Wait::blocking) {
    return start_with_pattern<Q, M, Sink, true>(spec, placement);
  }
  return start_with_pattern<Q, M, Sink, false>(spec, placement);
}

template <template <class> class Q, class M>
Started start_with_sink(const Spec& spec, const machine::Placement& placement) {
  switch (spec.consume) {
    case Consume::verify:
      return start_with_wait<Q, M, VerifyingSink>(spec, placement);
    case Consume::read:
      return start_with_wait<Q, M, ReadingSink>(spec, placement);
    case Consume::count:
      return start_with_wait<Q, M, CountingSink>(spec, placement);
  }
  std::unreachable();
}

}  // namespace detail

/// Starts a trial of the queue template Q: chooses, once, the loops that the spec asks for.
template <template <class> class Q>
Started start_trial_of(const Spec& spec, const machine::Placement& placement) {
  Started trial;
  const auto try_payload = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
    if (spec.payload_bytes != kPayloadBytes[I]) return false;
    trial = detail::start_with_sink<Q, Message<kPayloadBytes[I]>>(spec, placement);
    return true;
  };
  const bool found = [&]<std::size_t... I>(std::index_sequence<I...>) {
    return (try_payload(std::integral_constant<std::size_t, I>{}) || ...);
  }(std::make_index_sequence<kPayloadBytes.size()>{});
  if (!found) {
    throw std::invalid_argument("payload of " + std::to_string(spec.payload_bytes) +
                                " bytes: no such message is compiled in");
  }
  return trial;
}

}  // namespace bench::workload
