// The life of a trial's threads, around whatever they do.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "machine/activity.hpp"
#include "machine/placement.hpp"
#include "workload/signals.hpp"
#include "workload/trial.hpp"

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
  [[nodiscard]] Consumed consumed_so_far() const noexcept final;
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
  /// The consumer waits here for all producers. False if the trial is off.
  [[nodiscard]] bool all_lined_up() noexcept;
  /// Then it lets them go. What is measured counts from `begin` on.
  void go(Clock::time_point begin) noexcept;
  /// Both, counting from now on. False if the trial is off.
  [[nodiscard]] bool start_clock() noexcept;

  const Spec spec_;
  const machine::Placement placement_;
  Signals signals_;

 private:
  void run_producer(unsigned id) noexcept;
  void run_consumer() noexcept;
  void call_off(std::exception_ptr why) noexcept;
  /// What has happened to the calling thread since `before`.
  void add_events(const machine::ThreadEvents& before);

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

}  // namespace bench::workload
