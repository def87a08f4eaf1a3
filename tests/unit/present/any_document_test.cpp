// Whatever document can be read can be shown, at any width and in every form, and no text in it
// commands the terminal.

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "present/console.hpp"
#include "present/format.hpp"
#include "present/junit.hpp"
#include "present/latency_times.hpp"
#include "present/markdown.hpp"
#include "present/printable.hpp"
#include "present/stress_page.hpp"
#include "present/topology_page.hpp"
#include "present/verdict_page.hpp"
#include "results/json.hpp"
#include "unit/json_places.hpp"
#include "unit/present/xml.hpp"
#include "unit/result_document.hpp"
#include "unit/stress_report.hpp"
#include "unit/topology_report.hpp"
#include "unit/verdict_report.hpp"

namespace bench::testing {
namespace {

/// Two queues with one and two producers, of which some are timed and some are faulty.
results::Document small_sweep() {
  results::Document sweep = document();
  sweep.sweep = results::Sweep{.name = "mine",
                               .axes = {{.key = "queue", .values = {"ringmpsc", "other"}},
                                        {.key = "producers", .values = {"1", "2"}}},
                               .trials = 2};
  const results::Series like = sweep.series.front();
  sweep.series.clear();
  for (const char* const queue : {"ringmpsc", "other"}) {
    for (const char* const producers : {"1", "2"}) {
      results::Series& series = sweep.series.emplace_back(like);
      series.name = std::string("queue=").append(queue).append(" producers=").append(producers);
      series.parameters = {{.key = "queue", .value = queue},
                           {.key = "producers", .value = producers}};
    }
  }
  sweep.series[1].spec.latency = true;
  sweep.series[2].caveats = {{results::CaveatCode::regimes, "they differ"}};
  sweep.series[3].verification.lost = 1;
  return sweep;
}

/// A sweep of two parts: some throughput, and a curve.
results::Document sweep_of_parts() {
  results::Document parts = small_sweep();
  parts.sweep->axes = {{.key = "pattern", .values = {"stream", "one-way"}},
                       {.key = "producers", .values = {"1", "2"}},
                       {.key = "rate", .values = {"10k", "1M"}}};
  for (std::size_t i = 0; i < parts.series.size(); ++i) {
    const bool stream = i < 2;
    results::Series& series = parts.series[i];
    series.parameters = {{.key = "pattern", .value = stream ? "stream" : "one-way"},
                         stream ? results::Parameter{"producers", i == 0 ? "1" : "2"}
                                : results::Parameter{"rate", i == 2 ? "10k" : "1M"}};
    series.name = "series " + std::to_string(i);
    series.spec.latency = !stream;
  }
  return parts;
}

results::Document side_by_side() {
  results::Document two = document();
  two.series.push_back(two.series[0]);
  two.series[1].name = "other";
  two.series[1].spec.latency = true;
  two.series[0].summary->regimes.push_back(regime(20e6, 100));
  two.series[0].summary->messages_per_second.median.reset();
  return two;
}

/// Every page of a document, and what else people look at in a terminal.
std::vector<std::string> pages_of(const auto& document) {
  std::vector<std::string> pages;
  for (const unsigned width : {20U, 80U}) {
    pages.push_back(present::render(document, {.color = false, .width = width}));
  }
  return pages;
}

void show(const results::Document& document) {
  static_cast<void>(pages_of(document));
  for (const present::Format& format : present::formats()) {
    if (format.render != nullptr) static_cast<void>(format.render(document));
    for (const results::Series& series : document.series) {
      if (format.render_series == nullptr || !present::has_times(series)) continue;
      static_cast<void>(format.render_series(series));
    }
  }
}

void show(const results::TopologyReport& report) {
  static_cast<void>(pages_of(report));
  for (const present::Format& format : present::topology_formats()) {
    static_cast<void>(format.render_topology(report));
  }
}

void show(const results::StressReport& report) { static_cast<void>(pages_of(report)); }

void show(const results::VerdictReport& report) {
  static_cast<void>(pages_of(report));
  static_cast<void>(present::to_markdown(report));
  static_cast<void>(XmlReader::read(present::to_junit(report, true)));
}

/// Puts other values in every place of the document, and shows what is still read.
void expect_shown(const std::string& text) {
  const nlohmann::json good = nlohmann::json::parse(text);
  int shown = 0;
  for (const auto& place : places(good)) {
    for (const char* const other :
         {"null", "\"text\"", "0", "7", "1e300", "true", "[]", "[1, 2]"}) {
      nlohmann::json odd = good;
      odd[place] = nlohmann::json::parse(other);
      const auto read = results::any_from_json(odd.dump());
      if (!read) continue;
      ++shown;
      EXPECT_NO_THROW(std::visit([](const auto& document) { show(document); }, *read))
          << place.to_string() << " " << other;
    }
  }
  EXPECT_GT(shown, 50);
}

TEST(AnyDocument, ThatIsReadIsShownWhateverItsValuesAre) {
  expect_shown(results::to_json(document()));
  expect_shown(results::to_json(side_by_side()));
  expect_shown(results::to_json(small_sweep()));
  expect_shown(results::to_json(sweep_of_parts()));
  expect_shown(results::to_json(report()));
  expect_shown(results::to_json(failed_stress()));
  expect_shown(results::to_json(verdicts()));
  expect_shown(results::to_json(verdicts_of_runs()));
}

void expect_harmless(const std::string& page, const std::string& place) {
  for (std::size_t at = 0; at < page.size();) {
    const std::size_t end = page.find('\n', at);
    const std::string line = page.substr(at, end - at);
    EXPECT_EQ(present::printable(line), line) << place;
    EXPECT_FALSE(line.starts_with("injected")) << place << "\n" << page;
    at = end + 1;
  }
}

/// Puts a text that commands a terminal into every place that takes one.
void expect_harmless_texts(const std::string& text) {
  const nlohmann::json good = nlohmann::json::parse(text);
  int shown = 0;
  for (const auto& place : places(good)) {
    if (!good[place].is_string()) continue;
    nlohmann::json odd = good;
    odd[place] = "\x1b[2J\x1b]0;title\x07\r\ninjected \x7f\xC2\x9B\xE2\x80\xAE";
    const auto read = results::any_from_json(odd.dump());
    if (!read) continue;
    ++shown;
    std::visit(
        [&](const auto& document) {
          for (const std::string& page : pages_of(document)) {
            expect_harmless(page, place.to_string());
          }
        },
        *read);
    if (const auto* const report = std::get_if<results::VerdictReport>(&*read)) {
      expect_harmless(present::to_markdown(*report), place.to_string());
    }
  }
  EXPECT_GT(shown, 10);
}

TEST(AnyDocument, CommandsNoTerminal) {
  results::Document failed = document();
  failed.failure = results::Failure{.kind = results::FailureKind::crash,
                                    .series = "ringmpsc",
                                    .queue = "ringmpsc",
                                    .trial = "trial 1",
                                    .reason = "it crashed",
                                    .threads = {{.thread = "consumer", .doing = "waiting"}}};
  expect_harmless_texts(results::to_json(failed));
  expect_harmless_texts(results::to_json(side_by_side()));
  expect_harmless_texts(results::to_json(small_sweep()));
  expect_harmless_texts(results::to_json(sweep_of_parts()));
  expect_harmless_texts(results::to_json(report()));
  expect_harmless_texts(results::to_json(verdicts()));
  expect_harmless_texts(results::to_json(verdicts_of_runs()));
}

}  // namespace
}  // namespace bench::testing
