#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "present/quantity.hpp"
#include "report/points.hpp"
#include "report/sections.hpp"
#include "workload/queue_table.hpp"

namespace bench::report {
namespace {

/// A reader looks at no more charts than this. The table of all series has the rest.
constexpr std::size_t kMostPanels = 24;

bool is_stream(const results::Series& series) {
  return series.spec.pattern == workload::Pattern::stream && !workload::is_limit(series.spec);
}

bool is_round_trip(const results::Series& series) {
  return series.spec.pattern == workload::Pattern::round_trip && !workload::is_limit(series.spec);
}

/// The chart of rates. All points of a panel have messages of one size, so that bytes a second are
/// the same curve on another scale.
Chart chart_of_rates(const Panel& panel, std::string x_title) {
  const std::size_t bytes = panel.points.front()->first().spec.payload_bytes;
  const bool one_size = std::ranges::all_of(panel.points, [bytes](const Point* point) {
    return point->first().spec.payload_bytes == bytes;
  });
  Chart chart{.x_title = std::move(x_title), .y_title = "messages/s", .log_y = true};
  if (one_size) {
    chart.right_factor = static_cast<double>(bytes);
    chart.right_title = "bytes/s";
  }
  return chart;
}

/// Whether the points differ along the axis.
bool varies(std::string_view axis, const std::vector<const Point*>& points) {
  return std::ranges::any_of(points, [&](const Point* point) {
    return point->value(axis) != points.front()->value(axis);
  });
}

std::string panel_title(std::string_view what, const Panel& panel) {
  return panel.title.empty() ? std::string(what) : fmt::format("{}: {}", what, panel.title);
}

void say_left_out(std::size_t panels, std::vector<Block>& blocks) {
  if (panels <= kMostPanels) return;
  blocks.emplace_back(
      Paragraph{.text = fmt::format("{} more combinations are in the table of all series.",
                                    panels - kMostPanels)});
}

/// Messages a second, and bytes a second at their median.
Cell rate_and_bytes(const Point& point) {
  Cell cell = messages_per_second(point);
  if (cell.value) {
    const auto bytes = static_cast<double>(point.first().spec.payload_bytes);
    cell.text += fmt::format("; {}", present::si(*cell.value * bytes, "B/s"));
  }
  return cell;
}

/// The point that a panel of an axis starts from: the first of the documents.
bool at_base(const Point& point, const Point& base, const std::vector<std::string>& axes,
             std::string_view but) {
  return std::ranges::all_of(axes, [&](const std::string& axis) {
    return axis == but || axis == "queue" || point.value(axis) == base.value(axis);
  });
}

/// A panel for each axis of these points, with all other axes as in the first point.
void add_axes(const std::vector<Point>& points, std::string_view but, const Figure& figure,
              std::string_view what, const std::string& y_title, std::vector<Block>& blocks) {
  if (points.empty()) return;
  const std::vector<std::string> axes = axes_of(points);
  for (const std::string& axis : axes) {
    if (axis == but || axis == "queue") continue;
    Panel panel;
    for (const Point& point : points) {
      if (at_base(point, points.front(), axes, axis)) panel.points.push_back(&point);
    }
    if (panel.points.empty() || !varies(axis, panel.points)) continue;
    std::vector<std::string> others = axes;
    std::erase_if(others, [&](const auto& name) { return name == axis || name == "queue"; });
    panel.title = place(points.front(), others);
    Chart chart = y_title == "messages/s"
                      ? chart_of_rates(panel, axis)
                      : Chart{.x_title = axis, .y_title = y_title, .log_y = true};
    Table table = table_along(axis, panel.points, figure, std::move(chart));
    table.title = panel_title(fmt::format("{} by {}", what, axis), panel);
    blocks.emplace_back(std::move(table));
  }
}

}  // namespace

Section throughput_section(const Basis& basis) {
  Section section{.id = "throughput", .title = "Throughput by producers", .blocks = {}};
  const std::vector<Point> points = points_of(basis.evidence, is_stream);
  if (points.empty()) return section;
  section.blocks.emplace_back(Paragraph{
      .text = fmt::format(
          "Producers send as fast as they can: one producer is SPSC, more are MPSC. "
          "Figures are medians with their 95 % intervals (of several runs: from the least run to "
          "the most); charts show each trial as a dot. †, and a dashed line: more threads than "
          "CPUs. *: of the most frequent of several regimes. Everywhere the same: {}.",
          constants_of(points))});
  const std::vector<Panel> panels = panels_along("producers", points);
  for (std::size_t i = 0; i < std::min(panels.size(), kMostPanels); ++i) {
    Table table = table_along("producers", panels[i].points, messages_per_second,
                              chart_of_rates(panels[i], "producers"));
    table.title = panel_title("Messages/s by producers", panels[i]);
    section.blocks.emplace_back(std::move(table));
  }
  say_left_out(panels.size(), section.blocks);
  section.blocks.emplace_back(table_of_all(points, basis.evidence, rate_and_bytes,
                                           "All series, in messages/s and bytes/s"));
  return section;
}

Section axes_section(const Basis& basis) {
  Section section{.id = "axes", .title = "By what else was varied", .blocks = {}};
  add_axes(points_of(basis.evidence, is_stream), "producers", messages_per_second, "Messages/s",
           "messages/s", section.blocks);
  const std::vector<Point> trips = points_of(basis.evidence, is_round_trip);
  add_axes(trips, "", round_trip_ns, "Round trip", "ns", section.blocks);
  if (!trips.empty()) {
    section.blocks.emplace_back(
        table_of_all(trips, basis.evidence, round_trip_ns, "All round trips"));
  }
  if (!section.blocks.empty()) {
    section.blocks.insert(section.blocks.begin(),
                          Paragraph{.text = "Each panel varies one setting, and leaves the others "
                                            "as its title says."});
  }
  return section;
}

}  // namespace bench::report
