// This project's channel under the loops.

#include "queues/ringmpsc.hpp"

#include "workload/trial_of.hpp"

namespace bench::workload {

Started start_ringmpsc(const Spec& spec, const machine::Placement& placement) {
  return start_trial_of<queues::RingMpsc>(spec, placement);
}

}  // namespace bench::workload
