// The exception for a machine that does not allow a measurement.
#pragma once

#include <stdexcept>

namespace bench::machine {

/// No memory, no threads, no topology, or a table of queues that contradicts itself. The message
/// says what is wrong and what would help.
struct CannotMeasure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace bench::machine
