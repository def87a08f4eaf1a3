// Where blocked threads sleep: a futex whose waker pays for nothing while nobody sleeps.
//
// A sleeper announces itself and then checks the condition; a waker changes the condition and then
// looks for an announcement. One of the two must see the other, which needs a full fence on both
// sides (store, then load). The waker's side is the data path, so the sleeper pays for both: the
// membarrier system call makes every running thread of the process execute one. Where that call is
// refused, sleeps are short instead.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>

#include "ringmpsc/detail/platform.hpp"

#if defined(__linux__)
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#endif

namespace ringmpsc::detail {

class ParkingLot {
 public:
  /// A sleeper's first step; after it, check the condition once more.
  void announce() noexcept {
    announced_.store(1, std::memory_order_relaxed);
    fence_all_threads();
  }

  /// The second step: sleeps until a notify() that followed the announcement, or a bounded time.
  void sleep() noexcept {
#if defined(__linux__)
    // Returns at once if a notify() has cleared the announcement since.
    const timespec at_most{.tv_sec = 0,
                           .tv_nsec = can_fence_all_threads() ? kSleepNs : kSleepUnfencedNs};
    syscall(SYS_futex, futex_word(), FUTEX_WAIT_PRIVATE, 1, &at_most, nullptr, 0);
#else
    std::this_thread::sleep_for(std::chrono::nanoseconds(kSleepUnfencedNs));
#endif
  }

  /// Wakes every sleeper. Called after the change that they wait for.
  void notify() noexcept {
    // The compiler must not move the load before the caller's store; that the processor does not
    // is fence_all_threads()' part.
    std::atomic_signal_fence(std::memory_order_seq_cst);
    if (announced_.load(std::memory_order_relaxed) == 0) return;
    announced_.store(0, std::memory_order_relaxed);
#if defined(__linux__)
    constexpr int kEveryone = 0x7fffffff;
    syscall(SYS_futex, futex_word(), FUTEX_WAKE_PRIVATE, kEveryone, nullptr, nullptr, 0);
#endif
  }

 private:
  static constexpr long kSleepNs = 10'000'000;
  static constexpr long kSleepUnfencedNs = 1'000'000;

#if defined(__linux__)
  std::uint32_t* futex_word() noexcept {
    static_assert(sizeof(announced_) == sizeof(std::uint32_t));
    return reinterpret_cast<std::uint32_t*>(&announced_);
  }

  static bool can_fence_all_threads() noexcept {
    static const bool registered =
        syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
    return registered;
  }

  static void fence_all_threads() noexcept {
    if (can_fence_all_threads()) {
      syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
    }
  }
#else
  static void fence_all_threads() noexcept {}
#endif

  // On a line of its own: wakers read it after every commit, and it changes only around a sleep.
  alignas(kLineBytes) std::atomic<std::uint32_t> announced_{0};
};

}  // namespace ringmpsc::detail
