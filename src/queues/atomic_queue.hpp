// Maxim Egorushkin's atomic_queue: AtomicQueueB2, for messages of any size, in its mode for one
// producer and in the one for many.
#pragma once

#include <atomic_queue/atomic_queue.h>

#include <cstddef>
#include <memory>

#include "queues/try_queue.hpp"

namespace bench::queues {

/// With many producers it keeps no order when it is full: a producer that claimed a slot and has
/// not written it can be overtaken, a lap later, by one that claims the same slot.
template <class M, bool Spsc>
class AtomicQueue
    : public TryQueue<M, atomic_queue::AtomicQueueB2<M, std::allocator<M>, true, false, Spsc>> {
 public:
  explicit AtomicQueue(const QueueOptions& options)
      : AtomicQueue::TryQueue(
            static_cast<unsigned>((std::size_t{1} << options.ring_bits) * options.producers)) {}
};

template <class M>
using AtomicQueueSpsc = AtomicQueue<M, true>;
template <class M>
using AtomicQueueMpmc = AtomicQueue<M, false>;

}  // namespace bench::queues
