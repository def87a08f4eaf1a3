// Adaptive backoff: how a thread waits for another one that is expected to be quick.
#pragma once

#include <thread>

#include "ringmpsc/detail/platform.hpp"

namespace ringmpsc {

/// Spins with 1, 2, 4, ... 64 pauses, then yields the core, then advises to give up.
///
/// One thread's own object; reset it when the wait has ended. The shape is that of crossbeam's
/// Backoff (crossbeam-utils, backoff.rs): doubling pauses keep a short wait short and take the
/// waiting core off the line that the other one is writing; yielding lets the awaited thread run
/// where threads outnumber cores.
class Backoff {
 public:
  /// One step of waiting, each about twice as long as the last. Never blocks; past the spinning
  /// steps it makes one system call, sched_yield.
  void snooze() noexcept {
    if (step_ < kSpinSteps) {
      for (unsigned i = 0; i < 1U << step_; ++i) detail::pause();
    } else {
      std::this_thread::yield();
    }
    if (step_ < kSpinSteps + kYieldSteps) ++step_;
  }

  /// True once both phases are over: do something else, or block. A further snooze() yields.
  [[nodiscard]] bool completed() const noexcept { return step_ == kSpinSteps + kYieldSteps; }

  void reset() noexcept { step_ = 0; }

 private:
  static constexpr unsigned kSpinSteps = 7;  // 1 to 64 pauses: about 2 to 5 us in all
  static constexpr unsigned kYieldSteps = 4;

  unsigned step_ = 0;
};

}  // namespace ringmpsc
