// A place where blocked threads sleep: a futex that needs no fence and no system call from the
// waker while nobody sleeps.
//
// A sleeper announces itself and then checks the condition. A waker changes the condition and then
// looks for an announcement. One of the two must see the other's store, which needs a full fence
// between store and load on both sides. The waker is on the data path, so the sleeper pays for
// both: the membarrier system call makes every running thread of the process execute a fence. Where
// the kernel refuses that call, sleeps are short instead.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>

#include "ringmpsc/detail/platform.hpp"

#if defined(__linux__)
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace ringmpsc::detail {

class ParkingLot {
 public:
  /// A sleeper's first step. The sleeper must check its condition once more after it.
  void announce() noexcept {
    announced_.store(1, std::memory_order_relaxed);
    fence_all_threads();
  }

  /// A sleeper's second step. Sleeps until a notify() follows the announcement, but at most for
  /// `longest` and at most for a fixed time.
  void sleep(std::chrono::nanoseconds longest) noexcept {
#if defined(__linux__)
    const auto most = std::min(longest, can_fence_all_threads() ? kSleep : kSleepUnfenced);
    // What this call takes. The C library's timespec has wider members on some 32-bit machines.
    const struct {
      __kernel_long_t seconds;
      __kernel_long_t nanoseconds;
    } time{.seconds = 0, .nanoseconds = static_cast<__kernel_long_t>(most.count())};
    // The call returns at once if a notify() has cleared the announcement in the meantime.
    syscall(SYS_futex, futex_word(), FUTEX_WAIT_PRIVATE, 1, &time, nullptr, 0);
#else
    std::this_thread::sleep_for(std::min(longest, kSleepUnfenced));
#endif
  }

  /// Wakes every sleeper. Call it after the change that the sleepers wait for.
  void notify() noexcept {
    // Keeps the compiler from moving the load before the caller's store. fence_all_threads() keeps
    // the processor from doing so.
    std::atomic_signal_fence(std::memory_order_seq_cst);
    if (announced_.load(std::memory_order_relaxed) == 0) return;
    announced_.store(0, std::memory_order_relaxed);
#if defined(__linux__)
    constexpr int kEveryone = 0x7fffffff;
    syscall(SYS_futex, futex_word(), FUTEX_WAKE_PRIVATE, kEveryone, nullptr, nullptr, 0);
#endif
  }

 private:
  static constexpr std::chrono::nanoseconds kSleep{10'000'000};
  static constexpr std::chrono::nanoseconds kSleepUnfenced{1'000'000};

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

  // On its own line, because wakers read it after every commit and it changes only around a sleep.
  alignas(kLineBytes) std::atomic<std::uint32_t> announced_{0};
};
static_assert(kFillsLines<ParkingLot>);

}  // namespace ringmpsc::detail
