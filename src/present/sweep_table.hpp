// The page of a sweep: tables whose rows and columns are its axes.
#pragma once

#include "present/page.hpp"
#include "results/document.hpp"

namespace bench::present {

/// Each part of the sweep has tables of its own. The longest axis goes down, the longest of the
/// others that fits the width goes across, and each combination of the rest has a table to itself.
/// A cell shows the figure, how far its interval reaches, a bar, and the marks of the caveats that
/// not every series has. Precondition: document.sweep has a value.
void show_sweep(Page& page, const results::Document& document);

}  // namespace bench::present
