// Checks that the model checker sees errors in a ring: with one memory order weakened, the same
// programs must fail.
//
// The sender's thread stores the tail and `finished` and loads the head and `closed`. The
// receiver's thread does the opposite. Numbers are the tail and the head; flags are `finished` and
// `closed`.

#include <gtest/gtest.h>

#include "model/ring_programs.hpp"
#include "model/simulation.hpp"

namespace ringmpsc::model {
namespace {

TEST(ModelWeakenedRing, ARelaxedStoreOfTheTailShowsMessagesBeforeTheyAreWritten) {
  expect_failure<OneByOne>(relaxed_store(Kind::number, kSender), rl::test_result_data_race);
}

TEST(ModelWeakenedRing, ARelaxedLoadOfTheTailShowsMessagesBeforeTheyAreWritten) {
  expect_failure<OneByOne>(relaxed_load(Kind::number, kReceiver), rl::test_result_data_race);
}

TEST(ModelWeakenedRing, ARelaxedStoreOfTheHeadLetsMessagesBeOverwrittenUnderTheirReader) {
  expect_failure<OneByOne>(relaxed_store(Kind::number, kReceiver), rl::test_result_data_race);
}

TEST(ModelWeakenedRing, ARelaxedLoadOfTheHeadLetsMessagesBeOverwrittenUnderTheirReader) {
  expect_failure<OneByOne>(relaxed_load(Kind::number, kSender), rl::test_result_data_race);
}

TEST(ModelWeakenedRing, ARelaxedStoreOfFinishedMakesARingWithMessagesSeemDrained) {
  expect_failure<SenderEnds>(relaxed_store(Kind::flag, kSender),
                             rl::test_result_user_assert_failed);
}

TEST(ModelWeakenedRing, ARelaxedLoadOfFinishedMakesARingWithMessagesSeemDrained) {
  expect_failure<SenderEnds>(relaxed_load(Kind::flag, kReceiver),
                             rl::test_result_user_assert_failed);
}

TEST(ModelWeakenedRing, ARelaxedStoreOfClosedHidesWhatTheCloserWroteBefore) {
  expect_failure<ReceiverCloses>(relaxed_store(Kind::flag, kReceiver), rl::test_result_data_race);
}

TEST(ModelWeakenedRing, ARelaxedLoadOfClosedHidesWhatTheCloserWroteBefore) {
  expect_failure<ReceiverCloses>(relaxed_load(Kind::flag, kSender), rl::test_result_data_race);
}

TEST(ModelWeakenedRing, RelaxedStoresOfTheCountersShowCommitsThatWereNotMade) {
  expect_failure<CommitsAreSampled>(relaxed_store(Kind::number, kSender),
                                    rl::test_result_user_assert_failed);
}

TEST(ModelWeakenedRing, RelaxedLoadsOfTheCountersShowCommitsThatWereNotMade) {
  expect_failure<CommitsAreSampled>(relaxed_load(Kind::number, CommitsAreSampled::kSampler),
                                    rl::test_result_user_assert_failed);
}

}  // namespace
}  // namespace ringmpsc::model
