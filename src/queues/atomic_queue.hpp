// Maxim Egorushkin's atomic_queue: AtomicQueueB2, for messages of any size, in its mode for one
// producer and in the one for many.
#pragma once

#include <atomic_queue/atomic_queue.h>

#include <cstddef>
#include <memory>
#include <span>

#include "queues/queue.hpp"

namespace bench::queues {

/// With many producers it keeps no order when it is full: a producer that claimed a slot and has
/// not written it can be overtaken, a lap later, by one that claims the same slot.
template <class M, bool Spsc>
class AtomicQueue {
 public:
  using Queue = atomic_queue::AtomicQueueB2<M, std::allocator<M>, true, false, Spsc>;

  explicit AtomicQueue(const QueueOptions& options)
      : queue_(static_cast<unsigned>((std::size_t{1} << options.ring_bits) * options.producers)) {}

  struct Producer {
    Queue* queue;
    bool push(const M& message) { return queue->try_push(message); }
  };
  struct Consumer {
    static constexpr std::size_t kMost = 1024;  // then the caller hears of it
    Queue* queue;
    std::size_t consume(auto&& read) {
      std::size_t count = 0;
      for (M message{}; count < kMost && queue->try_pop(message); ++count) read(message);
      return count;
    }
  };

  Producer producer() { return {&queue_}; }
  Consumer consumer() { return {&queue_}; }

 private:
  Queue queue_;
};

template <class M>
using AtomicQueueSpsc = AtomicQueue<M, true>;
template <class M>
using AtomicQueueMpmc = AtomicQueue<M, false>;

}  // namespace bench::queues
