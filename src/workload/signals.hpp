// The signals between the threads of a trial.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace bench::workload {

using Clock = std::chrono::steady_clock;

/// What the threads of a trial tell each other and their supervisor. `ready`, `go` and `ended`
/// change once per thread.
struct Signals {
  alignas(128) std::atomic<unsigned> ready{0};  ///< producers at the start line
  alignas(128) std::atomic<bool> go{false};
  alignas(128) std::atomic<bool> stop{false};   ///< tells the producers to send no more
  alignas(128) std::atomic<unsigned> ended{0};  ///< producers that have sent their last message
  /// Messages consumed. Only the consumer stores this, once per poll. Relaxed, because the
  /// supervisor reads the number and no message.
  alignas(128) std::atomic<std::uint64_t> consumed{0};
};

}  // namespace bench::workload
