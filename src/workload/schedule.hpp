// When each message of an open-loop trial is due. It follows from who sends it and its sequence
// number, so that sender and receiver know it without a word about it in the message.
#pragma once

#include <algorithm>
#include <cstdint>

namespace bench::workload {

/// Producer p of N sends its message i at start + (i + p / N) * interval: each at the same rate,
/// and all of them together evenly. In the ticks of the trial's clock.
class Schedule {
 public:
  /// `interval` is the ticks between two messages of one producer, more than 0; a fraction, since a
  /// rounded one would add up to another rate.
  Schedule(std::uint64_t start, double interval, unsigned producers) noexcept
      : start_(start), interval_(interval), share_(1.0 / producers) {}

  /// When message `sequence` of `producer` is due; exact to the tick for 2^53 ticks, which are
  /// weeks.
  [[nodiscard]] std::uint64_t due(unsigned producer, std::uint64_t sequence) const noexcept {
    // Through signed integers, which the processor converts in one instruction.
    const double place =
        static_cast<double>(static_cast<std::int64_t>(sequence)) + producer * share_;
    return start_ + static_cast<std::uint64_t>(static_cast<std::int64_t>(place * interval_));
  }

  /// How many messages of `producer` are due at `now`; of a due time to the tick, one more or less.
  [[nodiscard]] std::uint64_t due_by(unsigned producer, std::uint64_t now) const noexcept {
    if (now < due(producer, 0)) return 0;
    const double intervals = static_cast<double>(now - start_) / interval_ - producer * share_;
    return static_cast<std::uint64_t>(std::min(intervals, 0x1p62)) + 1;
  }

 private:
  std::uint64_t start_;
  double interval_;
  double share_;  // of the interval, from one producer to the next
};

}  // namespace bench::workload
