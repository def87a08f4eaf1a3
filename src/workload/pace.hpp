// Controls how often the consumer of a trial polls. Queues that publish with an index on a line of
// its own need that to be at their best, ours of dense layout among them.
#pragma once

#include <algorithm>
#include <cstddef>

#include "ringmpsc/detail/platform.hpp"

namespace bench::workload {

/// Raises throughput by polling less often: after a poll that brought few messages, the consumer
/// pauses, so that the next poll brings more.
///
/// A consumer that polls without a pause takes the index's line from the producer after every few
/// messages. The producer needs the line back for its next message, so it writes at the speed at
/// which two cores talk to each other. After a poll that brought many messages there is no pause,
/// because the ring is filling up. For low latency, do not use a Pace.
///
/// Each object belongs to one thread.
class Pace {
 public:
  /// `capacity` is the number of slots in a ring. The smaller the ring, the fewer messages a poll
  /// must bring to avoid the pause.
  explicit Pace(std::size_t capacity) noexcept
      : enough_(std::min(kEnough, std::max<std::size_t>(1, capacity / 8))) {}

  /// Call it with the number of messages that the last poll brought, unless that was 0.
  void after(std::size_t messages) const noexcept {
    if (messages >= enough_) return;
    for (unsigned i = 0; i < kPauses; ++i) ringmpsc::detail::pause();
  }

 private:
  // Single pushes: these two are 2.8 times as fast as no pause for the dense layout
  // (PERFORMANCE.md, "Appendix").
  static constexpr std::size_t kEnough = 2048;
  static constexpr unsigned kPauses = 64;

  std::size_t enough_;
};

}  // namespace bench::workload
