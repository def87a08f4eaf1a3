// moodycamel's ReaderWriterQueue for one producer, and ConcurrentQueue for many.
#pragma once

#include <concurrentqueue/concurrentqueue.h>
#include <readerwriterqueue/readerwriterqueue.h>

#include <cstddef>
#include <span>
#include <vector>

#include "queues/try_queue.hpp"

namespace bench::queues {

/// Made with its whole capacity; `try_enqueue` never allocates. It has no calls for batches.
template <class M>
class MoodycamelSpsc {
 public:
  explicit MoodycamelSpsc(const QueueOptions& options)
      : queue_(std::size_t{1} << options.ring_bits) {}

  struct Producer {
    moodycamel::ReaderWriterQueue<M>* queue;
    bool push(const M& message) { return queue->try_enqueue(message); }
  };
  struct Consumer {
    moodycamel::ReaderWriterQueue<M>* queue;
    std::size_t consume(auto&& read) {
      return pop_each<M>(read, [this](M& message) { return queue->try_dequeue(message); });
    }
  };

  Producer producer() { return {&queue_}; }
  Consumer consumer() { return {&queue_}; }

 private:
  moodycamel::ReaderWriterQueue<M> queue_;
};

/// With the tokens and the calls for batches that its documentation recommends; made with room for
/// every producer's messages. Messages of one producer come in order.
template <class M>
class MoodycamelConcurrent {
 public:
  using Queue = moodycamel::ConcurrentQueue<M>;

  explicit MoodycamelConcurrent(const QueueOptions& options)
      : queue_(std::size_t{1} << options.ring_bits, options.producers, 0) {}

  struct Producer {
    Queue* queue;
    moodycamel::ProducerToken token;
    bool push(const M& message) { return queue->try_enqueue(token, message); }
    std::size_t send(std::span<const M> messages) {
      return queue->try_enqueue_bulk(token, messages.data(), messages.size()) ? messages.size() : 0;
    }
  };
  struct Consumer {
    Queue* queue;
    moodycamel::ConsumerToken token;
    std::vector<M> taken = std::vector<M>(1024);
    std::size_t consume(auto&& read) {
      const std::size_t count = queue->try_dequeue_bulk(token, taken.data(), taken.size());
      if (count > 0) read(std::span<const M>(taken).first(count));
      return count;
    }
  };

  Producer producer() { return {&queue_, moodycamel::ProducerToken(queue_)}; }
  Consumer consumer() { return {&queue_, moodycamel::ConsumerToken(queue_)}; }

 private:
  Queue queue_;
};

}  // namespace bench::queues
