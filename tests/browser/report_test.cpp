// Reports as people see them: in a browser, at the width of a desk and of a hand.

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "analysis/machine_comparison.hpp"
#include "analysis/machines.hpp"
#include "analysis/statistics.hpp"
#include "browser/browser.hpp"
#include "report/assets.hpp"
#include "report/html.hpp"
#include "results/enclosures.hpp"
#include "results/json.hpp"
#include "scratch_directory.hpp"
#include "unit/report_documents.hpp"

namespace bench::testing {
namespace {

using nlohmann::json;

class InBrowser : public InScratchDirectory {
 protected:
  /// Opens the report of these documents.
  void open(const NamedDocuments& documents, const View& view = {}) {
    const std::string html = report::to_html(report_of(documents));
    browser_.open(make("report.html", html), view);
  }
  [[nodiscard]] json value_of(const std::string& expression) {
    return browser_.value_of(expression);
  }
  void expect_no_complaints() {
    EXPECT_EQ(browser_.complaints(), std::vector<std::string>());
    EXPECT_EQ(value_of("typeof window.hacked"), "undefined");
  }

  /// The elements and attributes are those that src/report/html.cpp and report.js make.
  void expect_own_elements_only() {
    EXPECT_EQ(value_of("[...document.scripts].map((script) => script.text)"),
              json({report::kChartLibrary.text, report::kScript.text}));
    EXPECT_EQ(value_of("[...document.querySelectorAll('style')].map((style) => style.textContent)"),
              json({report::kStyleSheet.text}));
    const std::set<std::string> elements = {
        "html",    "head",  "meta",   "title",      "style",   "body",    "header",
        "h1",      "p",     "nav",    "ul",         "li",      "a",       "main",
        "section", "h2",    "figure", "figcaption", "details", "summary", "div",
        "table",   "thead", "tbody",  "tr",         "th",      "td",      "canvas",
        "strong",  "pre",   "code",   "script",     "noscript"};
    for (const auto& name : value_of("[...new Set([...document.querySelectorAll('*')]"
                                     ".map((element) => element.localName))]")) {
      EXPECT_TRUE(elements.contains(name)) << name;
    }
    const std::set<std::string> attributes = {
        "lang",       "charset",      "http-equiv",   "content",
        "name",       "class",        "id",           "aria-labelledby",
        "aria-label", "href",         "download",     "role",
        "tabindex",   "open",         "scope",        "style",
        "width",      "height",       "data-v",       "data-lo",
        "data-hi",    "data-d",       "data-o",       "data-s",
        "data-chart", "data-x-title", "data-y-title", "data-percentiles",
        "data-logx",  "data-logy",    "data-factor",  "data-right-title"};
    for (const auto& name : value_of("[...new Set([...document.querySelectorAll('*')]"
                                     ".flatMap((element) => element.getAttributeNames()))]")) {
      EXPECT_TRUE(attributes.contains(name)) << name;
    }
    EXPECT_EQ(value_of("[...document.links].map((link) => link.href)"
                       ".filter((href) => !href.startsWith(location.href + '#') &&"
                       " !href.startsWith('data:application/gzip;base64,'))"),
              json::array());
  }

  /// Each chart shows the figures of its table and no others, in its first colour at least.
  void expect_charts() {
    const json charts = value_of(R"(
      [...document.querySelectorAll('table[data-chart]')].map((table) => {
        const figure = table.closest('figure');
        const title = figure.querySelector('figcaption').textContent;
        const canvas = figure.querySelector('canvas');
        if (!canvas) return { title, wrong: 'no canvas' };
        if (canvas.getAttribute('role') !== 'img' || !canvas.getAttribute('aria-label')) {
          return { title, wrong: 'no label' };
        }
        const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
        if (!pixels.some((value) => value !== 0)) return { title, wrong: 'blank' };
        let colored = false;
        for (let i = 0; i < pixels.length && !colored; i += 4) {
          colored = pixels[i] === 0 && pixels[i + 1] === 0x72 && pixels[i + 2] === 0xb2;
        }
        if (!colored) return { title, wrong: 'nothing is drawn in the first colour' };
        const isForest = table.dataset.chart === 'forest';
        const drawn = Chart.getChart(canvas).data.datasets.filter((set) => !set.isDots)
          .flatMap((set) => set.data).map((point) => isForest ? point.x : point.y);
        const numeric = 'percentiles' in table.dataset;
        const cells = [...table.tBodies[0].rows]
          .filter((row) => !numeric || 'v' in row.cells[0].dataset)
          .flatMap((row) => [...row.cells].slice(1).filter((cell) => 'v' in cell.dataset))
          .map((cell) => Number(cell.dataset.v));
        const same = JSON.stringify(drawn.sort()) === JSON.stringify(cells.sort());
        return { title, wrong: same ? '' : `draws ${drawn} of ${cells}`, points: drawn.length };
      }))");
    EXPECT_FALSE(charts.empty());
    for (const auto& chart : charts) {
      EXPECT_EQ(chart["wrong"], "") << chart["title"];
      EXPECT_GT(chart.value("points", 0), 0) << chart["title"];
    }
  }

  void expect_tables_with_headers() {
    EXPECT_EQ(value_of("[...document.querySelectorAll('th')].filter((th) => !th.scope).length"), 0);
    EXPECT_EQ(value_of("[...document.querySelectorAll('table')].filter((table) =>"
                       " table.tHead.querySelectorAll('th[scope=col]').length === 0 ||"
                       " [...table.tBodies[0].rows].some((row) => row.cells[0].scope !== 'row'))"
                       ".length"),
              0);
    EXPECT_EQ(value_of("[...document.querySelectorAll('th[scope=col]')]"
                       ".filter((th) => th.textContent === '').length"),
              0);
  }

  void expect_no_wider_than(unsigned width) {
    EXPECT_LE(value_of("document.documentElement.scrollWidth"), width) << value_of(fmt::format(
        "[...document.querySelectorAll('body *')].filter((element) => !element.closest('.scroll') "
        "&& element.getBoundingClientRect().right > {}).map((element) => element.outerHTML"
        ".slice(0, 200))",
        width));
  }

  Browser browser_{directory_ / "chromium"};
};

struct Kind {
  const char* name;
  NamedDocuments (*documents)();

  // CTest shows it in the test's name.
  friend void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }
};

class AnyReport : public InBrowser,
                  public ::testing::WithParamInterface<std::tuple<Kind, unsigned>> {};

TEST_P(AnyReport, IsWholeAndHarmless) {
  const auto& [kind, width] = GetParam();
  open(kind.documents(), {.width = width});
  expect_own_elements_only();
  expect_charts();
  expect_tables_with_headers();
  expect_no_wider_than(width);
  // All that folds, opened.
  static_cast<void>(value_of(
      "document.querySelectorAll('details').forEach((details) => { details.open = true; })"));
  expect_no_wider_than(width);
  expect_no_complaints();
}

INSTANTIATE_TEST_SUITE_P(, AnyReport,
                         ::testing::Combine(::testing::Values(Kind{"small", small_documents},
                                                              Kind{"large", large_documents},
                                                              Kind{"hostile", hostile_documents}),
                                            ::testing::Values(1280U, 390U)),
                         [](const auto& one) {
                           return fmt::format("{}_{}", std::get<0>(one.param).name,
                                              std::get<1>(one.param));
                         });

TEST(LargeReport, CanBeSentByMail) {
  EXPECT_LT(report::to_html(report_of(large_documents())).size(), 5'000'000U);
}

/// The tables of a section, with what their cells carry for charts.
std::string tables_in(const std::string& section) {
  return fmt::format(R"(
    [...document.querySelectorAll('#{} table[data-chart]')].map((table) => ({{
      title: table.closest('figure').querySelector('figcaption').textContent,
      columns: [...table.tHead.rows[0].cells].map((cell) => cell.textContent),
      rows: [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) =>
        ({{ text: cell.textContent, ...cell.dataset }}))),
    }})))",
                     section);
}

/// The number that the cell carries under this name, exactly.
std::optional<double> number_of(const json& cell, const char* name) {
  if (!cell.contains(name)) return std::nullopt;
  return std::stod(cell[name].get<std::string>());
}

std::string value_at(const results::Series& series, const std::string& key) {
  for (const results::Parameter& parameter : series.parameters) {
    if (parameter.key == key) return parameter.value;
  }
  return {};
}

/// All series of the small documents, with their machines' names.
std::vector<std::pair<std::string, results::Series>> series_of(const NamedDocuments& documents) {
  std::vector<std::pair<std::string, results::Series>> all;
  for (const auto& [file, document] : documents) {
    if (const auto* const one = std::get_if<results::Document>(&document)) {
      for (const results::Series& series : one->series) {
        all.emplace_back(*one->host.hostname, series);
      }
    }
  }
  return all;
}

TEST_F(InBrowser, TheRatesOfATableAreThoseOfTheDocuments) {
  const NamedDocuments documents = small_documents();
  open(documents);
  // The medians of the runs of each place, as "Messages/s by producers: batch=1 payload=8" and
  // "alder, ringmpsc" and "4" name it.
  std::map<std::string, std::vector<double>> expected;
  for (const auto& [machine, series] : series_of(documents)) {
    if (series.spec.pattern != workload::Pattern::stream) continue;
    const std::string place =
        fmt::format("Messages/s by producers: payload={} batch={} | {}, {} | {}",
                    value_at(series, "payload_bytes"), value_at(series, "batch"), machine,
                    series.spec.queue, series.spec.producers);
    expected[place].push_back(*series.summary->messages_per_second.median);
  }
  std::size_t seen = 0;
  for (const json& table : value_of(tables_in("throughput"))) {
    for (const json& row : table["rows"]) {
      for (std::size_t i = 1; i < row.size(); ++i) {
        if (!row[i].contains("v")) continue;
        std::string line = table["columns"][i];
        if (line.find(',') == std::string::npos) line += ", ringmpsc";
        const std::string place = fmt::format("{} | {} | {}", table["title"].get<std::string>(),
                                              line, row[0]["text"].get<std::string>());
        ASSERT_TRUE(expected.contains(place)) << place;
        std::vector<double>& medians = expected[place];
        std::ranges::sort(medians);
        EXPECT_EQ(medians.size(), 3U) << place;
        EXPECT_EQ(number_of(row[i], "v"), medians[1]) << place;
        EXPECT_EQ(number_of(row[i], "lo"), medians.front()) << place;
        EXPECT_EQ(number_of(row[i], "hi"), medians.back()) << place;
        ++seen;
      }
    }
  }
  EXPECT_EQ(seen, expected.size());
}

TEST_F(InBrowser, TheRatiosOfATableAreThoseOfTheComparison) {
  const NamedDocuments documents = small_documents();
  open(documents);
  const analysis::Evidence evidence = analysis::sorted_by_machine(documents);
  ASSERT_EQ(evidence.machines.size(), 2U);
  std::multimap<double, std::optional<results::Interval>> expected;
  for (const analysis::SeriesRatio& one :
       analysis::compare_machines(evidence.machines[0], evidence.machines[1]).series) {
    expected.emplace(one.judged.ratio.value(), one.judged.interval);
  }
  const json tables = value_of(tables_in("ratios"));
  ASSERT_FALSE(tables.empty());
  EXPECT_EQ(tables[0]["title"],
            fmt::format("birch over alder: {} matched series", expected.size()));
  ASSERT_EQ(tables[0]["rows"].size(), expected.size());
  double before = 1e300;
  for (const json& row : tables[0]["rows"]) {
    const double ratio = number_of(row[1], "v").value();
    EXPECT_LE(ratio, before) << "the largest comes first";
    before = ratio;
    const auto found = expected.find(ratio);
    ASSERT_NE(found, expected.end()) << row[0]["text"];
    ASSERT_EQ(row[1].contains("lo"), found->second.has_value());
    if (found->second) {
      EXPECT_EQ(number_of(row[1], "lo"), found->second->lo);
      EXPECT_EQ(number_of(row[1], "hi"), found->second->hi);
    }
    expected.erase(found);
  }
}

TEST_F(InBrowser, TheTimesOfATableAreThoseOfAllRuns) {
  const NamedDocuments documents = small_documents();
  open(documents);
  std::map<std::pair<std::string, std::string>, workload::LatencyHistogram> times;
  std::set<std::pair<std::string, std::string>> saturated;
  for (const auto& [machine, series] : series_of(documents)) {
    if (series.spec.pattern != workload::Pattern::one_way) continue;
    const std::pair place(machine, value_at(series, "rate"));
    times[place].merge(series.latency->histogram);
    if (series.latency->load->saturated) saturated.insert(place);
  }
  EXPECT_FALSE(saturated.empty());
  std::size_t seen = 0;
  for (const json& table : value_of(tables_in("latency"))) {
    if (table["columns"][0] != "rate") continue;
    const double percentile = table["title"].get<std::string>().starts_with("Half") ? 50 : 99;
    for (const json& row : table["rows"]) {
      for (std::size_t i = 1; i < row.size(); ++i) {
        const std::pair<std::string, std::string> place(table["columns"][i], row[0]["text"]);
        ASSERT_TRUE(times.contains(place)) << place.first << " " << place.second;
        ++seen;
        if (saturated.contains(place)) {
          EXPECT_EQ(row[i]["text"], "saturated");
          EXPECT_FALSE(row[i].contains("v"));
        } else {
          EXPECT_EQ(number_of(row[i], "v"),
                    static_cast<double>(times[place].value_at_percentile(percentile)))
              << place.first << " " << place.second;
        }
      }
    }
  }
  EXPECT_EQ(seen, 2 * times.size());
}

TEST_F(InBrowser, EveryTableIsOpenWithoutJavaScript) {
  open(small_documents(), {.scripts = false});
  EXPECT_EQ(value_of("document.querySelectorAll('canvas').length"), 0);
  EXPECT_EQ(value_of("[...document.querySelectorAll('figure table')]"
                     ".filter((table) => !table.checkVisibility()).length"),
            0);
  EXPECT_GT(value_of("document.querySelectorAll('figure table').length"), 5);
  EXPECT_EQ(value_of("[...document.querySelectorAll('summary, noscript p')]"
                     ".filter((element) => !element.checkVisibility()).length"),
            0);
  EXPECT_EQ(value_of("document.querySelectorAll('noscript p').length"), 1);
  expect_no_complaints();
}

/// The least contrast of text with what is behind it, as WCAG 2.1 defines it.
constexpr const char* kLeastContrast = R"(
  (() => {
    const luminance = (color) => {
      const [r, g, b] = color.match(/[\d.]+/g).slice(0, 3).map(Number).map((value) => value / 255)
        .map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (element) => {
      for (let at = element; at; at = at.parentElement) {
        const color = getComputedStyle(at).backgroundColor;
        if (color !== 'rgba(0, 0, 0, 0)' && color !== 'transparent') return color;
      }
      return 'rgb(255, 255, 255)';
    };
    let least = { contrast: 21 };
    for (const element of document.querySelectorAll('body *')) {
      if (!element.checkVisibility() || element.localName === 'canvas') continue;
      if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
      const [a, b] = [getComputedStyle(element).color, behind(element)];
      const [x, y] = [luminance(a), luminance(b)];
      const contrast = (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
      if (contrast < least.contrast) least = { contrast, text: element.outerHTML.slice(0, 80), a, b };
    }
    return least;
  })())";

TEST_F(InBrowser, TheReportIsReadableInTheDark) {
  open(small_documents(), {.dark = true});
  const json color = value_of(
      "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)");
  for (const json& part : color) EXPECT_LT(part, 50);
  const json least = value_of(kLeastContrast);
  EXPECT_GE(least["contrast"], 4.5) << least;
  expect_charts();
  expect_no_complaints();
}

TEST_F(InBrowser, TheReportFollowsAChangeOfLight) {
  open(small_documents());
  const json least = value_of(kLeastContrast);
  EXPECT_GE(least["contrast"], 4.5) << least;
  const std::string ink =
      "Chart.getChart(document.querySelector('canvas')).options.scales.x.title.color";
  const json by_day = value_of(ink);
  browser_.look({.dark = true});
  EXPECT_NE(value_of(ink), by_day);
  expect_charts();
  expect_no_complaints();
}

TEST_F(InBrowser, TheKeyboardReachesAllThatDoesSomething) {
  open(small_documents());
  static_cast<void>(
      value_of("document.querySelectorAll('figure details').forEach((details, i) => {"
               " details.open = i < 2; })"));
  const std::string reachable =
      "[...document.querySelectorAll('a, summary, .scroll')].filter((element) =>"
      " element.checkVisibility({ contentVisibilityAuto: true }))";
  const auto count = value_of(reachable + ".length").get<int>();
  EXPECT_GT(count, 20);
  for (int i = 0; i < count; ++i) {
    browser_.press_tab();
    EXPECT_EQ(value_of(reachable + ".indexOf(document.activeElement)"), i);
  }
}

}  // namespace
}  // namespace bench::testing
