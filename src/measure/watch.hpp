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
  /// A look that comes later than this after the one before shows that the whole process was
  /// stopped, or the machine under it. Threads that merely share its CPU delay a look much less.
  static constexpr double kStopSeconds = 0.5;

  /// `starting_s` is added to the patience until the threads have started: they fault their memory
  /// in then.
  explicit Watch(double starting_s) noexcept : starting_s_(starting_s) {}

  /// Looks are meant to follow each other within a tenth of a second. True if the trial is stuck.
  /// Time during which the process was stopped does not count: the threads could not get on.
  [[nodiscard]] bool look(double now_s, const workload::TrialState& state);

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
  double quiet_s_ = 0;
  double stopped_s_ = 0;
  std::vector<Progress> seen_;
};

}  // namespace bench::measure
