// The interface of a queue under test. The workload's loops are templates over it, so that a call
// costs what the queue costs.
#pragma once

#include <concepts>
#include <cstddef>
#include <optional>
#include <span>

#include "ringmpsc/metrics.hpp"

namespace bench::queues {

/// What a queue is made with.
struct QueueOptions {
  unsigned producers = 1;   ///< 1 to 128
  unsigned ring_bits = 16;  ///< capacity for each producer: 2^ring_bits messages, 1 to 20
  bool metrics = false;
};

/// Stands in for the workload's functions where the concept names them.
template <class M>
struct WritesNothing {
  void operator()(std::span<M>) const noexcept;
};
template <class M>
struct ReadsNothing {
  void operator()(std::span<const M>) const noexcept;
};

/// A producing end; one thread's own. `M` is a trivially copyable message.
template <class P, class M>
concept ProducingEnd =
    std::movable<P> && requires(P producer, const M& message, std::size_t count) {
      /// One message. False when there is no room.
      { producer.push(message) } -> std::same_as<bool>;
      /// Up to `count` messages at once: hands the function runs of slots (or of a buffer) to
      /// write, then publishes them. Returns how many, 0 when there is no room.
      { producer.produce(count, WritesNothing<M>{}) } -> std::same_as<std::size_t>;
      /// Whether `count` messages would find room now. May be wrong in the queue's disfavour only.
      { producer.has_room(count) } -> std::same_as<bool>;
    };

/// The consuming end; one thread's own.
template <class C, class M>
concept ConsumingEnd = std::movable<C> && requires(C consumer) {
  /// Takes what is there, or a part of it, and hands it to the function in runs. Returns how many
  /// messages; 0 only if nothing was there.
  { consumer.consume(ReadsNothing<M>{}) } -> std::same_as<std::size_t>;
  { consumer.has_messages() } -> std::same_as<bool>;
  { consumer.metrics() } -> std::same_as<std::optional<ringmpsc::Metrics>>;
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

}  // namespace bench::queues
