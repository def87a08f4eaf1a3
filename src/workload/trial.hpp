// One execution of a spec under a placement.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "machine/placement.hpp"
#include "workload/sample.hpp"
#include "workload/spec.hpp"

namespace bench::workload {

/// How far a running trial has come.
struct Consumed {
  double seconds = 0;  ///< since the common start
  std::uint64_t messages = 0;
};

/// A trial whose threads are running. One thread supervises it. Destroying it stops and joins.
class RunningTrial {
 public:
  RunningTrial() = default;
  RunningTrial(const RunningTrial&) = delete;
  RunningTrial& operator=(const RunningTrial&) = delete;
  virtual ~RunningTrial() = default;

  /// Waits at most this long for the common start. True once the clock runs, or if it never will.
  virtual bool started_within(std::chrono::nanoseconds time) = 0;
  /// Waits at most this long for the consumer to have consumed everything. True once it has.
  virtual bool finished_within(std::chrono::nanoseconds time) = 0;
  /// A look from outside, which costs the threads nothing. Once started_within() has been true.
  [[nodiscard]] virtual Consumed consumed_so_far() const noexcept = 0;
  /// Tells the producers to send no more; what they sent is still consumed. Any number of times.
  virtual void stop() noexcept = 0;
  /// Joins the threads. Once, when finished. Throws machine::CannotMeasure if a thread could not do
  /// its part (no memory for a ring).
  virtual Sample sample() = 0;
};

/// How many threads may use a queue at its two ends.
enum class QueueKind : std::uint8_t {
  spsc,
  mpsc,
  mpmc,
  limit,  ///< no queue, but what the machine can do at most
};

/// The order of a queue that keeps none, whose messages may come late without a fault.
inline constexpr std::string_view kNoOrder = "none";

using Started = std::unique_ptr<RunningTrial>;

/// Starts a trial of one queue, of which spec.queue is the name.
using Start = Started(const Spec& spec, const machine::Placement& placement);

/// A queue that can be measured.
struct QueueEntry {
  std::string_view name;
  QueueKind kind;
  std::string_view order;     ///< what is kept in order
  std::string_view progress;  ///< what a thread's operation depends on
  std::string_view version;
  /// Null if the library was not there when this program was built.
  Start* start;
  bool in_place = false;  ///< batches can be written where the consumer reads them
  bool deferred = false;  ///< single pushes can be staged
};

/// Every queue that this program knows.
[[nodiscard]] std::span<const QueueEntry> queue_table() noexcept;

/// Null if there is none of this name.
[[nodiscard]] const QueueEntry* find_queue(std::string_view name) noexcept;

/// What no queue can be faster than, for a spec of this pattern.
[[nodiscard]] std::string_view limit_of(Pattern pattern) noexcept;

/// Starts the threads of a trial of spec.queue. Throws machine::CannotMeasure if they cannot be
/// had, std::invalid_argument for a spec that names no queue or no compiled-in payload.
[[nodiscard]] Started start_trial(const Spec& spec, const machine::Placement& placement);

/// Bytes that a trial's rings, buffers and counters of times take at least.
[[nodiscard]] std::uint64_t ring_bytes(const Spec& spec) noexcept;

}  // namespace bench::workload
