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

}  // namespace bench::results
