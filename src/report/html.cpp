#include "report/html.hpp"

#include <fmt/format.h>

#include <cmath>
#include <string_view>
#include <variant>

#include "present/printable.hpp"
#include "report/assets.hpp"
#include "results/enclosures.hpp"

namespace bench::report {
namespace {

/// The text as HTML shows it, in an element or in an attribute between double quotes.
std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : present::printable(text)) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\'':
        safe += "&#39;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

/// A longer text is wrapped in its cell.
constexpr std::size_t kLongText = 40;

std::string policy() {
  std::string scripts = fmt::format("'sha256-{}'", kScript.sha256);
  if (!kChartLibrary.text.empty()) scripts += fmt::format(" 'sha256-{}'", kChartLibrary.sha256);
  // The scripts set the size of a canvas by properties, which no policy forbids.
  return fmt::format(
      "default-src 'none'; style-src 'sha256-{}'; script-src {}; base-uri 'none'; "
      "form-action 'none'",
      kStyleSheet.sha256, scripts);
}

/// What a chart draws of the cell. No chart can draw what is infinite, as a rate is if a document
/// claims that its trial took no time.
std::string cell_attributes(const Cell& cell, const Column& column) {
  std::string text;
  if (cell.shade) {
    text += fmt::format(" class=s{}", *cell.shade);
  } else if (column.is_number) {
    text += " class=n";
  } else if (cell.text.size() > kLongText) {
    text += " class=wide";
  }
  if (cell.value && std::isfinite(*cell.value)) text += fmt::format(" data-v=\"{}\"", *cell.value);
  if (cell.interval && std::isfinite(cell.interval->lo) && std::isfinite(cell.interval->hi)) {
    text += fmt::format(" data-lo=\"{}\" data-hi=\"{}\"", cell.interval->lo, cell.interval->hi);
  }
  std::string dots;
  for (const double dot : cell.dots) {
    if (std::isfinite(dot)) dots += fmt::format("{}{:.6g}", dots.empty() ? "" : " ", dot);
  }
  if (!dots.empty()) text += fmt::format(" data-d=\"{}\"", dots);
  if (cell.dashed) text += " data-o";
  if (cell.saturated) text += " data-s";
  return text;
}

std::string chart_attributes(const Chart& chart) {
  std::string text = fmt::format(" data-chart={} data-x-title=\"{}\" data-y-title=\"{}\"",
                                 chart.kind == ChartKind::forest ? "forest" : "lines",
                                 escaped(chart.x_title), escaped(chart.y_title));
  if (chart.percentiles) text += " data-percentiles";
  if (chart.log_x) text += " data-logx";
  if (chart.log_y) text += " data-logy";
  if (chart.right_factor > 0) {
    text += fmt::format(" data-factor=\"{}\" data-right-title=\"{}\"", chart.right_factor,
                        escaped(chart.right_title));
  }
  return text;
}

std::string table_html(const Table& table) {
  std::string text = fmt::format("<div class=scroll role=region tabindex=0 aria-label=\"{}\">\n",
                                 escaped(table.title));
  text += table.heatmap ? "<table class=heat" : "<table";
  if (table.chart) text += chart_attributes(*table.chart);
  text += ">\n";
  text += "<thead><tr>";
  for (const Column& column : table.columns) {
    text += fmt::format("<th scope=col{}>{}</th>", column.is_number ? " class=n" : "",
                        escaped(column.title));
  }
  text += "</tr></thead>\n<tbody>\n";
  for (const auto& row : table.rows) {
    text += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string_view element = i == 0 ? "th" : "td";
      text += fmt::format("<{}{}{}>{}</{}>", element, i == 0 ? " scope=row" : "",
                          cell_attributes(row[i], table.columns[i]), escaped(row[i].text), element);
    }
    text += "</tr>\n";
  }
  return text + "</tbody></table></div>\n";
}

std::string html_of(const Table& table) {
  const std::string title = escaped(table.title);
  if (table.chart) {
    return fmt::format(
        "<figure><figcaption>{}</figcaption>\n<details open><summary>Table</summary>\n"
        "{}</details></figure>\n",
        title, table_html(table));
  }
  if (table.folded) {
    return fmt::format("<details><summary>{}</summary>\n{}</details>\n", title, table_html(table));
  }
  return fmt::format("<figure><figcaption>{}</figcaption>\n{}</figure>\n", title,
                     table_html(table));
}

std::string html_of(const Paragraph& paragraph) {
  const std::string text = escaped(paragraph.text);
  return paragraph.strong ? fmt::format("<p><strong>{}</strong></p>\n", text)
                          : fmt::format("<p>{}</p>\n", text);
}

std::string html_of(const Items& items) {
  std::string text = "<ul>\n";
  for (const std::string& item : items.items) text += fmt::format("<li>{}</li>\n", escaped(item));
  return text + "</ul>\n";
}

std::string html_of(const Section& section) {
  std::string text =
      fmt::format("<section id={} aria-labelledby={}-title>\n<h2 id={}-title>{}</h2>\n", section.id,
                  section.id, section.id, escaped(section.title));
  for (const Block& block : section.blocks) {
    text += std::visit([](const auto& one) { return html_of(one); }, block);
  }
  return text + "</section>\n";
}

std::string contents_of(const Report& report) {
  std::string text = "<nav aria-label=Contents><ul>\n";
  for (const Section& section : report.sections) {
    text += fmt::format("<li><a href=#{}>{}</a></li>\n", section.id, escaped(section.title));
  }
  return text + "</ul></nav>\n";
}

std::string enclosures_of(const Report& report) {
  if (report.enclosures.empty()) return {};
  std::string text =
      "<section id=documents aria-labelledby=documents-title>\n<h2 "
      "id=documents-title>Documents</h2>\n"
      "<p>This file carries what it was made from, as compressed JSON: each link saves one. It may "
      "be "
      "given to <code>ringmpsc-bench report</code> and <code>compare</code> in their "
      "place.</p>\n<ul>\n";
  for (const Enclosure& enclosure : report.enclosures) {
    text +=
        fmt::format("<li>{}</li>\n", results::enclosed(escaped(enclosure.name), enclosure.packed));
  }
  return text + "</ul>\n</section>\n";
}

}  // namespace

std::string to_html(const Report& report) {
  const std::string title = escaped(report.title);
  std::string text = fmt::format(
      "<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
      "<meta name=viewport content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=generator content=ringmpsc-bench>\n"
      "<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n<header>\n<h1>{}</h1>\n"
      "<p class=subtitle>{}</p>\n",
      policy(), title, kStyleSheet.text, title, escaped(report.subtitle));
  text += contents_of(report);
  text += "</header>\n<main>\n";
  if (kChartLibrary.text.empty()) {
    text +=
        "<p class=warning>This report has no charts, since the program that wrote it was built "
        "without Chart.js. Its tables have every figure.</p>\n";
  } else {
    text +=
        "<noscript><p class=warning>Charts need JavaScript. The tables have every "
        "figure.</p></noscript>\n";
  }
  for (const Section& section : report.sections) text += html_of(section);
  text += enclosures_of(report);
  text += "</main>\n";
  if (!kChartLibrary.text.empty()) text += fmt::format("<script>{}</script>\n", kChartLibrary.text);
  text += fmt::format("<script>{}</script>\n</body>\n</html>\n", kScript.text);
  return text;
}

}  // namespace bench::report
