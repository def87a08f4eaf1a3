// A report as one HTML file that needs nothing else: no network, and no JavaScript to be read.
#pragma once

#include <string>

#include "report/blocks.hpp"

namespace bench::report {

/// Whatever the texts of the report hold, nothing of them is markup. The file has a
/// Content-Security-Policy that allows its own style sheet and scripts and nothing else. Ends in a
/// newline.
[[nodiscard]] std::string to_html(const Report& report);

}  // namespace bench::report
