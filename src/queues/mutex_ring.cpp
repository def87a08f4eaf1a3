// A ring under one mutex: the baseline that everyone knows.

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <span>
#include <vector>

#include "build_info.hpp"
#include "workload/trial_of.hpp"

namespace bench::workload::mutex_ring {

template <class M>
class MutexRing {
 public:
  explicit MutexRing(const QueueOptions& options) : slots_(options.slots) {}

  struct Producer {
    MutexRing* queue;
    bool push(const M& message) { return send({&message, 1}) == 1; }
    std::size_t send(std::span<const M> messages) {
      const std::lock_guard lock(queue->mutex_);
      const std::size_t free = queue->slots_.size() - (queue->tail_ - queue->head_);
      const std::size_t count = std::min(messages.size(), free);
      for (const M& message : messages.first(count)) {
        queue->slots_[queue->tail_++ % queue->slots_.size()] = message;
      }
      return count;
    }
  };

  struct Consumer {
    MutexRing* queue;
    std::vector<M> taken = std::vector<M>(256);  // read outside the lock
    std::size_t consume(auto&& read) {
      std::size_t count = 0;
      {
        const std::lock_guard lock(queue->mutex_);
        while (count < taken.size() && queue->head_ != queue->tail_) {
          taken[count++] = queue->slots_[queue->head_++ % queue->slots_.size()];
        }
      }
      if (count > 0) read(std::span<const M>(taken).first(count));
      return count;
    }
  };

  Producer producer() { return {this}; }
  Consumer consumer() { return {this}; }

 private:
  std::mutex mutex_;
  std::vector<M> slots_;
  std::size_t head_ = 0;
  std::size_t tail_ = 0;
};

const InTable kInTable(entry_of<MutexRing>({.name = "mutex-ring",
                                            .kind = QueueKind::mpmc,
                                            .order = "total",
                                            .progress = "blocking",
                                            .version = kVersion}));

}  // namespace bench::workload::mutex_ring
