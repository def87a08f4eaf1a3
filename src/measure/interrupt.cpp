#include "measure/interrupt.hpp"

#include <pthread.h>
#include <time.h>

#include <thread>
#include <utility>

namespace bench::measure {

Interrupt::Interrupt() {
  sigemptyset(&watched_);
  sigaddset(&watched_, SIGINT);
  sigaddset(&watched_, SIGTERM);
  sigaddset(&watched_, SIGXCPU);
  struct sigaction hangup{};
  sigaction(SIGHUP, nullptr, &hangup);
  if (hangup.sa_handler != SIG_IGN) sigaddset(&watched_, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &watched_, &before_);
}

void Interrupt::release() {
  if (std::exchange(released_, true)) return;
  forget_pending();
  sigset_t before = before_;
  if (signal_ == SIGXCPU)
    sigaddset(&before, SIGXCPU);  // it comes again with each second of CPU time
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

bool Interrupt::wait_for(std::chrono::nanoseconds time) {
  if (signal_) {
    if (std::chrono::steady_clock::now() - arrived_ > kSame) let_the_next_end();
    std::this_thread::sleep_for(time);
    return true;
  }
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
  const timespec timeout{.tv_sec = seconds.count(), .tv_nsec = (time - seconds).count()};
  const int signal = sigtimedwait(&watched_, nullptr, &timeout);
  if (signal < 0) return false;  // the time is up, or another signal's handler has run
  signal_ = signal;
  arrived_ = std::chrono::steady_clock::now();
  return true;
}

void Interrupt::forget_pending() {
  const timespec at_once{};
  while (sigtimedwait(&watched_, nullptr, &at_once) > 0) {
  }
}

void Interrupt::let_the_next_end() {
  forget_pending();
  sigset_t ending = watched_;
  sigdelset(&ending, SIGXCPU);
  for (const int one : {SIGINT, SIGTERM, SIGHUP}) {
    if (sigismember(&ending, one) == 1) ::signal(one, SIG_DFL);
  }
  pthread_sigmask(SIG_UNBLOCK, &ending, nullptr);
}

}  // namespace bench::measure
