// The command `sweep` as a user runs it.

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cli/document.hpp"
#include "cli/process.hpp"
#include "ringmpsc/detail/platform.hpp"
#include "scratch_directory.hpp"

namespace bench::testing {
namespace {

using std::chrono::milliseconds;

class Sweeps : public InScratchDirectory {
 protected:
  [[nodiscard]] std::string file(const std::string& rest) const {
    return make("mine.json", R"({"description": "d", )" + rest + "}");
  }
};

TEST_F(Sweeps, AreListedEachWithASentence) {
  const Outcome outcome = bench({"sweep", "--list"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  for (const char* const name :
       {"quick ", "scaling ", "presets ", "batch ", "payload ", "ring-size ", "latency ", "ci ",
        "hardware ", "seed ", "seed-methods "}) {
    EXPECT_NE(("\n" + outcome.out).find(std::string("\n") + name), std::string::npos) << name;
  }
}

TEST_F(Sweeps, MeasureEveryCombinationAndAnnounceIt) {
  const std::string path = file(
      R"("fixed": {"trials": 2, "duration": "10ms", "batch": "32"},
         "axes": {"queue": ["ringmpsc", "mutex-ring"], "producers": [1, 2],
                  "consume": ["verify", "count"]},
         "exclude": [{"queue": "mutex-ring", "consume": "count"}])");
  const Outcome outcome = bench({"sweep", path, "--output", "-"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_NE(outcome.err.find("6 series, 2 trials each: about "), std::string::npos) << outcome.err;
  const auto document = valid_document(outcome.out);
  EXPECT_EQ(document["sweep"]["name"], "mine");
  EXPECT_EQ(document["sweep"]["trials"], 2);
  EXPECT_EQ(document["sweep"]["axes"][1]["key"], "producers");
  EXPECT_EQ(document["sweep"]["axes"][1]["values"], nlohmann::json({"1", "2"}));
  ASSERT_EQ(document["series"].size(), 6U);
  std::set<std::string> names;
  for (const auto& series : document["series"]) {
    names.insert(series["name"]);
    EXPECT_EQ(series["spec"]["batch"], 32);
    std::map<std::string, std::string> place;
    for (const auto& parameter : series["parameters"]) {
      place[parameter["key"]] = parameter["value"];
    }
    EXPECT_EQ(std::to_string(series["spec"]["producers"].get<int>()), place["producers"]);
    EXPECT_EQ(series["spec"]["queue"], place["queue"]);
    EXPECT_EQ(series["verification"]["sent"], series["verification"]["received"]);
    const bool counts = series["spec"]["consume"] == "count";
    EXPECT_EQ(std::ranges::any_of(series["caveats"],
                                  [](const auto& c) { return c["code"] == "not_end_to_end"; }),
              counts);
    EXPECT_EQ(series["comparisons"].size(), series["spec"]["queue"] == "mutex-ring" ? 1U : 0U);
  }
  EXPECT_EQ(names.size(), 6U);
}

TEST_F(Sweeps, ArePrintedAsTheyAre) {
  const std::string mine = make("mine.json", "{ \"axes\": {\"batch\": [1]}, }\n");  // not yet right
  const Outcome own = bench({"sweep", "--print", mine});
  EXPECT_EQ(own.exit_code, 0) << own.err;
  EXPECT_EQ(own.out, text("mine.json"));
  const Outcome named = bench({"sweep", "--print", "ci"});
  EXPECT_EQ(named.exit_code, 0) << named.err;
  const std::string copy = make("copy.json", named.out);
  const Outcome run_of_copy =
      bench({"sweep", copy, "--trials", "1", "--warmup", "0", "--duration", "1ms", "-q"});
  EXPECT_EQ(run_of_copy.exit_code, 0) << run_of_copy.err;
}

TEST_F(Sweeps, AreListedWithoutADescriptionToo) {
  // An installed program has its sweeps beside it.
  std::filesystem::create_directory(path("bin"));
  std::filesystem::copy_file(RINGMPSC_BENCH_PROGRAM, path("bin/ringmpsc-bench"));
  make("share/ringmpsc-bench/configs/bare.json", R"({"axes": {"batch": [1, 2]}})");
  make("share/ringmpsc-bench/configs/told.json",
       R"({"description": "Tells.", "axes": {"batch": [1, 2]}})");
  const Outcome outcome =
      run({.arguments = {"sweep", "--list"}, .program = path("bin/ringmpsc-bench")});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "bare\ntold          Tells.\n");
}

TEST_F(Sweeps, NeedNoDescription) {
  const std::string sweep = make(
      "mine.json", R"({"fixed": {"trials": 1, "duration": "2ms"}, "axes": {"batch": [1, 2]}})");
  EXPECT_EQ(bench({"sweep", sweep, "-q"}).exit_code, 0);
}

TEST_F(Sweeps, AreChangedByFlagsAndCutToAPart) {
  const std::string sweep = file(
      R"("fixed": {"trials": 9, "duration": "5ms"}, "axes": {"producers": [1, 2], "batch": [1, 8]},
         "exclude": [{"producers": 2, "batch": 8}])");
  const Outcome outcome =
      bench({"sweep", sweep, "--trials", "2", "--queue", "ringmpsc,mutex-ring", "--batch", "8,4",
             "--payload", "32", "--only", "producers=2", "--metrics", "--output", "-"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto document = valid_document(outcome.out);
  EXPECT_EQ(document["sweep"]["trials"], 2);
  EXPECT_EQ(document["sweep"]["axes"].dump(),
            R"([{"key":"producers","values":["2"]},{"key":"batch","values":["4"]},)"
            R"({"key":"queue","values":["ringmpsc","mutex-ring"]}])");
  ASSERT_EQ(document["series"].size(), 2U);
  for (const auto& series : document["series"]) {
    EXPECT_EQ(series["spec"]["payload_bytes"], 32);
    EXPECT_EQ(series["spec"]["metrics"], series["spec"]["queue"] == "ringmpsc");
    EXPECT_EQ(series["samples"].size(), 2U);
  }
  EXPECT_EQ(document["series"][1]["comparisons"].size(), 1U) << "with the first queue";
}

TEST_F(Sweeps, OfSeveralPartsSurveyTheCpusFirstAndKeepThatWhenResumed) {
  const std::string sweep = file(
      R"("core_to_core": "1s", "fixed": {"trials": 60, "duration": "5ms"},
         "parts": [{"axes": {"pattern": ["stream"], "batch": [1, 8]}},
                   {"fixed": {"duration": "10ms"},
                    "axes": {"pattern": ["one-way"], "rate": ["10k"]}}])");
  const Outcome first = run({.arguments = {"sweep", sweep, "--output", path("part.json"), "-q"},
                             .signals = {{milliseconds(1200), SIGINT}}});
  ASSERT_EQ(first.exit_code, 130) << first.err;
  const auto part = valid_document(text("part.json"));
  const Outcome outcome =
      bench({"sweep", sweep, "--resume", path("part.json"), "--output", path("whole.json")});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto whole = valid_document(text("whole.json"));
  ASSERT_EQ(whole["series"].size(), 3U);
  EXPECT_EQ(whole["series"][0]["name"], "pattern=stream batch=1");
  EXPECT_EQ(whole["series"][2]["name"], "pattern=one-way rate=10k");
  EXPECT_EQ(whole["series"][2]["parameters"].size(), 2U);
  EXPECT_EQ(whole["sweep"]["axes"].size(), 3U);
  for (const auto& series : whole["series"]) EXPECT_EQ(series["samples"].size(), 60U);
  const auto& survey = whole["survey"];
  EXPECT_EQ(survey["complete"], true);
  EXPECT_EQ(survey["allowed_cpus"].size(), whole["host"]["topology"]["allowed_pus"]);
  EXPECT_EQ(survey["tree"][0]["kind"], "Machine");
  if (part["survey"].is_object() && part["survey"]["complete"] == true) {
    EXPECT_EQ(survey, part["survey"]);
  }
  EXPECT_NE(outcome.out.find("\npattern stream\n"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("\npattern one-way\n"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("\ncore to core: "), std::string::npos) << outcome.out;
  const Outcome again = bench({"show", path("whole.json")});
  EXPECT_EQ(again.out, outcome.out);
}

TEST_F(Sweeps, ThatFlagsChangedAreResumedWithTheSameFlags) {
  const std::string sweep = file(
      R"("fixed": {"trials": 9, "duration": "20ms"}, "axes": {"producers": [1, 2], "batch": [1]})");
  const std::string part = path("part.json");
  const std::vector<std::string> changed = {"sweep", sweep, "--trials", "90", "--batch", "4,8"};
  std::vector<std::string> arguments = changed;
  arguments.insert(arguments.end(), {"--only", "producers=1", "--output", part, "-q"});
  const Outcome first = run({.arguments = arguments, .signals = {{milliseconds(1500), SIGINT}}});
  ASSERT_EQ(first.exit_code, 130) << first.err;
  const auto resumed = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"sweep", sweep, "--resume", part, "-q"});
    return bench(std::move(more));
  };
  const std::vector<std::pair<std::vector<std::string>, std::string>> others = {
      {{}, "it has 90 trials of each series, and this sweep 9;"},
      {{"--trials", "90"},
       "its axes are producers=1 batch=4,8, and this sweep's are producers=1,2"},
      {{"--trials", "90", "--batch", "4,8", "--only", "producers=1", "--duration", "9ms"},
       "duration_s"},
      {{"--trials", "90", "--batch", "4,8", "--only", "producers=1", "--seed", "2"},
       "its seed is 1"},
  };
  for (const auto& [flags, named] : others) {
    const Outcome refused = resumed(flags);
    EXPECT_EQ(refused.exit_code, 2) << named;
    EXPECT_EQ(std::ranges::count(refused.err, '\n'), 1) << refused.err;
    EXPECT_NE(refused.err.find(named), std::string::npos) << refused.err;
    EXPECT_NE(refused.err.find("--trials 90 --batch 4,8 --only producers=1"), std::string::npos)
        << "the flags that it needs: " << refused.err;
  }
  const Outcome whole =
      resumed({"--trials", "90", "--batch", "4,8", "--only", "producers=1", "--output", "-"});
  ASSERT_EQ(whole.exit_code, 0) << whole.err;
  for (const auto& series : valid_document(whole.out)["series"]) {
    EXPECT_EQ(series["samples"].size(), 90U);
  }
}

TEST_F(Sweeps, ShowATableAndAreQuietWhenTold) {
  const std::string path = file(
      R"("fixed": {"trials": 1, "messages": 1000, "warmup": 0}, "axes": {"producers": [1, 2]})");
  const Outcome outcome = bench({"sweep", path});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("sweep mine: 2 series"), std::string::npos) << outcome.out;
  const Outcome quiet = bench({"sweep", path, "--quiet", "--log-level", "error"});
  EXPECT_EQ(quiet.out + quiet.err, "");
}

TEST_F(Sweeps, KeepWhatWasMeasuredWhenInterrupted) {
  const std::string path = file(
      R"("fixed": {"trials": 1000, "duration": "20ms", "warmup": 0}, "axes": {"batch": [1, 64]})");
  const Outcome outcome = run(
      {.arguments = {"sweep", path, "--output", "-"}, .signals = {{milliseconds(2500), SIGINT}}});
  EXPECT_EQ(outcome.exit_code, 130) << outcome.err;
  const auto document = valid_document(outcome.out);
  EXPECT_EQ(document["complete"], false);
  EXPECT_EQ(document["sweep"]["trials"], 1000);
  for (const auto& series : document["series"]) EXPECT_GE(series["samples"].size(), 1U);
}

TEST_F(Sweeps, ThatAreWrittenWrongAreRefusedInOneLine) {
  struct Mistake {
    std::vector<std::string> arguments;
    std::vector<std::string> named;
  };
  const std::string wrong = file(R"("axes": {"producers": [1, 2, 300]})");
  const std::vector<Mistake> mistakes = {
      {{"sweep", wrong}, {"mine.json: axes.producers[2] 300: must be between 1 and 128"}},
      {{"sweep"}, {"--list"}},
      {{"sweep", "quik"}, {"quik", "did you mean quick?"}},
      {{"sweep", "./missing.json"}, {"./missing.json: No such file"}},
      {{"sweep", directory_.string()}, {"Is a directory"}},
      {{"sweep", "quick", "scaling"}, {"scaling", "not expected"}},
      {{"swep", "quick"}, {"did you mean sweep?"}},
  };
  for (const auto& [arguments, named] : mistakes) {
    const Outcome outcome = bench(arguments);
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1) << outcome.err;
    for (const std::string& part : named) {
      EXPECT_NE(outcome.err.find(part), std::string::npos) << part << " not in: " << outcome.err;
    }
  }
}

TEST_F(Sweeps, RefuseSeveralProducersOnAQueueForOneUnlessExcluded) {
  const std::string axes =
      R"("fixed": {"trials": 1, "duration": "5ms"},
         "axes": {"queue": ["ringmpsc", "hand-off"], "producers": [1, 2]})";
  const Outcome refused = bench({"sweep", file(axes)});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_NE(refused.err.find("mine.json: queue=hand-off producers=2: "), std::string::npos)
      << refused.err;
  const Outcome excluded =
      bench({"sweep", file(axes + R"(, "exclude": [{"queue": "hand-off", "producers": 2}])")});
  EXPECT_EQ(excluded.exit_code, 0) << excluded.err;
}

TEST_F(Sweeps, NameTheFileAndTheCombinationThatCannotBeMeasured) {
  struct Mistake {
    std::string rest;
    std::string named;
  };
  const std::vector<Mistake> mistakes = {
      {R"("fixed": {"write": "deferred"}, "axes": {"batch": [1, 2]})",
       "mine.json: batch=2: --write"},
      {R"("axes": {"producers": [1, 4], "pattern": ["round-trip"]})",
       "mine.json: producers=4 pattern=round-trip: --pattern round-trip"},
      {R"("fixed": {"rate": "1M"}, "axes": {"pattern": ["one-way", "stream"]})",
       "mine.json: pattern=stream: --rate"},
  };
  for (const auto& [rest, named] : mistakes) {
    const Outcome outcome = bench({"sweep", file(rest)});
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1) << outcome.err;
    EXPECT_NE(outcome.err.find(named), std::string::npos) << named << " not in: " << outcome.err;
    EXPECT_NE(outcome.err.find("(or exclude it)"), std::string::npos) << outcome.err;
  }
}

/// Every trial is a second slower than it was announced to be.
Outcome sweep_that_tires(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "sweep");
  return run({.arguments = std::move(arguments),
              .program = RINGMPSC_FAULTY_BENCH_PROGRAM,
              .environment = {{"FAULT", "tires"}}});
}

TEST_F(Sweeps, RunEveryTrialIfTheMachineGetsSlowerAndSayThatItTakesLonger) {
  const std::string sweep =
      file(R"("fixed": {"trials": 5, "duration": "5ms", "warmup": 0}, "axes": {"producers": [1]})");
  const Outcome outcome = sweep_that_tires({sweep, "--output", path("result.json")});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_NE(outcome.err.find("1 series, 5 trials each: about "), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("it takes longer than announced: "), std::string::npos) << outcome.err;
  EXPECT_EQ(outcome.err.find("longer than announced"), outcome.err.rfind("longer than announced"));
  EXPECT_EQ(outcome.out.find("were planned"), std::string::npos) << outcome.out;
  EXPECT_EQ(valid_document(text("result.json"))["series"][0]["samples"].size(), 5U);
}

TEST_F(Sweeps, WithATimeLimitLeaveOutTheLastRoundsAndHaveTheRestWhenResumed) {
  const std::string sweep = file(R"("time_limit": "3s", "axes": {"producers": [1]},
                                    "fixed": {"trials": 4, "duration": "5ms", "warmup": 0})");
  const std::string result = path("result.json");
  Outcome outcome = sweep_that_tires({sweep, "--output", result});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_NE(outcome.err.find(" of 4 trials each were run"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("time limit of 3 s"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("--resume"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.out.find("; 4 were planned, but"), std::string::npos) << outcome.out;
  auto document = valid_document(text("result.json"));
  EXPECT_EQ(document["complete"], true);
  EXPECT_EQ(document["sweep"]["trials"], 4);
  std::size_t samples = document["series"][0]["samples"].size();
  EXPECT_GE(samples, 1U);
  ASSERT_LT(samples, 4U);
  while (samples < 4) {
    outcome = sweep_that_tires({sweep, "--resume", result, "--output", result});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
    document = valid_document(text("result.json"));
    ASSERT_GT(document["series"][0]["samples"].size(), samples) << "each time runs some more";
    samples = document["series"][0]["samples"].size();
  }
}

TEST_F(Sweeps, OfFewMessagesDoNotWaitForTicksOfTheClock) {
  // Each trial takes 2 ms. A run is killed after two minutes, and with a tick of 100 ms for each
  // trial it would take longer.
  const std::string sweep = file(
      R"("fixed": {"trials": 1500, "messages": 20, "warmup": 0, "pattern": "one-way", "rate": "10k"},
         "axes": {"producers": [1]})");
  const Outcome outcome = bench({"sweep", sweep, "--output", "-"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(valid_document(outcome.out)["series"][0]["samples"].size(), 1500U);
}

TEST_F(Sweeps, ThatDoNotFitIntoMemoryAreRefusedBeforeMeasuring) {
#ifdef RINGMPSC_SANITIZED
  GTEST_SKIP() << "a sanitizer takes more address space than the limit";
#endif
  const Outcome outcome = run(
      {.arguments = {"sweep", file(R"("fixed": {"payload": 1024, "duration": "1h", "ring_bits": 20},
                             "axes": {"producers": [1, 128]})")},
       .address_space = std::size_t{1} << 30});
  EXPECT_EQ(outcome.exit_code, 3) << outcome.err;
  EXPECT_NE(outcome.err.find("producers="), std::string::npos) << outcome.err;
}

TEST_F(Sweeps, GoOnWhereTheyWereInterrupted) {
  const std::string sweep = file(
      R"("fixed": {"trials": 40, "duration": "20ms", "seed": 3}, "axes": {"producers": [1, 2]})");
  const Outcome first = run({.arguments = {"sweep", sweep, "--output", path("part.json"), "-q"},
                             .signals = {{milliseconds(1200), SIGINT}}});
  ASSERT_EQ(first.exit_code, 130) << first.err;
  const auto part = valid_document(text("part.json"));
  EXPECT_EQ(part["complete"], false);
  const auto count = [](const auto& document) {
    return document["series"][0]["samples"].size() + document["series"][1]["samples"].size();
  };
  EXPECT_GE(count(part), 1U);
  ASSERT_LT(count(part), 80U);

  const Outcome second = bench({"sweep", sweep, "--resume", path("part.json"), "--output", "-"});
  ASSERT_EQ(second.exit_code, 0) << second.err;
  EXPECT_NE(second.err.find(std::to_string(count(part)) + " of them already run"),
            std::string::npos)
      << second.err;
  const auto whole = valid_document(second.out);
  expect_verified(whole);
  EXPECT_EQ(whole["created_utc"], part["created_utc"]);
  EXPECT_EQ(whole["resumed_utc"].size(), 1U);
  for (std::size_t i = 0; i < 2; ++i) {
    const auto& samples = whole["series"][i]["samples"];
    const auto& kept = part["series"][i]["samples"];
    for (std::size_t k = 0; k < kept.size(); ++k) {
      EXPECT_EQ(samples[k]["messages"], kept[k]["messages"]);
      EXPECT_EQ(samples[k]["seconds"], kept[k]["seconds"]);
    }
    for (std::size_t k = 0; k < samples.size(); ++k) EXPECT_EQ(samples[k]["round"], k);
    EXPECT_GE(whole["series"][i]["verification"]["sent"],
              part["series"][i]["verification"]["sent"]);
  }

  make("whole.json", second.out);
  for (const auto& [name, word] :
       {std::pair{"whole.json", "complete"}, std::pair{"missing.json", "No such file"},
        std::pair{"mine.json", "not a result document"}}) {
    const Outcome refused = bench({"sweep", sweep, "--resume", path(name)});
    EXPECT_EQ(refused.exit_code, 2) << name;
    EXPECT_NE(refused.err.find(word), std::string::npos) << refused.err;
    EXPECT_EQ(std::ranges::count(refused.err, '\n'), 1) << refused.err;
  }
  const Outcome unnamed = bench({"sweep", "--resume", path("part.json")});
  EXPECT_EQ(unnamed.exit_code, 2);
  EXPECT_NE(unnamed.err.find("the file of the sweep"), std::string::npos) << unnamed.err;
}

}  // namespace
}  // namespace bench::testing
