// Lists every place in a JSON document.
#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <vector>

namespace bench::testing {

inline void add_places(const nlohmann::json& value, const nlohmann::json::json_pointer& at,
                       std::vector<nlohmann::json::json_pointer>& found) {
  found.push_back(at);
  if (value.is_object()) {
    for (const auto& [key, inner] : value.items()) add_places(inner, at / key, found);
  } else if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i) add_places(value[i], at / i, found);
  }
}

/// JSON pointers to the document itself and to every value inside it.
inline std::vector<nlohmann::json::json_pointer> places(const nlohmann::json& document) {
  std::vector<nlohmann::json::json_pointer> found;
  add_places(document, nlohmann::json::json_pointer(), found);
  return found;
}

}  // namespace bench::testing
