// Counters of a ring and of a whole channel.
#pragma once

#include <cstdint>

#include "ringmpsc/detail/platform.hpp"

namespace ringmpsc {

/// A snapshot of a ring's counters. For a channel, it is the sum over all its producers, including
/// past ones.
///
/// The rings' sequences are the message counts, so messages are always counted. All other counters
/// count only with Config::enable_metrics and are 0 otherwise. If producers run during the
/// snapshot, each counter is exact, but the counters are not read at one instant.
struct Metrics {
  std::uint64_t messages_sent = 0;
  std::uint64_t messages_received = 0;
  /// Publications by producers. messages_sent / commits is the mean batch written.
  std::uint64_t commits = 0;
  /// Attempts that were refused because the ring had too little space.
  std::uint64_t refused_full = 0;
  /// Polls of a ring that found messages. messages_received / batches is the mean batch read.
  std::uint64_t batches = 0;
  /// Polls of a ring that found no messages.
  std::uint64_t empty_polls = 0;

  constexpr Metrics& operator+=(const Metrics& other) noexcept {
    messages_sent += other.messages_sent;
    messages_received += other.messages_received;
    commits += other.commits;
    refused_full += other.refused_full;
    batches += other.batches;
    empty_polls += other.empty_polls;
    return *this;
  }

  friend constexpr bool operator==(const Metrics&, const Metrics&) = default;
};

namespace detail {

/// A counter with one writer and any number of readers. The writer loads and stores and never does
/// a read-modify-write on a shared line. The store releases and the load acquires, so that whatever
/// a reader sees counted was done before.
class Counter {
 public:
  void add(std::uint64_t count) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) + count, std::memory_order_release);
  }
  void increment() noexcept { add(1); }
  [[nodiscard]] std::uint64_t value() const noexcept {
    return value_.load(std::memory_order_acquire);
  }

 private:
  Atomic<std::uint64_t> value_{0};
};

/// Written only by the sender's thread.
struct alignas(kLineBytes) SenderCounters {
  /// Messages minus commits, so that publishing a single message counts nothing.
  /// A third store for each push takes 20 to 45 % of the throughput (PERFORMANCE.md, "Appendix").
  Counter surplus;
  Counter refused_full;
};

/// Written only by the receiver's thread.
struct alignas(kLineBytes) ReceiverCounters {
  Counter batches;
  Counter empty_polls;
};

}  // namespace detail
}  // namespace ringmpsc
