// The result document as users of the program get it, parsed and checked against its schema.
#pragma once

#include <nlohmann/json.hpp>

#include <string>

namespace bench::testing {

/// Parses the text and checks it against the schema. A document that is not valid fails the test.
[[nodiscard]] nlohmann::json valid_document(const std::string& text);

/// Expects that the first series sent something, received all of it, and found no fault.
void expect_verified(const nlohmann::json& document);

/// Whether the document or its first series has this caveat.
[[nodiscard]] bool has_caveat(const nlohmann::json& document, const std::string& code);

}  // namespace bench::testing
