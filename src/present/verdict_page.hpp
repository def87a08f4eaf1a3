// Renders verdicts on two sides as a page for people.
#pragma once

#include <string>

#include "present/console.hpp"
#include "results/verdict_report.hpp"

namespace bench::present {

/// Shows the verdict, then the series, the worst first, then what holds for all of them. Beyond a
/// screenful, those without a change are summed up. The last line is verdict_line(), which is not
/// wrapped. Ends in a newline.
[[nodiscard]] std::string render(const results::VerdictReport& report, const Style& style);

}  // namespace bench::present
