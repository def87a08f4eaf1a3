// Tests how many rounds there is time for, on machines that are as fast as estimated and on others.

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
Ran run(std::optional<double> announced, unsigned planned,
        const std::function<double(unsigned)>& length) {
  const Deadline deadline(announced);
  Ran ran;
  while (ran.rounds < planned && deadline.allows_another(ran.rounds, ran.seconds)) {
    ran.seconds += length(ran.rounds++);
  }
  return ran;
}

TEST(Deadline, LeavesNothingOutWhereTheEstimateHolds) {
  EXPECT_EQ(run(10, 10, [](unsigned) { return 1; }).rounds, 10U);
  EXPECT_EQ(run(10, 10, [](unsigned) { return 1.07; }).rounds, 10U);
  EXPECT_EQ(run(10, 10, [](unsigned) { return 0.1; }).rounds, 10U);
}

TEST(Deadline, NeverComesWhereNoTimeWasAnnounced) {
  EXPECT_EQ(run(std::nullopt, 10, [](unsigned) { return 1e6; }).rounds, 10U);
}

TEST(Deadline, LeavesOutRoundsOnASlowerMachine) {
  EXPECT_EQ(run(10, 10, [](unsigned) { return 1.1; }).rounds, 9U);
  EXPECT_EQ(run(10, 10, [](unsigned) { return 2; }).rounds, 5U);
  EXPECT_EQ(run(10, 10, [](unsigned) { return 4; }).rounds, 2U);
}

TEST(Deadline, DoesNotCutAShortMeasurementToSaveAMoment) {
  EXPECT_EQ(run(0.5, 10, [](unsigned) { return 0.09; }).rounds, 10U);
  EXPECT_LT(run(0.5, 10, [](unsigned) { return 0.2; }).rounds, 10U);
}

TEST(Deadline, AllowsTheFirstRoundHoweverLongItTakes) {
  EXPECT_EQ(run(10, 10, [](unsigned) { return 100; }).rounds, 1U);
  EXPECT_EQ(run(0, 10, [](unsigned) { return 1; }).rounds, 1U);
}

TEST(Deadline, IsExceededByATenthAtMostIfAllRoundsAreEquallySlow) {
  for (double slower = 1; slower < 5; slower += 0.01) {
    const Ran ran = run(10, 10, [slower](unsigned) { return slower; });
    EXPECT_LE(ran.seconds, 1.1 * 10) << slower;
    EXPECT_GT(ran.seconds + slower, ran.rounds == 10 ? 0 : Deadline::kLatest * 10) << slower;
  }
}

TEST(Deadline, IsExceededAtMostByTheExtraTimeOfTheLastRound) {
  for (unsigned from = 1; from < 20; ++from) {
    for (const double slower : {1.5, 2.0, 5.0, 20.0}) {
      const Ran ran = run(20, 20, [&](unsigned round) { return round < from ? 1 : slower; });
      const double others = (ran.seconds - slower) / (ran.rounds - 1);
      EXPECT_LE(ran.seconds, Deadline::kLatest * 20 + slower - others + 1e-9)
          << from << " rounds, then " << slower;
    }
  }
}

}  // namespace
}  // namespace bench::measure
