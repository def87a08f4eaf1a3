// What is thrown when this machine does not let us measure.
#pragma once

#include <stdexcept>

namespace bench::machine {

/// No memory, no threads, no topology: the message says what is missing and what would do.
struct CannotMeasure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace bench::machine
