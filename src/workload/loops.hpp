// The loops of a trial's threads. The queue, the message, the consumption and the way of writing
// are template parameters, so that a loop decides nothing for each message, and shares nothing but
// the queue for each message.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <thread>
#include <utility>

#include "ringmpsc/detail/platform.hpp"
#include "workload/message.hpp"
#include "workload/pace.hpp"
#include "workload/queue.hpp"
#include "workload/schedule.hpp"
#include "workload/signals.hpp"
#include "workload/timing.hpp"
#include "workload/waiting.hpp"

namespace bench::workload {

// The senders move the producing end into a local variable, because a compiler keeps its state in
// registers only if no other code can know its address, and the ABI passes a parameter by
// reference. The loops are flattened for the same reason: with many instantiations in one file GCC
// stops inlining, and a single call that takes the end's address, even the call of its destructor,
// keeps the end in memory.

/// Sends up to `limit` messages, one push at a time, until told to stop. Returns the number of
/// messages sent. With `Wakes` the consumer may be asleep, and is notified after every message.
template <class M, bool Wakes, class P>
[[gnu::flatten, gnu::noinline]] std::uint64_t send_singly(P end, unsigned id, std::uint64_t limit,
                                                          Signals& signals, WaitPoints& waits) {
  // The pushes between two checks of `stop`: a check is a load even if `stop` stays in the cache.
  constexpr std::uint64_t kStretch = 256;
  P producer = std::move(end);
  Position& position = signals.producers[id];
  MessageWriter<M> writer(id);
  auto waiting = waits.for_room.begin(position);
  std::uint64_t sent = 0;
  while (sent < limit && !signals.stop.load(std::memory_order_relaxed)) {
    position.has(sent);
    const std::uint64_t stretch = std::min(kStretch, limit - sent);
    for (std::uint64_t left = stretch; left > 0; --left) {
      const M message = writer.next();
      if (!producer.push(message)) [[unlikely]] {
        position.has(sent + stretch - left);
        do {
          if (signals.stop.load(std::memory_order_relaxed)) {
            return sent_after_all(producer, sent + stretch - left);
          }
          waiting.step();
        } while (!producer.push(message));
        waiting.end();
      }
      if constexpr (Wakes) waits.for_messages.notify();
    }
    sent += stretch;
  }
  return sent_after_all(producer, sent);
}

/// Whether these `written` messages took the number sent past a multiple of 2^16. A producer of
/// batches notes its position then: a store for each batch of 256 takes 4 % of the throughput of
/// small rings (PERFORMANCE.md, "Appendix").
[[nodiscard]] constexpr bool worth_a_note(std::uint64_t sent, std::size_t written) noexcept {
  return ((sent ^ (sent - written)) >> 16) != 0;
}

/// Sends in batches. Each batch is written where the consumer reads it, and published in one step.
template <class M, class P>
[[gnu::flatten, gnu::noinline]] std::uint64_t send_in_place(P end, unsigned id, std::size_t batch,
                                                            std::uint64_t limit, Signals& signals,
                                                            WaitPoints& waits) {
  P producer = std::move(end);
  Position& position = signals.producers[id];
  MessageWriter<M> writer(id);
  auto waiting = waits.for_room.begin(position);
  bool waited = false;
  std::uint64_t sent = 0;
  while (sent < limit && !signals.stop.load(std::memory_order_relaxed)) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(batch, limit - sent));
    const std::size_t written =
        producer.produce(count, [&writer](std::span<M> slots) { writer(slots); });
    if (written == 0) {
      if (!waited) position.has(sent);
      waiting.step();
      waited = true;
      continue;
    }
    if (waited) waiting.end();
    waited = false;
    sent += written;
    if (worth_a_note(sent, written)) [[unlikely]] {
      position.has(sent);
    }
    waits.for_messages.notify();
  }
  return sent;
}

/// Sends in batches. Each batch is written to `buffer` and copied into the queue from there.
template <class M, class P>
[[gnu::flatten, gnu::noinline]] std::uint64_t send_copies(P end, unsigned id, std::span<M> buffer,
                                                          std::uint64_t limit, Signals& signals,
                                                          WaitPoints& waits) {
  P producer = std::move(end);
  Position& position = signals.producers[id];
  MessageWriter<M> writer(id);
  auto waiting = waits.for_room.begin(position);
  std::uint64_t sent = 0;
  while (sent < limit && !signals.stop.load(std::memory_order_relaxed)) {
    std::span<M> rest = buffer.first(
        static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), limit - sent)));
    writer(rest);
    bool waited = false;
    while (true) {
      const std::size_t copied = send(producer, std::span<const M>(rest));
      sent += copied;
      if (copied > 0) waits.for_messages.notify();
      if (copied == rest.size()) break;
      rest = rest.subspan(copied);
      position.has(sent);
      if (signals.stop.load(std::memory_order_relaxed)) return sent;
      waiting.step();
      waited = true;
    }
    if (waited) waiting.end();
    if (worth_a_note(sent, buffer.size())) [[unlikely]] {
      position.has(sent);
    }
  }
  return sent;
}

/// How far a producer got with its schedule.
struct Scheduled {
  std::uint64_t sent = 0;
  std::uint64_t due = 0;  ///< messages that were due when it stopped sending
};

/// How a thread waits until a given time.
struct Approach {
  /// While more ticks than this are left, the thread yields between two readings of the clock.
  std::uint64_t longest_spin = 0;

  void step(std::uint64_t ticks_left) const noexcept {
    if (ticks_left > longest_spin) {
      std::this_thread::yield();
    } else {
      ringmpsc::detail::pause();
    }
  }
};

/// Sends up to `limit` messages, each when it is due, until told to stop. If a message is late,
/// because the thread had lost its core or the queue was full, it is sent as soon as possible, and
/// so is every message that became due in the meantime: no message is left out, and none is delayed
/// to keep a distance. `C` is the clock, a template parameter only for the tests.
template <class M, class C, class P>
[[gnu::flatten, gnu::noinline]] Scheduled send_on_schedule(P end, unsigned id,
                                                           const Schedule& schedule, const C& clock,
                                                           const Approach& approach,
                                                           std::uint64_t limit, Signals& signals,
                                                           WaitPoints& waits) {
  P producer = std::move(end);
  Position& position = signals.producers[id];
  MessageWriter<M> writer(id);
  auto waiting = waits.for_room.begin(position);
  for (std::uint64_t sent = 0; sent < limit; ++sent) {
    const std::uint64_t due = schedule.due(id, sent);
    for (std::uint64_t now = clock.now(); now < due; now = clock.now()) {
      if (signals.stop.load(std::memory_order_relaxed)) return {.sent = sent, .due = sent};
      approach.step(due - now);
    }
    const M message = writer.next();
    bool waited = false;
    while (true) {
      if (signals.stop.load(std::memory_order_relaxed)) {
        const std::uint64_t due_by_now = schedule.due_by(id, clock.now());
        return {.sent = sent, .due = std::clamp(due_by_now, sent + 1, limit)};
      }
      if (producer.push(message)) break;
      waiting.step();
      waited = true;
    }
    if (waited) waiting.end();
    position.has(sent + 1);
    waits.for_messages.notify();
  }
  return {.sent = limit, .due = limit};
}

/// Hands the messages that are there to a reader of the sink. Returns their number.
template <class C, class Sink>
std::size_t poll(C& consumer, Sink& sink) {
  typename Sink::Reader reader(sink);
  return consumer.consume(reader);
}

/// Consumes until every producer has ended and nothing is left. Returns the time at which the last
/// message had been consumed or, without any message, at which it was certain that none would come.
/// Never returns if the queue hands over messages without end: even one more branch for each poll
/// would take up to 14 % of single pushes to a greedy consumer.
template <class C, class Sink>
[[gnu::noinline]] Clock::time_point consume_to_the_end(C& consumer, Sink& sink, unsigned producers,
                                                       Signals& signals, const Pace& pace,
                                                       WaitPoints& waits) {
  std::optional<Clock::time_point> last;
  std::uint64_t total = 0;
  auto waiting = waits.for_messages.begin(signals.consumer);
  const bool producers_sleep = waits.for_room.sleeps();
  bool idle = false;
  while (true) {
    // Checked before the poll, because a producer that has ended has left all its messages for it.
    const bool nothing_can_come =
        idle && signals.ended.load(std::memory_order_acquire) == producers;
    const std::size_t consumed = poll(consumer, sink);
    if (consumed > 0) {
      if (idle) waiting.end();
      idle = false;
      if (producers_sleep) waits.for_room.notify();
      total += consumed;
      signals.consumer.has(total);
      pace.after(consumed);
      continue;
    }
    // Reads the clock when the stream pauses, not for each batch.
    if (!idle) last = Clock::now();
    idle = true;
    if (nothing_can_come) return last.value_or(Clock::now());
    waiting.step();
  }
}

/// Waits for the reply. Returns false if the trial is called off before it comes.
template <class C, class Sink>
bool await_reply(C& replies, Sink& sink, const Signals& signals, WaitPoint::Waiting& waiting) {
  while (!signals.off.load(std::memory_order_relaxed)) {
    waiting.step();
    if (poll(replies, sink) > 0) return true;
  }
  return false;
}

/// Sends a message and waits for it to come back, again and again. Returns the number of messages
/// sent; all of them have come back, unless the trial was called off before the last one had.
/// `times` is null if the trips are not timed.
template <class M, class P, class C, class Sink>
[[gnu::noinline]] std::uint64_t send_and_await(P end, C& replies, Sink& sink, std::uint64_t limit,
                                               Signals& signals, WaitPoints& waits,
                                               TripTimes* times) {
  P producer = std::move(end);
  Position& position = signals.producers[0];
  MessageWriter<M> writer(0);
  auto waiting = waits.for_room.begin(position);
  const bool echo_sleeps = waits.for_messages.sleeps();
  std::uint64_t trips = 0;
  if (times != nullptr) times->start();
  while (trips < limit && !signals.stop.load(std::memory_order_relaxed)) {
    const M message = writer.next();
    while (!producer.push(message)) {
      if (signals.stop.load(std::memory_order_relaxed)) return trips;
      waiting.step();
    }
    if (echo_sleeps) waits.for_messages.notify();
    position.has(++trips);
    if (poll(replies, sink) == 0) {
      if (!await_reply(replies, sink, signals, waiting)) return trips;
      waiting.end();
    }
    if (times != nullptr) times->returned();
  }
  return trips;
}

}  // namespace bench::workload
