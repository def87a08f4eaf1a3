// Tests that the JSON of a document has what its schema promises, no more and no less.

#include "results/json.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "machine/placement.hpp"
#include "schema/schema.hpp"
#include "unit/json_places.hpp"
#include "unit/result_document.hpp"
#include "workload/spec.hpp"

namespace bench::testing {
namespace {

using nlohmann::json;

std::string complaints_of(const results::Document& document) {
  return complaints(schema("result"), json::parse(results::to_json(document)));
}

TEST(ResultJson, OfAFullDocumentIsValid) { EXPECT_EQ(complaints_of(document()), ""); }

TEST(ResultJson, OfAnUnknownMachineIsValidAndFullOfNulls) {
  results::Document bare = document();
  bare.host = {};
  const json written = json::parse(results::to_json(bare));
  EXPECT_EQ(complaints(schema("result"), written), "");
  for (const auto& [key, value] : written["host"].items()) {
    if (key == "topology" || key == "caches") continue;
    EXPECT_TRUE(value.is_null()) << key;
  }
  EXPECT_TRUE(written["host"]["topology"]["packages"].is_null());
}

TEST(ResultJson, WithoutSamplesHasANullSummary) {
  results::Document interrupted = document();
  interrupted.complete = false;
  interrupted.series[0].samples.clear();
  interrupted.series[0].summary.reset();
  interrupted.series[0].placement.consumer_cpu.reset();
  interrupted.series[0].placement.producer_cpus.clear();
  const json written = json::parse(results::to_json(interrupted));
  EXPECT_EQ(complaints(schema("result"), written), "");
  EXPECT_TRUE(written["series"][0]["summary"].is_null());
  EXPECT_EQ(written["complete"], false);
}

TEST(ResultJson, CarriesEveryValue) {
  const json written = json::parse(results::to_json(document()));
  EXPECT_EQ(written["schema_version"], 2);
  EXPECT_EQ(written["seed"], 9'007'199'254'740'991);
  EXPECT_EQ(written["tool"]["native"], true);
  EXPECT_TRUE(written["tool"]["sanitizer"].is_null());
  EXPECT_EQ(written["host"]["caches"][0]["size_bytes"], 32768);
  const json& series = written["series"][0];
  EXPECT_EQ(series["spec"]["duration_s"], 0.3);
  EXPECT_TRUE(series["spec"]["messages_per_producer"].is_null());
  EXPECT_EQ(series["placement"]["producer_cpus"], json::array({0, 2}));
  EXPECT_EQ(series["placement"]["memory"], "bound");
  EXPECT_EQ(series["samples"][0]["per_producer_messages"], json::array({1'000'000, 2'000'000}));
  EXPECT_DOUBLE_EQ(series["samples"][0]["messages_per_second"], 30e6);
  EXPECT_EQ(series["samples"][0]["metrics"]["refused_full"], 7);
  EXPECT_TRUE(series["samples"][1]["metrics"].is_null());
  EXPECT_EQ(series["samples"][1]["verification"]["sent"], 5'000'000);
  EXPECT_EQ(series["samples"][1]["consumer"], json({{"cpu", 1}, {"pinned", true}}));
  EXPECT_EQ(series["samples"][1]["producers"].size(), 2);
  EXPECT_EQ(series["samples"][1]["memory_nodes"], json::array({0, 0}));
  EXPECT_EQ(series["summary"]["messages_per_second"]["ci95"], json::array({30e6, 50e6}));
  EXPECT_EQ(series["summary"]["per_producer_messages"], json::array({3'500'000, 4'500'000}));
  EXPECT_EQ(series["verification"]["mode"], "verify");
  EXPECT_EQ(series["comparisons"][0]["ratio"], 1.5);
  EXPECT_EQ(series["latency_ns"]["ci95"]["p99_9"], json::array({2900.0, 3000.0}));
  EXPECT_EQ(written["requirements"][0], json({{"text", "p99 < 2us"},
                                              {"metric", "p99"},
                                              {"relation", "<"},
                                              {"limit", 2000.0},
                                              {"series", "ringmpsc"},
                                              {"outcome", "met"},
                                              {"value", 300.0},
                                              {"interval", {290.0, 310.0}},
                                              {"why", "part of a sentence"}}));
}

TEST(ResultJson, HasNullForFaultsThatTheModeDoesNotLookFor) {
  results::Document blind = document();
  blind.series[0].spec.consume = workload::Consume::read;
  blind.series[0].summary->messages_per_second.ci95.reset();
  json written = json::parse(results::to_json(blind));
  EXPECT_EQ(complaints(schema("result"), written), "");
  EXPECT_TRUE(written["series"][0]["verification"]["reordered"].is_null());
  EXPECT_EQ(written["series"][0]["verification"]["corrupted"], 0);
  EXPECT_TRUE(written["series"][0]["summary"]["messages_per_second"]["ci95"].is_null());
  blind.series[0].spec.consume = workload::Consume::count;
  written = json::parse(results::to_json(blind));
  EXPECT_EQ(complaints(schema("result"), written), "");
  EXPECT_TRUE(written["series"][0]["verification"]["corrupted"].is_null());
}

TEST(ResultJson, HasTheAxesOfASweepAndThePlaceOfEachSeriesOnThem) {
  EXPECT_TRUE(json::parse(results::to_json(document()))["sweep"].is_null());
  results::Document swept = document();
  swept.sweep = results::Sweep{
      .name = "mine", .axes = {{.key = "producers", .values = {"2", "4"}}}, .trials = 10};
  swept.series[0].parameters = {{"producers", "2"}};
  const json written = json::parse(results::to_json(swept));
  EXPECT_EQ(complaints(schema("result"), written), "");
  EXPECT_EQ(written["sweep"]["axes"][0]["values"], json::array({"2", "4"}));
  EXPECT_EQ(written["sweep"]["trials"], 10);
  EXPECT_EQ(written["series"][0]["parameters"],
            json::array({{{"key", "producers"}, {"value", "2"}}}));
  for (const auto& [key, value] : written["sweep"].items()) {
    json less = written;
    less["sweep"].erase(key);
    EXPECT_NE(complaints(schema("result"), less), "") << key;
  }
}

TEST(ResultJson, GivesNumbersBackExactly) {
  results::Document exact = document();
  exact.series[0].samples[0].seconds = 0.1 + 0.2;
  const json written = json::parse(results::to_json(exact));
  EXPECT_EQ(written["series"][0]["samples"][0]["seconds"].get<double>(), 0.1 + 0.2);
}

TEST(ResultJson, ReplacesBytesThatAreNotUtf8) {
  results::Document odd = document();
  odd.command_line = "ringmpsc-bench --output \xff.json";
  const json written = json::parse(results::to_json(odd));
  EXPECT_EQ(written["command_line"], "ringmpsc-bench --output \uFFFD.json");
}

TEST(ResultJson, EndsInANewline) { EXPECT_TRUE(results::to_json(document()).ends_with("}\n")); }

/// Compares the words of a table with those that the schema lists.
template <class Table>
void expect_same_words(const Table& table, const json& words) {
  std::set<std::string> ours;
  for (const auto& entry : table) ours.emplace(entry.first);
  EXPECT_EQ(ours, words.get<std::set<std::string>>());
}

TEST(ResultSchema, KnowsTheSameWordsAsTheProgram) {
  const json contract = schema("result");
  const json& series = contract["properties"]["series"]["items"]["properties"];
  expect_same_words(results::kCaveatNames,
                    contract["definitions"]["caveat"]["properties"]["code"]["enum"]);
  expect_same_words(workload::kConsumeNames, series["spec"]["properties"]["consume"]["enum"]);
  expect_same_words(workload::kConsumeNames,
                    contract["definitions"]["verification"]["properties"]["mode"]["enum"]);
  expect_same_words(workload::kPatternNames, series["spec"]["properties"]["pattern"]["enum"]);
  expect_same_words(workload::kWriteNames, series["spec"]["properties"]["write"]["enum"]);
  expect_same_words(workload::kWaitNames, series["spec"]["properties"]["wait"]["enum"]);
  expect_same_words(machine::kPolicyNames, series["placement"]["properties"]["policy"]["enum"]);
  expect_same_words(results::kMemoryPlaceNames,
                    series["placement"]["properties"]["memory"]["enum"]);
  const json& required = contract["properties"]["requirements"]["items"]["properties"];
  expect_same_words(results::kMetricNames, required["metric"]["enum"]);
  expect_same_words(results::kRelationNames, required["relation"]["enum"]);
  expect_same_words(results::kRequirementOutcomeNames, required["outcome"]["enum"]);
  EXPECT_EQ(json(workload::kPayloadBytes), series["spec"]["properties"]["payload_bytes"]["enum"]);
  EXPECT_EQ(contract["properties"]["schema_version"]["const"], results::kSchemaVersion);
}

TEST(ResultSchema, RefusesEveryMissingAndEveryUnknownKey) {
  const json contract = schema("result");
  const json good = [] {
    results::Document full = document();
    full.caveats = {{results::CaveatCode::virtualized, "text"}};
    full.series[0].caveats = {{results::CaveatCode::unpinned, "text"}};
    return json::parse(results::to_json(full));
  }();
  int keys = 0;
  for (const auto& place : places(good)) {
    if (!good[place].is_object()) continue;
    json more = good;
    more[place]["unheard_of"] = 1;
    EXPECT_NE(complaints(contract, more), "") << place.to_string();
    for (const auto& [key, value] : good[place].items()) {
      json less = good;
      less[place].erase(key);
      EXPECT_NE(complaints(contract, less), "") << place.to_string() << " without " << key;
      ++keys;
    }
  }
  EXPECT_GT(keys, 70);
}

TEST(ResultSchema, RefusesValuesOutOfRange) {
  const json contract = schema("result");
  const json good = json::parse(results::to_json(document()));
  const std::vector<std::pair<std::string, json>> wrong = {
      {"/schema_version", 1},
      {"/created_utc", "yesterday"},
      {"/series", json::array()},
      {"/series/0/spec/producers", 129},
      {"/series/0/spec/ring_bits", 0},
      {"/series/0/spec/wait", "sleepy"},
      {"/series/0/spec/duration_s", 0},
      {"/series/0/verification/lost", -1},
      {"/series/0/summary/fairness", 1.5},
      {"/series/0/summary/messages_per_second/ci95", json::array({1})},
      {"/host/virtualization", 7},
  };
  for (const auto& [place, value] : wrong) {
    json bad = good;
    bad[json::json_pointer(place)] = value;
    EXPECT_NE(complaints(contract, bad), "") << place;
  }
}

}  // namespace
}  // namespace bench::testing
