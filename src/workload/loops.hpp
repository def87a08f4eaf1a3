// The loops of a trial's threads. Queue, message, consumption, whether waiters sleep, and how
// messages are written are template parameters: nothing is decided for each message, and nothing is
// shared for each message but the queue.
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

#include "queues/queue.hpp"
#include "ringmpsc/detail/platform.hpp"
#include "ringmpsc/pace.hpp"
#include "workload/message.hpp"
#include "workload/schedule.hpp"

namespace bench::workload {

using Clock = std::chrono::steady_clock;

/// What the threads of a trial tell each other, and one that looks on. `ready`, `go` and `ended`
/// change once a thread.
struct Signals {
  alignas(128) std::atomic<unsigned> ready{0};  ///< threads at the start line
  alignas(128) std::atomic<bool> go{false};
  alignas(128) std::atomic<bool> stop{false};   ///< producers: send no more
  alignas(128) std::atomic<unsigned> ended{0};  ///< producers that have sent their last message
  /// Messages, as the consumer counts them: stored by it alone, once a poll. Relaxed, since nothing
  /// else is read by it: who looks on wants a number and no message.
  alignas(128) std::atomic<std::uint64_t> consumed{0};
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
  auto waiting = waits.for_room.begin();
  std::uint64_t sent = 0;
  while (sent < limit && !signals.stop.load(std::memory_order_relaxed)) {
    const std::uint64_t stretch = std::min(kStretch, limit - sent);
    for (std::uint64_t left = stretch; left > 0; --left) {
      const M message = writer.next();
      if (!producer.push(message)) [[unlikely]] {
        do {
          if (signals.stop.load(std::memory_order_relaxed)) {
            return queues::sent_after_all(producer, sent + stretch - left);
          }
          waiting.step();
        } while (!producer.push(message));
        waiting.end();
      }
      waits.for_messages.notify();
    }
    sent += stretch;
  }
  return queues::sent_after_all(producer, sent);
}

/// Sends in batches, each written to where the consumer reads it and published at once.
template <class M, class P, class Waits>
[[gnu::flatten]] std::uint64_t send_in_place(P end, unsigned id, std::size_t batch,
                                             std::uint64_t limit, const Signals& signals,
                                             Waits& waits) {
  P producer = std::move(end);
  MessageWriter<M> writer(id);
  auto waiting = waits.for_room.begin();
  bool waited = false;
  std::uint64_t sent = 0;
  while (sent < limit && !signals.stop.load(std::memory_order_relaxed)) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(batch, limit - sent));
    const std::size_t written =
        producer.produce(count, [&writer](std::span<M> slots) { writer(slots); });
    if (written == 0) {
      waiting.step();
      waited = true;
      continue;
    }
    if (waited) waiting.end();
    waited = false;
    sent += written;
    waits.for_messages.notify();
  }
  return sent;
}

/// Sends in batches, each written to `buffer` and copied in from there.
template <class M, class P, class Waits>
[[gnu::flatten]] std::uint64_t send_copies(P end, unsigned id, std::span<M> buffer,
                                           std::uint64_t limit, const Signals& signals,
                                           Waits& waits) {
  P producer = std::move(end);
  MessageWriter<M> writer(id);
  auto waiting = waits.for_room.begin();
  std::uint64_t sent = 0;
  while (sent < limit && !signals.stop.load(std::memory_order_relaxed)) {
    std::span<M> rest = buffer.first(
        static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), limit - sent)));
    writer(rest);
    bool waited = false;
    while (true) {
      const std::size_t copied = queues::send(producer, std::span<const M>(rest));
      sent += copied;
      if (copied > 0) waits.for_messages.notify();
      if (copied == rest.size()) break;
      rest = rest.subspan(copied);
      if (signals.stop.load(std::memory_order_relaxed)) return sent;
      waiting.step();
      waited = true;
    }
    if (waited) waiting.end();
  }
  return sent;
}

/// What became of a producer's schedule.
struct Scheduled {
  std::uint64_t sent = 0;
  std::uint64_t due = 0;  ///< by the time that it stopped sending
};

/// How a thread waits for a moment to come.
struct Approach {
  /// With more ticks to go than this, it gives its core up before it looks at the clock again.
  std::uint64_t longest_spin = 0;

  void step(std::uint64_t ticks_left) const noexcept {
    if (ticks_left > longest_spin) {
      std::this_thread::yield();
    } else {
      ringmpsc::detail::pause();
    }
  }
};

/// Sends up to `limit` messages, each when it is due, until told to stop. One that cannot be sent
/// in time, because the thread had lost its core or the queue was full, is sent as soon as it can
/// be, and so is every one that became due in the meantime: none is left out, and none put off to
/// keep a distance. `Source` is the clock of the schedule.
template <class M, class Source, class P, class Waits>
[[gnu::flatten]] Scheduled send_on_schedule(P end, unsigned id, const Schedule& schedule,
                                            const Approach& approach, std::uint64_t limit,
                                            const Signals& signals, Waits& waits) {
  P producer = std::move(end);
  MessageWriter<M> writer(id);
  auto waiting = waits.for_room.begin();
  for (std::uint64_t sent = 0; sent < limit; ++sent) {
    const std::uint64_t due = schedule.due(id, sent);
    for (std::uint64_t now = Source::now(); now < due; now = Source::now()) {
      if (signals.stop.load(std::memory_order_relaxed)) return {.sent = sent, .due = sent};
      approach.step(due - now);
    }
    const M message = writer.next();
    bool waited = false;
    while (true) {
      if (signals.stop.load(std::memory_order_relaxed)) {
        const std::uint64_t due_by_now = schedule.due_by(id, Source::now());
        return {.sent = sent, .due = std::clamp(due_by_now, sent + 1, limit)};
      }
      if (producer.push(message)) break;
      waiting.step();
      waited = true;
    }
    if (waited) waiting.end();
    waits.for_messages.notify();
  }
  return {.sent = limit, .due = limit};
}

/// Hands what is there to a reader of the sink. Returns how many messages.
template <class C, class Sink>
std::size_t poll(C& consumer, Sink& sink) {
  typename Sink::Reader reader(sink);
  return consumer.consume(reader);
}

/// Consumes until every producer has ended and nothing is left. Returns when the last message had
/// been consumed or, without any, when it was certain that none would come.
template <class C, class Sink, class Waits>
Clock::time_point consume_to_the_end(C& consumer, Sink& sink, unsigned producers, Signals& signals,
                                     const ringmpsc::Pace& pace, Waits& waits) {
  std::optional<Clock::time_point> last;
  std::uint64_t total = 0;
  auto waiting = waits.for_messages.begin();
  bool idle = false;
  while (true) {
    // Asked before the poll: what an ended producer has sent is there to be polled.
    const bool nothing_can_come =
        idle && signals.ended.load(std::memory_order_acquire) == producers;
    const std::size_t consumed = poll(consumer, sink);
    if (consumed > 0) {
      if (idle) waiting.end();
      idle = false;
      waits.for_room.notify();
      total += consumed;
      signals.consumed.store(total, std::memory_order_relaxed);
      pace.after(consumed);
      continue;
    }
    // The clock is read when the stream pauses, not for each batch.
    if (!idle) last = Clock::now();
    idle = true;
    if (nothing_can_come) return last.value_or(Clock::now());
    waiting.step();
  }
}

/// A message that has not come back for so long is lost.
constexpr std::chrono::seconds kReplyPatience{2};

/// Waits for the reply. False if it does not come.
template <class C, class Sink, class Waiting>
bool await_reply(C& replies, Sink& sink, Waiting& waiting) {
  // Steps between two looks at the clock: a reply is there before the first, as a rule.
  constexpr unsigned kSteps = 64;
  std::optional<Clock::time_point> begin;
  while (true) {
    for (unsigned i = 0; i < kSteps; ++i) {
      waiting.step();
      if (poll(replies, sink) > 0) return true;
    }
    if (!begin) begin = Clock::now();
    if (Clock::now() - *begin > kReplyPatience) return false;
  }
}

/// Sends a message and waits for it to come back, again and again. Returns how many were sent: all
/// of them have come back, unless the queue has lost the last one. `times` is told of each. Never
/// inlined: the loop that is not timed is then compiled as if there were no other.
template <class M, class P, class C, class Sink, class Waits, class Times>
[[gnu::noinline]] std::uint64_t send_and_await(P end, C& replies, Sink& sink, std::uint64_t limit,
                                               const Signals& signals, Waits& waits, Times times) {
  P producer = std::move(end);
  MessageWriter<M> writer(0);
  auto waiting = waits.for_room.begin();
  std::uint64_t trips = 0;
  times.start();
  while (trips < limit && !signals.stop.load(std::memory_order_relaxed)) {
    const M message = writer.next();
    while (!producer.push(message)) waiting.step();
    waits.for_messages.notify();
    ++trips;
    if (poll(replies, sink) == 0) {
      if (!await_reply(replies, sink, waiting)) return trips;
      waiting.end();
    }
    times.returned();
  }
  return trips;
}

}  // namespace bench::workload
