// Interrupts keep what was measured, and a file is written whole or not at all.

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "cli/document.hpp"
#include "cli/process.hpp"
#include "scratch_directory.hpp"

namespace bench::testing {
namespace {

using std::chrono::milliseconds;
namespace fs = std::filesystem;

using Files = InScratchDirectory;

using Interrupts = Files;

TEST_F(Interrupts, KeepWhatWasMeasuredMarkedIncomplete) {
  const fs::path file = directory_ / "result.json";
  for (const auto& [signal, code] :
       {std::pair{SIGINT, 130}, std::pair{SIGTERM, 143}, std::pair{SIGHUP, 129}}) {
    const Outcome outcome =
        run({.arguments = {"--duration", "200ms", "--trials", "1000", "--output", file.string()},
             .signals = {{milliseconds(1500), signal}}});
    EXPECT_EQ(outcome.exit_code, code) << outcome.err;
    const auto document = valid_document(text(file));
    EXPECT_EQ(document["complete"], false);
    EXPECT_GE(document["series"][0]["samples"].size(), 1U);
    expect_verified(document);
    EXPECT_NE(outcome.out.find("verified"), std::string::npos) << outcome.out;
  }
}

TEST_F(Interrupts, ByTheEndOfTheCpuTimeKeepWhatWasMeasured) {
  const Outcome outcome = run(
      {.arguments = {"--duration", "100ms", "--trials", "1000", "--warmup", "0", "--output", "-"},
       .cpu_seconds = 1});
  EXPECT_EQ(outcome.exit_code, 128 + SIGXCPU) << outcome.err;
  const auto document = valid_document(outcome.out);
  EXPECT_EQ(document["complete"], false);
  EXPECT_GE(document["series"][0]["samples"].size(), 1U);
}

TEST_F(Interrupts, ByAHangupAreIgnoredUnderNohup) {
  const Outcome outcome = run({.arguments = {RINGMPSC_BENCH_PROGRAM, "--duration", "50ms",
                                             "--trials", "6", "--output", "-"},
                               .program = "/usr/bin/nohup",
                               .signals = {{milliseconds(150), SIGHUP}}});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(valid_document(outcome.out)["complete"], true);
}

TEST_F(Interrupts, EndALongTrialAndCountWhatItConsumed) {
  const Outcome outcome = run({.arguments = {"--duration", "1h", "--warmup", "0", "--output", "-"},
                               .signals = {{milliseconds(700), SIGINT}}});
  EXPECT_EQ(outcome.exit_code, 130);
  const auto document = valid_document(outcome.out);
  EXPECT_EQ(document["complete"], false);
  expect_verified(document);
}

TEST_F(Interrupts, EndATrialOfManyMessages) {
  const Outcome outcome = run({.arguments = {"--messages", "1000G", "--output", "-"},
                               .signals = {{milliseconds(700), SIGTERM}}});
  EXPECT_EQ(outcome.exit_code, 143);
  expect_verified(valid_document(outcome.out));
}

TEST_F(Interrupts, ThatComeTwiceAtOnceCountAsOne) {
  // timeout(1) sends two signals at once. Here they differ, because the system often merges two of
  // a kind into one.
  const Outcome outcome =
      run({.arguments = {"--duration", "200ms", "--trials", "1000", "--output", "-"},
           .signals = {{milliseconds(1500), SIGINT}, {milliseconds(0), SIGTERM}}});
  EXPECT_EQ(outcome.exit_code, 130);
  EXPECT_EQ(valid_document(outcome.out)["complete"], false);
}

TEST_F(Interrupts, WhileNobodyReadsTheResultEndTheProcess) {
  const fs::path pipe = directory_ / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  for (const auto& [signal, code] :
       {std::pair{SIGINT, 130}, std::pair{SIGTERM, 143}, std::pair{SIGHUP, 129}}) {
    const Outcome outcome =
        run({.arguments = {"--duration", "20ms", "--trials", "1", "--output", pipe.string()},
             .signals = {{milliseconds(1500), signal}}});
    EXPECT_EQ(outcome.exit_code, code) << outcome.err;
  }
}

TEST_F(Interrupts, SayThatATrialWasCutShort) {
  const Outcome outcome = run({.arguments = {"--duration", "1h", "--warmup", "0"},
                               .signals = {{milliseconds(700), SIGINT}}});
  EXPECT_NE(outcome.out.find("cut short"), std::string::npos) << outcome.out;
}

TEST_F(Interrupts, LeaveOutATrialThatWasCutShortIfThereAreOthers) {
  const Outcome outcome = run(
      {.arguments = {"--duration", "500ms", "--trials", "100", "--warmup", "0", "--output", "-"},
       .signals = {{milliseconds(1800), SIGINT}}});
  const auto document = valid_document(outcome.out);
  const auto& samples = document["series"][0]["samples"];
  ASSERT_GE(samples.size(), 1U);
  for (const auto& sample : samples) EXPECT_EQ(sample["cut_short"], false);
}

TEST_F(Interrupts, InTheWarmUpLeaveADocumentWithoutASummary) {
  const Outcome outcome = run({.arguments = {"--duration", "1h", "--output", "-"},
                               .signals = {{milliseconds(500), SIGINT}}});
  EXPECT_EQ(outcome.exit_code, 130);
  const auto document = valid_document(outcome.out);
  EXPECT_TRUE(document["series"][0]["summary"].is_null());
  EXPECT_EQ(document["series"][0]["samples"].size(), 0U);
}

TEST_F(Files, AreReplacedWholeAndLeaveNoOtherFileBehind) {
  const fs::path file = directory_ / "result.json";
  std::ofstream(file) << "old";
  const Outcome outcome = bench({"--duration", "10ms", "--trials", "1", "--output", file.string()});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  expect_verified(valid_document(text(file)));
  EXPECT_EQ(entries(), 1U);
}

TEST_F(Files, AreNotTouchedByAnInvalidRequest) {
  const fs::path file = directory_ / "result.json";
  std::ofstream(file) << "old";
  EXPECT_EQ(bench({"--cpus", "12345", "--output", file.string()}).exit_code, 2);
  EXPECT_EQ(text(file), "old");
  EXPECT_EQ(entries(), 1U);
}

TEST_F(Files, ThatCannotBeWrittenAreFoundBeforeMeasuring) {
  const Outcome outcome = bench({"--duration", "1h", "--output", "/proc/none/x.json"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_NE(outcome.err.find("/proc/none"), std::string::npos) << outcome.err;
}

TEST_F(Files, MayBeDevices) {
  EXPECT_EQ(bench({"--duration", "10ms", "--trials", "1", "--output", "/dev/null"}).exit_code, 0);
  const Outcome full = bench({"--duration", "10ms", "--trials", "1", "--output", "/dev/full"});
  EXPECT_EQ(full.exit_code, 3);
  EXPECT_NE(full.err, "");
  EXPECT_NE(full.out.find("throughput"), std::string::npos)
      << "the page is shown although the file was not written";
}

}  // namespace
}  // namespace bench::testing
