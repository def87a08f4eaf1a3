// A sweep for a person: its shape, as rows and columns of its axes.
#pragma once

#include "present/page.hpp"
#include "results/document.hpp"

namespace bench::present {

/// The longest axis goes down, the longest of the others that fits the width goes across, and each
/// combination of the rest has a table to itself. In a cell stand the figure, how far its interval
/// reaches, a bar, and the marks of caveats that are not everybody's. Precondition: document.sweep.
void show_sweep(Page& page, const results::Document& document);

}  // namespace bench::present
