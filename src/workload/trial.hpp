// A trial: one execution of a spec under a placement.
#pragma once

#include <chrono>
#include <cstdint>

#include "workload/sample.hpp"
#include "workload/spec.hpp"

namespace bench::workload {

/// How far a running trial has come.
struct Consumed {
  double seconds = 0;  ///< since the common start
  std::uint64_t messages = 0;
};

/// A trial whose threads are running. One thread supervises it. The destructor stops and joins the
/// threads.
class RunningTrial {
 public:
  RunningTrial() = default;
  RunningTrial(const RunningTrial&) = delete;
  RunningTrial& operator=(const RunningTrial&) = delete;
  virtual ~RunningTrial() = default;

  /// Waits at most `time` for the common start. True once the clock runs, or if it never will.
  virtual bool started_within(std::chrono::nanoseconds time) = 0;
  /// Waits at most `time` until the consumer has consumed everything. True once it has.
  virtual bool finished_within(std::chrono::nanoseconds time) = 0;
  /// For the supervisor; costs the threads nothing. Call it only after started_within() returned
  /// true.
  [[nodiscard]] virtual Consumed consumed_so_far() const noexcept = 0;
  /// Tells the producers to send no more. The messages that they sent are still consumed. May be
  /// called any number of times.
  virtual void stop() noexcept = 0;
  /// Joins the threads and returns their sample. Call it once, when the trial has finished. Throws
  /// machine::CannotMeasure if a thread could not do its part (no memory for a ring).
  virtual Sample sample() = 0;
};

/// The least memory that a trial's rings, buffers and latency counters take, in bytes.
[[nodiscard]] std::uint64_t ring_bytes(const Spec& spec) noexcept;

}  // namespace bench::workload
