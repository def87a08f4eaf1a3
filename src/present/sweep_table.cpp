#include "present/sweep_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "present/blocks.hpp"
#include "present/core_to_core.hpp"
#include "present/latency_table.hpp"
#include "present/marks.hpp"
#include "present/quantity.hpp"
#include "present/spec_words.hpp"
#include "present/sweep_parts.hpp"

namespace bench::present {
namespace {

using results::Axis;
using results::CaveatCode;
using results::Parameter;
using results::Series;

constexpr std::size_t kFigureColumns = 8;  // 412.3 M, 1235 ns
constexpr std::size_t kReachColumns = 7;   // +-12%, and a blank
constexpr std::size_t kRatioColumns = 9;   // x0.00512, and a blank
constexpr std::size_t kMostBar = 10;

using Parameters = std::vector<Parameter>;

std::string figure_cell(const Series& series) {
  const double rate = leading(*series.summary).median.value_or(0);
  const bool trips = series.spec.pattern == workload::Pattern::round_trip && rate > 0;
  return trips ? fmt::format("{:.0f} ns", 1e9 / rate) : si(rate);
}

/// How far the interval reaches from the median to its farther end, in percent of the median.
std::string reach(std::optional<double> median, const std::optional<results::Interval>& interval) {
  if (!interval || median.value_or(0) <= 0) return "";
  const double part = std::max(*median - interval->lo, interval->hi - *median) / *median;
  return part < 9.995 ? fmt::format("+-{:.0f}%", 100 * part) : ">999%";
}

std::string ratio_cell(const results::Comparison& compared) {
  return "x" + ratio_text(compared.ratio);
}

/// The text at the right end of its column, at least a blank after the cell before it.
std::string after_a_blank(std::string_view text, std::size_t columns) {
  return fmt::format(" {:>{}}", text, columns - 1);
}

void show_heading(Page& page, const Parameters& shared) {
  if (shared.empty()) return;
  std::vector<std::string> words;
  for (const auto& [key, value] : shared) {
    words.push_back(fmt::format("{} {}", spelled(key), value));
  }
  page.headline(fmt::format("{}", fmt::join(words, ", ")));
}

class Table {
 public:
  Table(const SweepPart& part, const Marks& marks)
      : heading_(part.heading), document_(part.document), marks_(marks) {
    for (const Series& series : document_.series) {
      if (!series.summary) continue;
      double& most = most_[series.spec.pattern];
      most = std::max(most, leading(*series.summary).median.value_or(0));
      compared_ = compared_ || !series.comparisons.empty();
    }
  }

  void show(Page& page) {
    choose_axes(page.width());
    for (const Parameters& rest : combinations()) show(page, rest);
  }

 private:
  [[nodiscard]] std::size_t cell_columns(std::size_t bar) const {
    const std::size_t marks = marks_.longest() == 0 ? 0 : marks_.longest() + 1;
    return 2 + kFigureColumns + kReachColumns + (compared_ ? kRatioColumns + ratio_reach() : 0) +
           (bar == 0 ? 0 : bar + 1) + marks;
  }

  /// The columns of a ratio's interval.
  [[nodiscard]] std::size_t ratio_reach() const { return narrow_ ? 0 : kReachColumns; }

  static std::size_t label_columns(const Axis& axis) {
    std::size_t columns = spelled(axis.key).size();
    for (const std::string& value : axis.values) columns = std::max(columns, value.size());
    return 2 + columns;
  }

  void choose_axes(std::size_t width) {
    std::vector<const Axis*> axes;
    for (const Axis& axis : document_.sweep->axes) {
      if (axis.values.size() > 1) axes.push_back(&axis);
    }
    if (axes.empty()) axes.push_back(&document_.sweep->axes.front());
    const auto longest =
        std::ranges::max_element(axes, {}, [](const Axis* axis) { return axis->values.size(); });
    down_ = *longest;
    axes.erase(longest);
    // The longest of the remaining axes that fits goes across.
    std::ranges::sort(axes, {}, [this](const Axis* axis) {
      return std::pair(-static_cast<std::ptrdiff_t>(axis->values.size()),
                       axis - document_.sweep->axes.data());
    });
    const std::size_t room = width - std::min(width, label_columns(*down_));
    const auto column = [this](const Axis* axis, std::size_t bar) {
      const std::size_t value = std::ranges::max(axis->values, {}, &std::string::size).size();
      return std::max(cell_columns(bar), value + 2);
    };
    const auto fits = [&](const Axis* axis) {
      return axis->values.size() * column(axis, 0) <= room;
    };
    if (const auto found = std::ranges::find_if(axes, fits); found != axes.end()) {
      across_ = *found;
      axes.erase(found);
    }
    narrow_ = across_ == nullptr && cell_columns(0) > room;
    list_ = narrow_ && cell_columns(0) > room;  // even without the intervals of ratios
    // The rest stay in the order of the file.
    for (const Axis& axis : document_.sweep->axes) {
      if (std::ranges::find(axes, &axis) != axes.end()) rest_.push_back(&axis);
    }
    const std::size_t cells = across_ == nullptr ? 1 : across_->values.size();
    const std::size_t spare = room / cells - std::min(room / cells, cell_columns(0));
    bar_ = spare < 4 ? 0 : std::min(kMostBar, spare - 1);
    column_ = across_ == nullptr ? cell_columns(bar_) : column(across_, bar_);
  }

  /// The series' combinations of values on the axes that are neither rows nor columns, each once.
  [[nodiscard]] std::vector<Parameters> combinations() const {
    std::vector<Parameters> all;
    for (const Series& series : document_.series) {
      Parameters of;
      for (const Axis* axis : rest_) of.push_back(parameter(series, axis->key));
      if (std::ranges::find(all, of) == all.end()) all.push_back(std::move(of));
    }
    return all;
  }

  static Parameter parameter(const Series& series, std::string_view key) {
    return *std::ranges::find(series.parameters, key, &Parameter::key);
  }

  [[nodiscard]] const Series* find(const Parameters& wanted) const {
    const auto matches = [&](const Series& series) {
      return std::ranges::all_of(
          wanted, [&](const Parameter& one) { return parameter(series, one.key) == one; });
    };
    const auto found = std::ranges::find_if(document_.series, matches);
    return found == document_.series.end() ? nullptr : &*found;
  }

  /// The cells of the row with this value; null where there is no series.
  [[nodiscard]] std::vector<const Series*> cells(const Parameters& rest,
                                                 const std::string& row) const {
    std::vector<const Series*> found;
    Parameters wanted = rest;
    wanted.push_back({.key = down_->key, .value = row});
    if (across_ == nullptr) return {find(wanted)};
    for (const std::string& value : across_->values) {
      wanted.push_back({.key = across_->key, .value = value});
      found.push_back(find(wanted));
      wanted.pop_back();
    }
    return found;
  }

  [[nodiscard]] std::string cell(const Series* series) const {
    if (series == nullptr) return std::string(column_, ' ');
    if (!series->summary) {
      return fmt::format("{:<{}}", fmt::format("  {:>{}}", "-", kFigureColumns), column_);
    }
    const results::ThroughputSummary& rate = leading(*series->summary);
    std::string text = fmt::format("  {:>{}}", figure_cell(*series), kFigureColumns) +
                       after_a_blank(reach(rate.median, rate.ci95), kReachColumns);
    if (compared_ && series->comparisons.empty()) {
      text += std::string(kRatioColumns + ratio_reach(), ' ');
    } else if (compared_) {
      const results::Comparison& compared = series->comparisons.front();
      text += after_a_blank(ratio_cell(compared), kRatioColumns);
      if (!narrow_) text += after_a_blank(reach(compared.ratio, compared.ci95), kReachColumns);
    }
    if (bar_ > 0) {
      const double most = most_.at(series->spec.pattern);
      const double part = most > 0 ? rate.median.value_or(0) / most : 0;
      const auto full = static_cast<std::size_t>(std::lround(part * static_cast<double>(bar_)));
      text += fmt::format(" {:<{}}", std::string(full, '#'), bar_);
    }
    return fmt::format("{:<{}}", text + " " + marks_.of(*series), column_);
  }

  /// A cell's text without its columns: "10.00 M +-4%, x0.5 +-6%, [ab]".
  [[nodiscard]] std::string words(const Series& series) const {
    if (!series.summary) return "-";
    const results::ThroughputSummary& rate = leading(*series.summary);
    const auto with_reach = [](std::string text, std::string_view reach) {
      return reach.empty() ? text : fmt::format("{} {}", text, reach);
    };
    std::string text = with_reach(figure_cell(series), reach(rate.median, rate.ci95));
    if (!series.comparisons.empty()) {
      const results::Comparison& compared = series.comparisons.front();
      text += ", " + with_reach(ratio_cell(compared), reach(compared.ratio, compared.ci95));
    }
    const std::string letters = marks_.of(series);
    return letters.empty() ? text : fmt::format("{} [{}]", text, letters);
  }

  void show(Page& page, const Parameters& rest) const {
    Parameters all = heading_;
    std::ranges::copy(rest, std::back_inserter(all));
    show_heading(page, all);
    const std::size_t label = label_columns(*down_);
    if (across_ != nullptr) {
      std::string head = fmt::format("{:>{}}", spelled(down_->key), label);
      const std::string first = spelled(across_->key) + " " + across_->values.front();
      const bool named = first.size() + 2 <= column_;
      if (!named) page.row(fmt::format("{:{}}  {}", "", label, spelled(across_->key)));
      for (const std::string& value : across_->values) {
        const bool say = named && &value == &across_->values.front();
        head += fmt::format("  {:<{}}", say ? first : value, column_ - 2);
      }
      page.row(head);
    } else {
      page.row(fmt::format("{:>{}}", spelled(down_->key), list_ ? 0 : label));
    }
    for (const std::string& value : down_->values) {
      const std::vector<const Series*> row = cells(rest, value);
      if (std::ranges::count(row, nullptr) == std::ssize(row)) continue;
      if (list_) {
        page.row("  " + value);
        page.line("", words(*row.front()));
        continue;
      }
      std::string text = fmt::format("{:>{}}", value, label);
      for (const Series* series : row) text += cell(series);
      page.row(text);
    }
  }

  const Parameters& heading_;
  const results::Document& document_;
  const Marks& marks_;
  std::map<workload::Pattern, double> most_;  ///< the rate of the longest bar
  bool compared_ = false;
  const Axis* down_ = nullptr;
  const Axis* across_ = nullptr;  ///< null where none fits
  std::vector<const Axis*> rest_;
  std::size_t bar_ = 0;
  std::size_t column_ = 0;  ///< the width of a cell, with the blanks before it
  bool narrow_ = false;     ///< not even one column fits with everything
  bool list_ = false;       ///< figures stand below their labels, since they do not fit beside them
};

/// The settings that all series have in common, except the length of the trials, which the page
/// shows in another place.
std::string in_common(const results::Document& document) {
  std::vector<SettingWords> common = settings_of(document.series.front());
  for (const Series& series : document.series) {
    const std::vector<SettingWords> settings = settings_of(series);
    std::erase_if(common, [&](const SettingWords& one) {
      return std::ranges::find(settings, one) == settings.end();
    });
  }
  std::vector<std::string> words;
  for (const auto& [name, value] : common) {
    if (name == "duration" || name == "messages") continue;
    words.push_back(fmt::format("{} {}", name, value));
  }
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string trials(const results::Document& document) {
  const auto [fewest, most] = std::ranges::minmax_element(
      document.series, {}, [](const Series& series) { return series.samples.size(); });
  std::vector<std::string> lengths;
  for (const Series& series : document.series) {
    const workload::Spec& spec = series.spec;
    std::string length = spec.duration_s ? duration(*spec.duration_s)
                                         : fmt::format("{} messages per producer",
                                                       grouped(*spec.messages_per_producer));
    if (std::ranges::find(lengths, length) == lengths.end()) lengths.push_back(std::move(length));
  }
  const std::size_t least = fewest->samples.size();
  const std::string count = least == most->samples.size()
                                ? std::to_string(least)
                                : fmt::format("{} to {}", least, most->samples.size());
  const unsigned planned = document.sweep->trials;
  return fmt::format(
      "{} of {} for each series, interleaved{}", count, fmt::join(lengths, " or "),
      least == planned || !document.complete
          ? ""
          : fmt::format("; {} were planned, but the time limit came first", planned));
}

void tell_figures(Page& page, const results::Document& document) {
  const bool trips = std::ranges::any_of(document.series, [](const Series& series) {
    return series.spec.pattern == workload::Pattern::round_trip;
  });
  page.line("figures",
            fmt::format("the median of the trials in messages/s{}, and how far its 95 % interval "
                        "reaches; if there are several regimes, those of the one with the most "
                        "trials; letters mark caveats",
                        trips ? ", or as the time of a round trip" : ""));
  if (std::ranges::any_of(document.series,
                          [](const Series& one) { return !one.comparisons.empty(); })) {
    show_meaning_of_ratios(page, "the first queue");
  }
}

}  // namespace

void show_sweep(Page& page, const results::Document& document) {
  page.headline(fmt::format("sweep {}: {} series", document.sweep->name, document.series.size()));
  const Marks marks(document.series);
  const auto timed = [](const Series& series) { return series.spec.latency; };
  for (const SweepPart& part : parts_of(document)) {
    const std::vector<Series>& series = part.document.series;
    if (std::ranges::any_of(series, timed)) {
      show_heading(page, part.heading);
      show_latencies(page, part.document, marks);
      page.line("times", "over all trials together; letters mark caveats");
    }
    if (!std::ranges::all_of(series, timed)) Table(part, marks).show(page);
  }
  if (!std::ranges::all_of(document.series, timed)) tell_figures(page, document);
  if (document.survey) show_core_to_core(page, *document.survey);
  show_verification(page, document.series);
  page.line("trials", trials(document));
  page.line("all series", in_common(document));
  marks.show(page);
}

}  // namespace bench::present
