// What one trial yields.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "machine/activity.hpp"
#include "ringmpsc/metrics.hpp"
#include "workload/latency_histogram.hpp"
#include "workload/spec.hpp"

namespace bench::workload {

enum class FaultKind : std::uint8_t { lost, duplicated, reordered, corrupted };

inline constexpr std::array kFaultKindNames = {
    Named<FaultKind>{"lost", FaultKind::lost},
    Named<FaultKind>{"duplicated", FaultKind::duplicated},
    Named<FaultKind>{"reordered", FaultKind::reordered},
    Named<FaultKind>{"corrupted", FaultKind::corrupted}};

[[nodiscard]] constexpr std::string_view name(FaultKind kind) noexcept {
  return kFaultKindNames[static_cast<std::size_t>(kind)].first;
}

/// A message that did not arrive as it should. A sequence number counts one producer's messages
/// from 0.
struct FaultyMessage {
  FaultKind kind = FaultKind::lost;
  std::optional<unsigned> producer = {};  ///< null if the message does not say whose it is
  /// The next message that should have come from that producer; the missing one itself if lost.
  std::optional<std::uint64_t> expected = {};
  /// The message that came. Null if none did, or if it does not say which it is.
  std::optional<std::uint64_t> seen = {};
  std::string trial = {};  ///< like "trial 3 of 10"; empty until the trial is known

  friend bool operator==(const FaultyMessage&, const FaultyMessage&) = default;
};

/// The account of every message. Each of the four faults counts messages. A message of which a
/// later word is damaged takes its place nevertheless: if it is also late or repeated, it counts
/// twice.
struct Verification {
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  std::uint64_t lost = 0;        ///< sent and never received
  std::uint64_t duplicated = 0;  ///< received again
  std::uint64_t reordered = 0;   ///< received after a later message of the same producer
  std::uint64_t corrupted = 0;   ///< received with words other than those sent
  /// The first message of each kind of fault, where the consumer looked at each message.
  std::vector<FaultyMessage> first = {};

  [[nodiscard]] bool passed() const noexcept {
    return sent == received && lost == 0 && duplicated == 0 && reordered == 0 && corrupted == 0;
  }

  /// Adds later messages.
  Verification& operator+=(const Verification& other) {
    sent += other.sent;
    received += other.received;
    lost += other.lost;
    duplicated += other.duplicated;
    reordered += other.reordered;
    corrupted += other.corrupted;
    for (const FaultyMessage& message : other.first) keep_first(message);
    return *this;
  }

  /// Keeps the message unless there is one of its kind.
  void keep_first(const FaultyMessage& message) {
    if (std::ranges::find(first, message.kind, &FaultyMessage::kind) == first.end()) {
      first.push_back(message);
    }
  }

  friend bool operator==(const Verification&, const Verification&) = default;
};

/// Where a thread really ran, as the OS reports it.
struct ThreadCpu {
  /// The CPU that it was bound to or, if it was unbound, the CPU that it was last seen on. Null if
  /// the OS does not report it.
  std::optional<unsigned> cpu;
  bool pinned = false;

  friend bool operator==(const ThreadCpu&, const ThreadCpu&) = default;
};

/// The round trip of a cache line between the consumer's CPU and another CPU, there and back,
/// before and after a trial. Null where it was not probed.
struct CoreToCore {
  unsigned cpu = 0;
  std::optional<double> before_ns;
  std::optional<double> after_ns;

  friend bool operator==(const CoreToCore&, const CoreToCore&) = default;
};

/// A part of a trial.
struct Window {
  double seconds = 0;
  std::uint64_t messages = 0;  ///< consumed in this part

  [[nodiscard]] double messages_per_second() const noexcept {
    return seconds > 0 ? static_cast<double>(messages) / seconds : 0;
  }

  friend bool operator==(const Window&, const Window&) = default;
};

struct Sample {
  /// The round of trials that it belongs to; 0 is the first. Each round runs every series once.
  unsigned round = 0;
  /// The messages consumed, and the time from the common start to the last of them. In one_way, and
  /// if no message was consumed, it runs to the end of the trial.
  std::uint64_t messages = 0;
  double seconds = 0;
  /// An interrupt ended it early.
  bool cut_short = false;
  /// For how long the whole process was stopped during the trial; its time includes this.
  double stopped_s = 0;
  /// For how long a CPU quota stopped CPUs of this process's control group during the trial, all of
  /// them together; null without a quota.
  std::optional<double> throttled_s;
  /// The messages sent by each producer.
  std::vector<std::uint64_t> per_producer_messages;
  Verification verification;
  ThreadCpu consumer;
  std::vector<ThreadCpu> producers;
  /// The NUMA node that each producer's memory was bound to; null where first touch decided.
  std::vector<std::optional<unsigned>> memory_nodes;
  std::optional<ringmpsc::Metrics> metrics;
  /// The events of all its threads together, from before they made their ends of the queue.
  machine::ThreadEvents events;
  /// One for each producer's CPU that was probed.
  std::vector<CoreToCore> core_to_core;
  /// The regime of its series that it belongs to; 0 is the most frequent.
  unsigned regime = 0;
  /// How long messages took, if the spec asks for it. Null once its series has summed it up.
  std::optional<LatencyHistogram> latency;
  /// In one_way: the messages of all producers that were due when their producers stopped sending.
  /// If fewer were sent, the producers could not keep to the schedule.
  std::optional<std::uint64_t> messages_due;
  /// The parts of a long trial, from its start to its end; empty for a short trial.
  std::vector<Window> windows;

  [[nodiscard]] double messages_per_second() const noexcept {
    return seconds > 0 ? static_cast<double>(messages) / seconds : 0;
  }

  friend bool operator==(const Sample&, const Sample&) = default;
};

}  // namespace bench::workload
