#include "measure/aside.hpp"

#include <system_error>
#include <thread>
#include <utility>

#include "machine/cannot_measure.hpp"
#include "workload/crash.hpp"

namespace bench::measure {

Aside::Aside(std::function<void()> function) {
  try {
    std::thread([state = state_, function = std::move(function)]() mutable {
      try {
        const workload::CrashGuard guard(state->crash);
        function();
        function = nullptr;  // what it owns ends here, within the guard
      } catch (...) {
        state->thrown = std::current_exception();
      }
      state->done.happen();
    }).detach();
  } catch (const std::system_error& error) {
    throw machine::CannotMeasure("cannot start a thread: " + error.code().message() +
                                 " (raise the limits on threads and memory, ulimit -u and -v)");
  }
}

std::optional<int> Aside::crash() const noexcept {
  const int signal = state_->crash.load(std::memory_order_relaxed);
  return signal == 0 ? std::nullopt : std::optional(signal);
}

void Aside::rethrow() const {
  if (state_->thrown) std::rethrow_exception(state_->thrown);
}

}  // namespace bench::measure
