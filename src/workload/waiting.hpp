// How the threads of a trial wait for each other.
#pragma once

#include "ringmpsc/wait.hpp"
#include "workload/signals.hpp"
#include "workload/spec.hpp"

namespace bench::workload {

/// A place where threads wait with the spec's strategy. All threads of a trial share it.
class WaitPoint {
 public:
  explicit WaitPoint(Wait strategy) noexcept : strategy_(strategy) {}

  /// The wait of one thread. Its steps are calls, so that a loop keeps its registers for the work
  /// that it does when it does not wait.
  class Waiting {
   public:
    [[gnu::cold]] void step() noexcept;
    /// The wait is over. The next step begins a new wait.
    [[gnu::cold]] void end() noexcept;

   private:
    friend class WaitPoint;
    Waiting(WaitPoint& point, Position& position) noexcept;

    // One member for each strategy, of which one is used: visiting a variant costs a producer that
    // waits for room in a small ring 5 % (PERFORMANCE.md, "Appendix").
    WaitPoint* point_;
    Position* position_;
    Wait strategy_;
    ringmpsc::AdaptiveWait::Waiting adaptive_;
    ringmpsc::BusySpinWait::Waiting busy_spin_;
    ringmpsc::YieldingWait::Waiting yielding_;
    ringmpsc::BackoffWait::Waiting backoff_;
    ringmpsc::BlockingWait::Waiting blocking_;
  };

  /// `position` is that of the waiting thread, which counts its steps.
  Waiting begin(Position& position) noexcept { return {*this, position}; }

  /// Whether a waiter may be asleep. If so, a thread that makes progress must call notify().
  [[nodiscard]] bool sleeps() const noexcept { return strategy_ == Wait::blocking; }
  /// Wakes the waiters, if the strategy lets them sleep.
  void notify() noexcept {
    if (sleeps()) blocking_.notify();
  }

 private:
  const Wait strategy_;
  ringmpsc::BlockingWait blocking_;
};

/// The two places to wait, one for each direction.
struct WaitPoints {
  explicit WaitPoints(Wait strategy) noexcept : for_messages(strategy), for_room(strategy) {}

  WaitPoint for_messages;
  WaitPoint for_room;
};

}  // namespace bench::workload
