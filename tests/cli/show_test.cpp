// The command show gives what the measurement gave: the page, other forms, and the exit code.

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <signal.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "cli/document.hpp"
#include "cli/process.hpp"
#include "scratch_directory.hpp"

namespace bench::testing {
namespace {

using std::chrono::milliseconds;

using Arguments = std::vector<std::string>;

class Shown : public InScratchDirectory {
 protected:
  /// Runs a command with few short trials, and keeps its document as r.json. Returns its page.
  [[nodiscard]] std::string measured(Arguments arguments) const {
    arguments.insert(arguments.end(), {"--output", path("r.json")});
    const Outcome outcome = bench(std::move(arguments));
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return outcome.out;
  }
};

const Arguments brief_trials = {"--trials", "2", "--warmup", "0", "--duration", "5ms"};

Arguments briefly(Arguments arguments) {
  arguments.insert(arguments.end(), brief_trials.begin(), brief_trials.end());
  return arguments;
}

TEST_F(Shown, IsThePageOfEveryCommand) {
  const std::string sweep = make("mine.json", R"({
    "description": "d", "fixed": {"trials": 2, "duration": "5ms"}, "axes": {"batch": [1, 16]}})");
  for (const Arguments& arguments : {briefly({}), briefly({"--queue", "ringmpsc,mutex-ring"}),
                                     briefly({"latency"}), briefly({"latency", "--rate", "1k,10k"}),
                                     Arguments{"sweep", sweep}, Arguments{"topology"}}) {
    const std::string page = measured(arguments);
    const Outcome again = bench({"show", path("r.json")});
    EXPECT_EQ(again.exit_code, 0) << again.err;
    EXPECT_EQ(again.out, page);
    EXPECT_EQ(again.err, "");
    const Outcome piped = run({.arguments = {"show", "-"}, .stdin_file = path("r.json")});
    EXPECT_EQ(piped.out, page);
  }
}

TEST_F(Shown, HasTheFormsOfTheMeasurement) {
  Arguments arguments = briefly(
      {"--output", path("m.csv"), "--output", path("m.gb"), "--output", path("r.json"), "-q"});
  arguments.insert(arguments.end(),
                   {"--format", "csv", "--format", "google-benchmark", "--format", "json"});
  ASSERT_EQ(bench(arguments).exit_code, 0);
  const Outcome outcome = bench({"show", path("r.json"), "--output", path("s.csv"), "--quiet"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(text("s.csv"), text("m.csv"));
  EXPECT_EQ(bench({"show", path("r.json"), "--output", "-", "--format", "google-benchmark"}).out,
            text("m.gb"));
  EXPECT_EQ(bench({"show", path("r.json"), "--output", "-"}).out, text("r.json"));
  EXPECT_NE(bench({"show", path("r.json"), "--color", "always"}).out.find('\x1b'),
            std::string::npos);
}

TEST_F(Shown, IsNeverOverwritten) {
  static_cast<void>(measured(briefly({})));
  const std::string before = text("r.json");
  for (const char* const flag : {"--output", "--markdown", "--junit"}) {
    const Outcome outcome = bench({"show", path("r.json"), flag, path("./r.json")});
    EXPECT_EQ(outcome.exit_code, 2) << flag;
    EXPECT_NE(outcome.err.find("would be overwritten"), std::string::npos) << outcome.err;
  }
  EXPECT_EQ(text("r.json"), before);
}

TEST_F(Shown, OfTheMachineHasNoFormOfAResult) {
  static_cast<void>(measured({"topology"}));
  const Outcome refused = bench({"show", path("r.json"), "--output", path("s.hgrm")});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_NE(refused.err.find("s.hgrm: "), std::string::npos) << refused.err;
  EXPECT_NE(refused.err.find("report of topology"), std::string::npos) << refused.err;
  EXPECT_EQ(bench({"show", path("r.json"), "--output", "-"}).out, text("r.json"));
}

TEST_F(Shown, EndsAsTheMeasurementOfAFaultyQueueDid) {
  struct Fault {
    const char* name;
    const char* length;
    const char* value;
    int exit_code;
    const char* said;
  };
  for (const auto& [name, length, value, exit_code, said] :
       {Fault{"loses", "--messages", "1500k", 1, "1 lost"},
        Fault{"refuses", "--duration", "10ms", 3, "no message was received"}}) {
    const Outcome outcome = run(
        {.arguments = {"--trials", "1", "--warmup", "0", length, value, "--output", path("r.json")},
         .program = RINGMPSC_FAULTY_BENCH_PROGRAM,
         .environment = {{"FAULT", name}}});
    ASSERT_EQ(outcome.exit_code, exit_code) << outcome.err;
    const Outcome again = bench({"show", path("r.json")});
    EXPECT_EQ(again.exit_code, exit_code) << again.err;
    EXPECT_EQ(again.out, outcome.out);
    EXPECT_EQ(again.err, outcome.err);
    EXPECT_NE(again.err.find(said), std::string::npos) << again.err;
  }
}

TEST_F(Shown, SaysAgainWhichRequirementsWereMissed) {
  const Outcome outcome =
      bench({"latency", "--trials", "1", "--warmup", "0", "--messages", "2k", "--require",
             "max<3600s", "--require", "max < 1ns", "--output", path("r.json")});
  ASSERT_EQ(outcome.exit_code, 1) << outcome.err;
  EXPECT_NE(outcome.out.find("required    max < 1ns: missed: max is "), std::string::npos)
      << outcome.out;
  EXPECT_NE(outcome.err.find("error: --require max < 1ns: missed by ringmpsc: max is "),
            std::string::npos)
      << outcome.err;
  const Outcome again = bench({"show", path("r.json")});
  EXPECT_EQ(again.exit_code, 1);
  EXPECT_EQ(again.out, outcome.out);
  EXPECT_EQ(again.err, outcome.err);
}

TEST_F(Shown, SaysThatAMeasurementWasInterrupted) {
  const Outcome outcome = run({.arguments = {"--duration", "1h", "--output", path("r.json")},
                               .signals = {{milliseconds(500), SIGINT}}});
  ASSERT_EQ(outcome.exit_code, 130) << outcome.err;
  const Outcome again = bench({"show", path("r.json")});
  EXPECT_EQ(again.exit_code, 0) << "nothing that was measured is wrong: " << again.err;
  EXPECT_EQ(again.out, outcome.out);
  EXPECT_NE(again.out.find("interrupted"), std::string::npos) << again.out;
}

TEST_F(Shown, NamesTheFileThatItCannotReadAndWhatIsWrongWithIt) {
  const std::string newer = make("newer.json", R"({"schema_version": 3})");
  const std::string broken = make("broken.json", "{\"schema_version\": 1");
  const std::string sweep = make("sweep.json", R"({"axes": {}})");
  static_cast<void>(measured(briefly({})));
  auto half = nlohmann::json::parse(text("r.json"));
  half.erase("tool");
  const std::string lacking = make("lacking.json", half.dump());
  struct Mistake {
    Arguments arguments;
    Arguments named;
  };
  const std::vector<Mistake> mistakes = {
      {{"show"}, {"FILE", "stdin"}},
      {{"show", path("missing.json")}, {"missing.json: No such file"}},
      {{"show", directory_.string()}, {"Is a directory"}},
      {{"show", newer}, {"newer.json: ", "version 3", "use a newer ringmpsc-bench"}},
      {{"show", broken}, {"broken.json: not JSON"}},
      {{"show", sweep}, {"sweep.json: ", "it is a sweep file"}},
      {{"show", lacking}, {"lacking.json: /tool missing"}},
      {{"show", path("r.json"), newer}, {"newer.json", "not expected"}},
      {{"show", path("r.json"), "--trials", "3"}, {"--trials", "no such flag"}},
      {{"show", path("r.json"), "--format", "csv"}, {"--format", "--output"}},
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

TEST(Help, OfEveryCommandKeepsWithinEightyColumnsAndListsEveryCommand) {
  const std::string all = bench({"--help"}).out;
  for (const char* const command :
       {"run", "sweep", "latency", "compare", "topology", "show", "queues"}) {
    EXPECT_NE(all.find(std::string("\n  ") + command + " "), std::string::npos) << command;
    const std::string help = bench({command, "--help"}).out;
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = help.find('\n', begin)) != std::string::npos;
         begin = end + 1) {
      EXPECT_LE(end - begin, 80U) << help.substr(begin, end - begin);
    }
  }
}

}  // namespace
}  // namespace bench::testing
