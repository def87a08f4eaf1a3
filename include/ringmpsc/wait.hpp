// Wait strategies: what a thread does until the other side has made progress. The names are those
// of the LMAX Disruptor's WaitStrategy classes, where the Disruptor has such a class.
//
// A strategy is an object with these operations:
//
//   begin()                      starts a wait and returns an object, whose step() the waiter calls
//                                each time it finds that it still has to wait
//   wait(ready)                  is the loop of begin() and step(): returns once ready() is true
//   wait_until(deadline, ready)  the same, but gives up at the deadline: returns whether ready()
//   was
//                                true
//   notify()                     is called by the other side after it has made progress; does
//                                nothing unless a thread may sleep
//
// All strategies but BlockingWait are stateless, so a default-constructed object is enough.
//
// Every strategy gives up the core sooner or later. Where threads outnumber cores, a waiter that
// does not give it up keeps the awaited thread from running for a whole time slice.
#pragma once

#include <algorithm>
#include <chrono>
#include <concepts>
#include <optional>
#include <thread>
#include <utility>

#include "ringmpsc/backoff.hpp"
#include "ringmpsc/detail/parking.hpp"
#include "ringmpsc/detail/platform.hpp"

namespace ringmpsc {

template <class W>
concept WaitStrategy = requires(W& strategy, bool (&ready)()) {
  { strategy.begin().step() } noexcept;
  strategy.wait(ready);
  { strategy.wait_until(std::chrono::steady_clock::time_point(), ready) } -> std::same_as<bool>;
  { strategy.notify() } noexcept;
};

namespace detail {

/// W, as it is passed, can begin a wait. A temporary BlockingWait cannot: nobody could notify it.
template <class W>
concept Begins = requires(W&& strategy) { std::forward<W>(strategy).begin(); };

/// Makes one step that does not sleep beyond the deadline. Returns false, without a step, once the
/// deadline has passed. A strategy whose steps sleep has a step(longest) too.
template <class Waiting, class Clock, class Duration>
bool step_before(const std::chrono::time_point<Clock, Duration>& deadline, Waiting& waiting) {
  const auto now = Clock::now();
  if (now >= deadline) return false;
  if constexpr (requires { waiting.step(std::chrono::nanoseconds(1)); }) {
    // Longer than steps sleep, unless a BlockingWait was told so. A deadline that is far off may
    // not fit into nanoseconds.
    constexpr std::chrono::seconds kFarOff(1);
    const auto left = deadline - now;
    waiting.step(left < kFarOff ? std::chrono::ceil<std::chrono::nanoseconds>(left) : kFarOff);
  } else {
    waiting.step();
  }
  return true;
}

/// The operations that every strategy derives from its begin().
template <class Strategy>
// NOLINTNEXTLINE(bugprone-crtp-constructor-accessibility): the strategies are aggregates
struct Waits {
  template <std::predicate Ready>
  void wait(Ready ready) noexcept(noexcept(ready())) {
    auto waiting = static_cast<Strategy&>(*this).begin();
    while (!ready()) waiting.step();
  }
  /// Checks at least once, and reads the clock after each check.
  template <class Clock, class Duration, std::predicate Ready>
  [[nodiscard]] bool wait_until(const std::chrono::time_point<Clock, Duration>& deadline,
                                Ready ready) {
    auto waiting = static_cast<Strategy&>(*this).begin();
    while (!ready()) {
      if (!step_before(deadline, waiting)) return false;
    }
    return true;
  }
  void notify() noexcept {}
};

}  // namespace detail

/// Polls with a pause between polls. It sees a message soonest and costs a whole core, so it suits
/// threads that have a core each. It yields once in a while (about every 100 us), which costs a
/// dedicated core next to nothing and rescues an oversubscribed one.
struct BusySpinWait : detail::Waits<BusySpinWait> {
  class Waiting {
   public:
    void step() noexcept {
      constexpr unsigned kPollsBeforeYield = 4096;
      detail::pause();
      if (++polls_ % kPollsBeforeYield == 0) std::this_thread::yield();
    }

   private:
    unsigned polls_ = 0;
  };

  static Waiting begin() noexcept { return {}; }
};

/// Polls a hundred times (like the Disruptor's YieldingWaitStrategy), then yields between polls. It
/// suits threads that share cores and may use them fully.
struct YieldingWait : detail::Waits<YieldingWait> {
  class Waiting {
   public:
    void step() noexcept {
      constexpr unsigned kPollsBeforeYield = 100;
      if (polls_ == kPollsBeforeYield) {
        std::this_thread::yield();
      } else {
        ++polls_;
        detail::pause();
      }
    }

   private:
    unsigned polls_ = 0;
  };

  static Waiting begin() noexcept { return {}; }
};

/// Runs a Backoff, then yields for as long as it takes. It spins briefly with growing pauses, which
/// keeps the waiter off the line that the other side writes. It suits dedicated and shared cores.
struct AdaptiveWait : detail::Waits<AdaptiveWait> {
  class Waiting {
   public:
    void step() noexcept { backoff_.snooze(); }

   private:
    Backoff backoff_;
  };

  static Waiting begin() noexcept { return {}; }
};

/// Runs a Backoff, then takes naps that double from 1 us to 1 ms. It leaves the core to other
/// threads; in return it wakes up late, by at most the last nap and the system's timer slack.
struct BackoffWait : detail::Waits<BackoffWait> {
  class Waiting {
   public:
    void step() noexcept { step(kLongestNap); }
    void step(std::chrono::nanoseconds longest) noexcept {
      if (!backoff_.completed()) {
        backoff_.snooze();
      } else {
        std::this_thread::sleep_for(std::min(nap_, longest));
        nap_ = std::min(nap_ * 2, kLongestNap);
      }
    }

   private:
    static constexpr std::chrono::nanoseconds kLongestNap{1'000'000};
    Backoff backoff_;
    std::chrono::nanoseconds nap_{1000};
  };

  static Waiting begin() noexcept { return {}; }
};

/// Runs a Backoff, then sleeps on a futex until notified, so it takes no processor time while idle.
/// The two sides share one object, and any number of threads may wait on it. Every change that can
/// make a `ready()` true must be followed by notify(). A notify() that finds no sleeper costs one
/// load of a line that rarely changes. A notify() that finds a sleeper makes a system call.
///
/// As a second line of defence, a sleeper looks again at least every 10 ms, or as often as the
/// constructor is told. It thus also sees a condition that nobody notifies, such as a stop flag.
class BlockingWait : public detail::Waits<BlockingWait> {
 public:
  constexpr BlockingWait() noexcept : BlockingWait(std::chrono::milliseconds(10)) {}
  constexpr explicit BlockingWait(std::chrono::nanoseconds look_again) noexcept
      : lot_(look_again) {}

  class Waiting {
   public:
    explicit Waiting(detail::ParkingLot& lot) noexcept : lot_(&lot) {}

    void step() noexcept { step(std::chrono::nanoseconds::max()); }
    void step(std::chrono::nanoseconds longest) noexcept {
      if (!backoff_.completed()) {
        backoff_.snooze();
      } else if (!announced_) {
        // If the next look finds the condition still false, a thread that makes it true after that
        // look sees the announcement.
        announced_ = lot_->announce();
      } else {
        lot_->sleep(*announced_, longest);
        announced_.reset();
      }
    }

   private:
    detail::ParkingLot* lot_;
    Backoff backoff_;
    std::optional<detail::ParkingLot::Announcement> announced_;
  };

  Waiting begin() & noexcept { return Waiting(lot_); }
  void notify() noexcept { lot_.notify(); }

 private:
  detail::ParkingLot lot_;
};

static_assert(WaitStrategy<BusySpinWait> && WaitStrategy<YieldingWait> &&
              WaitStrategy<AdaptiveWait> && WaitStrategy<BackoffWait> &&
              WaitStrategy<BlockingWait>);

}  // namespace ringmpsc
