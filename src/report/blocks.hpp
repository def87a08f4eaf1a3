// What a report is made of, whatever it is written as: sections of sentences and tables. A chart is
// a way to look at a table, so that no chart shows what its table does not say.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "results/interval.hpp"

namespace bench::report {

/// A place in a table. Everything but the text is for charts and shades.
struct Cell {
  std::string text;
  std::optional<double> value = {};  ///< that a chart draws, exactly as the document has it
  std::optional<results::Interval> interval = {};
  std::vector<double> dots = {};       ///< single trials, drawn beside the value
  bool saturated = false;              ///< has no value, and is marked above all that have one
  bool dashed = false;                 ///< drawn with a dashed line: to be read with care
  std::optional<unsigned> shade = {};  ///< of a heatmap, from 0 to kShades - 1

  friend bool operator==(const Cell&, const Cell&) = default;
};

inline constexpr unsigned kShades = 16;

struct Column {
  std::string title;
  bool is_number = true;  ///< aligned to the right

  friend bool operator==(const Column&, const Column&) = default;
};

enum class ChartKind : std::uint8_t {
  lines,   ///< the first column is x, and each other column with values is a line
  forest,  ///< each row is a value with an interval on one axis, which has a mark at 1
};

struct Chart {
  ChartKind kind = ChartKind::lines;
  std::string x_title;
  std::string y_title;
  bool percentiles = false;  ///< x is 1 / (1 - p), and its axis shows p
  bool log_x = false;
  bool log_y = false;
  /// The values of the right axis are those of the left one times this; 0 for none.
  double right_factor = 0;
  std::string right_title = {};

  friend bool operator==(const Chart&, const Chart&) = default;
};

struct Table {
  std::string title;
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
  std::optional<Chart> chart = {};
  bool folded = false;  ///< shown only to who opens it
  bool heatmap = false;

  friend bool operator==(const Table&, const Table&) = default;
};

struct Paragraph {
  std::string text;
  bool strong = false;

  friend bool operator==(const Paragraph&, const Paragraph&) = default;
};

struct Items {
  std::vector<std::string> items;

  friend bool operator==(const Items&, const Items&) = default;
};

using Block = std::variant<Paragraph, Items, Table>;

struct Section {
  std::string id;  ///< for links: lower-case letters and dashes
  std::string title;
  std::vector<Block> blocks;

  friend bool operator==(const Section&, const Section&) = default;
};

/// A document that the report carries with it.
struct Enclosure {
  std::string name;    ///< of its file
  std::string packed;  ///< see results::packed()
};

struct Report {
  std::string title;
  std::string subtitle;
  std::vector<Section> sections;
  std::vector<Enclosure> enclosures;
};

}  // namespace bench::report
