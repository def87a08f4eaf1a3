// Trials of one queue type: the threads' life around the loops. Included by the table of queues and
// by tests that put a queue of their own under the same loops.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <new>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "machine/activity.hpp"
#include "machine/cannot_measure.hpp"
#include "machine/pinning.hpp"
#include "machine/placement.hpp"
#include "queues/queue.hpp"
#include "workload/loops.hpp"
#include "workload/message.hpp"
#include "workload/sinks.hpp"
#include "workload/trial.hpp"
#include "workload/waiting.hpp"

namespace bench::workload {

/// Something that happens once and stays so.
class Event {
 public:
  void happen() {
    const std::lock_guard lock(mutex_);
    happened_ = true;
    changed_.notify_all();
  }
  /// Waits at most this long. True once it has happened.
  [[nodiscard]] bool within(std::chrono::nanoseconds time) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, time, [this] { return happened_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool happened_ = false;
};

/// The trial's threads, their start line and their end, whatever they do in between.
class TrialThreads : public RunningTrial {
 public:
  bool started_within(std::chrono::nanoseconds time) final { return started_.within(time); }
  bool finished_within(std::chrono::nanoseconds time) final { return finished_.within(time); }
  void stop() noexcept final { signals_.stop.store(true, std::memory_order_relaxed); }
  Sample sample() final;

 protected:
  TrialThreads(const Spec& spec, const machine::Placement& placement);

  /// Starts the producers and the consumer. The derived class's destructor must join().
  void start();
  void join() noexcept;

  /// One producer's whole part: make its end of the queue, line_up(), send. Returns messages sent.
  virtual std::uint64_t produce(unsigned id) = 0;
  /// The consumer's. Returns when the last message had been consumed.
  virtual Clock::time_point consume(Sample& sample) = 0;
  /// After all threads have ended.
  virtual Verification verification(std::span<const std::uint64_t> sent) = 0;

  /// A producer waits here for the start. False if the trial is off.
  [[nodiscard]] bool line_up() noexcept;
  /// The consumer waits here for all producers, then starts the clock. False if the trial is off.
  [[nodiscard]] bool start_clock() noexcept;

  const Spec spec_;
  Signals signals_;

 private:
  void run_producer(unsigned id) noexcept;
  void run_consumer() noexcept;
  void call_off(std::exception_ptr why) noexcept;
  /// What has happened to the calling thread since `before`.
  void add_events(const machine::ThreadEvents& before);

  const machine::Placement placement_;
  std::atomic<bool> off_{false};
  std::mutex mutex_;  // of what follows, which threads write at their end
  std::exception_ptr failure_;
  machine::ThreadEvents events_{.preemptions = 0, .migrations = 0};  // under the same mutex
  Event started_;
  Event finished_;
  Clock::time_point begin_;
  Clock::time_point end_;
  Sample sample_;
  std::vector<std::thread> threads_;
};

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
    if (!line_up()) return 0;
    const std::uint64_t limit = spec_.messages_per_producer.value_or(UINT64_MAX);
    return send_and_await<M>(std::move(producer), replies, reply_sink_, limit, signals_, waits_);
  }

  Clock::time_point consume(Sample& sample) override {
    auto consumer = there_.consumer();
    auto replier = back_.producer();
    if (!start_clock()) return {};
    Echo<M, decltype(replier)> echo{sink_, replier};
    const auto last =
        consume_to_the_end(consumer, echo, 1, signals_, ringmpsc::Pace(kNeverPause), waits_);
    sample.metrics = queues::metrics(consumer);
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
};

namespace detail {

template <template <class> class Q, class M, template <class> class Sink, bool Blocking>
std::unique_ptr<RunningTrial> start_with_pattern(const Spec& spec,
                                                 const machine::Placement& placement) {
  if (spec.pattern == Pattern::round_trip) {
    return std::make_unique<RoundTripOf<Q<M>, M, Blocking>>(spec, placement);
  }
  return std::make_unique<TrialOf<Q<M>, M, Sink, Blocking>>(spec, placement);
}

template <template <class> class Q, class M, template <class> class Sink>
std::unique_ptr<RunningTrial> start_with_wait(const Spec& spec,
                                              const machine::Placement& placement) {
  if (spec.wait == Wait::blocking) {
    return start_with_pattern<Q, M, Sink, true>(spec, placement);
  }
  return start_with_pattern<Q, M, Sink, false>(spec, placement);
}

template <template <class> class Q, class M>
std::unique_ptr<RunningTrial> start_with_sink(const Spec& spec,
                                              const machine::Placement& placement) {
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
std::unique_ptr<RunningTrial> start_trial_of(const Spec& spec,
                                             const machine::Placement& placement) {
  std::unique_ptr<RunningTrial> trial;
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
