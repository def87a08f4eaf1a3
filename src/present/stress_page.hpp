// Renders what a stress covered and found as a page for people.
#pragma once

#include <string>
#include <vector>

#include "present/console.hpp"
#include "results/stress_report.hpp"

namespace bench::present {

/// Shows the result first, then what was covered. Ends in a newline.
[[nodiscard]] std::string render(const results::StressReport& report, const Style& style);

/// What the threads of a failed round were doing: a line for each group of threads that did the
/// same.
[[nodiscard]] std::vector<std::string> thread_lines(const results::StressFailure& failure);

}  // namespace bench::present
