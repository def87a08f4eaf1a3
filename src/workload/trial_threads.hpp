// The threads of a trial: their start and their end, whatever they do in between.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "machine/activity.hpp"
#include "machine/placement.hpp"
#include "workload/event.hpp"
#include "workload/signals.hpp"
#include "workload/trial.hpp"

namespace bench::workload {

/// A trial's threads, with their start line and their end. The derived class says what they do.
class TrialThreads : public RunningTrial {
 public:
  bool started_within(std::chrono::nanoseconds time) final { return started_.within(time); }
  bool finished_within(std::chrono::nanoseconds time) final { return finished_.within(time); }
  [[nodiscard]] Consumed consumed_so_far() const noexcept final;
  [[nodiscard]] TrialState state() const final;
  void stop() noexcept final { signals_.stop.store(true, std::memory_order_relaxed); }
  void call_off() noexcept final;
  Sample sample() final;

 protected:
  TrialThreads(const Spec& spec, const machine::Placement& placement);

  /// Starts the producers and the consumer. The derived class's destructor must call join().
  void start();
  void join() noexcept;

  /// The whole work of one producer: it makes its end of the queue, calls line_up() and sends.
  /// Returns the number of messages sent.
  virtual std::uint64_t produce(unsigned id) = 0;
  /// The whole work of the consumer. Returns the time at which the last message had been consumed.
  virtual Clock::time_point consume(Sample& sample) = 0;
  /// Called after all threads have ended.
  virtual Verification verification(std::span<const std::uint64_t> sent) = 0;

  /// A producer waits here for the start. False if the trial was called off.
  [[nodiscard]] bool line_up(unsigned id) noexcept;
  /// The consumer waits here for all producers. False if the trial was called off.
  [[nodiscard]] bool all_lined_up() noexcept;
  /// The consumer then releases them here. The measurement counts from `begin` on.
  void go(Clock::time_point begin) noexcept;
  /// Calls all_lined_up() and go(), counting from now on. False if the trial was called off.
  [[nodiscard]] bool start_clock() noexcept;

  const Spec spec_;
  const machine::Placement placement_;
  Signals signals_;

 private:
  void run_producer(unsigned id) noexcept;
  void run_consumer() noexcept;
  void fail(std::exception_ptr why) noexcept;
  /// The last thread to end says that all have ended.
  void ended() noexcept;
  /// Adds what has happened to the calling thread since `before`.
  void add_events(const machine::ThreadEvents& before);

  std::atomic<unsigned> running_;  // threads that have not ended
  mutable std::mutex mutex_;       // guards failure_ and events_, which threads write when they end
  std::exception_ptr failure_;
  machine::ThreadEvents events_{.preemptions = 0, .migrations = 0, .waited_s = 0};
  Event started_;
  Event finished_;
  Clock::time_point begin_;
  Clock::time_point end_;
  Sample sample_;
  std::vector<std::thread> threads_;
};

}  // namespace bench::workload
