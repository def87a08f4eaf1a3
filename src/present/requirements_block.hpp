// What was required, on a page and in messages.
#pragma once

#include <string>

#include "present/page.hpp"
#include "results/document.hpp"

namespace bench::present {

/// A figure of this metric, with its unit except for messages a second.
[[nodiscard]] std::string figure(results::Metric metric, double value);

/// Why it was judged so: "p99 is 3.20 us, 95 % CI 3.00 us to 3.40 us".
[[nodiscard]] std::string reason(const results::Judgement& judgement);

/// Shows for each requirement how many series met it, then each series that missed it, the worst
/// first, and each for which nobody can tell. Nothing if nothing was required.
void show_requirements(Page& page, const results::Document& document);

}  // namespace bench::present
