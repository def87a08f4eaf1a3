#include "present/csv.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "present/latency_times.hpp"
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
  void later(std::string_view column, const auto& value) { (*this)(column, value); }
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

/// The columns of a spec. Whether times and metrics were asked for is no column: their figures are.
class SpecColumns {
 public:
  explicit SpecColumns(Row& row) : row_(row) {}

  void operator()(std::string_view key, const auto& value, const auto&... /*bounds*/) {
    if (key != "latency" && key != "metrics") row_(key, value);
  }
  void later(std::string_view key, const auto& value) { (*this)(key, value); }
  void check(bool /*holds*/, std::string_view /*rule*/) const noexcept {}

 private:
  Row& row_;
};

void add_metrics(Row& row, const std::optional<ringmpsc::Metrics>& metrics) {
  const auto add = [&](std::string_view column, auto count) {
    row(column, metrics ? std::optional<std::uint64_t>((*metrics).*count) : std::nullopt);
  };
  add("commits", &ringmpsc::Metrics::commits);
  add("refused_full", &ringmpsc::Metrics::refused_full);
  add("batches", &ringmpsc::Metrics::batches);
  add("empty_polls", &ringmpsc::Metrics::empty_polls);
}

void add_latency(Row& row, const results::Series& series) {
  for (const auto& [name, ns] : times_of(series)) row(name, ns);
  const auto load = series.latency ? series.latency->load : std::nullopt;
  const auto rate = [&](auto which) {
    return load ? std::optional<double>((*load).*which) : std::nullopt;
  };
  row("offered_rate", rate(&results::OfferedLoad::offered_rate));
  row("achieved_rate", rate(&results::OfferedLoad::achieved_rate));
  row("saturated", load ? std::optional<bool>(load->saturated) : std::nullopt);
}

/// Whether the measurement failed in this series.
bool failed_in(const results::Series& series, const std::optional<results::Failure>& failure) {
  return failure && failure->series == series.name;
}

/// The row of a sample, which is null in the row of a series that went wrong without any.
Row row_of(const results::Series& series, const workload::Sample* sample,
           const std::optional<results::Failure>& failure) {
  Row row;
  const auto of_sample = [&](std::string_view column, auto figure) {
    row(column, sample ? std::optional(figure(*sample)) : std::nullopt);
  };
  const auto member = [&](std::string_view column, auto which) {
    of_sample(column, [which](const workload::Sample& one) { return one.*which; });
  };
  row("series", series.name);
  SpecColumns spec(row);
  results::describe(spec, series.spec);
  row("policy", series.placement.policy);
  row("consumer_cpu", sample ? sample->consumer.cpu : std::nullopt);
  of_sample("producer_cpus", [](const workload::Sample& one) {
    std::vector<std::optional<unsigned>> cpus(one.producers.size());
    std::ranges::transform(one.producers, cpus.begin(), &workload::ThreadCpu::cpu);
    return cpus;
  });
  of_sample("sample", [&](const workload::Sample& one) { return &one - series.samples.data(); });
  member("round", &workload::Sample::round);
  member("regime", &workload::Sample::regime);
  member("messages", &workload::Sample::messages);
  member("seconds", &workload::Sample::seconds);
  of_sample("messages_per_second",
            [](const workload::Sample& one) { return one.messages_per_second(); });
  add_metrics(row, sample ? sample->metrics : std::nullopt);
  add_latency(row, series);
  results::describe(row, series.verification, series.spec.consume);
  row("failure",
      failed_in(series, failure) ? fmt::format("{}: {}", failure->trial, failure->reason) : "");
  return row;
}

}  // namespace

std::string to_csv(const results::Document& document) {
  std::string text = row_of({}, nullptr, {}).columns() + "\n";
  for (const results::Series& series : document.series) {
    for (const workload::Sample& sample : series.samples) {
      text += row_of(series, &sample, document.failure).cells() + "\n";
    }
    const bool wrong = failed_in(series, document.failure) || !results::verified(series);
    if (series.samples.empty() && wrong) {
      text += row_of(series, nullptr, document.failure).cells() + "\n";
    }
  }
  return text;
}

}  // namespace bench::present
