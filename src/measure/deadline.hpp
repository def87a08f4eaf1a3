// Whether there is time for a round of trials more.
#pragma once

#include <algorithm>
#include <optional>

namespace bench::measure {

/// Keeps rounds to the time that was announced for all of them. It has no clock, but is told.
class Deadline {
 public:
  /// What comes after the last round stays within 1.1 times what was announced.
  static constexpr double kLatest = 1.08;
  /// Nobody is kept from anything by so little: a short measurement is not cut to save it.
  static constexpr double kSlackSeconds = 0.5;

  /// Never comes without `seconds`, what was announced.
  explicit Deadline(std::optional<double> seconds) : seconds_(seconds) {}

  /// After so many rounds, which took `taken_s` together: whether one more, as long as they were on
  /// average, ends in time. There is always time for the first one.
  [[nodiscard]] bool allows_another(unsigned rounds, double taken_s) const noexcept {
    if (!seconds_ || rounds == 0) return true;
    return taken_s + taken_s / rounds <= std::max(kLatest * *seconds_, *seconds_ + kSlackSeconds);
  }

 private:
  std::optional<double> seconds_;
};

}  // namespace bench::measure
