// Trials of one queue type: the threads' life around the loops. Included by the table of queues and
// by tests that put a queue of their own under the same loops.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
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
  virtual Verification verification(std::span<const std::uint64_t> sent) const = 0;

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

  const machine::Placement placement_;
  std::atomic<bool> off_{false};
  std::mutex failure_mutex_;
  std::exception_ptr failure_;
  Event started_;
  Event finished_;
  Clock::time_point begin_;
  Clock::time_point end_;
  Sample sample_;
  std::vector<std::thread> threads_;
};

/// A trial of queue Q with messages M.
template <class Q, class M, template <class> class Sink, bool Blocking>
  requires queues::QueueUnderTest<Q, M>
class TrialOf final : public TrialThreads {
 public:
  TrialOf(const Spec& spec, const machine::Placement& placement)
      : TrialThreads(spec, placement),
        queue_({.producers = spec.producers, .ring_bits = spec.ring_bits, .metrics = spec.metrics}),
        waits_(spec.wait),
        sink_(spec.producers) {
    start();
  }
  ~TrialOf() override { join(); }

 private:
  std::uint64_t produce(unsigned id) override {
    auto producer = queue_.producer();
    if (!line_up()) return 0;
    const std::uint64_t limit = spec_.messages_per_producer.value_or(UINT64_MAX);
    return spec_.batch == 1
               ? send_singly<M>(std::move(producer), id, limit, signals_, waits_)
               : send_batches<M>(std::move(producer), id, spec_.batch, limit, signals_, waits_);
  }

  Clock::time_point consume(Sample& sample) override {
    auto consumer = queue_.consumer();
    if (!start_clock()) return {};
    const auto last = consume_to_the_end(consumer, sink_, spec_.producers, signals_, waits_);
    sample.metrics = consumer.metrics();
    return last;
  }

  Verification verification(std::span<const std::uint64_t> sent) const override {
    return sink_.verification(sent);
  }

  Q queue_;
  WaitPoints<Blocking> waits_;
  Sink<M> sink_;
};

namespace detail {

template <template <class> class Q, class M, template <class> class Sink>
std::unique_ptr<RunningTrial> start_with_wait(const Spec& spec,
                                              const machine::Placement& placement) {
  if (spec.wait == Wait::blocking) {
    return std::make_unique<TrialOf<Q<M>, M, Sink, true>>(spec, placement);
  }
  return std::make_unique<TrialOf<Q<M>, M, Sink, false>>(spec, placement);
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
