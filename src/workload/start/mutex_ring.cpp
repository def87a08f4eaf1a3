// The ring under a mutex under the loops.

#include "queues/mutex_ring.hpp"

#include "workload/trial_of.hpp"

namespace bench::workload {

Started start_mutex_ring(const Spec& spec, const machine::Placement& placement) {
  return start_trial_of<queues::MutexRing>(spec, placement);
}

}  // namespace bench::workload
