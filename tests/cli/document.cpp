#include "cli/document.hpp"

#include <gtest/gtest.h>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include <fstream>

namespace bench::testing {

nlohmann::json valid_document(const std::string& text) {
  auto document = nlohmann::json::parse(text, nullptr, false);
  EXPECT_FALSE(document.is_discarded()) << "not JSON: " << text.substr(0, 400);
  if (document.is_discarded()) return {};

  const auto contract =
      nlohmann::json::parse(std::ifstream(RINGMPSC_CONFIGS_DIR "/schema/result.schema.json"));
  valijson::Schema schema;
  valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(contract),
                                          schema);
  valijson::ValidationResults complaints;
  const bool valid = valijson::Validator().validate(
      schema, valijson::adapters::NlohmannJsonAdapter(document), &complaints);
  EXPECT_TRUE(valid);
  for (valijson::ValidationResults::Error error; complaints.popError(error);) {
    std::string where;
    for (const std::string& step : error.context) where += step;
    ADD_FAILURE() << where << ": " << error.description;
  }
  return document;
}

void expect_verified(const nlohmann::json& document) {
  ASSERT_TRUE(document.contains("series"));
  ASSERT_FALSE(document["series"].empty());
  const nlohmann::json& verification = document["series"][0]["verification"];
  EXPECT_GT(verification["sent"], 0);
  EXPECT_EQ(verification["sent"], verification["received"]);
  for (const char* const fault : {"lost", "duplicated", "reordered", "corrupted"}) {
    EXPECT_EQ(verification[fault], 0) << fault;
  }
}

}  // namespace bench::testing
