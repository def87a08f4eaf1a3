// Tests how many rounds there is time for, on machines that are as fast as expected and on others.

#include "measure/deadline.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <optional>

namespace bench::measure {
namespace {

struct Ran {
  unsigned rounds = 0;
  double seconds = 0;
};

/// Runs at most `planned` rounds; `length` tells how many seconds the round of a number takes.
Ran run(std::optional<double> limit_s, unsigned planned,
        const std::function<double(unsigned)>& length) {
  const Deadline deadline(limit_s);
  Ran ran;
  while (ran.rounds < planned && deadline.allows_another(ran.rounds, ran.seconds)) {
    ran.seconds += length(ran.rounds++);
  }
  return ran;
}

TEST(Deadline, NeverComesWithoutALimit) {
  EXPECT_EQ(run(std::nullopt, 10, [](unsigned) { return 1e6; }).rounds, 10U);
}

TEST(Deadline, LeavesNothingOutThatFitsIntoTheLimit) {
  EXPECT_EQ(run(60, 10, [](unsigned) { return 0.8; }).rounds, 10U);
  EXPECT_EQ(run(60, 10, [](unsigned) { return 5.4; }).rounds, 10U);
}

TEST(Deadline, LeavesOutRoundsThatWouldEndAfterTheLimit) {
  EXPECT_EQ(run(10, 10, [](unsigned) { return 1; }).rounds, 9U);
  EXPECT_EQ(run(10, 10, [](unsigned) { return 2; }).rounds, 4U);
  EXPECT_EQ(run(10, 10, [](unsigned) { return 4; }).rounds, 2U);
}

TEST(Deadline, CountsWhatWasSpentBeforeTheFirstRound) {
  EXPECT_TRUE(Deadline(10.0, 5).allows_another(1, 1));
  EXPECT_FALSE(Deadline(10.0, 8).allows_another(1, 1));
  EXPECT_TRUE(Deadline(10.0, 80).allows_another(0, 0)) << "there is always a first round";
}

TEST(Deadline, AllowsTheFirstRoundHoweverLongItTakes) {
  EXPECT_EQ(run(10, 10, [](unsigned) { return 100; }).rounds, 1U);
}

TEST(Deadline, IsKeptIfAllRoundsAreEquallySlow) {
  for (double slower = 0.1; slower < 9; slower += 0.01) {
    EXPECT_LE(run(10, 100, [slower](unsigned) { return slower; }).seconds, 10) << slower;
  }
}

TEST(Deadline, IsExceededAtMostByTheExtraTimeOfTheLastRound) {
  for (unsigned from = 1; from < 20; ++from) {
    for (const double slower : {1.5, 2.0, 5.0, 20.0}) {
      const Ran ran = run(20, 20, [&](unsigned round) { return round < from ? 1 : slower; });
      const double others = (ran.seconds - slower) / (ran.rounds - 1);
      EXPECT_LE(ran.seconds, 20 + slower - others) << from << " rounds, then " << slower;
    }
  }
}

}  // namespace
}  // namespace bench::measure
