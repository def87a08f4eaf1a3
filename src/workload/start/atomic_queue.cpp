// atomic_queue under the loops.

#include "queues/atomic_queue.hpp"

#include "workload/trial_of.hpp"

namespace bench::workload {

Started start_atomic_queue_spsc(const Spec& spec, const machine::Placement& placement) {
  return start_trial_of<queues::AtomicQueueSpsc>(spec, placement);
}

Started start_atomic_queue_mpmc(const Spec& spec, const machine::Placement& placement) {
  return start_trial_of<queues::AtomicQueueMpmc>(spec, placement);
}

}  // namespace bench::workload
