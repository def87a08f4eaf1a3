// Wait strategies that are chosen while the program runs.
#pragma once

#include <chrono>
#include <utility>
#include <variant>

#include "ringmpsc/wait.hpp"
#include "workload/spec.hpp"

namespace bench::stress {

/// One place to wait, with one of the strategies.
class WaitPlace {
 public:
  explicit WaitPlace(workload::Wait strategy) {
    switch (strategy) {
      case workload::Wait::busy_spin:
        strategy_.emplace<ringmpsc::BusySpinWait>();
        break;
      case workload::Wait::yielding:
        strategy_.emplace<ringmpsc::YieldingWait>();
        break;
      case workload::Wait::adaptive:
        strategy_.emplace<ringmpsc::AdaptiveWait>();
        break;
      case workload::Wait::backoff:
        strategy_.emplace<ringmpsc::BackoffWait>();
        break;
      case workload::Wait::none:  // is no strategy of the channel's, and no round has it
        std::unreachable();
      case workload::Wait::blocking:
        // Without its second line of defence: a wake-up that is lost becomes a hang.
        strategy_.emplace<ringmpsc::BlockingWait>(std::chrono::hours(24));
        break;
    }
  }

  /// Calls `use` with the strategy. Stands first: what it returns must be known where it is called.
  decltype(auto) visit(auto&& use) { return std::visit(use, strategy_); }

  void wait(auto ready) {
    visit([&](auto& strategy) { strategy.wait(ready); });
  }
  void notify() noexcept {
    visit([](auto& strategy) { strategy.notify(); });
  }

 private:
  std::variant<ringmpsc::AdaptiveWait, ringmpsc::BusySpinWait, ringmpsc::YieldingWait,
               ringmpsc::BackoffWait, ringmpsc::BlockingWait>
      strategy_;
};

}  // namespace bench::stress
