#include "stress/hosted_round.hpp"

#include <algorithm>
#include <memory>

#include "workload/crash.hpp"

namespace bench::stress {

HostedRound::HostedRound(const RoundPlan& plan) : thread_([this, plan] { host(plan); }) {}

HostedRound::~HostedRound() { thread_.join(); }

void HostedRound::host(const RoundPlan& plan) noexcept {
  std::exception_ptr thrown;
  try {
    const workload::CrashGuard guard(crash_);
    run(plan);
  } catch (...) {
    thrown = std::current_exception();
  }
  const std::scoped_lock lock(mutex_);
  thrown_ = thrown;
  over_ = true;
  over_changed_.notify_all();
}

void HostedRound::run(const RoundPlan& plan) {
  const std::unique_ptr<Round> round = make_round(plan);
  round->start();
  {
    const std::scoped_lock lock(mutex_);
    round_ = round.get();
  }
  while (!round->ended_within(std::chrono::hours(1))) continue;
  {
    const std::scoped_lock lock(mutex_);
    round_ = nullptr;
  }
  round->settle();
  const std::scoped_lock lock(mutex_);
  outcome_ = {
      .fault = round->fault(), .happened = round->happened(), .received = round->received()};
}

bool HostedRound::over_within(std::chrono::nanoseconds time) {
  std::unique_lock lock(mutex_);
  return over_changed_.wait_for(lock, time, [this] { return over_; });
}

void HostedRound::stop() {
  const std::scoped_lock lock(mutex_);
  if (round_ != nullptr) round_->stop();
}

HostedRound::State HostedRound::state() const {
  State state;
  const std::scoped_lock lock(mutex_);
  if (const int crash = crash_.load(std::memory_order_relaxed); crash != 0) state.crash = crash;
  if (round_ == nullptr) return state;
  state.positions = round_->positions();
  for (const Position::State& position : state.positions) {
    if (position.crash != 0) state.crash = position.crash;
  }
  state.hints = round_->hints();
  state.failed = round_->failed();
  state.fault = round_->fault();
  return state;
}

const HostedRound::Outcome& HostedRound::outcome() const {
  const std::scoped_lock lock(mutex_);
  if (thrown_) std::rethrow_exception(thrown_);
  return outcome_;
}

}  // namespace bench::stress
