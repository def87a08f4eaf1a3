// Tests that verdicts are written as their schema promises, and that they are read as written.

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <variant>
#include <vector>

#include "results/json.hpp"
#include "schema/schema.hpp"
#include "unit/json_places.hpp"
#include "unit/verdict_report.hpp"

namespace bench::testing {
namespace {

using nlohmann::json;
using results::any_from_json;
using results::VerdictReport;

TEST(VerdictJson, IsValidAndNeedsEachOfItsKeys) {
  VerdictReport empty;
  empty.created_utc = verdicts().created_utc;
  for (const VerdictReport& report : {verdicts(), verdicts_of_runs(), empty}) {
    const json written = json::parse(results::to_json(report));
    EXPECT_EQ(complaints(schema("verdict"), written), "");
    for (const auto& [key, value] : written.items()) {
      json less = written;
      less.erase(key);
      EXPECT_NE(complaints(schema("verdict"), less), "") << key;
    }
  }
  json odd = json::parse(results::to_json(verdicts()));
  odd["series"][0]["base"]["spec"]["payload_bytes"] = "much";
  EXPECT_NE(complaints(schema("verdict"), odd), "") << "parts of other schemas count too";
}

TEST(VerdictJson, IsReadAsItWasWritten) {
  VerdictReport faulty = verdicts();
  faulty.unmatched[0].faults = {"b.json: 1 lost"};
  for (const VerdictReport& report : {verdicts(), verdicts_of_runs(), faulty}) {
    const auto read = any_from_json(results::to_json(report));
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(std::get<VerdictReport>(*read), report);
  }
}

TEST(VerdictJson, NamesEveryMissingKey) {
  for (const VerdictReport& report : {verdicts(), verdicts_of_runs()}) {
    const json good = json::parse(results::to_json(report));
    for (const auto& place : places(good)) {
      if (place.empty() || good[place.parent_pointer()].is_array()) continue;
      json less = good;
      less[place.parent_pointer()].erase(place.back());
      const auto read = any_from_json(less.dump());
      const std::vector<std::string> later = {"cpu_quota", "throttling", "first", "faults",
                                              "label",     "notes",      "layout"};
      if (std::ranges::find(later, place.back()) != later.end()) continue;
      ASSERT_FALSE(read) << place.to_string();
    }
  }
}

TEST(VerdictJson, WithImpossibleFiguresIsRefused) {
  const json good = json::parse(results::to_json(verdicts()));
  struct Case {
    const char* place;
    json value;
    std::string said;
  };
  for (const auto& [place, value, said] : {
           Case{"/confidence", 7, "confidence"},
           Case{"/confidence", -0.1, "confidence"},
           Case{"/margin", -0.1, "margin"},
           Case{"/margin", 1.5, "margin"},
           Case{"/series/0/interval", json::array({5, 1}), "interval"},
           Case{"/series/0/interval", json::array({-1, 1}), "interval"},
           Case{"/series/0/ratio", -0.5, "ratio"},
           Case{"/series/0/detectable", 1.5, "detectable"},
       }) {
    json bad = good;
    bad[json::json_pointer(place)] = value;
    const auto read = any_from_json(bad.dump());
    ASSERT_FALSE(read) << place << ' ' << value;
    EXPECT_NE(read.error().find(said), std::string::npos) << read.error();
  }
}

TEST(Verdict, OfAllIsTheWorstOfItsSeries) {
  using results::Verdict;
  VerdictReport report = verdicts();
  EXPECT_EQ(verdict(report), Verdict::regressed);
  report.series.erase(report.series.begin());
  EXPECT_EQ(verdict(report), Verdict::inconclusive);
  report.series.erase(report.series.begin() + 1);
  EXPECT_EQ(verdict(report), Verdict::improved);
  report.series.pop_back();
  EXPECT_EQ(verdict(report), Verdict::no_change);
  report.series.clear();
  EXPECT_EQ(verdict(report), Verdict::inconclusive) << "nothing was compared";
}

TEST(Verdict, OfASeriesIsVerifiedOnBothSides) {
  results::JudgedSeries series = verdicts().series[0];
  EXPECT_TRUE(verified(series));
  series.candidate.verification.reordered = 1;
  EXPECT_FALSE(verified(series));
  series.keeps_order = false;
  EXPECT_TRUE(verified(series));
  series.base.verification.lost = 1;
  EXPECT_FALSE(verified(series));
}

}  // namespace
}  // namespace bench::testing
