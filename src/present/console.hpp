// Renders a result document as a page for people.
#pragma once

#include <string>

#include "results/document.hpp"

namespace bench::present {

struct Style {
  bool color = false;   ///< ANSI escapes
  unsigned width = 80;  ///< columns to wrap at; narrower than 40 counts as 40
};

/// Shows one series in full or several as tables, then what holds for all of them. Ends in a
/// newline.
[[nodiscard]] std::string render(const results::Document& document, const Style& style);

}  // namespace bench::present
