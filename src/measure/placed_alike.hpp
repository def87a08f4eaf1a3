// Placements that are the same CPUs: a sweep measures them once.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "measure/plan.hpp"

namespace bench::measure {

[[nodiscard]] inline bool same_cpus(const machine::Placement& a,
                                    const machine::Placement& b) noexcept {
  return a.consumer_cpu == b.consumer_cpu && a.producer_cpus == b.producer_cpus;
}

/// The series that a sweep leaves out because others are the same on the same CPUs.
class PlacedAlike {
 public:
  /// Whether an earlier series does the same on the same CPUs, in another placement. Never if the
  /// sweep does not vary the placement of both.
  [[nodiscard]] bool leaves_out(const PlannedSeries& series,
                                const std::vector<PlannedSeries>& earlier);

  /// A line for each two placements.
  [[nodiscard]] std::vector<std::string> lines() const;

 private:
  struct Pair {
    std::string left_out;  ///< the placements as the sweep names them
    std::string measured;
    std::size_t series = 0;
  };
  std::vector<Pair> pairs_;
};

}  // namespace bench::measure
