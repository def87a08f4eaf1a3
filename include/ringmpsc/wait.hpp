// Wait strategies: what a thread does until the other side has made progress. The names are those
// of the LMAX Disruptor's WaitStrategy classes where it has them.
//
// A strategy is an object with two operations. `wait(ready)` returns once `ready()` is true.
// `notify()` is called by the other side after it has made progress; it is empty except where
// somebody may sleep. All but BlockingWait are stateless, so that a default-constructed one serves.
//
// Every one of them gives the core up sooner or later: where threads outnumber cores, a waiter that
// does not keeps the awaited thread from running for a whole time slice.
#pragma once

#include <algorithm>
#include <chrono>
#include <concepts>
#include <thread>

#include "ringmpsc/backoff.hpp"
#include "ringmpsc/detail/parking.hpp"
#include "ringmpsc/detail/platform.hpp"

namespace ringmpsc {

template <class W>
concept WaitStrategy = requires(W& strategy, bool (&ready)()) {
  strategy.wait(ready);
  { strategy.notify() } noexcept;
};

/// Polls with a pause between. The quickest to see a message, at the cost of a whole core: for
/// threads that have one each. Yields once in a while (about every 100 us), which costs a
/// dedicated core next to nothing and saves an oversubscribed one.
struct BusySpinWait {
  template <std::predicate Ready>
  void wait(Ready ready) noexcept(noexcept(ready())) {
    constexpr unsigned kPollsBeforeYield = 4096;
    while (true) {
      for (unsigned i = 0; i < kPollsBeforeYield; ++i) {
        if (ready()) return;
        detail::pause();
      }
      std::this_thread::yield();
    }
  }
  void notify() noexcept {}
};

/// Polls a hundred times (as the Disruptor's YieldingWaitStrategy), then yields between polls: for
/// threads that share cores and may use them fully.
struct YieldingWait {
  template <std::predicate Ready>
  void wait(Ready ready) noexcept(noexcept(ready())) {
    constexpr unsigned kPollsBeforeYield = 100;
    for (unsigned i = 0; i < kPollsBeforeYield; ++i) {
      if (ready()) return;
      detail::pause();
    }
    while (!ready()) std::this_thread::yield();
  }
  void notify() noexcept {}
};

/// A Backoff, then yields for as long as it takes: spins briefly with growing pauses, which keeps
/// the waiter off the line that the other side writes. Good on dedicated and on shared cores alike.
struct AdaptiveWait {
  template <std::predicate Ready>
  void wait(Ready ready) noexcept(noexcept(ready())) {
    Backoff backoff;
    while (!ready()) backoff.snooze();
  }
  void notify() noexcept {}
};

/// A Backoff, then naps that double from 1 us to 1 ms: leaves the core to others, for a wake-up
/// that is late by at most the last nap and the system's timer slack.
struct BackoffWait {
  template <std::predicate Ready>
  void wait(Ready ready) noexcept(noexcept(ready())) {
    constexpr std::chrono::microseconds kLongestNap{1000};
    Backoff backoff;
    std::chrono::microseconds nap{1};
    while (!ready()) {
      if (!backoff.completed()) {
        backoff.snooze();
      } else {
        std::this_thread::sleep_for(nap);
        nap = std::min(nap * 2, kLongestNap);
      }
    }
  }
  void notify() noexcept {}
};

/// A Backoff, then sleeps on a futex until notified: no processor time while idle. The two sides
/// share one object, any number of threads may wait on it, and every change that can make a
/// `ready()` true must be followed by notify(). A notify() that finds nobody asleep costs one load
/// of a line that rarely changes; one that finds a sleeper makes a system call.
///
/// As a second line of defence a sleeper looks again at least every 10 ms, so that a condition that
/// nobody notifies (a stop flag) is seen too.
class BlockingWait {
 public:
  template <std::predicate Ready>
  void wait(Ready ready) noexcept(noexcept(ready())) {
    Backoff backoff;
    while (!backoff.completed()) {
      if (ready()) return;
      backoff.snooze();
    }
    while (true) {
      lot_.announce();
      // If this sees nothing, whoever makes it true from here on sees the announcement.
      if (ready()) return;
      lot_.sleep();
    }
  }
  void notify() noexcept { lot_.notify(); }

 private:
  detail::ParkingLot lot_;
};

static_assert(WaitStrategy<BusySpinWait> && WaitStrategy<YieldingWait> &&
              WaitStrategy<AdaptiveWait> && WaitStrategy<BackoffWait> &&
              WaitStrategy<BlockingWait>);

}  // namespace ringmpsc
