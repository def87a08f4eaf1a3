#include "report/html.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "report/assets.hpp"
#include "unit/report/sha256.hpp"
#include "unit/report_documents.hpp"

namespace bench::testing {
namespace {

using report::Cell;
using report::Chart;
using report::Paragraph;
using report::Report;
using report::Table;

/// A report of one section, which holds this block.
Report report_with(report::Block block) {
  return {.title = "a title",
          .subtitle = "a subtitle",
          .sections = {{.id = "one", .title = "One", .blocks = {std::move(block)}}},
          .enclosures = {}};
}

/// The contents of all elements of this name.
std::vector<std::string> contents_of_elements(const std::string& html, const std::string& name) {
  const std::string begin = fmt::format("<{}>", name);
  const std::string end = fmt::format("</{}>", name);
  std::vector<std::string> all;
  for (std::size_t at = html.find(begin); at != std::string::npos; at = html.find(begin, at)) {
    at += begin.size();
    all.push_back(html.substr(at, html.find(end, at) - at));
    at += all.back().size() + end.size();
  }
  return all;
}

/// The HTML without what the program itself puts into it unescaped.
std::string without_assets(std::string html) {
  for (const auto& [text, hash] : {report::kStyleSheet, report::kScript, report::kChartLibrary}) {
    const std::size_t at = text.empty() ? std::string::npos : html.find(text);
    if (at != std::string::npos) html.erase(at, text.size());
  }
  return html;
}

std::string body_of(const Report& report) {
  const std::string html = without_assets(to_html(report));
  const std::size_t begin = html.find("<main>");
  return html.substr(begin, html.find("</main>") - begin);
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(Sha256, IsThatOfTheStandard) {
  EXPECT_EQ(sha256_base64("abc"), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
  EXPECT_EQ(sha256_base64(""), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
}

TEST(Html, AllowsItsOwnStyleAndScriptsAndNothingElse) {
  const std::string html = to_html(report_of({}));
  std::string scripts;
  for (const std::string& script : contents_of_elements(html, "script")) {
    scripts += fmt::format(" 'sha256-{}'", sha256_base64(script));
  }
  // The order of the scripts in the policy is the other one.
  const std::size_t size = scripts.size() / 2;
  if (!report::kChartLibrary.text.empty()) {
    scripts = scripts.substr(size) + scripts.substr(0, size);
  }
  const auto styles = contents_of_elements(html, "style");
  ASSERT_EQ(styles.size(), 1U);
  EXPECT_TRUE(contains(
      html, fmt::format("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
                        "'none'; style-src 'sha256-{}'; script-src{}; base-uri 'none'; "
                        "form-action 'none'\">",
                        sha256_base64(styles[0]), scripts)));
  EXPECT_LT(html.find("Content-Security-Policy"), html.find("<style>"));
}

TEST(Html, TakesNothingOfADocumentForMarkup) {
  const std::set<std::string> known = {
      "!doctype", "html",    "head",       "meta",    "title",    "style",   "/style",
      "script",   "/script", "body",       "header",  "h1",       "p",       "nav",
      "ul",       "li",      "a",          "main",    "noscript", "section", "h2",
      "code",     "figure",  "figcaption", "details", "summary",  "div",     "table",
      "thead",    "tbody",   "tr",         "th",      "td",       "strong",  "pre"};
  const std::string html = without_assets(to_html(report_of(hostile_documents())));
  EXPECT_TRUE(contains(html, "&lt;script&gt;window.hacked=1"));
  for (std::size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
    std::string name = html.substr(at + 1, html.find_first_of(" >", at) - at - 1);
    if (name.starts_with('/')) name.erase(0, 1);
    EXPECT_TRUE(known.contains(name)) << html.substr(at, 80);
  }
  for (const char c : html) {
    ASSERT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= ' ');
  }
}

TEST(Html, GivesChartsNothingThatTheyCannotDraw) {
  const double infinite = std::numeric_limits<double>::infinity();
  const Table table{.title = "t",
                    .columns = {{.title = "x"}, {.title = "y"}},
                    .rows = {{{.text = "1", .value = infinite},
                              {.text = "2",
                               .interval = results::Interval{.lo = 1, .hi = infinite},
                               .dots = {infinite, 3, std::nan("")}}}}};
  EXPECT_TRUE(contains(body_of(report_with(table)),
                       "<th scope=row class=n>1</th><td class=n data-d=\"3\">2</td>"));
}

TEST(Html, EscapesTextsAndAttributes) {
  const Table table{.title = "a\"b",
                    .columns = {{.title = "<i>"}, {.title = "'&'"}},
                    .rows = {{{.text = "<b>"}, {.text = "\"&amp;"}}}};
  const std::string html = body_of(report_with(table));
  EXPECT_TRUE(contains(html, "aria-label=\"a&quot;b\""));
  EXPECT_TRUE(contains(html, "<th scope=col class=n>&lt;i&gt;</th>"));
  EXPECT_TRUE(contains(html, "&#39;&amp;&#39;"));
  EXPECT_TRUE(contains(html, ">&lt;b&gt;<"));
  EXPECT_TRUE(contains(html, ">&quot;&amp;amp;<"));
}

TEST(Html, GivesChartsTheExactFiguresOfTheirCells) {
  constexpr double kThird = 1.0 / 3;
  const Table table{.title = "t",
                    .columns = {{.title = "x"}, {.title = "y"}},
                    .rows = {{{.text = "1", .value = 1},
                              {.text = "0.33",
                               .value = kThird,
                               .interval = results::Interval{.lo = 0.1, .hi = 1e300},
                               .dots = {0.25, 0.5},
                               .dashed = true}}},
                    .chart = Chart{.x_title = "x<", .y_title = "y", .log_y = true}};
  const std::string html = body_of(report_with(table));
  EXPECT_TRUE(contains(html, "data-chart=lines data-x-title=\"x&lt;\" data-y-title=\"y\""));
  EXPECT_TRUE(contains(html, "data-logy"));
  EXPECT_FALSE(contains(html, "data-logx"));
  EXPECT_TRUE(contains(html, fmt::format("data-v=\"{}\" data-lo=\"0.1\" data-hi=\"1e+300\" "
                                         "data-d=\"0.25 0.5\" data-o",
                                         kThird)));
}

TEST(Html, FoldsWhatIsFoldedAndLeavesTheTablesOfChartsOpen) {
  Table table{.title = "t", .columns = {{.title = "x"}}, .rows = {}};
  EXPECT_FALSE(contains(body_of(report_with(table)), "<details"));
  table.folded = true;
  EXPECT_TRUE(contains(body_of(report_with(table)), "<details><summary>t</summary>"));
  table.chart = Chart{};
  EXPECT_TRUE(contains(body_of(report_with(table)), "<details open><summary>Table</summary>"));
}

TEST(Html, LinksToEachSection) {
  const std::string html = to_html(report_with(Paragraph{.text = "text", .strong = true}));
  EXPECT_TRUE(contains(html, "<a href=#one>One</a>"));
  EXPECT_TRUE(contains(html, "<section id=one aria-labelledby=one-title>"));
  EXPECT_TRUE(contains(html, "<p><strong>text</strong></p>"));
  EXPECT_TRUE(html.ends_with("</html>\n"));
}

}  // namespace
}  // namespace bench::testing
