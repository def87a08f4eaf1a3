// The commands topology and latency as a user runs them, and results in several formats.

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "cli/document.hpp"
#include "cli/process.hpp"
#include "ringmpsc/detail/platform.hpp"
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

TEST(TopologyCommand, OffersNoFormatThatItDoesNotWrite) {
  const Outcome ending = bench({"topology", "--output", "a.hgrm"});
  EXPECT_EQ(ending.exit_code, 2);
  EXPECT_NE(ending.err.find("writes json, csv only"), std::string::npos) << ending.err;
  const Outcome named = bench({"topology", "--format", "google-benchmark", "--output", "a"});
  EXPECT_EQ(named.exit_code, 2);
  EXPECT_NE(named.err.find("--format google-benchmark"), std::string::npos) << named.err;
  const std::string help = bench({"topology", "--help"}).out;
  for (const char* const format : {"hgrm", "google-benchmark"}) {
    EXPECT_EQ(help.find(format), std::string::npos) << help;
    EXPECT_NE(bench({"--help"}).out.find(format), std::string::npos);
  }
}

TEST_F(Exports, OfTheMachineAsAMatrixHaveTheMediansOfTheDocument) {
  const Outcome outcome = bench({"topology", "--time", "200ms", "--output", path("m.csv"),
                                 "--output", path("m.json"), "--quiet"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto json = nlohmann::json::parse(text("m.json"));
  EXPECT_EQ(complaints(schema("topology"), json), "");
  const std::string csv = text("m.csv");
  const std::size_t cpus = json["allowed_cpus"].size();
  EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(csv, '\n')), cpus);
  EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(csv, ',')), cpus * (cpus - 1));
  if (cpus == 2) {
    // A number without a fraction is written as "271" here and as "271.0" there.
    const double ns = json["probes"]["core_to_core_ns"][0]["p50"];
    const std::string cell = csv.substr(1, csv.find('\n') - 1);
    EXPECT_EQ(std::stod(cell), ns) << csv;
    EXPECT_EQ(csv, "," + cell + "\n" + cell + ",\n");
  }
  const Outcome again = bench({"show", path("m.json"), "--format", "csv", "--output", "-"});
  EXPECT_EQ(again.out, csv) << again.err;
}

TEST_F(Exports, OfTheMachineMayHaveAnyNameIfTheFormatIsSaid) {
  const Outcome outcome =
      bench({"topology", "--output", path("a.csv"), "--format", "json", "--quiet"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(complaints(schema("topology"), nlohmann::json::parse(text("a.csv"))), "");
}

TEST_F(Exports, OfLatencyForHdrHistogramHaveOneSeriesEach) {
  const std::vector<std::string> latency = {"latency", "--rate", "1k,2k"};
  std::vector<std::string> arguments = latency;
  arguments.insert(arguments.end(), brief.begin(), brief.end());
  arguments.insert(arguments.end(),
                   {"--output", path("{series}.hgrm"), "--output", path("r.json"), "-q"});
  const Outcome outcome = bench(arguments);
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(entries(), 3);
  const auto document = valid_document(text("r.json"));
  for (const auto& series : document["series"]) {
    const std::string hgrm = text(series["name"].get<std::string>() + ".hgrm");
    EXPECT_TRUE(hgrm.starts_with("       Value     Percentile TotalCount 1/(1-Percentile)\n\n"))
        << hgrm;
    std::uint64_t count = 0;
    for (const auto& in_bucket : series["latency_ns"]["histogram"]["counts"]) {
      count += in_bucket.get<std::uint64_t>();
    }
    EXPECT_NE(hgrm.find(" 1.000000000000 " + std::string(10 - std::to_string(count).size(), ' ') +
                        std::to_string(count) + "\n"),
              std::string::npos)
        << hgrm;
  }
  const Outcome several = bench({"show", path("r.json"), "--output", path("one.hgrm")});
  EXPECT_EQ(several.exit_code, 2);
  EXPECT_NE(several.err.find("{series}.hgrm"), std::string::npos) << several.err;
  EXPECT_EQ(entries(), 3);
  const std::string first = document["series"][0]["name"].get<std::string>() + ".hgrm";
  const std::string before = text(first);
  EXPECT_EQ(bench({"show", path("r.json"), "-q", "--output", path("{series}.hgrm")}).exit_code, 0);
  EXPECT_EQ(text(first), before);
}

TEST_F(Exports, OfOneQueueForHdrHistogramAreNotAboutTheLimitBesideIt) {
  std::vector<std::string> arguments = {"latency",  "--output",     path("one.hgrm"),
                                        "--output", path("r.json"), "-q"};
  arguments.insert(arguments.end(), brief.begin(), brief.end());
  const Outcome outcome = bench(arguments);
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto document = valid_document(text("r.json"));
  ASSERT_EQ(document["series"][1]["name"], "bounce");
  const Outcome each = bench({"show", path("r.json"), "-q", "--output", path("{series}.hgrm")});
  EXPECT_EQ(each.exit_code, 0) << each.err;
  EXPECT_EQ(entries(), 4);
  EXPECT_EQ(text("ringmpsc.hgrm"), text("one.hgrm"));
  EXPECT_NE(text("bounce.hgrm"), text("one.hgrm"));
}

TEST_F(Exports, OfASaturatedSeriesAreNotWrittenForHdrHistogram) {
  std::vector<std::string> arguments = {"latency", "--rate", "1000G"};
  arguments.insert(arguments.end(), brief.begin(), brief.end());
  arguments.insert(arguments.end(), {"--format", "hgrm", "--output", "-"});
  const Outcome outcome = bench(arguments);
  EXPECT_EQ(outcome.exit_code, 3) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  EXPECT_NE(outcome.err.find("not written: "), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("was saturated"), std::string::npos) << outcome.err;
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
  for (const auto& in_bucket : series["latency_ns"]["histogram"]["counts"]) {
    counted += in_bucket.get<std::uint64_t>();
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
    // The first message is due at the start and the last one at the end: one more than intervals.
    EXPECT_LE(sample["messages"].get<double>(), 10'000.001 * sample["seconds"].get<double>() + 1)
        << "more than was offered";
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
  // The last of 4 messages is due after 0.15 s at one rate and 0.075 s at the other, in two trials.
  const Outcome outcome = bench({"latency", "--rate", "20,40", "--messages", "4", "--trials", "2",
                                 "--warmup", "0", "--output", "-"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const std::size_t at = outcome.err.find("about ");
  ASSERT_NE(at, std::string::npos) << outcome.err;
  EXPECT_GE(std::stod(outcome.err.substr(at + 6)), 0.4) << outcome.err;
  for (const auto& series :
       valid_document(outcome.out)["series"].get<std::vector<nlohmann::json>>()) {
    EXPECT_EQ(series["samples"].size(), 2U);
  }
}

TEST(Machines, ThatHwlocInventsAreNotMeasured) {
  for (const char* const machine : {"pack:2 core:512 pu:1", "pack:2 core:1 pu:1"}) {
    for (const auto& [command, claims_to_be_this] :
         {std::pair{"run", "0"}, std::pair{"run", "1"}, std::pair{"topology", "1"}}) {
      const Outcome outcome = run(
          {.arguments = {command, "-q"},
           .environment = {{"HWLOC_SYNTHETIC", machine}, {"HWLOC_THISSYSTEM", claims_to_be_this}}});
      EXPECT_EQ(outcome.exit_code, 3) << command;
      EXPECT_NE(outcome.err.find("HWLOC_SYNTHETIC=" + std::string(machine)), std::string::npos)
          << outcome.err;
    }
  }
}

TEST(Machines, ThatRefuseToTellTheAffinityAreMeasuredNevertheless) {
#ifdef RINGMPSC_SANITIZED
  GTEST_SKIP() << "a sanitizer's runtime asks for the affinity itself, and ends if it is refused";
#endif
  const Outcome outcome =
      run({.arguments = {"--duration", "20ms", "--trials", "2", "--output", "-"},
           .refused_call = SYS_sched_getaffinity,
           .only_cpu = 0});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto document = valid_document(outcome.out);
  EXPECT_EQ(document["host"]["topology"]["allowed_pus"], 1);
  EXPECT_EQ(document["series"][0]["placement"]["pinned"], true);
}

/// A control group of the test, with half a CPU; absent where none can be made.
class HalfACpu {
 public:
  HalfACpu() {
    for (const char* const mount : {"/sys/fs/cgroup", "/sys/fs/cgroup/cpu"}) {
      const std::filesystem::path group =
          std::filesystem::path(mount) / ("ringmpsc-test-" + std::to_string(getpid()));
      std::error_code error;
      if (!std::filesystem::create_directory(group, error)) continue;
      const bool limited = write(group / "cpu.max", "50000 100000") ||
                           (write(group / "cpu.cfs_period_us", "100000") &&
                            write(group / "cpu.cfs_quota_us", "50000"));
      if (limited) {
        group_ = group;
        return;
      }
      std::filesystem::remove(group, error);
    }
  }
  HalfACpu(const HalfACpu&) = delete;
  HalfACpu& operator=(const HalfACpu&) = delete;
  ~HalfACpu() {
    std::error_code error;
    if (!group_.empty()) std::filesystem::remove(group_, error);
  }
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return group_; }

 private:
  static bool write(const std::filesystem::path& file, const char* text) {
    if (!std::filesystem::exists(file)) return false;
    std::ofstream out(file);
    out << text << std::flush;
    return out.good();
  }
  std::filesystem::path group_;
};

TEST(Machines, WithACpuQuotaSayThatItWasMeasured) {
  const HalfACpu group;
  if (group.path().empty()) GTEST_SKIP() << "no control group can be made here";
  const Outcome outcome =
      run({.arguments = {"-c", "echo $$ > '" + (group.path() / "cgroup.procs").string() +
                                   "' && exec '" RINGMPSC_BENCH_PROGRAM
                                   "' --duration 300ms --trials 6 --output -"},
           .program = "/bin/sh"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto document = valid_document(outcome.out);
  EXPECT_EQ(document["host"]["cpu_quota"], 0.5);
  EXPECT_GT(document["activity"]["throttling"]["throttled_periods"], 0);
  EXPECT_TRUE(has_caveat(document, "throttled"));
  EXPECT_FALSE(has_caveat(document, "preempted")) << "nobody else is to blame";
  EXPECT_GT(document["series"][0]["samples"][0]["throttled_s"], 0);
}

TEST(LatencyCommand, HasOnlyThePercentilesThatItsMessagesCanTell) {
  const auto begin = std::chrono::steady_clock::now();
  const Outcome outcome =
      bench({"latency", "--rate", "1", "--duration", "20ms", "--trials", "2", "--output", "-"});
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto document = valid_document(outcome.out);
  const auto& series = document["series"][0];
  for (const char* const percentile : {"p50", "p90", "p99", "p99_9", "p99_99"}) {
    EXPECT_TRUE(series["latency_ns"][percentile].is_null()) << percentile;
  }
  EXPECT_TRUE(has_caveat(document, "few_messages"));
  double seconds = 0;
  for (const auto& sample : series["samples"]) seconds += sample["seconds"].get<double>();
  EXPECT_LT(seconds, elapsed.count()) << "a trial's time is what passed, whatever was due";
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
