// The program that measures, and the time: every document begins with them.
#pragma once

#include <string>

#include "results/document.hpp"

namespace bench::measure {

[[nodiscard]] results::Tool this_tool();

/// The time in ISO 8601, like 2026-01-31T12:00:00Z.
[[nodiscard]] std::string now_utc();

}  // namespace bench::measure
