#include "workload/waiting.hpp"

namespace bench::workload {

WaitPoint::Waiting::Waiting(WaitPoint& point, Position& position) noexcept
    : point_(&point),
      position_(&position),
      strategy_(point.strategy_),
      blocking_(point.blocking_.begin()) {}

void WaitPoint::Waiting::step() noexcept {
  position_->waits();
  switch (strategy_) {
    case Wait::adaptive:
      return adaptive_.step();
    case Wait::busy_spin:
      return busy_spin_.step();
    case Wait::yielding:
      return yielding_.step();
    case Wait::backoff:
      return backoff_.step();
    case Wait::blocking:
      return blocking_.step();
    case Wait::none:
      return;
  }
}

void WaitPoint::Waiting::end() noexcept {
  switch (strategy_) {
    case Wait::adaptive:
      adaptive_ = ringmpsc::AdaptiveWait::begin();
      break;
    case Wait::busy_spin:
      busy_spin_ = ringmpsc::BusySpinWait::begin();
      break;
    case Wait::yielding:
      yielding_ = ringmpsc::YieldingWait::begin();
      break;
    case Wait::backoff:
      backoff_ = ringmpsc::BackoffWait::begin();
      break;
    case Wait::blocking:
      blocking_ = point_->blocking_.begin();
      break;
    case Wait::none:
      break;
  }
}

}  // namespace bench::workload
