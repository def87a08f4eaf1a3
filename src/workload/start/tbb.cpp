// oneTBB under the loops.

#include "queues/tbb.hpp"

#include "workload/trial_of.hpp"

namespace bench::workload {

Started start_tbb_bounded(const Spec& spec, const machine::Placement& placement) {
  return start_trial_of<queues::TbbBounded>(spec, placement);
}

}  // namespace bench::workload
