// What becomes of a measurement whose queue hangs, throws or crashes, or that is stopped.

#include <gtest/gtest.h>
#include <signal.h>

#include <string>
#include <vector>

#include "cli/document.hpp"
#include "cli/process.hpp"
#include "ringmpsc/detail/platform.hpp"

namespace bench::testing {
namespace {

using std::chrono::milliseconds;
using Arguments = std::vector<std::string>;

Outcome faulty(const char* fault, Arguments arguments) {
  return run({.arguments = std::move(arguments),
              .program = RINGMPSC_FAULTY_BENCH_PROGRAM,
              .environment = {{"FAULT", fault}}});
}

Arguments five_trials() {
  return {"--duration", "50ms",        "--trials", "5",        "--warmup",
          "0",          "--producers", "2",        "--output", "-"};
}

/// Expects that the first trial was kept, and that the failure of the second is named.
void expect_kept(const Outcome& outcome, const std::string& kind, const std::string& reason) {
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  EXPECT_NE(outcome.err.find("trial 2 of 5 of ringmpsc: " + reason), std::string::npos)
      << outcome.err;
  const auto document = valid_document(outcome.out);
  EXPECT_EQ(document["complete"], false);
  EXPECT_EQ(document["failure"]["kind"], kind);
  EXPECT_EQ(document["failure"]["queue"], "ringmpsc");
  EXPECT_EQ(document["failure"]["trial"], "trial 2 of 5");
  EXPECT_EQ(document["series"][0]["samples"].size(), 1U);
  expect_verified(document);
}

TEST(Failures, OfAQueueThatThrowsKeepTheTrialsBeforeIt) {
  const Outcome outcome = faulty("throws", five_trials());
  expect_kept(outcome, "exception", "the queue threw: it was thrown on purpose");
}

#ifndef RINGMPSC_SANITIZED  // a sanitizer's own report ends the process
TEST(Failures, OfAQueueThatCrashesKeepTheTrialsBeforeIt) {
  const Outcome outcome = faulty("crashes", five_trials());
  expect_kept(outcome, "crash", "the queue crashed with SIGSEGV");
  for (const char* const part :
       {"consumer: waiting for messages", "producers 0 to 1: crashed within the queue"}) {
    EXPECT_NE(outcome.err.find(part), std::string::npos) << part << " not in " << outcome.err;
  }
}

TEST(Failures, OfAQueueThatCannotBeMadeKeepTheTrialsBeforeIt) {
  expect_kept(faulty("bad_to_make", five_trials()), "crash",
              "the queue crashed in its constructor with SIGABRT");
}

TEST(Failures, OfAQueueThatAbortsKeepTheTrialsBeforeIt) {
  expect_kept(faulty("aborts", five_trials()), "crash", "the queue crashed with SIGABRT");
}
#endif

TEST(Failures, OfAQueueThatHangsAreSeenAndSayWhatEachThreadWasDoing) {
  const Outcome outcome = faulty("hangs", five_trials());
  expect_kept(outcome, "no_progress", "no message got on for 10 s");
  const auto threads = valid_document(outcome.out)["failure"]["threads"];
  ASSERT_EQ(threads.size(), 3U);
  EXPECT_EQ(threads[0]["thread"], "consumer");
  EXPECT_EQ(threads[0]["doing"], "waiting for messages");
  EXPECT_EQ(threads[1]["thread"], "producer 0");
  EXPECT_EQ(threads[1]["doing"], "within the queue's push");
  EXPECT_NE(outcome.err.find("producers 0 to 1: within the queue's push, after 0 messages"),
            std::string::npos)
      << outcome.err;
}

TEST(Failures, OfAQueueWhoseConstructorHangsAreSeen) {
  expect_kept(faulty("slow_to_make", five_trials()), "no_progress",
              "the queue's constructor did not return within");
}

TEST(Failures, OfAQueueWhoseDestructorHangsAreSeen) {
  expect_kept(faulty("slow_to_end", five_trials()), "no_progress",
              "the queue's destructor did not return within");
}

TEST(Failures, OfAQueueThatHandsItsLastMessageOverAgainAreSeen) {
  const Outcome outcome =
      faulty("again", {"--duration", "20ms", "--trials", "2", "--warmup", "0", "--output", "-"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.err.find("the consumer got more messages than were sent"), std::string::npos)
      << outcome.err;
  const auto document = valid_document(outcome.out);
  EXPECT_EQ(document["failure"]["kind"], "too_many");
  const auto threads = document["failure"]["threads"];
  EXPECT_GT(threads[0]["messages"], threads[1]["messages"]) << "the consumer's and the producer's";
}

TEST(Failures, OfAQueueThatNeverHasRoomAreSeenUnderANumberOfMessages) {
  const Outcome outcome = faulty("refuses", {"--messages", "100", "-q"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.err.find("waiting for room, after 0 messages"), std::string::npos)
      << outcome.err;
}

TEST(Failures, OfAQueueThatNeverHasRoomEndRoundTripsToo) {
  const Outcome outcome = faulty(
      "refuses", {"latency", "--duration", "10ms", "--trials", "2", "--queue", "ringmpsc", "-q"});
  EXPECT_EQ(outcome.exit_code, 3) << outcome.err;
}

TEST(Failures, OfAQueueThatKeepsAMessageEndRoundTripsAndCountItAsLost) {
  const Outcome outcome = faulty("mute", {"latency", "--queue", "ringmpsc", "-q"});
  EXPECT_EQ(outcome.exit_code, 1);
  for (const char* const part :
       {"no message got on for 10 s", "waiting for room or for its reply, after 1 message",
        "1 lost", "message 0 of producer 0; next came nothing"}) {
    EXPECT_NE(outcome.err.find(part), std::string::npos) << part << " not in " << outcome.err;
  }
}

TEST(Stops, OfTheWholeProcessAreNoPartOfTheFigures) {
  const Outcome outcome =
      run({.arguments = {"--duration", "2s", "--trials", "1", "--warmup", "0", "--output", "-"},
           .signals = {{milliseconds(1200), SIGSTOP}, {milliseconds(2000), SIGCONT}}});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto document = valid_document(outcome.out);
  const auto& series = document["series"][0];
  ASSERT_EQ(series["samples"].size(), 1U);
  EXPECT_EQ(series["samples"][0]["stopped_s"], 0);
  EXPECT_EQ(series["repeated"]["trials"], 1);
  EXPECT_GT(series["repeated"]["stopped_s"], 1.5);
  EXPECT_TRUE(has_caveat(document, "stopped"));
}

TEST(Stops, AreNoLossInARoundTrip) {
  const Outcome outcome =
      run({.arguments = {"latency", "--queue", "ringmpsc", "--duration", "1s", "--trials", "1",
                         "--warmup", "0", "--output", "-"},
           .signals = {{milliseconds(700), SIGSTOP}, {milliseconds(12'000), SIGCONT}}});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  expect_verified(valid_document(outcome.out));
}

}  // namespace
}  // namespace bench::testing
