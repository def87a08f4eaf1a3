#include "report/points.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <utility>

#include "analysis/statistics.hpp"
#include "present/blocks.hpp"
#include "present/quantity.hpp"

namespace bench::report {
namespace {

using results::Series;

constexpr std::string_view kNoValue = "-";

/// They say for how long a series was measured, not what.
bool says_length(const present::SettingWords& setting) {
  return setting.name == "duration" || setting.name == "messages";
}

std::optional<double> number_in(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Values of an axis: numbers ascending, and others in the order in which they are met.
std::vector<std::string> values_on(std::string_view axis, const std::vector<const Point*>& points) {
  std::vector<std::string> values;
  std::set<std::string_view> known;
  for (const Point* const point : points) {
    const std::string_view value = point->value(axis);
    if (known.insert(value).second) values.emplace_back(value);
  }
  const bool numbers =
      std::ranges::all_of(values, [](const auto& value) { return number_in(value).has_value(); });
  if (numbers) std::ranges::sort(values, {}, [](const auto& value) { return *number_in(value); });
  return values;
}

/// Whether numbers are so far apart that the smallest of them would lie upon each other.
bool far_apart(const std::vector<std::string>& values) {
  constexpr double kFar = 16;
  std::vector<double> numbers;
  numbers.reserve(values.size());
  for (const std::string& value : values) numbers.push_back(number_in(value).value_or(0));
  if (numbers.empty()) return false;
  const auto [least, most] = std::ranges::minmax(numbers);
  return least > 0 && most / least >= kFar;
}

/// What one run gives: a figure, its interval, and its trials.
struct RunFigure {
  std::optional<double> value;
  std::optional<results::Interval> interval;
};

RunFigure rate_of(const Series& series) {
  if (!series.summary) return {};
  const results::ThroughputSummary& leading = present::leading(*series.summary);
  return {.value = leading.median, .interval = leading.ci95};
}

bool has_regimes(const Series& series) {
  return series.summary && series.summary->regimes.size() > 1;
}

/// The median of the runs' figures. A single run has its own interval; that of several goes from
/// the least figure to the most.
RunFigure over_runs(const std::vector<RunFigure>& runs) {
  std::vector<double> values;
  for (const RunFigure& run : runs) {
    if (run.value) values.push_back(*run.value);
  }
  if (values.empty()) return {};
  if (values.size() == 1) {
    return *std::ranges::find_if(runs, [](const RunFigure& one) { return one.value.has_value(); });
  }
  const auto [least, most] = std::ranges::minmax(values);
  return {.value = analysis::median(values),
          .interval = results::Interval{.lo = least, .hi = most}};
}

/// A cell that draws the figure with the trials beside it.
Cell cell_of(const Point& point, const RunFigure& figure, std::string text) {
  Cell cell{.text = std::move(text), .value = figure.value, .interval = figure.interval};
  cell.dashed = point.first().placement.oversubscribed;
  const bool regimes =
      std::ranges::any_of(point.runs, [](const Series* run) { return has_regimes(*run); });
  if (cell.dashed) cell.text += " †";
  if (regimes) cell.text += " *";
  return cell;
}

/// Adds a column with the last column's figures over its first one.
void add_relative(Table& table) {
  if (table.rows.size() < 2 || !table.rows.front().back().value) return;
  const double first = *table.rows.front().back().value;
  if (first <= 0) return;
  table.columns.push_back({.title = "relative to the first"});
  for (auto& row : table.rows) {
    const std::optional<double> value = row.back().value;
    row.push_back({.text = value ? present::ratio_text(*value / first) : std::string("-")});
  }
}

}  // namespace

std::string_view Point::value(std::string_view setting) const {
  const auto found = std::ranges::find(settings, setting, &present::SettingWords::name);
  return found == settings.end() ? kNoValue : std::string_view(found->value);
}

std::vector<Point> points_of(const analysis::Evidence& evidence,
                             const std::function<bool(const Series&)>& takes) {
  std::vector<Point> points;
  for (const analysis::MachineRuns& machine : evidence.machines) {
    std::map<std::string, std::size_t> places;
    for (const auto& [file, document] : machine.results) {
      for (const Series& series : document.series) {
        if (!takes(series)) continue;
        std::vector<present::SettingWords> settings = present::settings_of(series);
        std::erase_if(settings, says_length);
        std::string key;
        for (const auto& [name, value] : settings) key += fmt::format("{}={} ", name, value);
        const auto [at, added] = places.try_emplace(key, points.size());
        if (added) {
          points.push_back({.machine = &machine, .runs = {}, .settings = std::move(settings)});
        }
        points[at->second].runs.push_back(&series);
      }
    }
  }
  return points;
}

std::vector<std::string> axes_of(const std::vector<Point>& points) {
  std::vector<std::string> names;
  std::set<std::string_view> known;
  for (const Point& point : points) {
    for (const auto& [name, value] : point.settings) {
      if (known.insert(name).second) names.push_back(name);
    }
  }
  std::erase_if(names, [&](const std::string& name) {
    return std::ranges::all_of(points, [&](const Point& point) {
      return point.value(name) == points.front().value(name);
    });
  });
  return names;
}

std::string constants_of(const std::vector<Point>& points) {
  const std::vector<std::string> axes = axes_of(points);
  std::string text;
  for (const auto& [name, value] : points.front().settings) {
    if (std::ranges::find(axes, name) != axes.end()) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, value);
  }
  return text;
}

std::string place(const Point& point, const std::vector<std::string>& axes) {
  std::string text;
  for (const std::string& axis : axes) {
    const std::string_view value = point.value(axis);
    if (value == kNoValue) continue;
    text += fmt::format("{}{}={}", text.empty() ? "" : " ", axis, value);
  }
  return text;
}

std::vector<Panel> panels_along(std::string_view axis, const std::vector<Point>& points) {
  std::vector<std::string> others = axes_of(points);
  std::erase_if(others, [&](const std::string& name) { return name == axis || name == "queue"; });
  std::vector<Panel> panels;
  std::map<std::string, std::size_t> places;
  for (const Point& point : points) {
    std::string title = place(point, others);
    const auto [at, added] = places.try_emplace(title, panels.size());
    if (added) panels.push_back({.title = std::move(title), .points = {}});
    panels[at->second].points.push_back(&point);
  }
  return panels;
}

LineNames::LineNames(const std::vector<const Point*>& points) {
  for (const Point* const point : points) {
    machines_ = machines_ || point->machine != points.front()->machine;
    queues_ = queues_ || point->first().spec.queue != points.front()->first().spec.queue;
  }
}

std::string LineNames::of(const Point& point) const {
  if (!queues_) return point.machine->name;
  if (!machines_) return point.first().spec.queue;
  return fmt::format("{}, {}", point.machine->name, point.first().spec.queue);
}

Table table_along(std::string_view axis, const std::vector<const Point*>& points,
                  const Figure& figure, Chart chart) {
  Table table{.title = {}, .columns = {{.title = std::string(axis)}}, .rows = {}};
  const LineNames names(points);
  std::map<std::string, std::size_t> columns;
  for (const Point* const point : points) {
    const std::string line = names.of(*point);
    if (columns.try_emplace(line, table.columns.size()).second) {
      table.columns.push_back({.title = line});
    }
  }
  const std::vector<std::string> values = values_on(axis, points);
  std::map<std::string_view, std::size_t> rows;
  for (const std::string& value : values) {
    rows.emplace(value, table.rows.size());
    std::vector<Cell>& row = table.rows.emplace_back(table.columns.size());
    row.front() = {.text = value, .value = number_in(value)};
  }
  for (const Point* const point : points) {
    table.rows[rows.at(point->value(axis))][columns.at(names.of(*point))] = figure(*point);
  }
  table.columns.front().is_number = table.rows.empty() || table.rows.front().front().value;
  chart.log_x = chart.log_x || far_apart(values);
  table.chart = std::move(chart);
  return table;
}

Table table_of_all(const std::vector<Point>& points, const analysis::Evidence& evidence,
                   const Figure& figure, std::string title) {
  const std::vector<std::string> axes = axes_of(points);
  Table table{.title = std::move(title), .columns = {}, .rows = {}, .folded = true};
  for (const std::string& axis : axes) table.columns.push_back({.title = axis});
  if (axes.empty()) table.columns.push_back({.title = "series", .is_number = false});
  const std::size_t named = table.columns.size();
  for (const analysis::MachineRuns& machine : evidence.machines) {
    table.columns.push_back({.title = machine.name});
  }
  std::map<std::string, std::size_t> places;
  for (const Point& point : points) {
    const auto [at, added] = places.try_emplace(place(point, axes), table.rows.size());
    if (added) {
      std::vector<Cell>& row = table.rows.emplace_back(table.columns.size());
      for (std::size_t i = 0; i < axes.size(); ++i) row[i].text = point.value(axes[i]);
      if (axes.empty()) row.front().text = point.first().name;
    }
    const auto machine = static_cast<std::size_t>(point.machine - evidence.machines.data());
    Cell cell = figure(point);
    cell.dots.clear();
    table.rows[at->second][named + machine] = std::move(cell);
  }
  if (evidence.machines.size() == 1) add_relative(table);
  return table;
}

Cell messages_per_second(const Point& point) {
  std::vector<RunFigure> runs(point.runs.size());
  std::ranges::transform(point.runs, runs.begin(), [](const Series* run) { return rate_of(*run); });
  const RunFigure figure = over_runs(runs);
  if (!figure.value) return {.text = "no figure"};
  std::string text = present::si(*figure.value);
  if (figure.interval) {
    text += fmt::format(" ({} to {})", present::si(figure.interval->lo),
                        present::si(figure.interval->hi));
  }
  Cell cell = cell_of(point, figure, std::move(text));
  for (const Series* const run : point.runs) {
    for (const workload::Sample& sample : run->samples) {
      if (!sample.cut_short && sample.seconds > 0)
        cell.dots.push_back(sample.messages_per_second());
    }
  }
  return cell;
}

Cell round_trip_ns(const Point& point) {
  constexpr double kNanoseconds = 1e9;
  std::vector<RunFigure> runs;
  for (const Series* const run : point.runs) {
    RunFigure one = rate_of(*run);
    if (one.value && *one.value > 0) {
      one.value = run->summary->round_trip_ns.value_or(kNanoseconds / *one.value);
    } else {
      one = {};
    }
    if (one.interval && one.interval->lo > 0) {
      one.interval = results::Interval{.lo = kNanoseconds / one.interval->hi,
                                       .hi = kNanoseconds / one.interval->lo};
    } else {
      one.interval.reset();
    }
    runs.push_back(one);
  }
  const RunFigure figure = over_runs(runs);
  if (!figure.value) return {.text = "no figure"};
  std::string text = fmt::format("{:.4g} ns", *figure.value);
  if (figure.interval) {
    text += fmt::format(" ({:.4g} to {:.4g})", figure.interval->lo, figure.interval->hi);
  }
  Cell cell = cell_of(point, figure, std::move(text));
  for (const Series* const run : point.runs) {
    for (const workload::Sample& sample : run->samples) {
      if (!sample.cut_short && sample.seconds > 0 && sample.messages > 0) {
        cell.dots.push_back(kNanoseconds / sample.messages_per_second());
      }
    }
  }
  return cell;
}

}  // namespace bench::report
