// A trial: one execution of a spec under a placement.
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <vector>

#include "workload/sample.hpp"
#include "workload/spec.hpp"

namespace bench::workload {

/// How far a running trial has come.
struct Consumed {
  double seconds = 0;  ///< since the common start
  std::uint64_t messages = 0;
};

enum class Stage : std::uint8_t {
  starting,  ///< makes its end of the queue: allocates, and faults its memory in
  lined_up,  ///< waits for the common start
  running,   ///< sends or consumes
  replying,  ///< the consumer of a round trip finds no room for its reply
  ended,
};

/// Where a thread is.
struct ThreadState {
  Stage stage = Stage::starting;
  /// Messages sent or consumed. Exact for a thread that waits, and for the consumer; a producer
  /// that is held up within the queue may have sent up to 2^16 more.
  std::uint64_t messages = 0;
  std::uint64_t waits = 0;  ///< how often it found no room or no message
  int crash = 0;            ///< the signal that it crashed with, like SIGSEGV; it has stopped there

  friend bool operator==(const ThreadState&, const ThreadState&) = default;
};

/// Where the threads of a trial are.
struct TrialState {
  ThreadState consumer;
  std::vector<ThreadState> producers;
  std::exception_ptr thrown;  ///< what the first thread threw that threw
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
  /// Waits at most `time` until every thread has ended. True once all have.
  virtual bool finished_within(std::chrono::nanoseconds time) = 0;
  /// For the supervisor; costs the threads nothing. Call it only after started_within() returned
  /// true.
  [[nodiscard]] virtual Consumed consumed_so_far() const noexcept = 0;
  /// For the supervisor, at any time.
  [[nodiscard]] virtual TrialState state() const = 0;
  /// Tells the producers to send no more. The messages that they sent are still consumed. May be
  /// called any number of times.
  virtual void stop() noexcept = 0;
  /// Tells all threads to wait for nothing any more: neither for room nor for a reply. What is
  /// under way then counts as lost. May be called any number of times.
  virtual void call_off() noexcept = 0;
  /// Joins the threads and returns their sample. Call it once, when the trial has finished. Throws
  /// machine::CannotMeasure if there was no memory for a ring, and whatever else the queue threw.
  virtual Sample sample() = 0;
};

/// The least memory that a trial's rings, buffers and latency counters take, in bytes.
[[nodiscard]] std::uint64_t ring_bytes(const Spec& spec) noexcept;

}  // namespace bench::workload
