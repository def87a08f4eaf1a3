// Renders a document's page as plain text, and searches it.
#pragma once

#include <string>

#include "present/console.hpp"
#include "results/document.hpp"

namespace bench::testing {

inline std::string shown(const results::Document& document, unsigned width = 80) {
  return present::render(document, {.color = false, .width = width});
}

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace bench::testing
