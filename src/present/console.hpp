// Renders a result document as a page for people.
#pragma once

#include <string>

#include "results/document.hpp"

namespace bench::present {

inline constexpr unsigned kNarrowest = 20;

struct Style {
  bool color = false;   ///< ANSI escapes
  unsigned width = 80;  ///< columns to wrap at; fewer than kNarrowest count as kNarrowest
};

/// Shows one series in full or several as tables, then what holds for all of them. Ends in a
/// newline.
[[nodiscard]] std::string render(const results::Document& document, const Style& style);

}  // namespace bench::present
