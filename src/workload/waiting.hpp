// How the threads of a trial wait for each other.
#pragma once

#include <concepts>

#include "ringmpsc/wait.hpp"
#include "workload/spec.hpp"

namespace bench::workload {

/// Somewhere to wait with the spec's strategy. Only whether there is somebody to wake up is
/// compiled in: it is asked after every publication. Which strategy it is, is asked when there is
/// nothing to do but wait. Shared by all threads of a trial.
template <bool Blocking>
class WaitPoint {
 public:
  explicit WaitPoint(Wait strategy) noexcept : strategy_(strategy) {}

  template <std::predicate Ready>
  void wait(Ready ready) {
    switch (strategy_) {
      case Wait::busy_spin:
        return ringmpsc::BusySpinWait().wait(ready);
      case Wait::yielding:
        return ringmpsc::YieldingWait().wait(ready);
      case Wait::backoff:
        return ringmpsc::BackoffWait().wait(ready);
      case Wait::adaptive:
      case Wait::blocking:
        return ringmpsc::AdaptiveWait().wait(ready);
    }
  }
  void notify() noexcept {}

 private:
  Wait strategy_;
};

template <>
class WaitPoint<true> : public ringmpsc::BlockingWait {
 public:
  explicit WaitPoint(Wait /*strategy*/) noexcept {}
};

/// Whom to wait for, and whom to wake, in each direction.
template <bool Blocking>
struct WaitPoints {
  explicit WaitPoints(Wait strategy) noexcept : for_messages(strategy), for_room(strategy) {}

  WaitPoint<Blocking> for_messages;
  WaitPoint<Blocking> for_room;
};

}  // namespace bench::workload
