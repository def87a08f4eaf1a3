// How the threads of a trial wait for each other.
#pragma once

#include <cstddef>
#include <variant>

#include "ringmpsc/pace.hpp"
#include "ringmpsc/wait.hpp"
#include "workload/spec.hpp"

namespace bench::workload {

/// Somewhere to wait with the spec's strategy, shared by all threads of a trial. Only whether there
/// is somebody to wake up is compiled in, since it is asked after every publication. Which strategy
/// it is, is asked when there is nothing to do but wait.
template <bool Blocking>
class WaitPoint {
 public:
  explicit WaitPoint(Wait strategy) noexcept : strategy_(strategy) {}

  /// One thread's own wait. Never inlined: a loop keeps its registers for what it does when it does
  /// not wait.
  class Waiting {
   public:
    explicit Waiting(Wait strategy) noexcept : steps_(beginning(strategy)), strategy_(strategy) {}

    [[gnu::noinline, gnu::cold]] void step() noexcept {
      std::visit([](auto& steps) { steps.step(); }, steps_);
    }
    /// What was waited for has come: the next step is a new wait's first.
    [[gnu::noinline, gnu::cold]] void end() noexcept { steps_ = beginning(strategy_); }

   private:
    using Steps = std::variant<ringmpsc::AdaptiveWait::Waiting, ringmpsc::BusySpinWait::Waiting,
                               ringmpsc::YieldingWait::Waiting, ringmpsc::BackoffWait::Waiting>;

    static Steps beginning(Wait strategy) noexcept {
      switch (strategy) {
        case Wait::busy_spin:
          return ringmpsc::BusySpinWait::begin();
        case Wait::yielding:
          return ringmpsc::YieldingWait::begin();
        case Wait::backoff:
          return ringmpsc::BackoffWait::begin();
        case Wait::adaptive:
        case Wait::blocking:
          break;
      }
      return ringmpsc::AdaptiveWait::begin();
    }

    Steps steps_;
    Wait strategy_;
  };

  Waiting begin() noexcept { return Waiting(strategy_); }
  void notify() noexcept {}

 private:
  Wait strategy_;
};

template <>
class WaitPoint<true> {
 public:
  explicit WaitPoint(Wait /*strategy*/) noexcept {}

  class Waiting {
   public:
    explicit Waiting(ringmpsc::BlockingWait& wait) noexcept : wait_(&wait), steps_(wait.begin()) {}

    [[gnu::noinline, gnu::cold]] void step() noexcept { steps_.step(); }
    [[gnu::noinline, gnu::cold]] void end() noexcept { steps_ = wait_->begin(); }

   private:
    ringmpsc::BlockingWait* wait_;
    ringmpsc::BlockingWait::Waiting steps_;
  };

  Waiting begin() noexcept { return Waiting(wait_); }
  void notify() noexcept { wait_.notify(); }

 private:
  ringmpsc::BlockingWait wait_;
};

/// Whom to wait for, and whom to wake, in each direction.
template <bool Blocking>
struct WaitPoints {
  explicit WaitPoints(Wait strategy) noexcept : for_messages(strategy), for_room(strategy) {}

  WaitPoint<Blocking> for_messages;
  WaitPoint<Blocking> for_room;
};

}  // namespace bench::workload
