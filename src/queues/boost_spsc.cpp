// Boost.Lockfree's ring for one producer.

#include <boost/lockfree/spsc_queue.hpp>

#include <cstddef>
#include <span>

#include "workload/trial_of.hpp"

namespace bench::workload::boost_spsc {

/// Batches go in by `push(pointer, count)`. They come out by `consume_all`, which hands over one
/// message at a time.
template <class M>
class BoostSpsc {
 public:
  explicit BoostSpsc(const QueueOptions& options) : queue_(options.slots) {}

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

const InTable kInTable(entry_of<BoostSpsc>({.name = "boost-spsc",
                                            .kind = QueueKind::spsc,
                                            .order = "total",
                                            .progress = "wait-free",
                                            .version = RINGMPSC_PACKAGE_VERSION,
                                            .package = "libboost-dev"}));

}  // namespace bench::workload::boost_spsc
