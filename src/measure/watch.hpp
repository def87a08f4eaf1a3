// Tells from regular looks at a trial whether it still gets on, and whether the process was
// stopped.
#pragma once

#include <cstdint>
#include <vector>

#include "workload/trial.hpp"

namespace bench::measure {

/// It has no clock: the caller tells it the time of each look, in seconds.
class Watch {
 public:
  /// A trial is stuck if no thread sends, consumes or moves on for so long. No schedule is slower:
  /// it has at least one message a second.
  static constexpr double kPatienceSeconds = 10;
  /// The whole process was stopped, or the machine under it, if a look comes this many seconds
  /// after the one before and the process has used less than half of a CPU in between ...
  static constexpr double kShortStopSeconds = 0.25;
  /// ... or if it comes so late, whatever the accounting says: a virtual machine that was paused
  /// may count the pause as used.
  static constexpr double kStopSeconds = 0.5;

  enum class Verdict : std::uint8_t {
    going,
    stuck,     ///< nothing got on for too long
    too_many,  ///< all producers have ended, and the consumer got more messages than they sent
  };

  /// `starting_s` is added to the patience until the threads have started: they fault their memory
  /// in then.
  explicit Watch(double starting_s) noexcept : starting_s_(starting_s) {}

  /// Looks are meant to follow each other within a tenth of a second. `cpu_s` is the CPU time that
  /// the process has used. Time during which it was stopped does not count for `stuck`: the threads
  /// could not get on.
  [[nodiscard]] Verdict look(double now_s, double cpu_s, const workload::TrialState& state);

  /// Seconds during which the process was stopped between two looks, since the last begin_trial().
  [[nodiscard]] double stopped_seconds() const noexcept { return stopped_s_; }
  /// What happened before counts no more for stopped_seconds().
  void begin_trial() noexcept { stopped_s_ = 0; }

 private:
  struct Progress {
    workload::Stage stage;
    std::uint64_t messages;
    friend bool operator==(const Progress&, const Progress&) = default;
  };

  double starting_s_;
  double last_s_ = -1;  // no look yet
  double last_cpu_s_ = 0;
  double quiet_s_ = 0;
  double stopped_s_ = 0;
  std::vector<Progress> seen_;
};

}  // namespace bench::measure
