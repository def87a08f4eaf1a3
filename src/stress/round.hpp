// A round while it runs: what its threads share, whatever queue they use.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "ringmpsc/detail/platform.hpp"
#include "stress/messages.hpp"
#include "stress/positions.hpp"
#include "stress/random.hpp"
#include "stress/round_plan.hpp"

namespace bench::stress {

/// How often each shape happened in a round.
using Happened = std::array<std::uint64_t, kShapes>;

/// What a thread of a round has to itself.
struct Worker {
  Worker(std::uint64_t seed, Position& its_position) : random(seed), position(its_position) {}

  void happened(Shape shape, std::uint64_t times = 1) noexcept {
    happenings[static_cast<std::size_t>(shape)] += times;
  }

  Random random;
  Position& position;
  Happened happenings{};
  std::uint64_t messages = 0;  ///< sent or consumed so far
  std::uint64_t commits = 0;   ///< publications that it made
};

/// Runs the threads of a round. The derived class says what they do.
///
/// A round ends by itself once its producers are told to stop, unless its queue hangs: then the
/// round must be abandoned (never destroyed), and the process must end soon.
class Round {
 public:
  explicit Round(const RoundPlan& plan);
  Round(const Round&) = delete;
  Round& operator=(const Round&) = delete;
  virtual ~Round() = default;

  /// Throws std::system_error if there are not enough threads; they have all ended then.
  void start();
  /// True once all threads have ended.
  [[nodiscard]] bool ended_within(std::chrono::nanoseconds time);
  /// Tells the producers to end.
  void stop() noexcept;
  /// Waits for the threads, and checks what can be checked only then. Call it once they have ended.
  void settle();

  [[nodiscard]] const RoundPlan& plan() const noexcept { return plan_; }
  /// Why the round failed; empty if it has not.
  [[nodiscard]] std::string fault() const;
  [[nodiscard]] bool failed() const noexcept { return failed_.load(std::memory_order_acquire); }
  [[nodiscard]] const Happened& happened() const noexcept { return happened_; }
  [[nodiscard]] std::uint64_t received() const noexcept { return received_; }
  /// The positions of the consumer, and then of the producing threads.
  [[nodiscard]] std::vector<Position::State> positions() const;
  /// More about a hang than the positions tell, one line each.
  [[nodiscard]] virtual std::vector<std::string> hints() const { return {}; }

  // ---- for the threads of the round, each with its own worker

  /// Notes why the round failed, if it is the first reason, and stops the producers.
  void fail(std::string why);
  [[nodiscard]] bool stopping() const noexcept { return stop_.load(std::memory_order_acquire); }
  [[nodiscard]] bool all_producers_ended() const noexcept {
    return producers_ended_.load(std::memory_order_acquire) == plan_.threads;
  }

  /// Rests, where the plan wants it: yields or sleeps briefly between two steps of a call. Not once
  /// the round is to end.
  void pause(Worker& worker);
  /// Stands still for some milliseconds, where the plan wants it.
  void freeze(Worker& worker, Shape shape);
  /// The consumer rests after it has consumed, where the plan wants it.
  void rest(Worker& worker);
  /// Binds the calling thread to another CPU, where the plan wants it.
  void wander(Worker& worker);
  /// Runs `work` on another thread, and waits for it.
  void on_another_thread(Worker& worker, Shape shape, const std::function<void()>& work);

 protected:
  /// The whole work of a producing thread, or of the consumer.
  virtual void produce(unsigned thread, Worker& worker) = 0;
  virtual void consume(Worker& worker) = 0;
  /// Called after all threads have ended.
  virtual void check_end() = 0;
  // A notification that nobody needs would hide a lost one. So threads that may sleep are woken
  // only when what they wait for may have changed.
  virtual void on_stop() noexcept {}
  virtual void on_failure() noexcept {}
  virtual void on_last_producers_end() noexcept {}

  const RoundPlan plan_;
  std::uint64_t received_ = 0;
  std::uint64_t commits_ = 0;

 private:
  void run(unsigned index, const std::function<void(Worker&)>& work) noexcept;
  void bind(Worker& worker);
  void add(const Worker& worker);

  std::vector<Position> positions_;
  alignas(ringmpsc::detail::kLineBytes) std::atomic<bool> stop_{false};
  alignas(ringmpsc::detail::kLineBytes) std::atomic<unsigned> producers_ended_{0};
  std::atomic<bool> failed_{false};
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable ended_;
  unsigned running_ = 0;
  std::string fault_;
  Happened happened_{};
  ObjectCounts objects_;
  std::vector<std::thread> threads_;
};

/// Makes the round of the plan. Throws std::bad_alloc.
[[nodiscard]] std::unique_ptr<Round> make_round(const RoundPlan& plan);

}  // namespace bench::stress
