// Verdicts as Markdown, for a comment on a pull request or the summary of a job.
#pragma once

#include <string>

#include "results/verdict_report.hpp"

namespace bench::present {

/// GitHub Flavored Markdown, which GitLab reads too: the verdict, a table of the series with the
/// worst first, and everything else folded. More than ten series without a change are folded as
/// well. It has fewer than 65,536 bytes, which is the most that a comment on GitHub may have:
/// beyond a number of series, it says how many are left out.
///
/// Names and texts of the report come out as they are: they cannot form Markdown or HTML, break out
/// of a table, or mention anybody or anything. Ends in a newline.
[[nodiscard]] std::string to_markdown(const results::VerdictReport& report);

}  // namespace bench::present
