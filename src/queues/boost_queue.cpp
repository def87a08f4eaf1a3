// Boost.Lockfree's node-based queue for many producers.

#include <boost/lockfree/queue.hpp>

#include <cstddef>

#include "workload/trial_of.hpp"

namespace bench::workload::boost_queue {

/// Takes its nodes from a list that is made with the queue: `bounded_push` never allocates.
template <class M>
class BoostQueue {
 public:
  explicit BoostQueue(const QueueOptions& options) : queue_(options.slots) {}

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

const InTable kInTable(entry_of<BoostQueue>({.name = "boost-queue",
                                             .kind = QueueKind::mpmc,
                                             .order = "total",
                                             .progress = "lock-free",
                                             .version = RINGMPSC_PACKAGE_VERSION,
                                             .package = "libboost-dev"}));

}  // namespace bench::workload::boost_queue
