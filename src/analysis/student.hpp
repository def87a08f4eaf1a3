// Student's t distribution.
#pragma once

namespace bench::analysis {

/// The value that Student's t exceeds with probability `tail` (more than 0, less than 0.5), to
/// within 1e-9 of itself. `degrees_of_freedom` is at least 1 and need not be whole.
[[nodiscard]] double student_quantile(double tail, double degrees_of_freedom);

}  // namespace bench::analysis
