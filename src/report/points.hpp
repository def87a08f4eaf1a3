// The series of all machines as points of charts: each has a place on axes, and figures over its
// runs.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/machines.hpp"
#include "present/spec_words.hpp"
#include "report/blocks.hpp"

namespace bench::report {

/// A series as one machine has it, in all of its runs.
struct Point {
  const analysis::MachineRuns* machine = nullptr;
  std::vector<const results::Series*> runs;  ///< at least one
  std::vector<present::SettingWords> settings;

  [[nodiscard]] const results::Series& first() const { return *runs.front(); }
  /// The value of a setting as people type it; "-" where it has none.
  [[nodiscard]] std::string_view value(std::string_view setting) const;
};

/// The points of all machines whose spec is accepted, in the order of the documents. How long a
/// series was measured does not tell it apart.
[[nodiscard]] std::vector<Point> points_of(
    const analysis::Evidence& evidence, const std::function<bool(const results::Series&)>& takes);

/// The settings in which the points differ, in the order of the JSON.
[[nodiscard]] std::vector<std::string> axes_of(const std::vector<Point>& points);

/// The settings in which the points do not differ: "ring-bits 12, payload 8, ...".
[[nodiscard]] std::string constants_of(const std::vector<Point>& points);

/// The place of the point on these axes, "batch=256 payload=8", without those on which it has none.
[[nodiscard]] std::string place(const Point& point, const std::vector<std::string>& axes);

/// Points that differ in nothing but one axis, their machine and their queue.
struct Panel {
  std::string title;  ///< their place on all other axes
  std::vector<const Point*> points;
};
[[nodiscard]] std::vector<Panel> panels_along(std::string_view axis,
                                              const std::vector<Point>& points);

/// Makes the cell of a point.
using Figure = std::function<Cell(const Point&)>;

/// A table whose rows are the axis's values, and whose columns are machines and queues. Values that
/// are far apart get a logarithmic axis.
[[nodiscard]] Table table_along(std::string_view axis, const std::vector<const Point*>& points,
                                const Figure& figure, Chart chart);

/// A folded table of every point, by its place on the axes and with a column for each machine. Of a
/// single machine it has a last column with the figures over the first one.
[[nodiscard]] Table table_of_all(const std::vector<Point>& points,
                                 const analysis::Evidence& evidence, const Figure& figure,
                                 std::string title);

/// Messages a second. Over several runs, the median of their medians, from the least to the most of
/// them. A median of several regimes is that of the most frequent one.
[[nodiscard]] Cell messages_per_second(const Point& point);
/// Nanoseconds of a round trip.
[[nodiscard]] Cell round_trip_ns(const Point& point);

/// What the lines of points are called by: their machines, their queues, or both, whichever differ.
class LineNames {
 public:
  explicit LineNames(const std::vector<const Point*>& points);
  [[nodiscard]] std::string of(const Point& point) const;

 private:
  bool machines_ = false;
  bool queues_ = false;
};

}  // namespace bench::report
