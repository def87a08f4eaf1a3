// The output of a stress: for the command stress, and for show.
#pragma once

#include <optional>

#include "cli/output.hpp"
#include "results/stress_report.hpp"

namespace bench::cli {

/// Writes and shows the report, and names its failure on stderr. Returns the exit code.
[[nodiscard]] int deliver(const results::StressReport& report, const OutputOptions& options,
                          std::optional<int> signal);

}  // namespace bench::cli
