// Writes a value with fields as JSON.
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "results/fields.hpp"

namespace bench::results {

using Json = nlohmann::ordered_json;

/// Writes the fields of one object.
class Writer {
 public:
  void operator()(std::string_view key, const auto& value, const auto&... how) {
    object_.emplace(key, json_of(value, how...));
  }
  void later(std::string_view key, const auto& value, const auto&... how) {
    (*this)(key, value, how...);
  }
  void derived(std::string_view key, const auto& value) { (*this)(key, value); }
  void check(bool /*holds*/, std::string_view /*rule*/) const noexcept {}

  /// The JSON of a value; for an object, the fields of describe().
  template <class T>
  static Json json_of(const T& value, const auto&... how) {
    if constexpr (std::is_enum_v<T>) {
      return word_of(value);
    } else if constexpr (std::is_arithmetic_v<T>) {
      return value;
    } else {
      Writer writer;
      describe(writer, value, how...);
      return std::move(writer.object_);
    }
  }

 private:
  static Json json_of(const std::string& text) { return text; }
  static Json json_of(const std::string& text, EmptyIsNull) {
    return text.empty() ? Json(nullptr) : Json(text);
  }
  static Json json_of(std::uint64_t count, LookedAt at) {
    return at.it ? Json(count) : Json(nullptr);
  }
  static Json json_of(const workload::LatencyHistogram& histogram) {
    HistogramFields fields{
        .min = histogram.min(), .max = histogram.max(), .steps = {}, .counts = {}};
    std::uint64_t last = 0;
    for (const workload::LatencyHistogram::Bucket& bucket : histogram.buckets()) {
      fields.steps.push_back(bucket.lowest - std::exchange(last, bucket.lowest));
      fields.counts.push_back(bucket.count);
    }
    return json_of(fields);
  }
  static Json json_of(const Interval& interval) { return {interval.lo, interval.hi}; }

  /// A value that is not known is null, never a guess.
  template <class T>
  static Json json_of(const std::optional<T>& value, const auto&... how) {
    return value ? json_of(*value, how...) : Json(nullptr);
  }

  template <class T>
  static Json json_of(const std::vector<T>& list, const auto&... how) {
    Json array = Json::array();
    for (const T& item : list) array.push_back(json_of(item, how...));
    return array;
  }

  Json object_ = Json::object();
};

}  // namespace bench::results
