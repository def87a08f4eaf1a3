#include "schema/schema.hpp"

#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include <fstream>

namespace bench::testing {

namespace {

nlohmann::json file(const std::string& name) {
  return nlohmann::json::parse(std::ifstream(RINGMPSC_CONFIGS_DIR "/schema/" + name));
}

}  // namespace

nlohmann::json schema(const std::string& name) { return file(name + ".schema.json"); }

std::string complaints(const nlohmann::json& contract, const nlohmann::json& document) {
  valijson::Schema parsed;
  // A schema may refer to parts of another one, by the name of its file.
  valijson::SchemaParser().populateSchema(
      valijson::adapters::NlohmannJsonAdapter(contract), parsed,
      [](const std::string& name) { return new nlohmann::json(file(name)); },
      [](const nlohmann::json* other) { delete other; });
  valijson::ValidationResults errors;
  if (valijson::Validator().validate(parsed, valijson::adapters::NlohmannJsonAdapter(document),
                                     &errors)) {
    return {};
  }
  std::string lines;
  for (valijson::ValidationResults::Error error; errors.popError(error);) {
    for (const std::string& step : error.context) lines += step;
    lines += ": " + error.description + "\n";
  }
  return lines;
}

}  // namespace bench::testing
