// When each message of an open-loop trial is due. The due time follows from the producer and the
// sequence number, so that sender and receiver know it although the message does not contain it.
#pragma once

#include <algorithm>
#include <cstdint>

namespace bench::workload {

/// Producer p of N sends its message i at start + (i + p / N) * interval, in ticks of the trial's
/// clock. Each producer sends at the same rate, and all messages together are evenly spaced.
class Schedule {
 public:
  /// `interval` is the time in ticks between two messages of one producer, more than 0. It may have
  /// a fraction, because a rounded interval would add up to another rate.
  Schedule(std::uint64_t start, double interval, unsigned producers) noexcept
      : start_(start), interval_(interval), share_(1.0 / producers) {}

  /// When message `sequence` of `producer` is due. Exact to the tick for 2^53 ticks, which are
  /// weeks.
  [[nodiscard]] std::uint64_t due(unsigned producer, std::uint64_t sequence) const noexcept {
    // Signed integers, because the processor converts them in one instruction.
    const double place =
        static_cast<double>(static_cast<std::int64_t>(sequence)) + producer * share_;
    return start_ + static_cast<std::uint64_t>(static_cast<std::int64_t>(place * interval_));
  }

  /// How many messages of `producer` are due at `now`. If `now` is a due time to the tick, this may
  /// be one more or less.
  [[nodiscard]] std::uint64_t due_by(unsigned producer, std::uint64_t now) const noexcept {
    if (now < due(producer, 0)) return 0;
    const double intervals = static_cast<double>(now - start_) / interval_ - producer * share_;
    return static_cast<std::uint64_t>(std::min(intervals, 0x1p62)) + 1;
  }

 private:
  std::uint64_t start_;
  double interval_;
  double share_;  // part of the interval from one producer to the next
};

}  // namespace bench::workload
