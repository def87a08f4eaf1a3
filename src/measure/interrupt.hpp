// Waits for SIGINT, SIGTERM, SIGHUP and SIGXCPU, so that they do not lose what was measured.
#pragma once

#include <signal.h>

#include <chrono>
#include <optional>

namespace bench::measure {

/// While an Interrupt exists, the first SIGINT, SIGTERM, SIGHUP or SIGXCPU (the CPU time of ulimit
/// -t is over) is only noted. The next one ends the process at once, unless it comes together with
/// the first: timeout(1) sends one to the process and one to its group. A SIGXCPU never does: the
/// system repeats it until its hard limit, which kills. A SIGHUP that the process was started to
/// ignore, by nohup(1), stays ignored.
///
/// Make it on the main thread before any other thread is started, because threads inherit the
/// blocked signals. Use it on the main thread only. Keep it until the result is there.
class Interrupt {
 public:
  Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  ~Interrupt() { release(); }

  /// From now on signals end the process again, as they should while it waits for a reader of its
  /// result. A signal that has arrived unnoticed is forgotten, because everything was measured.
  void release();

  /// Sleeps for `time`, or until the first signal. True if the first signal has arrived, now or
  /// before.
  bool wait_for(std::chrono::nanoseconds time);

  /// Whether a signal has arrived. Does not sleep.
  [[nodiscard]] bool requested() { return wait_for(std::chrono::nanoseconds::zero()); }

  /// The signal that has arrived, if one has.
  [[nodiscard]] std::optional<int> signal() const noexcept { return signal_; }

 private:
  /// A second signal within this time counts as the first one: nobody presses Ctrl-C twice so fast.
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
