#include "report/markdown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <variant>

#include "present/markdown_text.hpp"

namespace bench::report {
namespace {

using present::as_text;

/// A larger matrix is unreadable as text.
constexpr std::size_t kMostHeatmapColumns = 33;
constexpr std::size_t kBarColumns = 10;

/// Ratios within a factor of two have short bars, however alike all of them are.
const double kLeastScale = std::log(2.0);

/// A bar of up to ten blocks on a logarithmic scale, to the right of the middle for a ratio above 1
/// and to the left of it for one below. It has no ASCII bar, which would end the cell.
std::string ratio_bar(double ratio, double largest) {
  const double part = std::log(ratio) / largest;
  const auto blocks = std::min(
      kBarColumns,
      static_cast<std::size_t>(std::lround(std::abs(part) * static_cast<double>(kBarColumns))));
  std::string bar;
  std::string rest;
  std::string none;
  for (std::size_t i = 0; i < kBarColumns; ++i) {
    none += "·";
    if (i < blocks) bar += "█";
    if (i >= blocks) rest += "·";
  }
  return part < 0 ? fmt::format("`{}{}│{}`", rest, bar, none)
                  : fmt::format("`{}│{}{}`", none, bar, rest);
}

std::string row_text(const std::vector<Cell>& row, std::size_t columns) {
  std::string text = "|";
  for (std::size_t i = 0; i < columns; ++i) {
    text += fmt::format(" {} |", i < row.size() ? as_text(row[i].text) : "");
  }
  return text;
}

std::string table_text(const Table& table) {
  const bool forest = table.chart && table.chart->kind == ChartKind::forest;
  double largest = kLeastScale;
  for (const auto& row : table.rows) {
    if (!forest || !row[1].value || *row[1].value <= 0) continue;
    largest = std::max(largest, std::abs(std::log(*row[1].value)));
  }
  std::string text = "|";
  std::string rule = "|";
  for (const Column& column : table.columns) {
    text += fmt::format(" {} |", as_text(column.title));
    rule += column.is_number ? " --: |" : " :-- |";
  }
  if (forest) {
    text += " slower ⟵ 1 ⟶ faster |";
    rule += " :-- |";
  }
  text += "\n" + rule + "\n";
  for (const auto& row : table.rows) {
    text += row_text(row, table.columns.size());
    if (forest) {
      const bool has_bar = row[1].value && *row[1].value > 0;
      text += fmt::format(" {} |", has_bar ? ratio_bar(*row[1].value, largest) : "");
    }
    text += "\n";
  }
  return text + "\n";
}

std::string markdown_of(const Table& table) {
  const std::string title = as_text(table.title);
  if (table.heatmap && table.columns.size() > kMostHeatmapColumns) {
    return fmt::format("**{}**: a matrix of {} rows, too many for a table here\n\n", title,
                       table.columns.size() - 1);
  }
  if (!table.folded) return fmt::format("**{}**\n\n{}", title, table_text(table));
  return fmt::format("<details><summary>{}</summary>\n\n{}</details>\n\n", title,
                     table_text(table));
}

std::string markdown_of(const Paragraph& paragraph) {
  const std::string text = as_text(paragraph.text);
  return paragraph.strong ? fmt::format("**{}**\n\n", text) : text + "\n\n";
}

std::string markdown_of(const Items& items) {
  std::string text;
  for (const std::string& item : items.items) text += fmt::format("- {}\n", as_text(item));
  return text + "\n";
}

}  // namespace

std::string to_markdown(const Report& report) {
  std::string text = fmt::format("# {}\n\n{}\n\n", as_text(report.title), as_text(report.subtitle));
  for (const Section& section : report.sections) {
    text += fmt::format("## {}\n\n", as_text(section.title));
    for (const Block& block : section.blocks) {
      text += std::visit([](const auto& one) { return markdown_of(one); }, block);
    }
  }
  text.pop_back();
  return text;
}

}  // namespace bench::report
