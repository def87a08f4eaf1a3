// moodycamel's ConcurrentQueue, for many producers.

#include <concurrentqueue/concurrentqueue.h>

#include <cstddef>
#include <span>
#include <vector>

#include "workload/trial_of.hpp"

namespace bench::workload::moodycamel_concurrent {

/// Uses the tokens and the calls for batches that its documentation recommends. It is made with
/// room for every producer's messages. Messages of one producer come in order. Whatever blocks a
/// producer takes stay with it until the queue is destroyed, and a producer may take more than its
/// share: another one that finds none left is refused from then on, however empty the queue is.
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

const InTable kInTable(entry_of<MoodycamelConcurrent>({.name = "moodycamel-concurrent",
                                                       .kind = QueueKind::mpmc,
                                                       .order = "per producer",
                                                       .progress = "lock-free",
                                                       .version = RINGMPSC_PACKAGE_VERSION,
                                                       .package = "libconcurrentqueue-dev",
                                                       .may_starve = true}));

}  // namespace bench::workload::moodycamel_concurrent
