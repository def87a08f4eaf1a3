// What one trial yields.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "machine/activity.hpp"
#include "ringmpsc/metrics.hpp"
#include "workload/latency_histogram.hpp"

namespace bench::workload {

/// The account of every message. Each of the four faults counts messages; one message is counted
/// under one fault.
struct Verification {
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  std::uint64_t lost = 0;        ///< sent and never received
  std::uint64_t duplicated = 0;  ///< received again
  std::uint64_t reordered = 0;   ///< received after a later message of the same producer
  std::uint64_t corrupted = 0;   ///< received with other words than were sent

  [[nodiscard]] bool passed() const noexcept {
    return sent == received && lost == 0 && duplicated == 0 && reordered == 0 && corrupted == 0;
  }

  Verification& operator+=(const Verification& other) noexcept {
    sent += other.sent;
    received += other.received;
    lost += other.lost;
    duplicated += other.duplicated;
    reordered += other.reordered;
    corrupted += other.corrupted;
    return *this;
  }

  friend bool operator==(const Verification&, const Verification&) = default;
};

/// Where a thread really ran, asked back from the OS.
struct ThreadCpu {
  /// The CPU it was bound to or, unbound, the one it was last seen on; null if the OS does not
  /// tell.
  std::optional<unsigned> cpu;
  bool pinned = false;

  friend bool operator==(const ThreadCpu&, const ThreadCpu&) = default;
};

/// The round trip of a cache line between the consumer's CPU and another, there and back, around a
/// trial; null where it was not probed.
struct CoreToCore {
  unsigned cpu = 0;
  std::optional<double> before_ns;
  std::optional<double> after_ns;

  friend bool operator==(const CoreToCore&, const CoreToCore&) = default;
};

/// A part of a trial.
struct Window {
  double seconds = 0;
  std::uint64_t messages = 0;  ///< consumed in it

  [[nodiscard]] double messages_per_second() const noexcept {
    return seconds > 0 ? static_cast<double>(messages) / seconds : 0;
  }

  friend bool operator==(const Window&, const Window&) = default;
};

struct Sample {
  /// The round of trials that it belongs to: each runs every series once, 0 the first.
  unsigned round = 0;
  /// Messages consumed, and the time from the common start to the last of them or, if that is later
  /// or there is none, to the end of the schedule or the trial.
  std::uint64_t messages = 0;
  double seconds = 0;
  /// An interrupt ended it before its time.
  bool cut_short = false;
  /// Messages sent by each producer.
  std::vector<std::uint64_t> per_producer_messages;
  Verification verification;
  ThreadCpu consumer;
  std::vector<ThreadCpu> producers;
  /// NUMA node that each producer's memory was bound to; null where it was left to first touch.
  std::vector<std::optional<unsigned>> memory_nodes;
  std::optional<ringmpsc::Metrics> metrics;
  /// Of all its threads together, from before they made their ends of the queue.
  machine::ThreadEvents events;
  /// For each CPU of a producer that was probed.
  std::vector<CoreToCore> core_to_core;
  /// Which of its series' regimes it belongs to; the most frequent is 0.
  unsigned regime = 0;
  /// How long messages took, if the spec asks for it; until its series has summed it up.
  std::optional<LatencyHistogram> latency;
  /// Of one_way: the messages that were due by the time that their producers stopped sending, of
  /// all producers. Fewer sent means that they could not keep to the schedule.
  std::optional<std::uint64_t> messages_due;
  /// A long trial from its start to its end; none of a short one.
  std::vector<Window> windows;

  [[nodiscard]] double messages_per_second() const noexcept {
    return seconds > 0 ? static_cast<double>(messages) / seconds : 0;
  }

  friend bool operator==(const Sample&, const Sample&) = default;
};

}  // namespace bench::workload
