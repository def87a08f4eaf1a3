// The result document as the program's users get it: parsed and checked against its schema.
#pragma once

#include <nlohmann/json.hpp>

#include <string>

namespace bench::testing {

/// Parses and validates; a failed expectation where it is not valid.
[[nodiscard]] nlohmann::json valid_document(const std::string& text);

/// That the first series has sent something, received all of it, and found no fault.
void expect_verified(const nlohmann::json& document);

}  // namespace bench::testing
