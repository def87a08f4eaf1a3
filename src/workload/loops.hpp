// The loops of a trial's threads. Queue, message, consumption, whether waiters sleep, and single or
// batched writing are template parameters: nothing is decided for each message, and nothing is
// shared for each message but the queue.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include "workload/message.hpp"

namespace bench::workload {

using Clock = std::chrono::steady_clock;

/// What the threads of a trial tell each other. Everything but `stop` changes once a thread.
struct Signals {
  alignas(128) std::atomic<unsigned> ready{0};  ///< threads at the start line
  alignas(128) std::atomic<bool> go{false};
  alignas(128) std::atomic<bool> stop{false};   ///< producers: send no more
  alignas(128) std::atomic<unsigned> ended{0};  ///< producers that have sent their last message
};

// The senders move the producing end into a variable of their own: a compiler keeps its state in
// registers only where no one else can know its address, and that of a parameter, which the ABI
// passes by reference, is known. For the same reason the loops are flattened: with dozens of
// instantiations in one file GCC stops inlining, and one call that takes the end's address, be it
// to its destructor, keeps it in memory.

/// Sends up to `limit` messages, one push at a time, until told to stop. Returns how many were
/// sent.
template <class M, class P, class Waits>
[[gnu::flatten]] std::uint64_t send_singly(P end, unsigned id, std::uint64_t limit,
                                           const Signals& signals, Waits& waits) {
  // How many pushes between two looks at `stop`: a load that stays in the cache, but a load.
  constexpr std::uint64_t kStretch = 256;
  P producer = std::move(end);
  MessageWriter<M> writer(id);
  std::uint64_t sent = 0;
  while (sent < limit && !signals.stop.load(std::memory_order_relaxed)) {
    const std::uint64_t stretch_end = sent + std::min(kStretch, limit - sent);
    for (; sent < stretch_end; ++sent) {
      const M message = writer.next();
      while (!producer.push(message)) [[unlikely]] {
        waits.for_room.wait(
            [&] { return producer.has_room(1) || signals.stop.load(std::memory_order_relaxed); });
        if (signals.stop.load(std::memory_order_relaxed)) return sent;
      }
      waits.for_messages.notify();
    }
  }
  return sent;
}

/// The same in batches, each published at once.
template <class M, class P, class Waits>
[[gnu::flatten]] std::uint64_t send_batches(P end, unsigned id, std::size_t batch,
                                            std::uint64_t limit, const Signals& signals,
                                            Waits& waits) {
  P producer = std::move(end);
  MessageWriter<M> writer(id);
  std::uint64_t sent = 0;
  while (sent < limit && !signals.stop.load(std::memory_order_relaxed)) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(batch, limit - sent));
    const std::size_t written =
        producer.produce(count, [&writer](std::span<M> slots) { writer(slots); });
    sent += written;
    if (written > 0) {
      waits.for_messages.notify();
    } else {
      waits.for_room.wait(
          [&] { return producer.has_room(count) || signals.stop.load(std::memory_order_relaxed); });
    }
  }
  return sent;
}

/// Consumes until every producer has ended and nothing is left. Returns when the last message had
/// been consumed or, without any, when it was certain that none would come.
template <class C, class Sink, class Waits>
Clock::time_point consume_to_the_end(C& consumer, Sink& sink, unsigned producers,
                                     const Signals& signals, Waits& waits) {
  std::optional<Clock::time_point> last;
  const auto all_ended = [&] { return signals.ended.load(std::memory_order_acquire) == producers; };
  bool busy = false;
  while (true) {
    // Asked before the poll: what an ended producer has sent is there to be polled.
    const bool nothing_can_come = !busy && all_ended();
    if (consumer.consume(sink) > 0) {
      busy = true;
      waits.for_room.notify();
      continue;
    }
    // The clock is read when the stream pauses, not for each batch.
    if (busy) last = Clock::now();
    busy = false;
    if (nothing_can_come) return last.value_or(Clock::now());
    waits.for_messages.wait([&] { return consumer.has_messages() || all_ended(); });
  }
}

}  // namespace bench::workload
