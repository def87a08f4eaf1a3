// A result document for a person to read at a glance.
#pragma once

#include <string>

#include "results/document.hpp"

namespace bench::present {

struct Style {
  bool color = false;   ///< ANSI escapes
  unsigned width = 80;  ///< columns to wrap at; narrower than 40 counts as 40
};

/// One block for each series, then what holds for all of them. Ends in a newline.
[[nodiscard]] std::string render(const results::Document& document, const Style& style);

}  // namespace bench::present
