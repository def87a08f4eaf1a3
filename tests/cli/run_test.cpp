// The command `run` as a user runs it: every configuration is verified, and the document says what
// was measured.

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "cli/document.hpp"
#include "cli/process.hpp"
#include "ringmpsc/detail/platform.hpp"

namespace bench::testing {
namespace {

using Arguments = std::vector<std::string>;

/// Adds short trials, unless the arguments say how many messages they have, and the document on
/// stdout.
Arguments quickly(Arguments arguments) {
  if (std::ranges::find(arguments, "--messages") == arguments.end()) {
    arguments.insert(arguments.end(), {"--duration", "20ms"});
  }
  arguments.insert(arguments.end(), {"--trials", "2", "--output", "-"});
  return arguments;
}

class Configurations : public ::testing::TestWithParam<Arguments> {};

TEST_P(Configurations, AreVerifiedMessageByMessage) {
  const Outcome outcome = bench(quickly(GetParam()));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  expect_verified(valid_document(outcome.out));
}

TEST_P(Configurations, AreVerifiedOnOneCpu) {
#ifdef RINGMPSC_SANITIZED
  GTEST_SKIP() << "one CPU shows whether threads hang, which a sanitizer does not change";
#endif
  const Outcome outcome = run({.arguments = quickly(GetParam()), .only_cpu = 0});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  expect_verified(valid_document(outcome.out));
}

std::vector<Arguments> every_configuration() {
  std::vector<Arguments> all;
  const auto add = [&all](const char* flag, const Arguments& values) {
    for (const std::string& value : values) {
      for (const char* const producers : {"1", "3"}) {
        all.push_back({flag, value, "--producers", producers});
      }
    }
  };
  add("--payload", {"4", "8", "16", "32", "64", "128", "256", "512", "1024"});
  add("--preset", {"low-latency", "default", "high-throughput"});
  add("--consume", {"verify", "read", "count"});
  add("--wait", {"adaptive", "busy-spin", "yielding", "backoff", "blocking"});
  add("--placement", {"near", "far", "smt", "none"});
  add("--batch", {"1", "7", "64k"});
  add("--layout", {"auto", "celled", "dense"});
  add("--ring-bits", {"1", "2", "20"});
  add("--messages", {"1", "1k"});
  all.push_back({"--metrics"});
  all.push_back({"--ring-bits", "1", "--batch", "1", "--wait", "blocking", "--producers", "2"});
  all.push_back({"--ring-bits", "1", "--batch", "1", "--wait", "busy-spin", "--producers", "2"});
  return all;
}

std::string test_name(const ::testing::TestParamInfo<Arguments>& info) {
  std::string name;
  for (const std::string& argument : info.param) name += argument + "_";
  std::erase_if(name, [](char c) { return std::isalnum(c) == 0 && c != '_'; });
  name.pop_back();
  return name;
}

INSTANTIATE_TEST_SUITE_P(Every, Configurations, ::testing::ValuesIn(every_configuration()),
                         test_name);

TEST(Run, SaysThatNineThreadsShareFewerCpus) {
  const Outcome outcome = bench(quickly({"--producers", "8", "--ring-bits", "16"}));
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto document = valid_document(outcome.out);
  expect_verified(document);
  const auto& series = document["series"][0];
  EXPECT_EQ(series["placement"]["producer_cpus"].size(), 8U);
  EXPECT_TRUE(series["placement"]["consumer_cpu"].is_number());
  for (const auto& cpu : series["placement"]["producer_cpus"]) EXPECT_TRUE(cpu.is_number());
  if (std::thread::hardware_concurrency() < 9) {
    EXPECT_EQ(series["placement"]["oversubscribed"], true);
    EXPECT_TRUE(has_caveat(document, "oversubscribed"));
  }
  EXPECT_EQ(series["samples"].size(), 2U);
  for (const auto& sample : series["samples"]) {
    EXPECT_EQ(sample["per_producer_messages"].size(), 8U);
    std::uint64_t sum = 0;
    for (const auto& messages : sample["per_producer_messages"]) {
      sum += messages.get<std::uint64_t>();
    }
    EXPECT_EQ(sample["messages"], sum);
  }
}

TEST(Run, ShowsABlockForPeopleAndNothingElse) {
  const Outcome outcome = bench({"--duration", "20ms", "--trials", "2"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.err, "");  // no progress line without a terminal
  EXPECT_NE(outcome.out.find("verified"), std::string::npos) << outcome.out;
  EXPECT_EQ(outcome.out.find('\x1b'), std::string::npos) << "colour in a pipe";
}

TEST(Run, ColoursAPipeOnlyWhenTold) {
  const Outcome outcome = bench({"--duration", "20ms", "--trials", "2", "--color", "always"});
  EXPECT_NE(outcome.out.find('\x1b'), std::string::npos);
}

TEST(Run, IsSilentWhenQuiet) {
  const Outcome outcome = bench({"--duration", "20ms", "--trials", "2", "--quiet"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.out + outcome.err, "");
}

TEST(Run, CallsACountingConsumerNotEndToEndWhereverItIsShown) {
  const auto document = valid_document(bench(quickly({"--consume", "count"})).out);
  EXPECT_TRUE(has_caveat(document, "not_end_to_end"));
  const Outcome shown = bench({"--consume", "count", "--duration", "20ms", "--trials", "2"});
  EXPECT_NE(shown.out.find("not end to end"), std::string::npos) << shown.out;
}

TEST(Run, ClampsABatchToTheRingWithACaveat) {
  const auto document = valid_document(bench(quickly({"--ring-bits", "4", "--batch", "256"})).out);
  EXPECT_EQ(document["series"][0]["spec"]["batch"], 16);
  EXPECT_TRUE(has_caveat(document, "batch_clamped"));
}

TEST(Run, LetsAnExplicitFlagWinOverThePresetInAnyOrder) {
  for (const Arguments& arguments : {Arguments{"--ring-bits", "5", "--preset", "low-latency"},
                                     Arguments{"--preset", "low-latency", "--ring-bits", "5"}}) {
    const auto document = valid_document(bench(quickly(arguments)).out);
    EXPECT_EQ(document["series"][0]["spec"]["ring_bits"], 5);
    EXPECT_EQ(document["series"][0]["spec"]["preset"], "none");
  }
  const auto document = valid_document(bench(quickly({"--preset", "low-latency"})).out);
  EXPECT_EQ(document["series"][0]["spec"]["ring_bits"], 12);
  EXPECT_EQ(document["series"][0]["spec"]["preset"], "low-latency");
}

TEST(Run, ChoosesTheLayoutThatSuitsTheBatch) {
  const auto layout_of = [](Arguments arguments) {
    return valid_document(bench(quickly(std::move(arguments))).out)["series"][0]["spec"]["layout"];
  };
  EXPECT_EQ(layout_of({"--batch", "1"}), "celled");
  EXPECT_EQ(layout_of({"--batch", "256"}), "dense");
  // A batch of several messages that fills a line.
  EXPECT_EQ(layout_of({"--batch", "7"}), "celled");
  EXPECT_EQ(layout_of({"--batch", "8"}), "dense");
  EXPECT_EQ(layout_of({"--batch", "1", "--payload", "1024"}), "celled");
  EXPECT_EQ(layout_of({"--batch", "2", "--payload", "32"}), "dense");
  EXPECT_EQ(layout_of({"--batch", "15", "--payload", "4"}), "celled");
  EXPECT_EQ(layout_of({"--batch", "256", "--layout", "auto"}), "dense");
  EXPECT_EQ(layout_of({"--batch", "1", "--write", "deferred"}), "dense");
  EXPECT_EQ(layout_of({"--pattern", "round-trip"}), "celled");
  EXPECT_EQ(layout_of({"--batch", "1", "--layout", "dense"}), "dense");
  EXPECT_EQ(layout_of({"--batch", "256", "--layout", "celled"}), "celled");
  EXPECT_EQ(layout_of({"--queue", "hand-off"}), nullptr);
}

TEST(Run, WaitsInNoWayAtAllIfToldSo) {
  const auto document =
      valid_document(bench(quickly({"--batch", "1", "--wait", "none", "--ring-bits", "4"})).out);
  EXPECT_EQ(document["series"][0]["spec"]["wait"], "none");
}

TEST(Run, SendsExactlyTheMessagesAskedFor) {
  const auto document = valid_document(
      bench({"--messages", "12345", "--producers", "3", "--trials", "2", "--output", "-"}).out);
  for (const auto& sample : document["series"][0]["samples"]) EXPECT_EQ(sample["messages"], 37035);
}

TEST(Run, BindsThreadsToTheNamedCpus) {
  const auto document = valid_document(bench(quickly({"--cpus", "0", "--producers", "2"})).out);
  const auto& placement = document["series"][0]["placement"];
  EXPECT_EQ(placement["policy"], "explicit");
  EXPECT_EQ(placement["pinned"], true);
  EXPECT_EQ(placement["consumer_cpu"], 0);
  EXPECT_EQ(placement["producer_cpus"], nlohmann::json::array({0, 0}));
}

TEST(Run, StartsAProducerForEachNamedCpuAfterTheFirst) {
  const auto document = valid_document(bench(quickly({"--cpus", "0,0,0"})).out);
  EXPECT_EQ(document["series"][0]["spec"]["producers"], 2);
}

TEST(Run, SaysThatThreadsWereNotPinned) {
  const auto document = valid_document(bench(quickly({"--placement", "none"})).out);
  EXPECT_EQ(document["series"][0]["placement"]["pinned"], false);
  EXPECT_TRUE(has_caveat(document, "unpinned"));
}

TEST(Run, ReportsMetricsOnlyWhenAsked) {
  const auto with = valid_document(bench(quickly({"--metrics"})).out);
  const auto& sample = with["series"][0]["samples"][0];
  EXPECT_EQ(sample["metrics"]["messages_received"], sample["messages"]);
  EXPECT_GT(sample["metrics"]["commits"], 0);
  const auto without = valid_document(bench(quickly({})).out);
  EXPECT_TRUE(without["series"][0]["samples"][0]["metrics"].is_null());
}

TEST(Run, DividesOnlyLongTrialsIntoWindows) {
  const Outcome outcome =
      bench({"--duration", "1100ms", "--trials", "1", "--warmup", "0", "--pattern", "round-trip",
             "--queue", "ringmpsc", "--output", "-"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto document = valid_document(outcome.out);
  ASSERT_EQ(document["series"].size(), 2U) << "the queue and the bounce";
  for (const auto& series : document["series"]) {
    const auto& sample = series["samples"][0];
    EXPECT_GE(sample["windows"].size(), 2U);
    std::uint64_t messages = 0;
    for (const auto& window : sample["windows"])
      messages += window["messages"].get<std::uint64_t>();
    EXPECT_EQ(messages, sample["messages"]);
    EXPECT_LT(sample["windows"].back()["messages"], sample["messages"])
        << "the windows were seen only at the end";
  }
  const Outcome shorter = bench(quickly({}));
  EXPECT_TRUE(valid_document(shorter.out)["series"][0]["samples"][0]["windows"].empty());
}

TEST(Run, RecordsItsSeed) {
  EXPECT_EQ(valid_document(bench(quickly({"--seed", "7"})).out)["seed"], 7);
}

TEST(Run, RefusesMoreMemoryThanThereIsBeforeTakingIt) {
#ifdef RINGMPSC_SANITIZED
  GTEST_SKIP() << "a sanitizer takes terabytes of address space";
#endif
  const Outcome outcome =
      run({.arguments = {"--producers", "128", "--ring-bits", "20", "--payload", "1024"},
           .address_space = std::size_t{4} << 30});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1) << outcome.err;
  for (const char* const part : {"128.", "GiB", "--ring-bits"}) {
    EXPECT_NE(outcome.err.find(part), std::string::npos) << outcome.err;
  }
}

#ifndef RINGMPSC_SANITIZED
TEST(Run, EndsSoonIfMemoryRunsOutAfterTheCheck) {
  // Something else may take the memory between the check and the rings: here the stacks of nine
  // threads, for which there is no room beside 64 MiB of rings.
  const auto begin = std::chrono::steady_clock::now();
  const Outcome outcome =
      run({.arguments = {"--producers", "8", "--ring-bits", "20", "--duration", "1h"},
           .address_space = std::size_t{120} << 20});
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::minutes(1));
  if (outcome.exit_code != 137) {
    EXPECT_EQ(outcome.exit_code, 3) << outcome.err;
  }
}
#endif

TEST(Run, WritesTheDocumentAloneToStdoutUnderAnyOfItsNames) {
  const Outcome outcome = bench({"--duration", "20ms", "--trials", "2", "--output", "/dev/stdout"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  expect_verified(valid_document(outcome.out));
}

TEST(Run, ReportsAResultThatStdoutDidNotTake) {
  const Outcome outcome = run({.arguments = quickly({}), .stdout_file = "/dev/full"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_NE(outcome.err.find("No space"), std::string::npos) << outcome.err;
}

class Faults : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(Faults, OfOneMessageInAMillionAreNamedAndEndWithExitCodeOne) {
  const auto [fault, counter] = GetParam();
  for (const char* const producers : {"1", "4"}) {
    const Outcome outcome = run({.arguments = {"--messages", "1500k", "--producers", producers,
                                               "--trials", "1", "--warmup", "0", "--output", "-"},
                                 .program = RINGMPSC_FAULTY_BENCH_PROGRAM,
                                 .environment = {{"FAULT", fault}}});
    EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
    const auto document = valid_document(outcome.out);
    const auto& verification = document["series"][0]["verification"];
    EXPECT_GE(verification[counter], 1);
    for (const char* const other : {"lost", "duplicated", "reordered", "corrupted"}) {
      if (std::string(other) != counter) {
        EXPECT_EQ(verification[other], 0) << other;
      }
    }
  }
}

TEST(RoundTrips, EndWhenTheQueueLosesAMessage) {
  const Outcome outcome = run({.arguments = {"--pattern", "round-trip", "--messages", "1100k",
                                             "--trials", "1", "--warmup", "0", "-q"},
                               .program = RINGMPSC_FAULTY_BENCH_PROGRAM,
                               .environment = {{"FAULT", "loses"}}});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.err.find("1 lost"), std::string::npos) << outcome.err;
}

TEST_P(Faults, OutrankAResultThatCannotBeWritten) {
  const Outcome outcome =
      run({.arguments = {"--messages", "1500k", "--trials", "1", "--output", "/dev/full", "-q"},
           .program = RINGMPSC_FAULTY_BENCH_PROGRAM,
           .environment = {{"FAULT", GetParam().first}}});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.err.find(GetParam().second), std::string::npos) << outcome.err;
}

TEST_P(Faults, AreShownToPeople) {
  const auto [fault, counter] = GetParam();
  const Outcome outcome = run({.arguments = {"--messages", "1500k", "--trials", "1"},
                               .program = RINGMPSC_FAULTY_BENCH_PROGRAM,
                               .environment = {{"FAULT", fault}}});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.err.find(counter), std::string::npos) << outcome.err;
  std::string shown = outcome.out;
  std::ranges::transform(shown, shown.begin(), [](unsigned char c) { return std::tolower(c); });
  EXPECT_NE(shown.find(counter), std::string::npos) << outcome.out;
}

INSTANTIATE_TEST_SUITE_P(Every, Faults,
                         ::testing::Values(std::pair{"loses", "lost"},
                                           std::pair{"repeats", "duplicated"},
                                           std::pair{"reorders", "reordered"},
                                           std::pair{"corrupts", "corrupted"}));

TEST(Faults, OfAQueueThatNeverHasRoomAreNoSuccess) {
  const Outcome outcome =
      run({.arguments = {"--trials", "2", "--warmup", "0", "--duration", "10ms", "--output", "-"},
           .program = RINGMPSC_FAULTY_BENCH_PROGRAM,
           .environment = {{"FAULT", "refuses"}}});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_NE(outcome.err.find("ringmpsc: no message was received"), std::string::npos)
      << outcome.err;
  EXPECT_EQ(valid_document(outcome.out)["series"][0]["verification"]["received"], 0);
}

}  // namespace
}  // namespace bench::testing
