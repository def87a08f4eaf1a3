// Maxim Egorushkin's atomic_queue for many producers: AtomicQueueB2, for messages of any size.

#include <atomic_queue/atomic_queue.h>

#include <memory>

#include "workload/trial_of.hpp"

namespace bench::workload::atomic_queue_mpmc {

/// It keeps no order when it is full. A producer that claimed a slot and has not written it yet can
/// be overtaken, a lap later, by another producer that claims the same slot.
template <class M>
class AtomicQueue
    : public TryQueue<M, atomic_queue::AtomicQueueB2<M, std::allocator<M>, true, false, false>> {
 public:
  explicit AtomicQueue(const QueueOptions& options)
      : AtomicQueue::TryQueue(static_cast<unsigned>(options.slots)) {}
};

const InTable kInTable(entry_of<AtomicQueue>({.name = "atomic-queue",
                                              .kind = QueueKind::mpmc,
                                              .order = kNoOrder,
                                              .progress = "blocking",
                                              .version = RINGMPSC_PACKAGE_VERSION,
                                              .package = "libatomic-queue-dev",
                                              .power_of_two_slots = true}));

}  // namespace bench::workload::atomic_queue_mpmc
