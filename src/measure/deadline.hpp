// Decides whether there is time for another round of trials.
#pragma once

#include <algorithm>
#include <optional>

namespace bench::measure {

/// Keeps rounds to the time that was announced for all of them. It has no clock: the caller tells
/// it the time.
class Deadline {
 public:
  /// Rounds end within this many times the announced time, so that what comes after the last round
  /// still ends within 1.1 times.
  static constexpr double kLatest = 1.08;
  /// A delay of this many seconds bothers nobody, so a short measurement is not cut to save it.
  static constexpr double kSlackSeconds = 0.5;

  /// `seconds` is the time that was announced. Without it the deadline never comes.
  explicit Deadline(std::optional<double> seconds) : seconds_(seconds) {}

  /// Whether another round ends in time if it takes as long as the `rounds` so far did on average;
  /// they took `taken_s` seconds together. There is always time for the first round.
  [[nodiscard]] bool allows_another(unsigned rounds, double taken_s) const noexcept {
    if (!seconds_ || rounds == 0) return true;
    return taken_s + taken_s / rounds <= std::max(kLatest * *seconds_, *seconds_ + kSlackSeconds);
  }

 private:
  std::optional<double> seconds_;
};

}  // namespace bench::measure
