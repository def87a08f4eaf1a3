// The tool with our queue slowed by a known part: it measures as the tool does.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cli/document.hpp"
#include "cli/process.hpp"

namespace bench::testing {
namespace {

Outcome slowed(std::vector<std::string> arguments, const std::string& part) {
  return run({.arguments = std::move(arguments),
              .program = RINGMPSC_SLOWED_BENCH_PROGRAM,
              .environment = {{"SLOWDOWN", part}}});
}

TEST(SlowedBench, VerifiesEveryWayOfSendingWhetherItStandsStillOrNot) {
  const std::vector<std::vector<std::string>> ways = {{"--batch", "1"},
                                                      {"--batch", "256", "--producers", "2"},
                                                      {"--batch", "256", "--write", "copy"},
                                                      {"--batch", "1", "--write", "deferred"},
                                                      {"--pattern", "round-trip"}};
  for (const char* const part : {"0%", "40%"}) {
    for (const std::vector<std::string>& way : ways) {
      std::vector<std::string> arguments = {"--duration", "50ms", "--trials", "1",
                                            "--warmup",   "0",    "--output", "-"};
      arguments.insert(arguments.end(), way.begin(), way.end());
      const Outcome outcome = slowed(arguments, part);
      ASSERT_EQ(outcome.exit_code, 0) << part << " " << way[1] << ": " << outcome.err;
      const auto document = valid_document(outcome.out);
      EXPECT_EQ(document["series"][0]["spec"]["queue"], "ringmpsc");
      EXPECT_GT(document["series"][0]["verification"]["received"], 0);
      expect_verified(document);
    }
  }
}

TEST(SlowedBench, SaysByHowMuchItIsSlowed) {
  EXPECT_NE(slowed({"queues"}, "7.5%").out.find("stands still 7.5% of the time"),
            std::string::npos);
  const Outcome whole = run({.arguments = {"queues"}, .program = RINGMPSC_SLOWED_BENCH_PROGRAM});
  EXPECT_EQ(whole.exit_code, 0) << whole.err;
  EXPECT_NE(whole.out.find("stands still 0% of the time"), std::string::npos) << whole.out;
}

TEST(SlowedBench, RefusesAnythingButAPartOfTheTime) {
  for (const char* const part : {"", "7.5", "51%", "-1%", "nan%", "ten"}) {
    const Outcome outcome = slowed({"queues"}, part);
    EXPECT_EQ(outcome.exit_code, 2) << part;
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(outcome.err, std::string("ringmpsc-bench: error: SLOWDOWN=") + part +
                               ": must be a part of the time from 0% to 50%, like 7.5%\n");
  }
}

}  // namespace
}  // namespace bench::testing
