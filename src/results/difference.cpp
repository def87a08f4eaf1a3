#include "results/difference.hpp"

#include <fmt/format.h>

#include "results/json_writer.hpp"

namespace bench::results {
namespace {

std::optional<std::string> first_difference(const Json& now, const Json& then) {
  for (const auto& [key, value] : now.items()) {
    if (value == then.at(key)) continue;
    return fmt::format("{} is {} and was {}", key, value.dump(), then.at(key).dump());
  }
  return std::nullopt;
}

std::optional<std::string> difference_of(const auto& now, const auto& then) {
  return first_difference(Writer::json_of(now), Writer::json_of(then));
}

void add_fields(const Json& object, const std::string& before, std::vector<Field>& fields) {
  for (const auto& [key, value] : object.items()) {
    if (value.is_object()) {
      add_fields(value, before + key + ".", fields);
    } else {
      fields.push_back({.key = before + key,
                        .value = value.is_string()
                                     ? value.get<std::string>()
                                     : value.dump(-1, ' ', false, Json::error_handler_t::replace)});
    }
  }
}

std::vector<Field> fields_of(const auto& part) {
  std::vector<Field> fields;
  add_fields(Writer::json_of(part), {}, fields);
  return fields;
}

}  // namespace

std::optional<std::string> difference(const Tool& now, const Tool& then) {
  return difference_of(now, then);
}

std::optional<std::string> difference(const machine::HostFacts& now,
                                      const machine::HostFacts& then) {
  return difference_of(now, then);
}

std::optional<std::string> difference(const workload::Spec& now, const workload::Spec& then) {
  return difference_of(now, then);
}

std::vector<Field> fields(const Tool& tool) { return fields_of(tool); }

std::vector<Field> fields(const machine::HostFacts& host) { return fields_of(host); }

std::vector<Field> fields(const workload::Spec& spec) { return fields_of(spec); }

std::vector<Field> fields(const ObservedPlacement& placement) { return fields_of(placement); }

}  // namespace bench::results
