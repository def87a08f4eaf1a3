// Counters of a ring and of a whole channel.
#pragma once

#include <cstdint>

#include "ringmpsc/detail/platform.hpp"

namespace ringmpsc {

/// A snapshot of counters; for a channel, the sum over all its producers, past ones included.
///
/// The messages are the rings' sequences, so they are always counted. Everything else is counted
/// only with Config::enable_metrics and is 0 otherwise. Read while producers run, it is a moment's
/// view: each counter is exact, but they are not read at one instant.
struct Metrics {
  std::uint64_t messages_sent = 0;
  std::uint64_t messages_received = 0;
  /// Publications by producers; messages_sent / commits is the mean batch written.
  std::uint64_t commits = 0;
  /// Attempts refused because the ring had too little space.
  std::uint64_t refused_full = 0;
  /// Polls of a ring that found messages; messages_received / batches is the mean batch read.
  std::uint64_t batches = 0;
  /// Polls of a ring that found none.
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

/// A counter with one writer and any readers: a plain load and store, never a read-modify-write on
/// a shared line. Release and acquire, so that what was counted was done before.
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

/// Written by the sender's thread alone.
struct alignas(kLineBytes) SenderCounters {
  /// Messages less commits, so that publishing a single one counts nothing: measured with one push
  /// at a time on two CPUs of a virtual machine (AMD EPYC, Zen 4, 2026-11-24), a third store for
  /// each message takes 20 to 45 % of the throughput, wherever it goes.
  Counter surplus;
  Counter refused_full;
};

/// Written by the receiver's thread alone.
struct alignas(kLineBytes) ReceiverCounters {
  Counter batches;
  Counter empty_polls;
};

}  // namespace detail
}  // namespace ringmpsc
