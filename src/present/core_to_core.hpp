// The round trips between the machine's CPUs, on the page of a sweep.
#pragma once

#include "present/page.hpp"
#include "results/document.hpp"

namespace bench::present {

/// Shows the quickest pair, the median and the slowest pair of those that share a core, an L3, a
/// package or only the machine. The page of the command topology has the whole matrix.
void show_core_to_core(Page& page, const results::Survey& survey);

}  // namespace bench::present
