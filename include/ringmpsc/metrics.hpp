// Counters of a ring and of a whole channel.
#pragma once

#include <concepts>
#include <cstdint>

#include "ringmpsc/detail/platform.hpp"

namespace ringmpsc {

/// A snapshot of a ring's counters. For a channel, it is the sum over all its producers, including
/// past ones.
///
/// The rings' sequences are the message counts, so messages are always counted. All other counters
/// count only with Config::enable_metrics and are 0 otherwise.
///
/// A snapshot may be taken while the ring is in use. No counter ever decreases, and each is what it
/// was at some moment of the call. For each ring, messages_sent and commits are of one moment, and
/// batches <= messages_received <= messages_sent holds.
struct Metrics {
  std::uint64_t messages_sent = 0;
  /// Messages consumed, including those whose handler threw.
  std::uint64_t messages_received = 0;
  /// Publications by producers. messages_sent / commits is the mean batch written.
  std::uint64_t commits = 0;
  /// Attempts that were refused because the ring had too little space. A call that waits counts
  /// each of its attempts. A call that writes a part of what was asked counts nothing.
  std::uint64_t refused_full = 0;
  /// Reads of a ring that consumed messages. messages_received / batches is the mean batch read.
  std::uint64_t batches = 0;
  /// Reads of a ring that found no messages. A read that asks for none counts nothing.
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
  void increment() noexcept { set(value_.load(std::memory_order_relaxed) + 1); }
  void set(std::uint64_t value) noexcept { value_.store(value, std::memory_order_release); }
  [[nodiscard]] std::uint64_t value() const noexcept {
    return value_.load(std::memory_order_acquire);
  }

 private:
  Atomic<std::uint64_t> value_{0};
};

/// Counts a sender's commits as its messages less a surplus, to which a batch adds its messages but
/// one, so that publishing a single message counts nothing. A third store for each push takes 20 to
/// 45 % of the throughput (PERFORMANCE.md, "Appendix").
///
/// A reader must not take the surplus of one moment from the tail of another, and must not wait for
/// a sender that lost its core in between. So the sender announces a batch before it stores the
/// batch's tail, and adds it to the surplus afterwards.
class CommitCount {
 public:
  /// The sender calls this before it stores the tail of a batch of `messages`.
  void announce(std::uint64_t tail, std::uint64_t messages) noexcept {
    batch_end_.set(tail);
    surplus_with_batch_.set(surplus_.value() + messages - 1);
  }
  /// The sender calls this after it has stored the tail.
  void published() noexcept { surplus_.set(surplus_with_batch_.value()); }

  struct Snapshot {
    std::uint64_t messages;
    std::uint64_t commits;
  };
  /// Any thread may call this; `sender_tail` loads what the sender has published, by acquires.
  /// Lock-free: it starts over only if a batch was published meanwhile.
  ///
  /// Each load acquires and each store releases, so a reader that has seen a store sees all that
  /// the sender stored before. Let B be the batch after those that `surplus` includes.
  ///  - If the surplus is the same at the end, the loads saw nothing that is stored after B's
  ///    published(), thus no announcement but B's.
  ///  - If the tail includes B, the later loads see the whole announcement, which B's tail follows.
  ///  - If the tail does not include B, `with_batch` may still be B's, and then `end` is B's too
  ///    and beyond the tail. If `with_batch` is not B's, it is equal to `surplus`.
  [[nodiscard]] Snapshot snapshot(std::invocable auto sender_tail) const noexcept {
    while (true) {
      const std::uint64_t surplus = surplus_.value();
      const std::uint64_t tail = sender_tail();
      const std::uint64_t with_batch = surplus_with_batch_.value();
      const std::uint64_t end = batch_end_.value();
      if (surplus_.value() != surplus) continue;
      return {.messages = tail, .commits = tail - (tail >= end ? with_batch : surplus)};
    }
  }

 private:
  Counter surplus_;             // of all batches that were published
  Counter surplus_with_batch_;  // the same and the batch that was announced last
  Counter batch_end_;           // one past the last sequence of the batch that was announced last
};

/// Written only by the sender's thread.
struct alignas(kLineBytes) SenderCounters {
  CommitCount commits;
  Counter refused_full;
};

/// Written only by the receiver's thread.
struct alignas(kLineBytes) ReceiverCounters {
  Counter batches;
  Counter empty_polls;
};

}  // namespace detail
}  // namespace ringmpsc
