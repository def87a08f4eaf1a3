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
  /// A sleeper that nobody wakes looks again after `longest`.
  constexpr explicit ParkingLot(std::chrono::nanoseconds longest) noexcept : longest_(longest) {}

  using Announcement = std::uint32_t;

  /// A sleeper's first step. The sleeper must check its condition once more after it.
  [[nodiscard]] Announcement announce() noexcept {
    const Announcement mine = word_.fetch_or(kSleepers, std::memory_order_relaxed) | kSleepers;
    fence_all_threads();
    return mine;
  }

  /// A sleeper's second step. Sleeps until a notify() follows the announcement, but at most for
  /// `longest` and at most for the time that the lot was made with.
  void sleep([[maybe_unused]] Announcement mine, std::chrono::nanoseconds longest) noexcept {
#if defined(__linux__)
    const auto most = std::min({longest, longest_, can_fence_all_threads() ? kForEver : kUnfenced});
    const auto seconds = std::chrono::floor<std::chrono::seconds>(most);
    // What this call takes. The C library's timespec has wider members on some 32-bit machines.
    const struct {
      __kernel_long_t seconds;
      __kernel_long_t nanoseconds;
    } time{.seconds = static_cast<__kernel_long_t>(seconds.count()),
           .nanoseconds = static_cast<__kernel_long_t>((most - seconds).count())};
    // The call returns at once if a notify() has come in the meantime, even if another sleeper has
    // announced itself after that: the count is another one then.
    syscall(SYS_futex, futex_word(), FUTEX_WAIT_PRIVATE, mine, &time, nullptr, 0);
#else
    std::this_thread::sleep_for(std::min({longest, longest_, kUnfenced}));
#endif
  }

  /// Wakes every sleeper. Call it after the change that the sleepers wait for.
  void notify() noexcept {
    // Keeps the compiler from moving the load before the caller's store. fence_all_threads() keeps
    // the processor from doing so.
    std::atomic_signal_fence(std::memory_order_seq_cst);
    Announcement seen = word_.load(std::memory_order_relaxed);
    if ((seen & kSleepers) == 0) return;
    // Clears the announcement and counts, by the carry. If another thread was quicker, it wakes the
    // same sleepers; those that announce themselves after this load need no wake-up of this call.
    if (!word_.compare_exchange_strong(seen, seen + 1, std::memory_order_relaxed)) return;
#if defined(__linux__)
    constexpr int kEveryone = 0x7fffffff;
    syscall(SYS_futex, futex_word(), FUTEX_WAKE_PRIVATE, kEveryone, nullptr, nullptr, 0);
#endif
  }

 private:
  static constexpr std::chrono::nanoseconds kForEver = std::chrono::hours(24);
  static constexpr std::chrono::nanoseconds kUnfenced{1'000'000};

#if defined(__linux__)
  std::uint32_t* futex_word() noexcept {
    static_assert(sizeof(word_) == sizeof(std::uint32_t));
    return reinterpret_cast<std::uint32_t*>(&word_);
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

  static constexpr Announcement kSleepers = 1;

  // The lowest bit is an announcement, and the others count the notifications of sleepers. On its
  // own line, because wakers read it after every commit and it changes only around a sleep.
  alignas(kLineBytes) std::atomic<Announcement> word_{0};
  const std::chrono::nanoseconds longest_;
};
static_assert(kFillsLines<ParkingLot>);

}  // namespace ringmpsc::detail
