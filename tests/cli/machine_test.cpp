// The commands topology and latency as a user runs them, and results in several formats.

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "cli/document.hpp"
#include "cli/process.hpp"
#include "schema/schema.hpp"
#include "scratch_directory.hpp"

namespace bench::testing {
namespace {

using Exports = InScratchDirectory;

const std::vector<std::string> brief = {"--trials", "2", "--warmup", "0", "--duration", "10ms"};

Outcome brief_run(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), brief.begin(), brief.end());
  return bench(std::move(arguments));
}

TEST(TopologyCommand, ShowsAPageAndWritesADocument) {
  const Outcome page = bench({"topology", "--producers", "3"});
  EXPECT_EQ(page.exit_code, 0) << page.err;
  EXPECT_NE(page.out.find("placement of 3 producers"), std::string::npos) << page.out;
  const Outcome json = bench({"topology", "--output", "-"});
  EXPECT_EQ(json.exit_code, 0) << json.err;
  EXPECT_EQ(complaints(schema("topology"), nlohmann::json::parse(json.out)), "");
}

TEST(TopologyCommand, WritesACompleteDocumentOnOneCpu) {
  const Outcome outcome = run({.arguments = {"topology", "--output", "-"}, .only_cpu = 0});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(complaints(schema("topology"), json), "");
  EXPECT_EQ(json["allowed_cpus"], nlohmann::json::array({0}));
  EXPECT_EQ(json["pairs"], 0);
}

TEST(TopologyCommand, WritesJsonOnly) {
  const Outcome outcome = bench({"topology", "--output", "a.csv"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_NE(outcome.err.find("JSON only"), std::string::npos) << outcome.err;
}

TEST_F(Exports, HaveTheFormatOfTheirEnding) {
  const Outcome outcome = brief_run({"--output", path("a.json"), "--output", path("b.csv"), "-q"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  expect_verified(valid_document(text("a.json")));
  const std::string csv = text("b.csv");
  EXPECT_TRUE(csv.starts_with("series,queue,")) << csv;
  EXPECT_EQ(std::ranges::count(csv, '\n'), 3);
}

TEST_F(Exports, TakeTheGivenFormatsInOrder) {
  const Outcome outcome = brief_run(
      {"--output", path("a"), "--format", "google-benchmark", "--output", "-", "--format", "csv"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_TRUE(outcome.out.starts_with("series,queue,")) << outcome.out;
  EXPECT_TRUE(nlohmann::json::parse(text("a")).contains("benchmarks"));
}

TEST(Formats, ThatFitNoOutputAreRefused) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"--format", "csv"},
        {"--format", "csv", "--format", "json", "--output", "-"},
        {"--format", "xml", "--output", "-"},
        {"--output", "a", "--output", "a"},
        {"--output", "not-there", "--output", "./not-there"},
        {"--output", "/tmp/not-there", "--output", "/tmp/../tmp/not-there"},
        {"--output", "-", "--output", "/dev/fd/1"},
        {"--output", "-", "--output", "/dev/stdout"}}) {
    const Outcome outcome = bench(words);
    EXPECT_EQ(outcome.exit_code, 2) << words.back();
    EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1) << outcome.err;
  }
}

TEST(LatencyCommand, TimesRoundTrips) {
  const Outcome outcome = brief_run({"latency", "--output", "-"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto series = valid_document(outcome.out)["series"][0];
  EXPECT_EQ(series["spec"]["pattern"], "round-trip");
  EXPECT_EQ(series["latency_ns"]["load"], nullptr);
  std::uint64_t counted = 0;
  for (const auto& bucket : series["latency_ns"]["histogram"]["buckets"]) {
    counted += bucket["count"].get<std::uint64_t>();
  }
  EXPECT_EQ(counted, series["verification"]["received"]);
}

TEST(LatencyCommand, TimesMessagesThatAreDueAtARate) {
  const Outcome outcome = brief_run({"latency", "--rate", "10k", "--output", "-"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto series = valid_document(outcome.out)["series"][0];
  EXPECT_EQ(series["spec"]["pattern"], "one-way");
  EXPECT_EQ(series["latency_ns"]["load"]["offered_rate"], 10'000);
  for (const auto& sample : series["samples"]) {
    EXPECT_LE(sample["messages_per_second"], 10'000.001) << "more than was offered";
  }
}

TEST(LatencyCommand, ShowsTheRateAndNoTimesPastSaturation) {
  const Outcome outcome = brief_run({"latency", "--rate", "100G"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("saturated"), std::string::npos) << outcome.out;
  EXPECT_EQ(outcome.out.find("p99"), std::string::npos) << outcome.out;
}

TEST(LatencyCommand, MeasuresACurveOfSeveralRates) {
  const Outcome outcome =
      brief_run({"latency", "--rate", "1k,10k", "--queue", "ringmpsc,mutex-ring", "--output", "-"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto document = valid_document(outcome.out);
  expect_verified(document);
  EXPECT_EQ(document["sweep"]["axes"][1]["values"], nlohmann::json::array({"1k", "10k"}));
  ASSERT_EQ(document["series"].size(), 4U);
  for (const auto& series : document["series"]) {
    EXPECT_EQ(series["latency_ns"]["load"]["offered_rate"],
              series["parameters"][1]["value"] == "1k" ? 1'000 : 10'000);
  }
  EXPECT_EQ(document["series"][3]["comparisons"][0]["reference"], "queue=ringmpsc rate=10k");
  EXPECT_TRUE(document["clock"]["overhead_ns"].is_number());
}

TEST(LatencyCommand, AnnouncesTheTimeThatSchedulesTake) {
  // The 4 messages are due within 0.2 s at one rate and within 0.1 s at the other, in two trials.
  const Outcome outcome = bench({"latency", "--rate", "20,40", "--messages", "4", "--trials", "2",
                                 "--warmup", "0", "--output", "-"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const std::size_t at = outcome.err.find("about ");
  ASSERT_NE(at, std::string::npos) << outcome.err;
  EXPECT_GE(std::stod(outcome.err.substr(at + 6)), 0.6) << outcome.err;
  for (const auto& series :
       valid_document(outcome.out)["series"].get<std::vector<nlohmann::json>>()) {
    EXPECT_EQ(series["samples"].size(), 2U);
  }
}

TEST(LatencyCommand, FindsTheRatesOfACurveItself) {
  const Outcome outcome = brief_run({"latency", "--rate", "auto", "--output", "-"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto document = valid_document(outcome.out);
  expect_verified(document);
  const auto& all = document["series"];
  ASSERT_GT(all.size(), 3U);
  for (std::size_t i = 1; i < all.size(); ++i) {
    EXPECT_LT(all[i - 1]["spec"]["rate"], all[i]["spec"]["rate"]);
  }
}

TEST(LatencyCommand, RefusesInvalidRates) {
  for (const char* const rates : {"1M,auto", "1M,1000k", "1M,", "", "fast"}) {
    const Outcome outcome = bench({"latency", "--rate", rates});
    EXPECT_EQ(outcome.exit_code, 2) << rates;
    EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1) << outcome.err;
  }
}

TEST(LatencyCommand, RefusesARateUnlessThePatternIsOneWay) {
  for (const char* const pattern : {"round-trip", "stream"}) {
    const Outcome outcome = bench({"latency", "--pattern", pattern, "--rate", "1M"});
    EXPECT_EQ(outcome.exit_code, 2) << pattern;
    EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1) << outcome.err;
  }
}

}  // namespace
}  // namespace bench::testing
