// Whether the rings of a trial fit into memory, asked before any of it is taken.
#pragma once

#include "machine/memory_limit.hpp"
#include "workload/spec.hpp"

namespace bench::measure {

/// Throws machine::CannotMeasure naming what is needed, what there is and what would fit.
void check_memory(const workload::Spec& spec, const machine::MemoryLimit& limit);

}  // namespace bench::measure
