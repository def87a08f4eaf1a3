// Throughput within a long trial, to show whether it was the same from beginning to end.
#pragma once

#include <cstdint>
#include <vector>

#include "workload/sample.hpp"

namespace bench::measure {

/// Collects how many messages a trial had consumed each time that it was looked at.
class Windows {
 public:
  /// Trials that take less have no windows.
  static constexpr double kShortestTrialSeconds = 1;
  /// At this many looks, neighbours are joined in pairs, and looks become half as frequent.
  static constexpr std::size_t kMost = 120;

  /// Records a look: the seconds since the trial's start, and the messages consumed since then.
  /// Neither may be less than at the look before. A look that comes too soon after the last one is
  /// left out.
  void look(double seconds, std::uint64_t messages);

  /// The windows between the looks; the last one ends with the trial. Together they have the
  /// seconds and the messages of the trial, which are given here.
  [[nodiscard]] std::vector<workload::Window> of_trial(double seconds,
                                                       std::uint64_t messages) const;

 private:
  struct Look {
    double seconds = 0;
    std::uint64_t messages = 0;
  };

  std::vector<Look> looks_;
  double spacing_s_ = 0.1;
};

}  // namespace bench::measure
