// SIGINT and SIGTERM as something to wait for, so that what was measured is not lost with them.
#pragma once

#include <signal.h>

#include <chrono>
#include <optional>

namespace bench::measure {

/// While one exists, the first SIGINT or SIGTERM is only noted, and the next one ends the process
/// at once, unless it comes with the first: timeout(1) sends one to the process and one to its
/// group. Make it on the main thread before any other thread is started, since threads inherit
/// the blocked signals; use it there only. Keep it until the result is there.
class Interrupt {
 public:
  Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  ~Interrupt() { release(); }

  /// From here on signals end the process again, as they should one that waits for whoever reads
  /// its result. One that has come and that nobody has looked for is forgotten: all was measured.
  void release();

  /// Sleeps, but no longer than until the first signal. True if it has arrived, now or before.
  bool wait_for(std::chrono::nanoseconds time);

  /// Looks without sleeping.
  [[nodiscard]] bool requested() { return wait_for(std::chrono::nanoseconds::zero()); }

  /// SIGINT or SIGTERM, if one has arrived.
  [[nodiscard]] std::optional<int> signal() const noexcept { return signal_; }

 private:
  /// Within so long a second signal is the first one again: nobody presses Ctrl-C twice as fast.
  static constexpr std::chrono::milliseconds kSame{200};

  void forget_pending();
  void let_the_next_end();

  sigset_t watched_{};
  sigset_t before_{};
  bool released_ = false;
  std::optional<int> signal_;
  std::chrono::steady_clock::time_point arrived_;
};

}  // namespace bench::measure
