// Checks a JSON document against one of the schemas in configs/schema.
#pragma once

#include <nlohmann/json.hpp>

#include <string>

namespace bench::testing {

[[nodiscard]] nlohmann::json schema(const std::string& name);

/// Everything that is wrong with `document`, one line for each fault; empty if it is valid.
[[nodiscard]] std::string complaints(const nlohmann::json& contract,
                                     const nlohmann::json& document);

}  // namespace bench::testing
