// The command stress: what it covers, what it finds, and how it ends.

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <ostream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "cli/process.hpp"
#include "ringmpsc/detail/platform.hpp"
#include "schema/schema.hpp"
#include "scratch_directory.hpp"

namespace bench::testing {
namespace {

using Json = nlohmann::json;
using Arguments = std::vector<std::string>;
using std::chrono::milliseconds;

Json valid_stress(const std::string& text) {
  auto report = Json::parse(text, nullptr, false);
  EXPECT_FALSE(report.is_discarded()) << "not JSON: " << text.substr(0, 400);
  if (report.is_discarded()) return {};
  EXPECT_EQ(complaints(schema("stress"), report), "");
  return report;
}

const Json& row_of(const Json& report, const std::string& shape) {
  for (const Json& row : report["coverage"]) {
    if (row["shape"] == shape) return row;
  }
  static const Json none;
  ADD_FAILURE() << "no row " << shape;
  return none;
}

class StressCommand : public InScratchDirectory {};

TEST_F(StressCommand, PassesAndSaysWhatItCovered) {
  const Outcome outcome = bench({"stress", "--duration", "5s", "--seed", "7", "--output", "-"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const Json report = valid_stress(outcome.out);
  EXPECT_EQ(report["complete"], true);
  EXPECT_EQ(report["failure"], nullptr);
  EXPECT_EQ(report["seed"], 7);
  EXPECT_GE(report["rounds"], 3);
  EXPECT_GT(report["messages"], 1000);
  std::uint64_t drawn = 0;
  std::uint64_t in_layouts = 0;
  for (const Json& row : report["coverage"]) {
    if (row["group"] == "rings") drawn += row["drawn"].get<std::uint64_t>();
    if (row["group"] == "layout") in_layouts += row["rounds"].get<std::uint64_t>();
  }
  EXPECT_GT(in_layouts, 0U);
  EXPECT_EQ(drawn, report["rounds"]);
}

TEST_F(StressCommand, HasTheSameRoundsForTheSameSeed) {
  const auto drawn = [](const std::string& seed) {
    const Outcome outcome = bench({"stress", "--rounds", "10", "--seed", seed, "--output", "-"});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    const Json report = valid_stress(outcome.out);
    std::string all;
    for (const Json& row : report["coverage"]) all += row["drawn"].dump() + " ";
    return all;
  };
  EXPECT_EQ(drawn("5"), drawn("5"));
  EXPECT_NE(drawn("5"), drawn("6"));
}

TEST_F(StressCommand, IsNarrowedByShapesAndFlags) {
  const Outcome outcome =
      bench({"stress", "--rounds", "8", "--only", "close", "--only", "crowd", "--producers", "8",
             "--ring-bits", "4", "--payload", "24", "--wait", "yielding", "--output", "-"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const Json report = valid_stress(outcome.out);
  EXPECT_EQ(report["rounds"], 8);
  EXPECT_EQ(row_of(report, "crowd")["drawn"], 8);
  EXPECT_EQ(row_of(report, "several-producers")["drawn"], 8);
  EXPECT_EQ(row_of(report, "small-ring")["drawn"], 8);
  EXPECT_EQ(row_of(report, "payload-24")["drawn"], 8);
  EXPECT_EQ(row_of(report, "consumer-yielding")["drawn"], 8);
  EXPECT_EQ(row_of(report, "close-consumer")["rounds"].get<int>() +
                row_of(report, "close-producer")["rounds"].get<int>(),
            8);
  for (const Json& row : report["coverage"]) EXPECT_NE(row["shape"], "end");
}

TEST_F(StressCommand, ShowsAPageOfWhatItCovered) {
  const std::string file = path("stress.json");
  const Outcome outcome = bench({"stress", "--rounds", "3", "--output", file});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  for (const char* const text : {"passed", "3 rounds", "one-producer", "close-consumer", "seed"}) {
    EXPECT_NE(outcome.out.find(text), std::string::npos) << text << "\n" << outcome.out;
  }
  const Outcome again = bench({"show", file});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(again.out, outcome.out);
}

TEST_F(StressCommand, StressesOtherQueuesAsFarAsTheirPromisesGo) {
  const Outcome outcome =
      bench({"stress", "--queue", "mutex-ring", "--rounds", "6", "--output", "-"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const Json report = valid_stress(outcome.out);
  EXPECT_EQ(report["queues"][0]["name"], "mutex-ring");
  EXPECT_EQ(report["queues"][0]["rounds"], 6);
  for (const Json& row : report["coverage"]) EXPECT_NE(row["shape"], "close-consumer");
}

TEST_F(StressCommand, EndsWithWhatWasDoneIfItIsInterrupted) {
  const Outcome outcome = run({.arguments = {"stress", "--duration", "60s", "--output", "-"},
                               .signals = {{milliseconds(1500), SIGINT}}});
  EXPECT_EQ(outcome.exit_code, 130) << outcome.err;
  const Json report = valid_stress(outcome.out);
  EXPECT_EQ(report["complete"], false);
  EXPECT_GE(report["rounds"], 1);
}

TEST_F(StressCommand, RefusesWhatItCannotDoInOneLine) {
  struct {
    Arguments arguments;
    const char* said;
  } const refused[] = {
      {{"--only", "close-consumr"}, "did you mean close-consumer?"},
      {{"--only", ""}, "there is no such shape"},
      {{"--payload", "48"}, "--payload"},
      {{"--queue", "bounce"}, "no queue"},
      {{"--queue", "mutex-ring", "--only", "reserve-part"}, "does not exist for mutex-ring"},
      {{"--queue", "mutex-ring", "--wait", "blocking"}, "--wait does not exist for mutex-ring"},
      {{"--queue", "mutex-ring", "--layout", "celled"}, "--layout does not exist for mutex-ring"},
      {{"--layout", "celled", "--only", "deferred"}, "exclude each other"},
      {{"--wait", "none"}, "--wait none"},
      {{"--only", "one-producer", "--producers", "8"}, "exclude each other"},
      {{"--duration", "0"}, "--duration"},
      {{"--rounds", "0"}, "--rounds"},
      {{"--seed", "-1"}, "--seed"},
      {{"word"}, "word"},
  };
  for (const auto& [arguments, said] : refused) {
    Arguments all = {"stress"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const Outcome outcome = bench(all);
    EXPECT_EQ(outcome.exit_code, 2) << said << outcome.err;
    EXPECT_NE(outcome.err.find(said), std::string::npos) << outcome.err;
    EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1) << outcome.err;
  }
}

struct KnownFault {
  const char* name;
  const char* said;
};

/// CTest names each test by it.
std::ostream& operator<<(std::ostream& out, const KnownFault& fault) { return out << fault.name; }

/// The faults of tests/broken, and those of tests/faulty behind an adapter.
class StressFinds : public ::testing::TestWithParam<KnownFault> {};

Outcome stressed_broken(const std::string& fault, Arguments arguments) {
  return run({.arguments = std::move(arguments),
              .program = RINGMPSC_BROKEN_BENCH_PROGRAM,
              .environment = {{"FAULT", fault}}});
}

/// The arguments of a command as the page prints it.
Arguments arguments_of(const std::string& command) {
  std::istringstream words(command);
  std::string word;
  words >> word;  // the program
  Arguments all;
  while (words >> word) all.push_back(word);
  return all;
}

TEST_P(StressFinds, TheFaultAndTheCommandThatFindsItAgain) {
  const Outcome outcome =
      stressed_broken(GetParam().name, {"stress", "--duration", "60s", "--output", "-"});
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  const Json report = valid_stress(outcome.out);
  ASSERT_TRUE(report["failure"].is_object());
  EXPECT_NE(outcome.err.find(GetParam().said), std::string::npos) << outcome.err;
  const std::string command = report["failure"]["command"];
  EXPECT_NE(outcome.err.find(command), std::string::npos) << outcome.err;
  Arguments again = arguments_of(command);
  again.insert(again.end(), {"--duration", "60s", "--quiet"});
  EXPECT_EQ(stressed_broken(GetParam().name, again).exit_code, 1) << command;
}

#if !defined(RINGMPSC_SANITIZED)
std::string fault_name(const ::testing::TestParamInfo<KnownFault>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(
    Core, StressFinds,
    ::testing::Values(KnownFault{"wrap", ""}, KnownFault{"reuse", ""}, KnownFault{"head_first", ""},
                      KnownFault{"destructor_commits", ""}, KnownFault{"forgets_destroy", "never"},
                      KnownFault{"destroys_twice", ""}, KnownFault{"loses_wake_up", "10 s"},
                      KnownFault{"misses_sleeper", "10 s"}, KnownFault{"frees_early", ""},
                      KnownFault{"loses", ""}, KnownFault{"doubles", ""}, KnownFault{"swaps", ""},
                      KnownFault{"flips", ""}, KnownFault{"leaks", "grows"},
                      KnownFault{"lets_one_in", "closed"}, KnownFault{"stops", ""}),
    fault_name);
#else
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(StressFinds);
#endif

TEST_F(StressCommand, PassesWithTheCopyOfTheCoreIfNoFaultIsOn) {
  const Outcome outcome = stressed_broken("none", {"stress", "--duration", "3s", "--output", "-"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
}

TEST_F(StressCommand, FindsWhatIsWrongBehindAnAdapter) {
  for (const char* const fault : {"loses", "repeats", "reorders", "corrupts", "again"}) {
    const Outcome outcome = run({.arguments = {"stress", "--queue", "faulty", "--duration", "60s"},
                                 .program = RINGMPSC_FAULTY_BENCH_PROGRAM,
                                 .environment = {{"FAULT", fault}}});
    EXPECT_EQ(outcome.exit_code, 1) << fault << outcome.err;
    EXPECT_NE(outcome.err.find("repeat it: ringmpsc-bench stress --seed"), std::string::npos)
        << outcome.err;
  }
}

TEST_F(StressCommand, TurnsAHangAndACrashIntoAFailure) {
  for (const auto& [fault, said] :
       {std::pair{"refuses", "no thread got on for 10 s"},
        std::pair{"slow_to_make", "no thread got on for 10 s"},
        std::pair{"throws", "it was thrown on purpose"}, std::pair{"crashes", "SIGSEGV"}}) {
    const Outcome outcome = run({.arguments = {"stress", "--queue", "faulty", "--duration", "60s"},
                                 .program = RINGMPSC_FAULTY_BENCH_PROGRAM,
                                 .environment = {{"FAULT", fault}}});
#if defined(RINGMPSC_SANITIZED)
    if (std::string(fault) == "crashes") {  // the sanitizer reports it in its own words
      EXPECT_NE(outcome.exit_code, 0);
      EXPECT_NE(outcome.err.find("repeat the round: ringmpsc-bench stress --seed"),
                std::string::npos)
          << outcome.err;
      continue;
    }
#endif
    EXPECT_EQ(outcome.exit_code, 1) << fault << outcome.err;
    EXPECT_NE(outcome.err.find(said), std::string::npos) << outcome.err;
    if (std::string(fault) == "throws") continue;  // all threads have ended
    EXPECT_NE(outcome.err.find("consumer: "), std::string::npos) << outcome.err;
  }
}

}  // namespace
}  // namespace bench::testing
