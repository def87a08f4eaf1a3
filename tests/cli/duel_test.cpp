// The command duel: what it says, how it ends, and what it does about programs that fail.

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "cli/process.hpp"
#include "schema/schema.hpp"
#include "scratch_directory.hpp"

namespace bench::testing {
namespace {

using Json = nlohmann::json;
using std::chrono::milliseconds;
using Arguments = std::vector<std::string>;

Json valid_verdicts(const std::string& text) {
  auto report = Json::parse(text, nullptr, false);
  EXPECT_FALSE(report.is_discarded()) << "not JSON: " << text.substr(0, 400);
  if (report.is_discarded()) return {};
  EXPECT_EQ(complaints(schema("verdict"), report), "");
  return report;
}

class Duel : public InScratchDirectory {
 protected:
  /// A program that runs these lines of a shell.
  [[nodiscard]] std::string script(const std::string& name, const std::string& lines) const {
    std::string program = make(name, "#!/bin/sh\n" + lines + "\n");
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    return program;
  }

  /// One series of two threads, for half a second at most.
  [[nodiscard]] static Arguments short_duel(const std::string& base, const std::string& candidate) {
    return {
        "duel",     base,    candidate,  "--only", "producers=1,batch=1,payload=8,pattern=stream",
        "--budget", "500ms", "--output", "-"};
  }

  [[nodiscard]] static bool runs(const std::string& pid) { return kill(std::stoi(pid), 0) == 0; }
};

constexpr const char* kBench = RINGMPSC_BENCH_PROGRAM;

TEST_F(Duel, MeasuresBothSidesInTurnsAndVerifiesEveryMessage) {
  const Outcome outcome = bench(short_duel(kBench, kBench));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const Json report = valid_verdicts(outcome.out);
  EXPECT_EQ(report["evidence"], "duel");
  EXPECT_EQ(report["complete"], true);
  EXPECT_EQ(report["base"]["name"], kBench);
  EXPECT_EQ(report["base"]["tool"]["name"], "ringmpsc-bench");
  EXPECT_EQ(report["budget_s"], 0.5);
  ASSERT_EQ(report["series"].size(), 1U);
  const Json& series = report["series"][0];
  EXPECT_EQ(series["name"], "producers=1 batch=1 payload=8 pattern=stream");
  EXPECT_GE(series["blocks"].size(), 1U);
  EXPECT_GT(series["ratio"], 0);
  EXPECT_EQ(series["base"]["spec"]["duration_s"], 0.02);
  EXPECT_EQ(series["base"]["spec"], series["candidate"]["spec"]);
  for (const char* const side : {"base", "candidate"}) {
    const Json& verification = series[side]["verification"];
    EXPECT_GT(verification["sent"], 0);
    EXPECT_EQ(verification["sent"], verification["received"]);
    EXPECT_EQ(verification["corrupted"], 0);
  }
}

/// The orders of the blocks, like "ABBA BAAB ".
std::string orders_of(const Json& report) {
  std::string orders;
  for (const Json& block : report["series"][0]["blocks"]) {
    orders += block["order"].get<std::string>() + " ";
  }
  return orders;
}

TEST_F(Duel, DrawsTheOrderOfEachBlock) {
  Arguments arguments = short_duel(kBench, kBench);
  arguments[6] = "2s";
  arguments.insert(arguments.end(), {"--duration", "5ms", "--fail-on", "0.1%", "--seed", "1"});
  const std::string orders = orders_of(valid_verdicts(bench(arguments).out));
  EXPECT_NE(orders.find("ABBA"), std::string::npos);
  EXPECT_NE(orders.find("BAAB"), std::string::npos);
  const std::string again = orders_of(valid_verdicts(bench(arguments).out));
  EXPECT_TRUE(orders.starts_with(again) || again.starts_with(orders));
}

TEST_F(Duel, DrawsAnotherSeedEachTime) {
  const Json first = valid_verdicts(bench(short_duel(kBench, kBench)).out);
  EXPECT_NE(valid_verdicts(bench(short_duel(kBench, kBench)).out)["seed"], first["seed"]);
}

TEST_F(Duel, EndsWithThreeIfTheBudgetIsTooShortForABlock) {
  Arguments arguments = short_duel(kBench, kBench);
  arguments.insert(arguments.end(), {"--duration", "500ms"});
  const Outcome outcome = bench(arguments);
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_NE(outcome.err.find("--budget 0.5s: is too short"), std::string::npos) << outcome.err;
}

TEST_F(Duel, ComparesTwoSettingsOfOneProgram) {
  const Outcome outcome = bench(
      {"duel", "--base-args", "--queue mutex-ring --batch 4", "--candidate-args", "--batch 64",
       "--only", "producers=1,payload=8,pattern=stream", "--budget", "500ms", "--output", "-"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const Json report = valid_verdicts(outcome.out);
  EXPECT_EQ(report["base"]["arguments"], Json::array({"--queue", "mutex-ring", "--batch", "4"}));
  EXPECT_EQ(report["candidate"]["arguments"], Json::array({"--batch", "64"}));
  ASSERT_EQ(report["series"].size(), 1U);
  const Json& series = report["series"][0];
  EXPECT_EQ(series["name"], "producers=1 payload=8 pattern=stream");
  EXPECT_EQ(series["base"]["spec"]["queue"], "mutex-ring");
  EXPECT_EQ(series["base"]["spec"]["batch"], 4);
  EXPECT_EQ(series["candidate"]["spec"]["queue"], "ringmpsc");
  EXPECT_EQ(series["candidate"]["spec"]["batch"], 64);
}

TEST_F(Duel, NamesASeriesThatOnlyOneSideKnows) {
  // The program with the faulty queue has no other one. This fault concerns no message.
  const std::string other = script(
      "other", "FAULT=tires exec '" + std::string(RINGMPSC_FAULTY_BENCH_PROGRAM) + "' \"$@\"");
  const Outcome outcome =
      bench({"duel", kBench, other, "--queue", "ringmpsc,mutex-ring", "--only",
             "producers=1,batch=1,payload=8,pattern=stream", "--budget", "500ms", "--output", "-"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const Json report = valid_verdicts(outcome.out);
  ASSERT_EQ(report["unmatched"].size(), 1U);
  EXPECT_EQ(report["unmatched"][0]["known_to"], "base");
  EXPECT_NE(report["unmatched"][0]["why"].get<std::string>().find("mutex-ring"), std::string::npos);
  ASSERT_EQ(report["series"].size(), 1U);
}

TEST_F(Duel, MeasuresThroughAWrapper) {
  const std::string wrapper = script("wrapper", "exec '" + std::string(kBench) + "' \"$@\"");
  const Outcome outcome = bench(short_duel(wrapper, kBench));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(valid_verdicts(outcome.out)["base"]["name"], wrapper);
}

TEST_F(Duel, EndsWithOneIfTheCandidateLosesAMessage) {
  const std::string faulty = script(
      "faulty", "FAULT=loses exec '" + std::string(RINGMPSC_FAULTY_BENCH_PROGRAM) + "' \"$@\"");
  Arguments arguments = short_duel(kBench, faulty);
  arguments[6] = "3s";
  arguments.insert(arguments.end(), {"--duration", "300ms"});
  const Outcome outcome = bench(arguments);
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  const Json report = valid_verdicts(outcome.out);
  EXPECT_EQ(report["series"][0]["base"]["verification"]["lost"], 0);
  EXPECT_GT(report["series"][0]["candidate"]["verification"]["lost"], 0);
}

TEST_F(Duel, EndsWithOneIfAQueueHangs) {
  const std::string faulty =
      script("faulty", "AT_ONCE=1 FAULT=hangs exec '" + std::string(RINGMPSC_FAULTY_BENCH_PROGRAM) +
                           "' \"$@\"");
  const Outcome outcome = bench(short_duel(faulty, kBench));
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  const Json report = valid_verdicts(outcome.out);
  EXPECT_EQ(report["complete"], false);
  EXPECT_EQ(report["failure"]["kind"], "no_progress");
  EXPECT_EQ(report["failure"]["trial"], "a trial of the base");
}

TEST_F(Duel, IsWrittenIfItIsInterrupted) {
  Arguments arguments = short_duel(kBench, kBench);
  arguments[6] = "60s";
  arguments.insert(arguments.end(), {"--fail-on", "0.1%"});
  const Outcome outcome = run({.arguments = arguments, .signals = {{milliseconds(1500), SIGINT}}});
  EXPECT_EQ(outcome.exit_code, 130) << outcome.err;
  const Json report = valid_verdicts(outcome.out);
  EXPECT_EQ(report["complete"], false);
  EXPECT_EQ(report["series"][0]["verdict"], "inconclusive");
}

struct BadWorker {
  const char* name;
  const char* lines;
  const char* said;  ///< part of the message
};

/// Says hello as the program does, without being it.
constexpr const char* kHello =
    "echo '{\"protocol\":1,\"word_bits\":64,\"tool\":{\"name\":\"x\",\"version\":\"0\","
    "\"commit\":\"c\",\"compiler\":\"g\",\"flags\":\"\",\"build_type\":\"\",\"native\":false,"
    "\"sanitizer\":null}}'\nread request\n";

class DuelWithABadWorker : public Duel {
 protected:
  /// Expects one line, exit code 3, and nothing of the worker left.
  void expect_refused(const std::string& lines, const std::string& said) const {
    const std::string bad = script("bad", "echo $$ > '" + path("pid") + "'\n" + lines);
    for (const bool is_base : {true, false}) {
      SCOPED_TRACE(lines);
      const auto begin = std::chrono::steady_clock::now();
      const Outcome outcome = bench(is_base ? short_duel(bad, kBench) : short_duel(kBench, bad));
      const auto taken = std::chrono::steady_clock::now() - begin;
      EXPECT_EQ(outcome.exit_code, 3) << outcome.err;
      EXPECT_EQ(outcome.out, "");
      const std::string where = (is_base ? "BASE " : "CANDIDATE ") + bad + ": ";
      EXPECT_NE(outcome.err.find("error: " + where), std::string::npos) << outcome.err;
      EXPECT_NE(outcome.err.find(said), std::string::npos) << outcome.err;
      EXPECT_LT(taken, std::chrono::seconds(30)) << "it waits for ever, if not for its patience";
      EXPECT_FALSE(runs(text("pid")));
    }
  }
};

TEST_F(DuelWithABadWorker, IsNoProgramOfThisKind) {
  expect_refused("exit 0", "ended with exit status 0 before it said hello");
  expect_refused("exec cat \"$@\"", "ended with exit status 1 before it said hello");
  expect_refused("exec yes", "said 'y' before it said hello");
  expect_refused("echo; exec sleep 100", "said '' before it said hello");
}

TEST_F(DuelWithABadWorker, EndsBeforeItAnswers) {
  expect_refused(std::string(kHello) + "echo 'out of \033[31mtoner' >&2; exit 7",
                 "ended with exit status 7 before it answered whether it knows a series (it said "
                 "'out of ?[31mtoner')");
  expect_refused(std::string(kHello) + "kill -SEGV $$", "was killed by SIGSEGV");
  expect_refused(std::string(kHello) + "printf '{\"id\": 1, \"runn'",
                 "ended with exit status 0 in the middle of a line, '{\"id\": 1, \"runn',");
  // Its children are killed too: it has closed its output, and does not end.
  expect_refused(std::string(kHello) + "sleep 100 >&- 2>&- & exec >&-; wait", "did not end");
}

TEST_F(DuelWithABadWorker, Hangs) {
  expect_refused("echo 'license server?' >&2; sleep 100",
                 "hung: it said nothing for 4 s before it said hello; it must be a ringmpsc-bench "
                 "that has the command worker (it said 'license server?')");
  expect_refused(std::string(kHello) + "printf '{'; sleep 100 & wait", "hung");
}

TEST_F(DuelWithABadWorker, SpeaksAnotherProtocol) {
  expect_refused("echo '{\"protocol\": 2, \"word_bits\": 64}'; sleep 100",
                 "speaks version 2 of the worker protocol, and this program version 1");
  expect_refused(
      "echo '{\"protocol\":1,\"word_bits\":32,\"tool\":{\"name\":\"x\",\"version\":\"0\","
      "\"commit\":\"c\",\"compiler\":\"g\",\"flags\":\"\",\"build_type\":\"\",\"native\":false,"
      "\"sanitizer\":null}}'; sleep 100",
      "is a program of 32 bits, and this one has 64");
  expect_refused(std::string(kHello) + "echo '{\"id\": 99}'; sleep 100",
                 "said '{\"id\": 99}' before it answered");
  expect_refused(std::string(kHello) + "echo '[[[[[['; sleep 100", "before it answered");
}

TEST_F(DuelWithABadWorker, GivesASampleThatNoTrialCanGive) {
  const std::string real = "'" + std::string(kBench) + "' worker | sed -u ";
  expect_refused(
      real + "'s/\"seconds\":[0-9.e-]*,\"messages_per/\"seconds\":1e-320,\"messages_per/'",
      "that is no such time");
  expect_refused(real + "'s/\"cut_short\":false/\"cut_short\":true/'", "nobody interrupted it");
  expect_refused(real + "'s/\"per_producer_messages\":.[0-9]*]/\"per_producer_messages\":[]/'",
                 "of another number of producers");
  expect_refused(real + "'s/\"messages\":[0-9]*,/\"messages\":1,/'", "than it verified");
}

TEST_F(DuelWithABadWorker, IsLeftAtAnInterrupt) {
  const std::string running =
      std::string(kHello) +
      "while :; do echo '{\"id\":1,\"running\":true,\"unknown\":null,"
      "\"spec\":null,\"keeps_order\":true,\"sample\":null,\"failure\":"
      "null,\"verification\":{\"mode\":\"verify\",\"sent\":0,\"received\":0,"
      "\"lost\":0,\"duplicated\":0,\"reordered\":0,\"corrupted\":0,"
      "\"first\":[]}}'; sleep 0.01; done";
  for (const std::string& lines : {std::string("sleep 100"), running}) {
    const std::string bad = script("bad", lines);
    const Outcome outcome =
        run({.arguments = short_duel(bad, kBench), .signals = {{milliseconds(500), SIGTERM}}});
    if (lines == running && outcome.exit_code == 3) continue;  // it said so before the signal came
    EXPECT_EQ(outcome.exit_code, 143) << outcome.err;
    EXPECT_EQ(valid_verdicts(outcome.out)["complete"], false);
  }
}

TEST_F(DuelWithABadWorker, IsLeftBeforeTheFirstBlockWhichThenTookNoTime) {
  // It answers for the first of two series.
  const std::string bad =
      script("bad", "'" + std::string(kBench) + "' worker | sed -u 2q\nexec sleep 100");
  const Outcome outcome = run({.arguments = {"duel", bad, kBench, "--only",
                                             "producers=1,batch=1,pattern=stream", "--output", "-"},
                               .signals = {{milliseconds(1000), SIGTERM}}});
  EXPECT_EQ(outcome.exit_code, 143) << outcome.err;
  const Json report = valid_verdicts(outcome.out);
  EXPECT_EQ(report["complete"], false);
  EXPECT_EQ(report["series"].size(), 1U);
  EXPECT_EQ(report["seconds"], 0);
}

TEST_F(DuelWithABadWorker, IsKilledInTheMiddleOfATrial) {
  const std::string mortal =
      script("mortal", "(sleep 0.2; kill -KILL $$) & exec '" + std::string(kBench) + "' \"$@\"");
  Arguments arguments = short_duel(mortal, kBench);
  arguments[6] = "60s";
  arguments.insert(arguments.end(), {"--duration", "1s"});
  const Outcome outcome = bench(arguments);
  EXPECT_EQ(outcome.exit_code, 3) << outcome.err;
  EXPECT_NE(outcome.err.find("was killed by SIGKILL"), std::string::npos) << outcome.err;
}

TEST_F(Duel, RefusesWhatItCannotDoInOneLine) {
  const std::string file = make("file", "");
  struct {
    Arguments arguments;
    const char* said;
  } const refused[] = {
      {{"duel"}, "duel: needs two programs, BASE and CANDIDATE"},
      {{"duel", kBench}, "needs two programs, BASE and CANDIDATE, or none"},
      {{"duel", kBench, path("nowhere")}, "there is no such file"},
      {{"duel", file, kBench}, "may not be executed"},
      {{"duel", kBench, path("")}, "is a directory"},
      {{"duel", "--base-args", "--cpus 0"}, "holds for both sides"},
      {{"duel", kBench, kBench, kBench}, "only two arguments can stand without a flag"},
      {{"duel", kBench, kBench, "--trials", "9"}, "--trials: a duel runs trials until"},
      {{"duel", "--base-args", "--trials 9"}, "--base-args: --trials: a duel runs trials until"},
      {{"duel", "--base-args", "--help"}, "--base-args: takes flags"},
      {{"duel", "--base-args", "--ring-bitz 3"}, "did you mean --ring-bits?"},
      {{"duel", "--base-args", "--ring-bits 99"}, "--base-args"},
      {{"duel", "--base-args", "--duration 1s"}, "holds for both sides"},
      {{"duel", "--base-args", "--batch 1,256"}, "give one value of each"},
      {{"duel", kBench, kBench, "--budget", "0"}, "--budget"},
      {{"duel", kBench, kBench, "--duration", "2s"}, "--duration"},
      {{"duel", kBench, kBench, "--sweep", "nosuch"}, "nosuch"},
      {{"duel", kBench, kBench, "--output", "/proc/none/file.json"}, "/proc/none/file.json"},
  };
  for (const auto& [arguments, said] : refused) {
    const Outcome outcome = bench(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << said << outcome.err;
    EXPECT_NE(outcome.err.find(said), std::string::npos) << said << "\n" << outcome.err;
    EXPECT_EQ(outcome.err.find('\n'), outcome.err.size() - 1) << outcome.err;
  }
}

TEST_F(Duel, HasAWorkerThatEndsWithItsInputAndRefusesWhatIsNoRequest) {
  const Outcome ended = run({.arguments = {"worker"}, .stdin_file = "/dev/null"});
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_EQ(complaints(schema("worker"), Json::parse(ended.out)), "");
  const Outcome refused =
      run({.arguments = {"worker"}, .stdin_file = make("requests", "run, please\n")});
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_NE(refused.err.find("worker: reads requests of a duel"), std::string::npos) << refused.err;
}

}  // namespace
}  // namespace bench::testing
