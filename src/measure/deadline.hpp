// Decides whether there is time for another round of trials.
#pragma once

#include <optional>

namespace bench::measure {

/// Keeps the rounds of a sweep within its time limit, if it has one. It has no clock: the caller
/// tells it the time.
class Deadline {
 public:
  /// Rounds end within this part of the limit. The rest is for the rehearsal before them, for the
  /// summary after them, and for a last round that is slower than the others.
  static constexpr double kPart = 0.9;

  /// `spent_s` seconds of the limit were spent before the first round.
  explicit Deadline(std::optional<double> limit_s, double spent_s = 0)
      : limit_s_(limit_s), spent_s_(spent_s) {}

  /// Whether another round ends in time if it takes as long as the `rounds` so far did on average;
  /// they took `taken_s` seconds together. There is always time for the first round.
  [[nodiscard]] bool allows_another(unsigned rounds, double taken_s) const noexcept {
    if (!limit_s_ || rounds == 0) return true;
    return spent_s_ + taken_s + taken_s / rounds <= kPart * *limit_s_;
  }

 private:
  std::optional<double> limit_s_;
  double spent_s_;
};

}  // namespace bench::measure
