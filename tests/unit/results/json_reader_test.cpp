// Tests that the document that is read is the one that was written, and that any other text is
// refused with its place and what should be there.

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "results/json.hpp"
#include "unit/json_places.hpp"
#include "unit/result_document.hpp"
#include "unit/topology_report.hpp"
#include "unit/verdict_report.hpp"

namespace bench::testing {
namespace {

using nlohmann::json;
using results::any_from_json;
using results::Document;
using results::from_json;
using results::to_json;

/// A document with something in every list, and null in some of the values that may be null.
Document full_document() {
  Document full = document();
  full.caveats = {{results::CaveatCode::virtualized, "a hypervisor"},
                  {results::CaveatCode::interrupted, "\"quoted\"\n\tand \\ more \u00e9"}};
  full.series[0].caveats = {{results::CaveatCode::unpinned, "threads moved"}};
  full.series[0].placement.producer_cpus = {0, std::nullopt};
  full.series[0].samples[1].round = 1;
  full.series[0].samples[1].producers[0] = {.cpu = std::nullopt, .pinned = false};
  full.series[0].samples[1].memory_nodes[0].reset();
  full.series.push_back(full.series[0]);
  full.series[1].spec.duration_s.reset();
  full.series[1].spec.messages_per_producer = 1'000'000;
  full.series[1].summary->round_trip_ns = 25.5;
  full.series[1].summary->messages_per_second.ci95.reset();
  full.series[1].keeps_order = false;
  full.series[1].verification = {
      .sent = 10, .received = 9, .lost = 2, .duplicated = 1, .reordered = 3, .corrupted = 4};
  return full;
}

/// Writes the document and reads it again.
Document again(const Document& document) {
  auto read = from_json(to_json(document));
  if (!read) {
    ADD_FAILURE() << read.error();
    return {};
  }
  return *std::move(read);
}

std::string refusal(const json& document) {
  const auto read = from_json(document.dump());
  return read ? "it was not refused" : read.error();
}

TEST(ResultReader, GivesBackTheDocumentThatWasWritten) {
  EXPECT_EQ(again(document()), document());
  EXPECT_EQ(again(full_document()), full_document());
}

TEST(ResultReader, GivesBackAnUnknownMachineAndASeriesWithoutSamples) {
  Document bare = document();
  bare.complete = false;
  bare.host = {};
  bare.tool.sanitizer = "thread";
  bare.series[0].samples.clear();
  bare.series[0].summary.reset();
  bare.series[0].placement.consumer_cpu.reset();
  bare.series[0].placement.producer_cpus.clear();
  bare.series[0].comparisons.clear();
  EXPECT_EQ(again(bare), bare);
}

TEST(ResultReader, GivesBackTheLastBitOfEveryNumber) {
  using Limits = std::numeric_limits<double>;
  Document extreme = document();
  extreme.seed = std::numeric_limits<std::uint64_t>::max();
  extreme.series[0].placement.consumer_cpu = std::numeric_limits<unsigned>::max();
  for (const double ratio : {0.0, 0.1 + 0.2, 1.0 / 3, Limits::denorm_min(), Limits::min(),
                             Limits::max(), 1e22, 123456789.0, 5e-324}) {
    extreme.series[0].comparisons[0].ratio = ratio;
    EXPECT_EQ(again(extreme), extreme) << ratio;
  }
}

template <class Words, class E>
void expect_every_word_back(const Words& words, E& value, const Document& document) {
  for (const auto& [word, meaning] : words) {
    value = meaning;
    EXPECT_EQ(again(document), document) << word;
  }
}

TEST(ResultReader, GivesBackEveryWordOfEveryEnum) {
  Document all = full_document();
  results::Series& series = all.series[0];
  series.verification.reordered = series.verification.corrupted = 0;
  expect_every_word_back(results::kCaveatNames, all.caveats[0].code, all);
  expect_every_word_back(results::kMemoryPlaceNames, series.placement.memory, all);
  expect_every_word_back(machine::kPolicyNames, series.placement.policy, all);
  expect_every_word_back(workload::kPatternNames, series.spec.pattern, all);
  expect_every_word_back(workload::kWriteNames, series.spec.write, all);
  expect_every_word_back(workload::kConsumeNames, series.spec.consume, all);
  expect_every_word_back(workload::kWaitNames, series.spec.wait, all);
}

TEST(ResultReader, ReadsFaultsThatTheModeDoesNotLookForAsZero) {
  Document written = document();
  written.series[0].spec.consume = workload::Consume::count;
  Document read = written;
  for (Document* each : {&written, &read}) each->series[0].verification.lost = 5;
  written.series[0].verification.reordered = written.series[0].samples[1].verification.corrupted =
      7;
  EXPECT_EQ(again(written), read);
  written.series[0].spec.consume = read.series[0].spec.consume = workload::Consume::read;
  read.series[0].samples[1].verification.corrupted = 7;
  EXPECT_EQ(again(written), read);
}

TEST(ResultReader, IgnoresKeysThatItDoesNotKnow) {
  json more = json::parse(to_json(full_document()));
  for (const auto& place : places(more)) {
    if (more[place].is_object()) more[place]["unheard_of"] = {1, "two", nullptr};
  }
  const auto read = from_json(more.dump());
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(*read, full_document());
}

TEST(ResultReader, RefusesANewerSchemaByItsNumber) {
  json newer = json::parse(to_json(document()));
  newer["schema_version"] = 3;
  const std::string expected =
      "the document has schema version 3, and this program reads versions 1 to 2: use a newer "
      "ringmpsc-bench";
  EXPECT_EQ(refusal(newer), expected);
  EXPECT_EQ(refusal({{"schema_version", 3}}), expected)
      << "the rest of the document may be anything";
  newer["schema_version"] = 0;
  EXPECT_EQ(refusal(newer), "/schema_version 0: must be from 1 to 2");
  newer["schema_version"] = "2";
  EXPECT_EQ(refusal(newer), "/schema_version \"2\": must be from 1 to 2");
}

TEST(ResultReader, ReadsTheHistogramsOfVersion1) {
  const Document document = full_document();
  json before = json::parse(to_json(document));
  before["schema_version"] = 1;
  std::size_t converted = 0;
  for (json& series : before["series"]) {
    if (series["latency_ns"].is_null()) continue;
    json& histogram = series["latency_ns"]["histogram"];
    json buckets = json::array();
    std::uint64_t lowest = 0;
    for (std::size_t i = 0; i < histogram["steps"].size(); ++i) {
      lowest += histogram["steps"][i].get<std::uint64_t>();
      const std::size_t index = workload::LatencyLayout::index_of(lowest);
      buckets.push_back({{"lowest", lowest},
                         {"highest", workload::LatencyLayout::highest_in(index)},
                         {"count", histogram["counts"][i]}});
      ++converted;
    }
    histogram = {{"min", histogram["min"]}, {"max", histogram["max"]}, {"buckets", buckets}};
  }
  ASSERT_GT(converted, 0);
  const auto read = from_json(before.dump());
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(*read, document);
}

TEST(ResultReader, RefusesListsOfAHistogramThatDoNotFit) {
  const json good = json::parse(to_json(full_document()));
  const auto refused = [&](const char* list, const json& value) {
    json wrong = good;
    for (json& series : wrong["series"]) {
      if (!series["latency_ns"].is_null()) series["latency_ns"]["histogram"][list] = value;
    }
    return refusal(wrong);
  };
  EXPECT_NE(refused("steps", {1}).find("as many steps as counts"), std::string::npos);
  EXPECT_NE(refused("counts", json::array()).find("as many steps as counts"), std::string::npos);
  json steps = json::array();
  json counts = json::array();
  for (int i = 0; i < 3; ++i) {
    steps.push_back(UINT64_MAX / 2);
    counts.push_back(1);
  }
  json wrong = good;
  for (json& series : wrong["series"]) {
    if (series["latency_ns"].is_null()) continue;
    series["latency_ns"]["histogram"]["steps"] = steps;
    series["latency_ns"]["histogram"]["counts"] = counts;
  }
  EXPECT_NE(refusal(wrong).find("do not lead beyond its last bucket"), std::string::npos)
      << refusal(wrong);
}

TEST(ResultReader, RefusesJsonThatIsNotAResultDocument) {
  for (const json& other : {json(nullptr), json(7), json::array(), json::object()}) {
    EXPECT_EQ(refusal(other), "not a result document: it has no schema_version") << other;
  }
}

TEST(ResultReader, NamesTheKindOfADocumentThatItDoesNotRead) {
  EXPECT_EQ(refusal({{"context", json::object()}, {"benchmarks", json::array()}}),
            "not a result document: it has Google Benchmark's form, which is not read back; keep "
            "the JSON beside it");
  EXPECT_EQ(refusal({{"axes", json::object()}}), "not a result document: it is a sweep file");
  EXPECT_EQ(refusal({{"parts", json::array()}}), "not a result document: it is a sweep file");
  EXPECT_EQ(from_json("series,queue\n").error(),
            "not a result document: it is a CSV table, which is not read back; keep the JSON "
            "beside it");
  EXPECT_EQ(from_json(to_json(report())).error(),
            "not a result document: it is a report of the command topology");
  EXPECT_EQ(from_json(to_json(verdicts())).error(),
            "not a result document: it has the verdicts of duel or compare");
}

TEST(ResultReader, RefusesAResultThatDoesNotFitTogether) {
  json sweep = json::parse(to_json(full_document()));
  sweep["sweep"] = {
      {"name", "mine"}, {"trials", 2}, {"axes", {{{"key", "batch"}, {"values", {"1", "2"}}}}}};
  EXPECT_EQ(refusal(sweep),
            "the document must have parameters of each series, and an axis of the sweep for each "
            "of them");
  sweep["series"][0]["parameters"] = {{{"key", "batch"}, {"value", "1"}}};
  sweep["series"][1]["parameters"] = {{{"key", "wait"}, {"value", "yielding"}}};
  EXPECT_EQ(refusal(sweep),
            "the document must have parameters of each series, and an axis of the sweep for each "
            "of them");
  sweep["sweep"]["axes"][0]["values"] = json::array();
  EXPECT_EQ(refusal(sweep), "/sweep/axes/0: must have at least one value");
  sweep["sweep"]["axes"] = json::array();
  EXPECT_EQ(refusal(sweep), "/sweep: must have at least one axis");

  json mixed = json::parse(to_json(full_document()));
  mixed["series"][0]["latency_ns"]["p90"] = 99;
  EXPECT_EQ(refusal(mixed), "/series/0/latency_ns: must have ascending percentiles");
}

/// Whether the field was added after documents of this schema version had been written.
bool came_later(const json::json_pointer& place) {
  static const std::set<std::string> anywhere = {
      "failure",      "cpu_quota", "throttling", "repeated", "first",
      "requirements", "label",     "notes",      "survey",   "layout"};
  static const std::set<std::string> of_samples = {"stopped_s", "throttled_s", "waited_s"};
  const std::string parent = place.parent_pointer().to_string();
  return anywhere.contains(place.back()) ||
         (of_samples.contains(place.back()) && parent.find("/samples/") != std::string::npos) ||
         (place.back() == "ci95" && parent.ends_with("/latency_ns"));
}

TEST(TopologyReader, GivesBackTheReportThatWasWritten) {
  const auto read = any_from_json(to_json(report()));
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(std::get<results::TopologyReport>(*read), report());
  const auto result = any_from_json(to_json(full_document()));
  ASSERT_TRUE(result) << result.error();
  EXPECT_EQ(std::get<Document>(*result), full_document());
}

TEST(TopologyReader, NamesEveryMissingKeyAndWhatDoesNotFitTogether) {
  const json good = json::parse(to_json(report()));
  const auto refused = [](const json& document) {
    const auto read = any_from_json(document.dump());
    return read ? "it was not refused" : read.error();
  };
  for (const auto& place : places(good)) {
    if (place.empty() || !good[place.parent_pointer()].is_object()) continue;
    json less = good;
    less[place.parent_pointer()].erase(place.back());
    if (place.to_string() == "/schema_version" || place.to_string() == "/tree") continue;
    if (came_later(place)) {
      EXPECT_EQ(refused(less), "it was not refused") << place.to_string();
      continue;
    }
    EXPECT_TRUE(refused(less).starts_with(place.to_string() + " missing: must be "))
        << refused(less);
  }
  json bad = good;
  bad["placements"][0]["producer_cpus"][1] = nullptr;
  EXPECT_EQ(refused(bad), "/placements/0: must have a CPU for each producer or for no thread");
  bad["placements"][0]["producer_cpus"] = json::array({0});
  EXPECT_EQ(refused(bad), "the document must have as many producers in each of the placements");
  bad = good;
  bad["probes"]["core_to_core_ns"][0]["p50"] = 0;
  EXPECT_EQ(refused(bad), "/probes/core_to_core_ns/0: must have a p50 of more than 0");
}

TEST(ResultReader, NamesThePlaceWhereTheTextIsNotJson) {
  const auto of = [](std::string_view text) { return from_json(text).error(); };
  EXPECT_EQ(
      of("{\n  \"seed\": nil\n}"),
      "not JSON: parse error at line 2, column 12: syntax error while parsing value - invalid "
      "literal");
  EXPECT_TRUE(of("").starts_with("not JSON: parse error at line 1, column 1: ")) << of("");
  EXPECT_TRUE(of("{} {}").starts_with("not JSON: parse error at line 1, column 4: "));
  EXPECT_TRUE(of("[\"\xff\"]").starts_with("not JSON: parse error at line 1, column 3: "));
  EXPECT_TRUE(of("[1e999]").starts_with("not JSON: ")) << of("[1e999]");
  EXPECT_LT(of("\"" + std::string(10'000, 'x')).size(), 300U);
}

TEST(ResultReader, RefusesATextThatIsCutOffAnywhere) {
  const std::string text = to_json(full_document());
  for (std::size_t length = 0; length + 1 < text.size(); ++length) {
    const auto read = from_json(std::string_view(text).substr(0, length));
    ASSERT_FALSE(read) << length;
    ASSERT_TRUE(read.error().starts_with("not JSON: parse error at line ")) << read.error();
  }
  EXPECT_TRUE(from_json(std::string_view(text).substr(0, text.size() - 1)));
}

TEST(ResultReader, ReadsADocumentFromBeforeItsLaterFields) {
  Document now = full_document();
  now.failure.emplace();
  now.series[0].repeated.trials = 3;
  now.series[0].samples[0].stopped_s = 2;
  now.series[1].verification.keep_first({.kind = workload::FaultKind::lost});
  json before = json::parse(to_json(now));
  int keys = 0;
  for (const auto& place : places(json(before))) {
    if (place.empty() || !came_later(place)) continue;
    keys += static_cast<int>(before[place.parent_pointer()].erase(place.back()));
  }
  // Of the document (5), its host and its activity; of each series, its layout, its verification,
  // its times, and its two samples.
  EXPECT_EQ(keys, 7 + 2 * (4 + 2 * 4));

  Document expected = full_document();
  expected.label.clear();
  expected.notes.clear();
  expected.host.cpu_quota.reset();
  expected.activity.throttling.reset();
  expected.requirements.clear();
  expected.survey.reset();
  for (results::Series& series : expected.series) {
    series.spec.layout.reset();
    if (series.latency) series.latency->ci95 = {};
    for (workload::Sample& sample : series.samples) {
      sample.throttled_s.reset();
      sample.events.waited_s.reset();
    }
  }
  const auto read = from_json(before.dump());
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(*read, expected);
}

TEST(ResultReader, SaysWhereNullIsAllowed) {
  json bad = json::parse(to_json(full_document()));
  bad["failure"] = 7;
  EXPECT_EQ(refusal(bad), "/failure 7: must be an object or null");
  bad["failure"] = {{"kind", "crash"}};
  EXPECT_EQ(refusal(bad), "/failure/series missing: must be a string");
  bad["failure"] = nullptr;
  bad["tool"]["sanitizer"] = 7;
  EXPECT_EQ(refusal(bad), "/tool/sanitizer 7: must be a string or null");
}

TEST(ResultReader, NamesEveryMissingKey) {
  const json good = json::parse(to_json(full_document()));
  int keys = 0;
  for (const auto& place : places(good)) {
    if (place.empty() || !good[place.parent_pointer()].is_object()) continue;
    json less = good;
    less[place.parent_pointer()].erase(place.back());
    ++keys;
    if (place.to_string() == "/schema_version" || came_later(place)) continue;
    EXPECT_TRUE(refusal(less).starts_with(place.to_string() + " missing: must be "))
        << refusal(less);
  }
  EXPECT_GT(keys, 150);
}

/// Whether the reason is about this place or one inside it. If values do not fit each other, the
/// reason names the object that they are in.
bool is_about(const std::string& reason, const json::json_pointer& place) {
  if (place.empty() || place.to_string() == "/schema_version") return true;
  // Numbers of a histogram that do not fit each other are reported for the histogram as a whole.
  const std::string where = place.to_string();
  const auto histogram = where.find("/histogram/");
  if (histogram != std::string::npos &&
      reason.starts_with(where.substr(0, histogram) + "/histogram")) {
    return true;
  }
  return reason.starts_with(place.to_string()) ||
         reason.starts_with(place.parent_pointer().to_string() + ": must have ") ||
         (place.to_string() == "/series" && reason.starts_with("the document must have "));
}

TEST(ResultReader, NeitherAcceptsNorDropsAWrongValueSilently) {
  const std::set<std::string> derived = {"schema_version", "messages_per_second", "mode"};
  const json good = json::parse(to_json(full_document()));
  int refused = 0;
  for (const auto& place : places(good)) {
    for (const json& other :
         {json(nullptr), json("text"), json(7), json(-1), json(0.5), json(1e300), json(true),
          json(json::object()), json(json::array()), json(json::array({1, 2, 3}))}) {
      json bad = good;
      bad[place] = other;
      const auto read = from_json(bad.dump());
      if (!read) {
        ++refused;
        EXPECT_TRUE(is_about(read.error(), place))
            << place.to_string() << " " << other << ": " << read.error();
      } else if (place.empty() || !derived.contains(place.back())) {
        EXPECT_EQ(json::parse(to_json(*read))[place], other) << place.to_string();
      }
    }
  }
  EXPECT_GT(refused, 1500);
}

TEST(ResultReader, NamesThePlaceTheValueAndWhatShouldBeThere) {
  const json good = json::parse(to_json(full_document()));
  const std::vector<std::tuple<std::string, json, std::string>> wrong = {
      {"/complete", 1, "/complete 1: must be true or false"},
      {"/seed", -1, "/seed -1: must be a whole number from 0 to 18446744073709551615"},
      {"/seed", 1.5, "/seed 1.5: must be a whole number from 0 to 18446744073709551615"},
      {"/tool/name", nullptr, "/tool/name null: must be a string"},
      {"/host", json::array({1}), "/host [...]: must be an object"},
      {"/series", json::array(), "the document must have at least one series"},
      {"/series/0/samples", {{"a", 1}}, "/series/0/samples {...}: must be an array"},
      {"/series/0/samples/1/round", 4294967296,
       "/series/0/samples/1/round 4294967296: must be a whole number from 0 to 4294967295"},
      {"/series/0/samples/1/seconds", -0.5,
       "/series/0/samples/1/seconds -0.5: must be a number of at least 0"},
      {"/series/1/spec/wait", "sleepy",
       "/series/1/spec/wait \"sleepy\": must be one of adaptive, busy-spin, yielding, backoff, "
       "blocking, none"},
      {"/series/1/spec/wait", std::string(100, 'x'),
       "/series/1/spec/wait \"" + std::string(59, 'x') +
           "...: must be one of adaptive, busy-spin, yielding, backoff, blocking, none"},
      {"/series/0/spec/ring_bits", 21,
       "/series/0/spec/ring_bits 21: must be a whole number from 1 to 20"},
      {"/series/0/spec/producers", 0,
       "/series/0/spec/producers 0: must be a whole number from 1 to 128"},
      {"/series/0/spec/payload_bytes", 5,
       "/series/0/spec/payload_bytes 5: must be one of 4, 8, 16, 32, 64, 128, 256, 512, 1024"},
      {"/series/0/spec/duration_s", nullptr,
       "/series/0/spec: must have a number in one of duration_s and messages_per_producer, and "
       "null in the other"},
      {"/series/0/spec/consume", "read",
       "/series/0/samples/0/verification/reordered 0: must be null in this mode"},
      {"/series/0/summary/messages_per_second/ci95", json::array({1}),
       "/series/0/summary/messages_per_second/ci95 [...]: must be an array of two numbers or null"},
      {"/series/0/summary/messages_per_second/ci95/1", "2",
       "/series/0/summary/messages_per_second/ci95/1 \"2\": must be a number of at least 0"},
  };
  for (const auto& [place, value, expected] : wrong) {
    json bad = good;
    bad[json::json_pointer(place)] = value;
    EXPECT_EQ(refusal(bad), expected);
  }
}

TEST(ResultReader, DoesNotThrowWhateverTheBytesAre) {
  const std::string text = to_json(document());
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (const char byte : {'\0', '"', '9', '}', '\xff'}) {
      std::string damaged = text;
      damaged[i] = byte;
      EXPECT_NO_THROW(static_cast<void>(from_json(damaged))) << i;
    }
  }
}

TEST(ResultReader, CopesWithDeepNestingAndManyKeys) {
  constexpr std::size_t kMany = 300'000;
  EXPECT_FALSE(from_json(std::string(kMany, '[')));
  std::string keys;
  for (std::size_t i = 0; i < kMany; ++i) keys += "\"" + std::to_string(i) + "\": 0, ";
  const auto document_with = [&](std::size_t levels) {
    std::string text = to_json(document());
    text.insert(1, keys + "\"deep\": " + std::string(levels, '[') + std::string(levels, ']') + ",");
    return from_json(text);
  };
  const auto read = document_with(999);
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(*read, document());
  EXPECT_EQ(document_with(1000).error(), "it is nested more than 1000 deep");
  EXPECT_EQ(document_with(kMany).error(), "it is nested more than 1000 deep");
}

TEST(ResultReader, RefusesMoreValuesThanMemoryShouldHold) {
  std::string many = "[";
  for (std::size_t i = 0; i < 20'000'001; ++i) many += "0,";
  EXPECT_EQ(from_json(many).error(), "it has more than 20000000 values");
}

TEST(ResultReader, RefusesAKeyThatAnObjectHasTwice) {
  const std::string good = to_json(document());
  for (const auto& [before, again, key] :
       {std::tuple{"\"complete\":", "\"complete\": false,", "complete"},
        std::tuple{"\"hostname\":", "\"hostname\": \"other\", ", "hostname"},
        std::tuple{"\"seconds\":", "\"seconds\": 1, ", "seconds"},
        std::tuple{"\"complete\":", "\"unknown\": 1, \"unknown\": 1, ", "unknown"}}) {
    std::string text = good;
    text.insert(good.find(before), again);
    const auto read = from_json(text);
    ASSERT_FALSE(read) << key;
    EXPECT_EQ(read.error(), std::string("the key \"") + key + "\" is there twice");
  }
  std::string text = good;
  text.insert(1, R"("a": {"a": {"a": 1}, "b": [{"a": 1}, {"a": 2}]},)");
  EXPECT_TRUE(from_json(text)) << "the same key in different objects";
}

}  // namespace
}  // namespace bench::testing
