// One execution of a spec under a placement.
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
  /// For a supervisor: costs the threads nothing. Only after started_within() has been true.
  [[nodiscard]] virtual Consumed consumed_so_far() const noexcept = 0;
  /// Tells the producers to send no more; what they sent is still consumed. Any number of times.
  virtual void stop() noexcept = 0;
  /// Joins the threads. Once, when finished. Throws machine::CannotMeasure if a thread could not do
  /// its part (no memory for a ring).
  virtual Sample sample() = 0;
};

/// The least that a trial's rings, buffers and latency counters take, in bytes.
[[nodiscard]] std::uint64_t ring_bytes(const Spec& spec) noexcept;

}  // namespace bench::workload
