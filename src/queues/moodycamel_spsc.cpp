// moodycamel's ReaderWriterQueue, for one producer.

#include <readerwriterqueue/readerwriterqueue.h>

#include <cstddef>

#include "workload/trial_of.hpp"

namespace bench::workload::moodycamel_spsc {

/// It is made with its whole capacity, and `try_enqueue` never allocates. It has no calls for
/// batches.
template <class M>
class MoodycamelSpsc {
 public:
  explicit MoodycamelSpsc(const QueueOptions& options) : queue_(options.slots) {}

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

const InTable kInTable(entry_of<MoodycamelSpsc>({.name = "moodycamel-spsc",
                                                 .kind = QueueKind::spsc,
                                                 .order = "total",
                                                 .progress = "wait-free",
                                                 .version = RINGMPSC_PACKAGE_VERSION,
                                                 .package = "libreaderwriterqueue-dev"}));

}  // namespace bench::workload::moodycamel_spsc
