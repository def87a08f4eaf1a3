// What the threads of a trial tell each other.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace bench::workload {

using Clock = std::chrono::steady_clock;

/// What the threads of a trial tell each other and their supervisor. `ready`, `go` and `ended`
/// change once a thread.
struct Signals {
  alignas(128) std::atomic<unsigned> ready{0};  ///< threads at the start line
  alignas(128) std::atomic<bool> go{false};
  alignas(128) std::atomic<bool> stop{false};   ///< producers: send no more
  alignas(128) std::atomic<unsigned> ended{0};  ///< producers that have sent their last message
  /// Messages consumed: stored by the consumer alone, once a poll. Relaxed, since the supervisor
  /// reads the number and no message.
  alignas(128) std::atomic<std::uint64_t> consumed{0};
};

}  // namespace bench::workload
