#include "workload/crash.hpp"

#include <signal.h>
#include <unistd.h>

#include <array>
#include <string_view>

#include "ringmpsc/detail/platform.hpp"

namespace bench::workload {
namespace {

constexpr std::array kCrashes = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS};

/// How long the supervisor may take to write the result.
constexpr unsigned kSecondsToWrite = 30;

/// Where this thread leaves its signal; null outside of a trial.
thread_local constinit std::atomic<int>* crash_of_this_thread = nullptr;

}  // namespace

void CrashGuard::on_signal(int signal) noexcept {
  std::atomic<int>* const note = crash_of_this_thread;
  if (note == nullptr) {  // not a trial's thread: end as if there were no handler
    ::signal(signal, SIG_DFL);
    ::raise(signal);
    return;
  }
  note->store(signal, std::memory_order_relaxed);
  // Only calls that are safe in a signal handler from here on.
  for (unsigned left = kSecondsToWrite; left > 0;) left = ::sleep(left);
  constexpr std::string_view kLast =
      "ringmpsc-bench: error: the queue crashed, and the result could not be written\n";
  static_cast<void>(::write(STDERR_FILENO, kLast.data(), kLast.size()));
  ::_exit(1);
}

CrashGuard::CrashGuard(std::atomic<int>& signal) {
#ifndef RINGMPSC_SANITIZED
  const auto size = static_cast<std::size_t>(sysconf(_SC_SIGSTKSZ));
  stack_ = std::make_unique<std::byte[]>(size);
  stack_t stack{};
  stack.ss_sp = stack_.get();
  stack.ss_size = size;
  sigaltstack(&stack, nullptr);
  crash_of_this_thread = &signal;
  // Handlers belong to the process; setting them again for each thread does no harm.
  struct sigaction action{};
  action.sa_handler = &CrashGuard::on_signal;
  action.sa_flags = SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  for (const int crash : kCrashes) sigaction(crash, &action, nullptr);
#else
  static_cast<void>(signal);
#endif
}

CrashGuard::~CrashGuard() {
#ifndef RINGMPSC_SANITIZED
  crash_of_this_thread = nullptr;
  stack_t none{};
  none.ss_flags = SS_DISABLE;
  sigaltstack(&none, nullptr);
#endif
}

}  // namespace bench::workload
