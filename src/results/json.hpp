// The result document as JSON, as configs/schema/result.schema.json describes it.
#pragma once

#include <string>

#include "results/document.hpp"

namespace bench::results {

/// Two spaces a level, keys in the document's order, ends in a newline. Numbers are written so that
/// reading them gives exactly the same value. Bytes that are not UTF-8 (in a host name, a command
/// line) become U+FFFD.
[[nodiscard]] std::string to_json(const Document& document);

}  // namespace bench::results
