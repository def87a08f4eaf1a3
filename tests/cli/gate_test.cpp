// What a user requires decides the exit code, and only where it can be told.

#include <gtest/gtest.h>
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

using Words = std::vector<std::string>;

/// Runs a command with these arguments and so many short trials, in each of which something is
/// received however busy the machine is. Its document goes to stdout.
Outcome gated(Words arguments, const std::string& trials = "6") {
  const Words brief = {"--trials", trials, "--warmup", "0", "--messages", "2k", "--output", "-"};
  arguments.insert(arguments.end(), brief.begin(), brief.end());
  return bench(std::move(arguments));
}

// The longest time needs no interval: whatever the machine does, it can be told of every queue.
const Words kMet = {"latency", "--require", "max<3600s"};
const Words kMissed = {"latency", "--require", "max<1ns"};

TEST(Gate, EndsWithOneOnlyIfARequirementIsMissed) {
  const Outcome fine = gated(kMet);
  EXPECT_EQ(fine.exit_code, 0) << fine.err;
  EXPECT_EQ(fine.err, "");
  const auto document = valid_document(fine.out);
  ASSERT_EQ(document["requirements"].size(), 1U) << "the machine's limit is not judged";
  EXPECT_EQ(document["requirements"][0]["series"], "ringmpsc");
  EXPECT_EQ(document["requirements"][0]["outcome"], "met");

  const Outcome missed = gated({"latency", "--require", "max<3600s", "--require", "max<1ns"});
  EXPECT_EQ(missed.exit_code, 1);
  EXPECT_EQ(std::ranges::count(missed.err, '\n'), 1) << missed.err;
  EXPECT_NE(missed.err.find("error: --require max<1ns: missed by ringmpsc: "), std::string::npos)
      << missed.err;
  EXPECT_EQ(valid_document(missed.out)["requirements"][1]["outcome"], "missed");
}

TEST(Gate, SaysWhatItCannotTellAndEndsWithZero) {
  const Outcome outcome = gated({"--require", "throughput>1000000G"}, "1");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_NE(outcome.err.find("warning: --require throughput>1000000G: cannot tell for ringmpsc: "),
            std::string::npos)
      << outcome.err;
  EXPECT_NE(outcome.err.find("1 trial is too few for an interval"), std::string::npos)
      << outcome.err;
  EXPECT_EQ(valid_document(outcome.out)["requirements"][0]["outcome"], "cannot_tell");
  EXPECT_EQ(valid_document(gated({}, "1").out)["requirements"].size(), 0U);
}

TEST(Gate, JudgesEachSeriesOfASweepAndEndsAsTheWorstOfThem) {
  // Whether an interval can be told depends on the machine; what follows from it does not.
  const Outcome outcome =
      bench({"sweep", "quick", "--only", "batch=256", "--messages", "20k", "--trials", "12",
             "--require", "throughput>1", "--require", "throughput>1000000G", "--output", "-"});
  const auto document = valid_document(outcome.out);
  EXPECT_EQ(document["requirements"].size(), 2 * document["series"].size());
  bool missed = false;
  for (const auto& one : document["requirements"]) {
    missed = missed || one["outcome"] == "missed";
    EXPECT_FALSE(one["limit"] == 1 && one["outcome"] == "missed") << one;
    EXPECT_FALSE(one["limit"] == 1e15 && one["outcome"] == "met") << one;
  }
  EXPECT_EQ(outcome.exit_code, missed ? 1 : 0) << outcome.err;
}

TEST(Gate, LetsNoCaveatPassThatStrictNames) {
  const Outcome few = gated({"--strict", "few_samples,failed"}, "1");
  EXPECT_EQ(few.exit_code, 1);
  EXPECT_EQ(std::ranges::count(few.err, '\n'), 1) << few.err;
  EXPECT_NE(few.err.find("error: --strict few_samples: ringmpsc: one sample does not show"),
            std::string::npos)
      << few.err;
  EXPECT_EQ(gated({"--strict", "failed,not_end_to_end"}, "1").exit_code, 0);
  EXPECT_EQ(gated({"--strict", "all"}, "1").exit_code, 1);
  EXPECT_EQ(gated({}, "1").exit_code, 0);
}

TEST(Gate, OfAnInterruptedMeasurementFailsOnlyIfSomethingWasMissed) {
  const auto interrupted = [](Words arguments) {
    const Words endless = {"--trials", "1000", "--warmup", "0", "--duration", "20ms", "--quiet"};
    arguments.insert(arguments.end(), endless.begin(), endless.end());
    return run({.arguments = std::move(arguments), .signals = {{milliseconds(1500), SIGINT}}});
  };
  const Outcome met = interrupted(kMet);
  EXPECT_EQ(met.exit_code, 130) << met.err;
  const Outcome strict = interrupted({"--strict", "interrupted"});
  EXPECT_EQ(strict.exit_code, 130) << strict.err;
  EXPECT_NE(strict.err.find("--strict interrupted: all series: "), std::string::npos) << strict.err;
  const Outcome missed = interrupted(kMissed);
  EXPECT_EQ(missed.exit_code, 1) << missed.err;
}

TEST(Gate, ComesAfterAFault) {
  const Outcome outcome = run({.arguments = {"--trials", "1", "--warmup", "0", "--messages",
                                             "1500k", "--require", "throughput>1", "--quiet"},
                               .program = RINGMPSC_FAULTY_BENCH_PROGRAM,
                               .environment = {{"FAULT", "loses"}}});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.err.find("1 lost"), std::string::npos) << outcome.err;
}

TEST(Gate, ThatMissesKeepsItsExitCodeIfTheResultCannotBeWritten) {
  const auto exit_code = [](Words arguments) {
    const Words brief = {"--trials", "1", "--warmup", "0", "--messages", "2k"};
    arguments.insert(arguments.end(), brief.begin(), brief.end());
    return run({.arguments = std::move(arguments), .stdout_file = "/dev/full"}).exit_code;
  };
  EXPECT_EQ(exit_code(kMet), 3);
  EXPECT_EQ(exit_code({"--strict", "few_samples"}), 3) << "which comes first";
  EXPECT_EQ(exit_code(kMissed), 1);
}

}  // namespace
}  // namespace bench::testing
