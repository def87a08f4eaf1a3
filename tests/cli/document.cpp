#include "cli/document.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "schema/schema.hpp"

namespace bench::testing {

nlohmann::json valid_document(const std::string& text) {
  auto document = nlohmann::json::parse(text, nullptr, false);
  EXPECT_FALSE(document.is_discarded()) << "not JSON: " << text.substr(0, 400);
  if (document.is_discarded()) return {};

  EXPECT_EQ(complaints(schema("result"), document), "");
  return document;
}

void expect_verified(const nlohmann::json& document) {
  ASSERT_TRUE(document.contains("series"));
  ASSERT_FALSE(document["series"].empty());
  const nlohmann::json& verification = document["series"][0]["verification"];
  EXPECT_GT(verification["sent"], 0);
  EXPECT_EQ(verification["sent"], verification["received"]);
  for (const char* const fault : {"lost", "duplicated", "reordered", "corrupted"}) {
    // The fault is null if the --consume mode does not look for it.
    EXPECT_TRUE(verification[fault].is_null() || verification[fault] == 0) << fault;
  }
}

bool has_caveat(const nlohmann::json& document, const std::string& code) {
  const auto in = [&](const nlohmann::json& caveats) {
    return std::ranges::any_of(caveats, [&](const auto& c) { return c["code"] == code; });
  };
  return in(document["caveats"]) || in(document["series"][0]["caveats"]);
}

}  // namespace bench::testing
