// The interface of a queue under test. The workload's loops are templates over it, so that a call
// costs what the queue costs. `mutex_ring.hpp` is the shortest example.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "ringmpsc/metrics.hpp"

namespace bench::queues {

/// What a queue is made with.
struct QueueOptions {
  unsigned producers = 1;   ///< 1 to 128
  unsigned ring_bits = 16;  ///< capacity for each producer: 2^ring_bits messages, 1 to 20
  std::size_t batch = 1;    ///< messages that will be sent at once, at most
  bool metrics = false;
};

/// Stands in for the workload's function where the concept names it.
template <class M>
struct ReadsNothing {
  void operator()(std::span<const M>) const noexcept;
  void operator()(const M&) const noexcept;
};

/// A producing end; one thread's own. `M` is a trivially copyable message. It may also have
///
/// - `std::size_t send(std::span<const M>)`: copies in the first of these messages, as many as
///   there is room for, and returns how many. Without it, they are pushed one by one.
/// - `std::size_t produce(std::size_t count, auto write)`: calls `write` with a run of slots (a
///   `std::span<M>`) of up to `count` messages to be filled in place, then publishes them. Returns
///   how many, 0 when there is no room. Without it, batches are copied in.
/// - `auto deferred()`: gives itself up for an end whose pushes are seen late, at its `flush()`.
template <class P, class M>
concept ProducingEnd = std::movable<P> && requires(P producer, const M& message) {
  /// One message. False when there is no room.
  { producer.push(message) } -> std::same_as<bool>;
};

/// The consuming end; one thread's own. It may also have
///
/// - `std::optional<ringmpsc::Metrics> metrics()`.
template <class C, class M>
concept ConsumingEnd = std::movable<C> && requires(C consumer) {
  /// Takes what is there, or a part of it, and hands it to the function, in runs or one message at
  /// a time. Returns how many messages; 0 only if nothing was there.
  { consumer.consume(ReadsNothing<M>{}) } -> std::same_as<std::size_t>;
};

/// A queue of messages `M`. The constructor may throw std::bad_alloc.
template <class Q, class M>
concept QueueUnderTest = std::constructible_from<Q, const QueueOptions&> && requires(Q queue) {
  /// Called once on each producer's thread, before the clock starts: allocate here what should lie
  /// near the producer.
  { queue.producer() } -> ProducingEnd<M>;
  /// Called once on the consumer's thread.
  { queue.consumer() } -> ConsumingEnd<M>;
};

/// `producer.send`, or pushes one by one.
template <class P, class M>
std::size_t send(P& producer, std::span<const M> messages) {
  if constexpr (requires { producer.send(messages); }) {
    return producer.send(messages);
  } else {
    std::size_t sent = 0;
    while (sent < messages.size() && producer.push(messages[sent])) ++sent;
    return sent;
  }
}

/// Of `pushed` messages, those that have been published once the producer has nothing more to say.
template <class P>
std::uint64_t sent_after_all(P& producer, std::uint64_t pushed) {
  if constexpr (requires { producer.flush(); }) {
    const std::size_t staged = producer.staged();
    if (!producer.flush()) return pushed - staged;
  }
  return pushed;
}

/// The counters of a queue that has them.
template <class C>
std::optional<ringmpsc::Metrics> metrics(C& consumer) {
  if constexpr (requires { consumer.metrics(); }) {
    return consumer.metrics();
  } else {
    return std::nullopt;
  }
}

}  // namespace bench::queues
