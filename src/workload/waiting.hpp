// How the threads of a trial wait for each other.
#pragma once

#include "ringmpsc/wait.hpp"
#include "workload/spec.hpp"

namespace bench::workload {

/// A place to wait with the spec's strategy, shared by all threads of a trial.
class WaitPoint {
 public:
  explicit WaitPoint(Wait strategy) noexcept : strategy_(strategy) {}

  /// One thread's own wait. Its steps are calls, so that a loop keeps its registers for the work
  /// that it does when it does not wait.
  class Waiting {
   public:
    [[gnu::cold]] void step() noexcept;
    /// The awaited thing has come: the next step begins a new wait.
    [[gnu::cold]] void end() noexcept;

   private:
    friend class WaitPoint;
    explicit Waiting(WaitPoint& point) noexcept;

    // One of each strategy, of which one is used: a variant's visit costs a producer that waits
    // for room in a small ring 5 % (PERFORMANCE.md, "What was tried").
    WaitPoint* point_;
    Wait strategy_;
    ringmpsc::AdaptiveWait::Waiting adaptive_;
    ringmpsc::BusySpinWait::Waiting busy_spin_;
    ringmpsc::YieldingWait::Waiting yielding_;
    ringmpsc::BackoffWait::Waiting backoff_;
    ringmpsc::BlockingWait::Waiting blocking_;
  };

  Waiting begin() noexcept { return Waiting(*this); }

  /// Whether a waiter may be asleep, so that whoever makes progress must notify().
  [[nodiscard]] bool sleeps() const noexcept { return strategy_ == Wait::blocking; }
  /// Wakes the waiters, if they are of the kind that sleeps.
  void notify() noexcept {
    if (sleeps()) blocking_.notify();
  }

 private:
  const Wait strategy_;
  ringmpsc::BlockingWait blocking_;
};

/// What is waited for, in each direction.
struct WaitPoints {
  explicit WaitPoints(Wait strategy) noexcept : for_messages(strategy), for_room(strategy) {}

  WaitPoint for_messages;
  WaitPoint for_room;
};

}  // namespace bench::workload
