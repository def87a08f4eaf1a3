// The signals between the threads of a trial, and how far each thread has come.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "ringmpsc/detail/platform.hpp"
#include "workload/trial.hpp"

namespace bench::workload {

using Clock = std::chrono::steady_clock;

/// How far one thread has come. Only that thread stores here, and only the supervisor reads. All
/// accesses are relaxed: the numbers stand for themselves, and nothing else is read because of
/// them.
class alignas(ringmpsc::detail::kLineBytes) Position {
 public:
  void reached(Stage stage) noexcept { stage_.store(stage, std::memory_order_relaxed); }
  /// The thread has sent or consumed this many messages so far.
  void has(std::uint64_t messages) noexcept {
    messages_.store(messages, std::memory_order_relaxed);
  }
  /// The queue had no room or no message. A thread that waits without end is seen by this count; a
  /// thread that is held up within the queue does not count.
  void waits() noexcept {
    waits_.store(waits_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }

  [[nodiscard]] std::uint64_t messages() const noexcept {
    return messages_.load(std::memory_order_relaxed);
  }
  [[nodiscard]] ThreadState state() const noexcept {
    return {.stage = stage_.load(std::memory_order_relaxed),
            .messages = messages(),
            .waits = waits_.load(std::memory_order_relaxed),
            .crash = crash_.load(std::memory_order_relaxed)};
  }
  /// Where a CrashGuard leaves the signal.
  [[nodiscard]] std::atomic<int>& crash() noexcept { return crash_; }

 private:
  std::atomic<Stage> stage_{Stage::starting};
  std::atomic<std::uint64_t> messages_{0};
  std::atomic<std::uint64_t> waits_{0};
  std::atomic<int> crash_{0};
};

/// What the threads of a trial tell each other and their supervisor. `ready`, `go` and `ended`
/// change once per thread.
struct Signals {
  explicit Signals(std::size_t count) : producers(count) {}

  alignas(ringmpsc::detail::kLineBytes) std::atomic<unsigned> ready{
      0};  ///< producers at the start line
  alignas(ringmpsc::detail::kLineBytes) std::atomic<bool> go{false};
  alignas(ringmpsc::detail::kLineBytes) std::atomic<bool> stop{
      false};  ///< tells the producers to send no more
  alignas(ringmpsc::detail::kLineBytes) std::atomic<unsigned> ended{
      0};  ///< producers that have sent their last message
  /// The trial is called off: nobody waits for anybody any more.
  alignas(ringmpsc::detail::kLineBytes) std::atomic<bool> off{false};
  Position consumer;
  std::vector<Position> producers;
};

}  // namespace bench::workload
