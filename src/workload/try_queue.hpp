// Adapters for queues whose two ends are try_push and try_pop, one message at a time.
#pragma once

#include <cstddef>
#include <utility>

#include "workload/queue.hpp"

namespace bench::workload {

/// Hands over the messages that `try_pop` returns, up to a limit that keeps the caller responsive.
/// Returns their number.
template <class M, class TryPop>
std::size_t pop_each(auto&& read, TryPop try_pop) {
  constexpr std::size_t kMost = 1024;
  std::size_t count = 0;
  for (M message{}; count < kMost && try_pop(message); ++count) read(message);
  return count;
}

/// The base class of an adapter for a queue with try_push and try_pop.
template <class M, class Queue>
class TryQueue {
 public:
  struct Producer {
    Queue* queue;
    bool push(const M& message) { return queue->try_push(message); }
  };
  struct Consumer {
    Queue* queue;
    std::size_t consume(auto&& read) {
      return pop_each<M>(read, [this](M& message) { return queue->try_pop(message); });
    }
  };

  Producer producer() { return {&queue_}; }
  Consumer consumer() { return {&queue_}; }

 protected:
  template <class... Args>
  explicit TryQueue(Args&&... args) : queue_(std::forward<Args>(args)...) {}

  Queue queue_;
};

}  // namespace bench::workload
