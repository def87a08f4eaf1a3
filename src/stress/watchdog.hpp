// Notices a round of which no thread gets on.
#pragma once

#include <vector>

#include "results/document.hpp"
#include "stress/positions.hpp"

namespace bench::stress {

/// It has no clock: the caller tells it the time of each look, in seconds.
class Watchdog {
 public:
  static constexpr double kPatienceSeconds = 10;

  /// True once no thread has got on for kPatienceSeconds. The first position is the consumer's. A
  /// look that comes late adds little: the threads had as little time as the watchdog.
  [[nodiscard]] bool is_stuck(double now_s, const std::vector<Position::State>& positions);

  /// What each thread was doing at the last look.
  [[nodiscard]] std::vector<results::ThreadReport> threads() const;

 private:
  double last_s_ = 0;
  double quiet_s_ = 0;
  std::vector<Position::State> seen_;
};

}  // namespace bench::stress
