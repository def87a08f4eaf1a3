// Tests when a trial counts as stuck, and what counts as a stop of the whole process.

#include "measure/watch.hpp"

#include <gtest/gtest.h>

namespace bench::measure {
namespace {

using workload::Stage;
using workload::TrialState;

/// A trial of two producers, all of whose threads run.
TrialState running() {
  TrialState state;
  state.producers.resize(2);
  state.consumer.stage = Stage::running;
  for (auto& producer : state.producers) producer.stage = Stage::running;
  return state;
}

/// Looks every tenth of a second; `change` may change the state before a look. Returns after how
/// many seconds the trial counts as stuck, at most a minute.
double stuck_after(Watch& watch, TrialState state, auto change) {
  for (int look = 0; look <= 600; ++look) {
    change(look, state);
    if (watch.look(0.1 * look, 0.2 * look, state) == Watch::Verdict::stuck) return 0.1 * look;
  }
  return 60;
}

TEST(Watch, CallsATrialStuckThatMakesNoProgressForTenSeconds) {
  Watch watch(0);
  EXPECT_NEAR(stuck_after(watch, running(), [](int, TrialState&) {}), 10.1, 0.15);
}

TEST(Watch, TakesMessagesOfAnyThreadForProgress) {
  for (const int whose : {-1, 0, 1}) {
    Watch watch(0);
    const double after = stuck_after(watch, running(), [whose](int look, TrialState& state) {
      auto& thread = whose < 0 ? state.consumer : state.producers[static_cast<unsigned>(whose)];
      if (look % 90 == 0) ++thread.messages;
    });
    EXPECT_EQ(after, 60);
  }
}

TEST(Watch, TakesNoWaitingForProgress) {
  Watch watch(0);
  EXPECT_LT(stuck_after(watch, running(), [](int, TrialState& state) { ++state.consumer.waits; }),
            11);
}

TEST(Watch, GivesThreadsMoreTimeToFaultTheirMemoryIn) {
  Watch watch(20);
  TrialState state = running();
  state.producers[1].stage = Stage::starting;
  EXPECT_NEAR(stuck_after(watch, state, [](int, TrialState&) {}), 30.1, 0.15);
}

TEST(Watch, DoesNotCountTheTimeInWhichTheProcessWasStopped) {
  Watch watch(0);
  for (const double now_s : {0.0, 0.1, 3'600.0, 3'600.1}) {
    EXPECT_EQ(watch.look(now_s, 0, running()), Watch::Verdict::going);
  }
  EXPECT_NEAR(watch.stopped_seconds(), 3'599.9, 1e-6);
}

TEST(Watch, TakesALateLookForAStopOnlyIfTheProcessDidNotRun) {
  Watch watch(0);
  static_cast<void>(watch.look(0, 0, running()));
  static_cast<void>(watch.look(0.2, 0, running()));
  EXPECT_EQ(watch.stopped_seconds(), 0) << "threads that sleep";
  static_cast<void>(watch.look(0.6, 0.8, running()));
  EXPECT_EQ(watch.stopped_seconds(), 0) << "two threads had the CPUs, and the supervisor had none";
  static_cast<void>(watch.look(1, 0.9, running()));
  EXPECT_NEAR(watch.stopped_seconds(), 0.4, 1e-9);
  static_cast<void>(watch.look(1.6, 2.1, running()));
  EXPECT_NEAR(watch.stopped_seconds(), 1, 1e-9) << "a paused machine may count as busy";
  watch.begin_trial();
  EXPECT_EQ(watch.stopped_seconds(), 0);
}

TEST(Watch, SeesAConsumerThatGetsMoreThanWasSent) {
  Watch watch(0);
  TrialState state = running();
  state.producers[0].messages = 10;
  state.producers[1].messages = 5;
  state.consumer.messages = 16;
  EXPECT_EQ(watch.look(0, 0, state), Watch::Verdict::going) << "they may have sent more by now";
  for (auto& producer : state.producers) producer.stage = Stage::ended;
  EXPECT_EQ(watch.look(0.1, 0, state), Watch::Verdict::too_many);
  state.consumer.messages = 15;
  EXPECT_EQ(watch.look(0.2, 0, state), Watch::Verdict::going);
}

}  // namespace
}  // namespace bench::measure
