// Runs a function on a thread of its own, where it may hang or crash.
#pragma once

#include <atomic>
#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>

#include "workload/event.hpp"

namespace bench::measure {

/// The destructor does not wait: a function that hangs runs on until the process exits, together
/// with all that it owns.
class Aside {
 public:
  /// The function must own what it uses. Throws machine::CannotMeasure if there is no thread for
  /// it.
  explicit Aside(std::function<void()> function);

  /// Waits at most `time`. True once the function has returned or thrown.
  [[nodiscard]] bool done_within(std::chrono::nanoseconds time) {
    return state_->done.within(time);
  }
  /// The signal of a crash, like SIGSEGV.
  [[nodiscard]] std::optional<int> crash() const noexcept;
  /// Throws what the function threw. For use once it is done.
  void rethrow() const;

 private:
  struct State {
    workload::Event done;
    std::atomic<int> crash{0};
    std::exception_ptr thrown;  // written before `done` happens
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace bench::measure
