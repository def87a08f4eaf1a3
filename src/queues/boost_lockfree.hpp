// Boost.Lockfree's ring for one producer, and its node-based queue for many.
#pragma once

#include <boost/lockfree/queue.hpp>
#include <boost/lockfree/spsc_queue.hpp>

#include <cstddef>
#include <span>

#include "queues/queue.hpp"

namespace bench::queues {

/// Batches in by `push(pointer, count)`; out by `consume_all`, which hands over one at a time.
template <class M>
class BoostSpsc {
 public:
  explicit BoostSpsc(const QueueOptions& options) : queue_(std::size_t{1} << options.ring_bits) {}

  struct Producer {
    boost::lockfree::spsc_queue<M>* queue;
    bool push(const M& message) { return queue->push(message); }
    std::size_t send(std::span<const M> messages) {
      return queue->push(messages.data(), messages.size());
    }
  };
  struct Consumer {
    boost::lockfree::spsc_queue<M>* queue;
    std::size_t consume(auto&& read) {
      return queue->consume_all([&](const M& message) { read(message); });
    }
  };

  Producer producer() { return {&queue_}; }
  Consumer consumer() { return {&queue_}; }

 private:
  boost::lockfree::spsc_queue<M> queue_;
};

/// Nodes are taken from a list that is made with the queue: `bounded_push` never allocates.
template <class M>
class BoostQueue {
 public:
  explicit BoostQueue(const QueueOptions& options)
      : queue_((std::size_t{1} << options.ring_bits) * options.producers) {}

  struct Producer {
    boost::lockfree::queue<M>* queue;
    bool push(const M& message) { return queue->bounded_push(message); }
  };
  struct Consumer {
    boost::lockfree::queue<M>* queue;
    std::size_t consume(auto&& read) {
      return queue->consume_all([&](const M& message) { read(message); });
    }
  };

  Producer producer() { return {&queue_}; }
  Consumer consumer() { return {&queue_}; }

 private:
  boost::lockfree::queue<M> queue_;
};

}  // namespace bench::queues
