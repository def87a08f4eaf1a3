// Starts a trial of one queue each, in a translation unit of its own: a queue is hundreds of loops
// for the compiler. Those of libraries that are not there are not defined; see queue_table.cpp.
#pragma once

#include <memory>

#include "machine/placement.hpp"
#include "workload/spec.hpp"
#include "workload/trial.hpp"

namespace bench::workload {

using Started = std::unique_ptr<RunningTrial>;

Started start_ringmpsc(const Spec& spec, const machine::Placement& placement);
Started start_mutex_ring(const Spec& spec, const machine::Placement& placement);
Started start_boost_spsc(const Spec& spec, const machine::Placement& placement);
Started start_boost_queue(const Spec& spec, const machine::Placement& placement);
Started start_moodycamel_spsc(const Spec& spec, const machine::Placement& placement);
Started start_moodycamel_concurrent(const Spec& spec, const machine::Placement& placement);
Started start_atomic_queue_spsc(const Spec& spec, const machine::Placement& placement);
Started start_atomic_queue_mpmc(const Spec& spec, const machine::Placement& placement);
Started start_tbb_bounded(const Spec& spec, const machine::Placement& placement);
Started start_xenium_vyukov(const Spec& spec, const machine::Placement& placement);
Started start_xenium_ramalhete(const Spec& spec, const machine::Placement& placement);
Started start_hand_off(const Spec& spec, const machine::Placement& placement);
Started start_bounce(const Spec& spec, const machine::Placement& placement);

}  // namespace bench::workload
