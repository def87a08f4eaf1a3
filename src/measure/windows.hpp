// Throughput within a long trial: was it the same from its beginning to its end?
#pragma once

#include <cstdint>
#include <vector>

#include "workload/sample.hpp"

namespace bench::measure {

/// Collects what a trial had consumed at the times when it was looked at.
class Windows {
 public:
  /// Trials that take less have none.
  static constexpr double kShortestTrialSeconds = 1;
  /// Neighbours are joined, and looks become as much rarer, before there are more.
  static constexpr std::size_t kMost = 120;

  /// Seconds since the trial's start and messages since then, neither less than before. Looks that
  /// come too soon after the last are left out.
  void look(double seconds, std::uint64_t messages);

  /// The windows between the looks, of which the last ends with the trial: their seconds and their
  /// messages are the trial's, which are given here.
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
