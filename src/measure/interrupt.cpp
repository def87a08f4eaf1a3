#include "measure/interrupt.hpp"

#include <pthread.h>
#include <time.h>

#include <thread>

namespace bench::measure {

Interrupt::Interrupt() {
  sigemptyset(&watched_);
  sigaddset(&watched_, SIGINT);
  sigaddset(&watched_, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &watched_, &before_);
}

Interrupt::~Interrupt() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

bool Interrupt::wait_for(std::chrono::nanoseconds time) {
  if (signal_) {
    std::this_thread::sleep_for(time);
    return true;
  }
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
  const timespec timeout{.tv_sec = seconds.count(), .tv_nsec = (time - seconds).count()};
  const int arrived = sigtimedwait(&watched_, nullptr, &timeout);
  if (arrived < 0) return false;  // time is up, or some other signal's handler has run
  signal_ = arrived;
  // From now on this thread takes them as the system does by default: the second one is the end.
  ::signal(SIGINT, SIG_DFL);
  ::signal(SIGTERM, SIG_DFL);
  pthread_sigmask(SIG_UNBLOCK, &watched_, nullptr);
  return true;
}

}  // namespace bench::measure
