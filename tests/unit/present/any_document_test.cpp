// Whatever document can be read can be shown, at any width and in every form.

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "present/console.hpp"
#include "present/format.hpp"
#include "present/topology_page.hpp"
#include "results/json.hpp"
#include "unit/json_places.hpp"
#include "unit/result_document.hpp"
#include "unit/topology_report.hpp"

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

results::Document side_by_side() {
  results::Document two = document();
  two.series.push_back(two.series[0]);
  two.series[1].name = "other";
  two.series[1].spec.latency = true;
  two.series[0].summary->regimes.push_back(regime(20e6, 100));
  two.series[0].summary->messages_per_second.median.reset();
  return two;
}

void show(const results::Document& document) {
  for (const unsigned width : {20U, 80U}) {
    static_cast<void>(present::render(document, {.color = false, .width = width}));
  }
  for (const present::Format& format : present::formats()) {
    static_cast<void>(format.render(document));
  }
}

void show(const results::TopologyReport& report) {
  for (const unsigned width : {20U, 80U}) {
    static_cast<void>(present::render(report, {.color = false, .width = width}));
  }
}

void show(const results::VerdictReport& report) { static_cast<void>(results::to_json(report)); }

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
  expect_shown(results::to_json(report()));
}

}  // namespace
}  // namespace bench::testing
