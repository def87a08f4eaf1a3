#include "present/spec_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <type_traits>

#include "results/fields.hpp"
#include "results/series_names.hpp"

namespace bench::present {
namespace {

/// Collects what describe() names.
class SpecWords {
 public:
  template <class T>
  void operator()(std::string_view key, const T& value, const auto&... /*bounds*/) {
    if constexpr (std::is_enum_v<T>) {
      add(key, results::word_of(value));
    } else if constexpr (std::is_arithmetic_v<T>) {
      if (value != T{}) add(key, fmt::format("{}", value));
    } else {
      add(key, value);
    }
  }
  template <class T>
  void operator()(std::string_view key, const std::optional<T>& value, const auto&... /*bounds*/) {
    if (value) (*this)(key, *value);
  }
  void later(std::string_view key, const auto& value, const auto&... bounds) {
    (*this)(key, value, bounds...);
  }
  void check(bool /*holds*/, std::string_view /*rule*/) const noexcept {}

  [[nodiscard]] std::vector<SettingWords> take() { return std::move(all_); }

 private:
  void add(std::string_view key, std::string_view value) {
    const std::string_view unit = key == "duration_s" ? "s" : "";
    all_.push_back({.name = spelled(key), .value = fmt::format("{}{}", value, unit)});
  }

  std::vector<SettingWords> all_;
};

}  // namespace

std::vector<SettingWords> settings_of(const results::Series& series) {
  workload::Spec spec = series.spec;
  // Such messages are always timed.
  if (spec.pattern == workload::Pattern::one_way) spec.latency = false;
  SpecWords words;
  results::describe(words, spec);
  words("placement", series.placement.policy);
  std::vector<SettingWords> all = words.take();
  // Other patterns send one message at a time, whatever these say.
  if (spec.pattern != workload::Pattern::stream) {
    std::erase_if(all, [](const auto& one) { return one.name == "batch" || one.name == "write"; });
  }
  return all;
}

std::string spelled(std::string_view key) {
  if (key == "payload_bytes") return "payload";
  if (key == "duration_s") return "duration";
  if (key == "messages_per_producer") return "messages";
  if (key == "latency") return "timed";
  return results::typed(key);
}

std::string title(const results::Series& series) {
  if (series.parameters.empty()) return series.name;
  std::string text;
  for (const auto& [key, value] : series.parameters) {
    const std::string name = key == "queue" ? "" : spelled(key) + "=";
    text += fmt::format("{}{}{}", text.empty() ? "" : " ", name, value);
  }
  return text;
}

}  // namespace bench::present
