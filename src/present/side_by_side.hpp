// Queues side by side: a row for each, compared with the first.
#pragma once

#include "present/page.hpp"
#include "results/document.hpp"

namespace bench::present {

/// Precondition: the document has series, and is not that of a sweep.
void show_side_by_side(Page& page, const results::Document& document);

}  // namespace bench::present
