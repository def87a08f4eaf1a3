// The interface of a queue under test. The loops are templates over it, so that a call costs only
// what the queue itself costs. src/queues/mutex_ring.cpp is the shortest example.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "ringmpsc/layout.hpp"
#include "ringmpsc/metrics.hpp"

namespace bench::workload {

/// The options that a queue is made with.
struct QueueOptions {
  unsigned producers = 1;   ///< 1 to 128
  unsigned ring_bits = 16;  ///< 1 to 20; a ring for each producer has 2^ring_bits slots
  /// The slots of a queue that all producers share: producers x 2^ring_bits, rounded up to a power
  /// of two if the queue's entry requires one.
  std::size_t slots = std::size_t{1} << 16;
  std::size_t batch = 1;  ///< the greatest number of messages that are sent at once
  bool metrics = false;
  ringmpsc::Layout layout = ringmpsc::Layout::celled;  ///< of a queue that has several
};

/// Takes the place of the loops' function in the concept below.
template <class M>
struct ReadsNothing {
  void operator()(std::span<const M>) const noexcept;
  void operator()(const M&) const noexcept;
};

/// A producing end. Only one thread may use it. `M` is a trivially copyable message. The end may
/// also have these members:
///
/// - `std::size_t send(std::span<const M>)`: copies in as many of these messages as there is room
///   for, from the first on, and returns their number. Without it, messages are pushed one by one.
/// - `std::size_t produce(std::size_t count, auto write)`: calls `write` with a run of at most
///   `count` slots (a `std::span<M>`) to fill in place, then publishes them. Returns the number of
///   slots, 0 if there is no room. Without it, batches are copied in.
/// - `auto deferred()`: turns into an end that stages pushes and publishes them at its `flush()`.
template <class P, class M>
concept ProducingEnd = std::movable<P> && requires(P producer, const M& message) {
  /// Sends one message. Returns false if there is no room.
  { producer.push(message) } -> std::same_as<bool>;
};

/// The consuming end. Only one thread may use it. The end may also have the member
/// `std::optional<ringmpsc::Metrics> metrics()`.
template <class C, class M>
concept ConsumingEnd = std::movable<C> && requires(C consumer) {
  /// Takes some or all of the messages that are there and hands them to the function, in runs or
  /// one by one. Returns their number; 0 only if no message was there.
  { consumer.consume(ReadsNothing<M>{}) } -> std::same_as<std::size_t>;
};

/// A queue of messages `M`. The constructor may throw std::bad_alloc.
template <class Q, class M>
concept QueueUnderTest = std::constructible_from<Q, const QueueOptions&> && requires(Q queue) {
  /// Called once for each producer, on its thread and before the clock starts: allocate here what
  /// should lie near the producer.
  { queue.producer() } -> ProducingEnd<M>;
  /// Called once on the consumer's thread.
  { queue.consumer() } -> ConsumingEnd<M>;
};

/// Calls `producer.send` if there is one, and otherwise pushes one by one. Returns the number sent.
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

/// Publishes messages that are still staged. Returns how many of the `pushed` messages have been
/// published.
template <class P>
std::uint64_t sent_after_all(P& producer, std::uint64_t pushed) {
  if constexpr (requires { producer.flush(); }) {
    const std::size_t staged = producer.staged();
    if (!producer.flush()) return pushed - staged;
  }
  return pushed;
}

/// The queue's counters; null if it has none.
template <class C>
std::optional<ringmpsc::Metrics> metrics(C& consumer) {
  if constexpr (requires { consumer.metrics(); }) {
    return consumer.metrics();
  } else {
    return std::nullopt;
  }
}

}  // namespace bench::workload
