// Checks that the rings of a trial fit into memory, before any of it is taken.
#pragma once

#include <optional>
#include <string>

#include "machine/memory_limit.hpp"
#include "workload/spec.hpp"

namespace bench::measure {

/// Throws machine::CannotMeasure if they do not fit. The message names what is needed, what is
/// available, and what would fit.
void check_memory(const workload::Spec& spec, const machine::MemoryLimit& limit);

/// A warning where a limit on these rings may exist that the system does not tell.
[[nodiscard]] std::optional<std::string> unknown_limit(const workload::Spec& spec,
                                                       const machine::MemoryLimit& limit);

}  // namespace bench::measure
