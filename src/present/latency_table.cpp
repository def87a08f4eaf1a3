#include "present/latency_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "present/latency_times.hpp"
#include "present/quantity.hpp"
#include "present/spec_words.hpp"

namespace bench::present {
namespace {

using results::Axis;
using results::Latency;
using results::Parameter;
using results::Series;

constexpr std::size_t kTimeColumns = 9;
constexpr std::size_t kFewestPictured = 16;  // fits the labels of the scale's ends and a blank
constexpr std::size_t kMostPictured = 40;

struct Column {
  std::string_view name;
  std::optional<std::uint64_t> (*of)(const Latency&);
  std::size_t least;  ///< shown where at least so many columns fit
};
constexpr std::array kColumns = {
    Column{.name = "p50", .of = [](const Latency& all) { return all.p50_ns; }, .least = 1},
    Column{.name = "p90", .of = [](const Latency& all) { return all.p90_ns; }, .least = 5},
    Column{.name = "p99", .of = [](const Latency& all) { return all.p99_ns; }, .least = 2},
    Column{.name = "p99.9", .of = [](const Latency& all) { return all.p99_9_ns; }, .least = 5},
    Column{.name = "max",
           .of = [](const Latency& all) { return std::optional(all.max_ns); },
           .least = 3},
};

/// How many of the columns are shown where `most` fit: all, or those with the smallest `least`.
std::size_t times_shown(std::size_t most) {
  if (most >= kColumns.size()) return kColumns.size();
  return std::clamp<std::size_t>(most, 1, 3);
}

/// The labels that tell the series apart: their values on each axis that has several values or, if
/// no axis has, their names.
class Labels {
 public:
  explicit Labels(const results::Document& document) {
    if (document.sweep) {
      for (const Axis& axis : document.sweep->axes) {
        if (axis.values.size() > 1) axes_.push_back(&axis);
      }
    }
    for (const Axis* const axis : axes_) {
      widths_.push_back(std::max(spelled(axis->key).size(),
                                 std::ranges::max(axis->values, {}, &std::string::size).size()));
    }
    if (axes_.empty()) {
      widths_.push_back(std::ranges::max(document.series, {}, [](const Series& series) {
                          return series.name.size();
                        }).name.size());
    }
  }

  [[nodiscard]] std::string head() const {
    std::string text;
    for (std::size_t i = 0; i < axes_.size(); ++i)
      text += padded(spelled(axes_[i]->key), widths_[i]);
    return axes_.empty() ? padded("queue", widths_.front()) : text;
  }
  [[nodiscard]] std::string of(const Series& series) const {
    std::string text;
    for (std::size_t i = 0; i < axes_.size(); ++i) {
      text += padded(std::ranges::find(series.parameters, axes_[i]->key, &Parameter::key)->value,
                     widths_[i]);
    }
    return axes_.empty() ? padded(series.name, widths_.front()) : text;
  }

 private:
  static std::string padded(std::string_view word, std::size_t width) {
    return fmt::format("  {:>{}}", word, width);
  }

  std::vector<const Axis*> axes_;
  std::vector<std::size_t> widths_;
};

/// Draws times on a line with a logarithmic scale.
class Scale {
 public:
  Scale(const std::vector<Series>& all, std::size_t cells) : cells_(cells) {
    double least = INFINITY;
    double most = 0;
    for (const Series& series : all) {
      if (!has_times(series)) continue;
      least = std::min(least,
                       logarithm(series.latency->p50_ns.value_or(series.latency->histogram.min())));
      most = std::max(most, logarithm(series.latency->max_ns));
    }
    if (most <= 0) return;
    low_ = std::floor(least);
    high_ = std::max(std::ceil(most), low_ + 1);
  }

  /// A bar at the median, dashes up to p99, dots up to p99.9, and > at the maximum.
  [[nodiscard]] std::string picture(const Latency& latency) const {
    std::string line(cells_, ' ');
    line[cell(latency.max_ns)] = '>';
    if (!latency.p50_ns) return line;
    const std::size_t p50 = cell(*latency.p50_ns);
    const auto reach = [&](const std::optional<std::uint64_t>& ns, char mark) {
      if (ns)
        std::fill_n(line.begin() + static_cast<std::ptrdiff_t>(p50), cell(*ns) + 1 - p50, mark);
    };
    reach(latency.p99_9_ns, '.');
    reach(latency.p99_ns, '-');
    line[cell(latency.max_ns)] = '>';
    line[p50] = '|';
    return line;
  }
  /// The labels of the scale's two ends.
  [[nodiscard]] std::string head() const {
    const std::string low = end(low_);
    const std::string high = end(high_);
    const std::size_t used = low.size() + high.size();
    return low + std::string(cells_ - std::min(cells_, used), ' ') + high;
  }

 private:
  static double logarithm(std::uint64_t ns) {
    return std::log10(static_cast<double>(std::max<std::uint64_t>(ns, 1)));
  }
  [[nodiscard]] std::size_t cell(std::uint64_t ns) const {
    const double part = std::clamp((logarithm(ns) - low_) / (high_ - low_), 0.0, 1.0);
    return static_cast<std::size_t>(std::lround(part * static_cast<double>(cells_ - 1)));
  }
  static std::string end(double power) {
    return time_text(static_cast<std::uint64_t>(std::llround(std::pow(10.0, power))));
  }

  std::size_t cells_;
  double low_ = 0;
  double high_ = 1;
};

}  // namespace

std::string time_text(std::uint64_t ns) {
  if (ns < 10'000) return fmt::format("{} ns", grouped(ns));
  double value = static_cast<double>(ns) / 1e3;
  std::string_view unit = "us";
  for (const std::string_view larger : {"ms", "s"}) {
    if (value < 999.5) break;  // from 999.5 on, three digits would round to 1000
    value /= 1e3;
    unit = larger;
  }
  return fmt::format("{:.{}f} {}", value, value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2, unit);
}

std::string time_text(const std::optional<std::uint64_t>& ns) { return ns ? time_text(*ns) : "-"; }

namespace {

/// The rates and times of a series in words.
std::string in_words(const Series& series) {
  if (saturated(series)) {
    const results::OfferedLoad& load = *series.latency->load;
    return fmt::format("saturated: {}/s achieved of {}/s due", si(load.achieved_rate),
                       si(load.offered_rate));
  }
  if (!series.latency) return "-";
  std::array<std::string, kColumns.size()> times;
  std::ranges::transform(kColumns, times.begin(), [&](const Column& column) {
    return fmt::format("{} {}", column.name, time_text(column.of(*series.latency)));
  });
  return fmt::format("{}", fmt::join(times, ", "));
}

/// The times below the series' titles, for a page that is too narrow for a table.
void list_latencies(Page& page, const results::Document& document, const Marks& marks) {
  for (const Series& series : document.series) {
    if (!series.spec.latency) continue;
    page.hanging(2, title(series));
    const std::string letters = marks.of(series);
    page.line("", in_words(series) + (letters.empty() ? "" : fmt::format(" [{}]", letters)));
  }
}

}  // namespace

void show_latencies(Page& page, const results::Document& document, const Marks& marks) {
  const Labels labels(document);
  const std::size_t mark_columns = marks.longest() == 0 ? 0 : marks.longest() + 1;
  const auto columns = [&](std::size_t times) {
    return labels.head().size() + times * kTimeColumns + mark_columns + 2;
  };
  if (columns(1) - 2 > page.width()) return list_latencies(page, document, marks);
  const std::size_t taken = std::min(page.width(), columns(0));
  const std::size_t times = times_shown((page.width() - taken) / kTimeColumns);
  const bool any = std::ranges::any_of(document.series, has_times);
  const std::size_t spare = page.width() - std::min(page.width(), columns(times));
  const std::size_t cells = !any || spare < kFewestPictured ? 0 : std::min(spare, kMostPictured);
  const Scale scale(document.series, cells);
  std::string head = labels.head();
  for (const Column& column : kColumns) {
    if (column.least <= times) head += fmt::format("{:>{}}", column.name, kTimeColumns);
  }
  page.row(head + std::string(mark_columns, ' ') + "  " + (cells > 0 ? scale.head() : ""));
  for (const Series& series : document.series) {
    if (!series.spec.latency) continue;
    std::string row = labels.of(series);
    if (saturated(series)) {
      const results::OfferedLoad& load = *series.latency->load;
      const std::size_t left = page.width() - std::min(page.width(), row.size() + mark_columns);
      std::string rates = fmt::format("  {} ", in_words(series));
      if (rates.size() > left) rates = fmt::format("  saturated: {}/s ", si(load.achieved_rate));
      row += rates.size() > left ? "  saturated " : rates;
      row += marks.of(series);
    } else if (series.latency) {
      const Latency& latency = *series.latency;
      for (const Column& column : kColumns) {
        if (column.least > times) continue;
        row += fmt::format("{:>{}}", time_text(column.of(latency)), kTimeColumns);
      }
      row += fmt::format("{:<{}}", mark_columns == 0 ? "" : " " + marks.of(series), mark_columns);
      if (cells > 0) row += "  " + scale.picture(latency);
    } else {
      row += fmt::format("{:>{}}", "-", kTimeColumns);
    }
    page.row(row);
  }
  if (cells > 0) {
    page.line("picture", "| is p50, - reaches to p99, . to p99.9, > is max; logarithmic scale");
  }
}

}  // namespace bench::present
