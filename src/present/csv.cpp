#include "present/csv.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "results/fields.hpp"

namespace bench::present {
namespace {

/// Collects a row's cells together with the names of their columns, so that both stay in step.
class Row {
 public:
  template <class T>
  void operator()(std::string_view column, const T& value, const auto&... /*bounds*/) {
    add(column, cell(value));
  }
  void operator()(std::string_view column, std::uint64_t count, results::LookedAt looked) {
    add(column, looked.it ? cell(count) : "");
  }
  /// A list of objects has no cell.
  void operator()(std::string_view /*column*/,
                  const std::vector<workload::FaultyMessage>& /*first*/) noexcept {}
  void derived(std::string_view /*column*/, const auto& /*value*/) const noexcept {}
  void check(bool /*holds*/, std::string_view /*rule*/) const noexcept {}

  [[nodiscard]] const std::string& columns() const noexcept { return columns_; }
  [[nodiscard]] const std::string& cells() const noexcept { return cells_; }

 private:
  void add(std::string_view column, std::string_view cell) {
    const std::string_view comma = columns_.empty() ? "" : ",";
    columns_ += fmt::format("{}{}", comma, column);
    cells_ += comma;
    cells_ += cell;
  }

  template <class T>
  static std::string cell(const T& value) {
    if constexpr (std::is_enum_v<T>) {
      return cell(results::word_of(value));
    } else {
      return fmt::format("{}", value);
    }
  }
  static std::string cell(const std::string& text) { return cell(std::string_view(text)); }
  static std::string cell(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
    std::string quoted = "\"";
    for (const char c : text) {
      if (c == '"') quoted += '"';
      quoted += c;
    }
    return quoted + '"';
  }
  template <class T>
  static std::string cell(const std::optional<T>& value) {
    return value ? cell(*value) : "";
  }
  template <class T>
  static std::string cell(const std::vector<T>& list) {
    std::vector<std::string> cells;
    cells.reserve(list.size());
    for (const T& item : list) cells.push_back(cell(item));
    return fmt::format("{}", fmt::join(cells, ";"));
  }

  std::string columns_;
  std::string cells_;
};

Row row_of(const results::Series& series, std::size_t number, const workload::Sample& sample) {
  Row row;
  row("series", series.name);
  results::describe(row, series.spec);
  row("policy", series.placement.policy);
  row("consumer_cpu", series.placement.consumer_cpu);
  row("producer_cpus", series.placement.producer_cpus);
  row("sample", number);
  row("round", sample.round);
  row("messages", sample.messages);
  row("seconds", sample.seconds);
  row("messages_per_second", sample.messages_per_second());
  results::describe(row, series.verification, series.spec.consume);
  return row;
}

}  // namespace

std::string to_csv(const results::Document& document) {
  std::string text = row_of({}, 0, {}).columns() + "\n";
  for (const results::Series& series : document.series) {
    for (std::size_t i = 0; i < series.samples.size(); ++i) {
      text += row_of(series, i, series.samples[i]).cells() + "\n";
    }
  }
  return text;
}

}  // namespace bench::present
