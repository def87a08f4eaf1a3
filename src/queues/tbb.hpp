// oneTBB's concurrent_bounded_queue.
#pragma once

#include <oneapi/tbb/concurrent_queue.h>

#include <cstddef>
#include <span>

#include "queues/queue.hpp"

namespace bench::queues {

template <class M>
class TbbBounded {
 public:
  using Queue = tbb::concurrent_bounded_queue<M>;

  explicit TbbBounded(const QueueOptions& options) {
    queue_.set_capacity(
        static_cast<std::ptrdiff_t>((std::size_t{1} << options.ring_bits) * options.producers));
  }

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

}  // namespace bench::queues
