// Adaptive backoff: how a thread waits for another thread that is expected to be quick.
#pragma once

#include <thread>

#include "ringmpsc/detail/platform.hpp"

namespace ringmpsc {

/// Spins with 1, 2, 4, ... 64 pauses, then yields the core, then advises the caller to give up.
///
/// Each object belongs to one thread. Reset it when the wait has ended. The design is that of
/// crossbeam's Backoff (crossbeam-utils, backoff.rs). Doubling pauses keep a short wait short and
/// keep the waiting core off the line that the other core is writing. Yielding lets the awaited
/// thread run where threads outnumber cores.
class Backoff {
 public:
  /// Waits for one step. Each spinning step is about twice as long as the last. Never blocks. Each
  /// step after the spinning steps makes one system call, sched_yield.
  void snooze() noexcept {
    if (step_ < kSpinSteps) {
      for (unsigned i = 0; i < 1U << step_; ++i) detail::pause();
    } else {
      std::this_thread::yield();
    }
    if (step_ < kSpinSteps + kYieldSteps) ++step_;
  }

  /// True once both phases are over. The caller should then do something else or block. A further
  /// snooze() yields.
  [[nodiscard]] bool completed() const noexcept { return step_ == kSpinSteps + kYieldSteps; }

  void reset() noexcept { step_ = 0; }

 private:
  static constexpr unsigned kSpinSteps = 7;  // 1 to 64 pauses, about 2 to 5 us in total
  static constexpr unsigned kYieldSteps = 4;

  unsigned step_ = 0;
};

}  // namespace ringmpsc
