// xenium under the loops.

#include "queues/xenium.hpp"

#include "workload/trial_of.hpp"

namespace bench::workload {

Started start_xenium_vyukov(const Spec& spec, const machine::Placement& placement) {
  return start_trial_of<queues::XeniumVyukov>(spec, placement);
}

Started start_xenium_ramalhete(const Spec& spec, const machine::Placement& placement) {
  return start_trial_of<queues::XeniumRamalhete>(spec, placement);
}

}  // namespace bench::workload
