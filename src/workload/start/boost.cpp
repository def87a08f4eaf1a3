// Boost.Lockfree under the loops.

#include "queues/boost_lockfree.hpp"
#include "workload/trial_of.hpp"

namespace bench::workload {

Started start_boost_spsc(const Spec& spec, const machine::Placement& placement) {
  return start_trial_of<queues::BoostSpsc>(spec, placement);
}

Started start_boost_queue(const Spec& spec, const machine::Placement& placement) {
  return start_trial_of<queues::BoostQueue>(spec, placement);
}

}  // namespace bench::workload
