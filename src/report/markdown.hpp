// A report as Markdown, for a wiki or an issue.
#pragma once

#include <string>

#include "report/blocks.hpp"

namespace bench::report {

/// GitHub Flavored Markdown, which GitLab reads too. It has the same sections and tables as the
/// HTML, with bars of text where the HTML has charts of ratios, and carries no documents. Ends in a
/// newline.
[[nodiscard]] std::string to_markdown(const Report& report);

}  // namespace bench::report
