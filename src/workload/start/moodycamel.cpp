// moodycamel's queues under the loops.

#include "queues/moodycamel.hpp"

#include "workload/trial_of.hpp"

namespace bench::workload {

Started start_moodycamel_spsc(const Spec& spec, const machine::Placement& placement) {
  return start_trial_of<queues::MoodycamelSpsc>(spec, placement);
}

Started start_moodycamel_concurrent(const Spec& spec, const machine::Placement& placement) {
  return start_trial_of<queues::MoodycamelConcurrent>(spec, placement);
}

}  // namespace bench::workload
