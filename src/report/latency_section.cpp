#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "analysis/latency.hpp"
#include "present/latency_times.hpp"
#include "present/quantity.hpp"
#include "report/points.hpp"
#include "report/sections.hpp"

namespace bench::report {
namespace {

constexpr std::size_t kMostLatencyPanels = 24;

/// Percentiles of a curve, each as people write it.
struct Percentile {
  double value;
  std::string_view text;
};
constexpr std::array kPercentiles = {
    Percentile{.value = 50, .text = "50"},          Percentile{.value = 75, .text = "75"},
    Percentile{.value = 90, .text = "90"},          Percentile{.value = 95, .text = "95"},
    Percentile{.value = 99, .text = "99"},          Percentile{.value = 99.5, .text = "99.5"},
    Percentile{.value = 99.9, .text = "99.9"},      Percentile{.value = 99.95, .text = "99.95"},
    Percentile{.value = 99.99, .text = "99.99"},    Percentile{.value = 99.999, .text = "99.999"},
    Percentile{.value = 99.9999, .text = "99.9999"}};

/// The times of all runs together.
workload::LatencyHistogram histogram_of(const Point& point) {
  workload::LatencyHistogram all;
  for (const results::Series* const run : point.runs) {
    if (present::has_times(*run)) all.merge(run->latency->histogram);
  }
  return all;
}

Cell time_cell(std::uint64_t ns) {
  return {.text = fmt::format("{} ns", present::grouped(ns)), .value = static_cast<double>(ns)};
}

/// Rows are percentiles, columns are machines and queues.
Table percentile_curves(const Panel& panel) {
  Table table{.title = panel.title.empty() ? std::string("Percentiles")
                                           : fmt::format("Percentiles: {}", panel.title),
              .columns = {{.title = "percentile"}},
              .rows = {},
              .chart = Chart{.x_title = "percentile",
                             .y_title = "ns",
                             .percentiles = true,
                             .log_x = true,
                             .log_y = true}};
  std::vector<workload::LatencyHistogram> histograms;
  const LineNames names(panel.points);
  for (const Point* const point : panel.points) {
    table.columns.push_back({.title = names.of(*point)});
    histograms.push_back(histogram_of(*point));
  }
  for (const Percentile& percentile : kPercentiles) {
    std::vector<Cell> row = {
        {.text = fmt::format("{} %", percentile.text), .value = 100 / (100 - percentile.value)}};
    bool told = false;
    for (const workload::LatencyHistogram& histogram : histograms) {
      const bool tells = histogram.count() >= analysis::messages_for(percentile.value);
      told = told || tells;
      row.push_back(tells ? time_cell(histogram.value_at_percentile(percentile.value)) : Cell{});
    }
    if (told) table.rows.push_back(std::move(row));
  }
  std::vector<Cell> longest = {{.text = "longest"}};
  for (const workload::LatencyHistogram& histogram : histograms) {
    longest.push_back({.text = fmt::format("{} ns", present::grouped(histogram.max()))});
  }
  table.rows.push_back(std::move(longest));
  return table;
}

/// One percentile by the rate that was offered. Past saturation there is no time of the queue.
Cell at_rate(const Point& point, double percentile) {
  if (std::ranges::any_of(point.runs, [](const auto* run) { return present::saturated(*run); })) {
    return {.text = "saturated", .saturated = true};
  }
  const workload::LatencyHistogram times = histogram_of(point);
  if (times.count() < analysis::messages_for(percentile)) return {.text = "not told"};
  return time_cell(times.value_at_percentile(percentile));
}

void add_rates(const std::vector<Point>& points, std::vector<Block>& blocks) {
  for (const Panel& panel : panels_along("rate", points)) {
    for (const auto& [words, percentile] :
         {std::pair{"Half of the messages took at most (p50)", 50.0},
          std::pair{"99 % of the messages took at most (p99)", 99.0}}) {
      Table table = table_along(
          "rate", panel.points,
          [percentile](const Point& point) { return at_rate(point, percentile); },
          {.x_title = "messages/s offered", .y_title = "ns", .log_x = true, .log_y = true});
      table.title =
          panel.title.empty() ? std::string(words) : fmt::format("{}: {}", words, panel.title);
      blocks.emplace_back(std::move(table));
    }
  }
}

}  // namespace

Section latency_section(const Basis& basis) {
  Section section{.id = "latency", .title = "Latency", .blocks = {}};
  const auto on_schedule = [](const results::Series& series) {
    return series.spec.pattern == workload::Pattern::one_way && series.latency;
  };
  const std::vector<Point> scheduled = points_of(basis.evidence, on_schedule);
  if (!scheduled.empty()) {
    section.blocks.emplace_back(Paragraph{
        .text = "Messages are sent on a fixed schedule, and timed from when they were due. Where a "
                "queue cannot keep up with the rate it is saturated (a triangle at the top of the "
                "chart), and its times would say how long the trial was."});
    add_rates(scheduled, section.blocks);
    section.blocks.emplace_back(table_of_all(
        scheduled, basis.evidence, [](const Point& point) { return at_rate(point, 50); },
        "All times by rate: what half of the messages took at most"));
  }
  const std::vector<Point> timed = points_of(
      basis.evidence, [](const results::Series& series) { return present::has_times(series); });
  if (timed.empty()) return section;
  section.blocks.emplace_back(Paragraph{
      .text = "How long messages took. A percentile is told only where ten or more messages took "
              "longer. Several runs of one machine are taken together."});
  const std::vector<Panel> panels = panels_along("queue", timed);
  for (std::size_t i = 0; i < std::min(panels.size(), kMostLatencyPanels); ++i) {
    section.blocks.emplace_back(percentile_curves(panels[i]));
  }
  if (panels.size() > kMostLatencyPanels) {
    section.blocks.emplace_back(
        Paragraph{.text = fmt::format("{} more combinations are in the documents alone.",
                                      panels.size() - kMostLatencyPanels)});
  }
  return section;
}

}  // namespace bench::report
