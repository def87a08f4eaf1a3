// Maxim Egorushkin's atomic_queue in its mode for one producer and one consumer.

#include <atomic_queue/atomic_queue.h>

#include <memory>

#include "workload/trial_of.hpp"

namespace bench::workload::atomic_queue_spsc {

template <class M>
class AtomicQueueSpsc
    : public TryQueue<M, atomic_queue::AtomicQueueB2<M, std::allocator<M>, true, false, true>> {
 public:
  explicit AtomicQueueSpsc(const QueueOptions& options)
      : AtomicQueueSpsc::TryQueue(static_cast<unsigned>(options.slots)) {}
};

const InTable kInTable(entry_of<AtomicQueueSpsc>({.name = "atomic-queue-spsc",
                                                  .kind = QueueKind::spsc,
                                                  .order = "total",
                                                  .progress = "lock-free",
                                                  .version = RINGMPSC_PACKAGE_VERSION,
                                                  .package = "libatomic-queue-dev",
                                                  .power_of_two_slots = true}));

}  // namespace bench::workload::atomic_queue_spsc
