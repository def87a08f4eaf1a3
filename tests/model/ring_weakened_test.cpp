// The model checker's eyesight on a ring: with one order weakened, the same programs must fail.
//
// The sender's thread stores tails and `finished` and loads heads and `closed`; the receiver's does
// the opposite. Numbers are the sequences, flags the other two.

#include <gtest/gtest.h>

#include "model/ring_programs.hpp"
#include "model/simulation.hpp"

namespace ringmpsc::model {
namespace {

TEST(ModelWeakenedRing, ATailStoredRelaxedShowsMessagesBeforeTheyAreWritten) {
  expect_failure<OneByOne>(relaxed_store(Kind::number, kSender), rl::test_result_data_race);
}

TEST(ModelWeakenedRing, ATailLoadedRelaxedShowsMessagesBeforeTheyAreWritten) {
  expect_failure<OneByOne>(relaxed_load(Kind::number, kReceiver), rl::test_result_data_race);
}

TEST(ModelWeakenedRing, AHeadStoredRelaxedLetsMessagesBeOverwrittenUnderTheirReader) {
  expect_failure<OneByOne>(relaxed_store(Kind::number, kReceiver), rl::test_result_data_race);
}

TEST(ModelWeakenedRing, AHeadLoadedRelaxedLetsMessagesBeOverwrittenUnderTheirReader) {
  expect_failure<OneByOne>(relaxed_load(Kind::number, kSender), rl::test_result_data_race);
}

TEST(ModelWeakenedRing, FinishedStoredRelaxedMakesARingWithMessagesSeemDrained) {
  expect_failure<SenderEnds>(relaxed_store(Kind::flag, kSender),
                             rl::test_result_user_assert_failed);
}

TEST(ModelWeakenedRing, FinishedLoadedRelaxedMakesARingWithMessagesSeemDrained) {
  expect_failure<SenderEnds>(relaxed_load(Kind::flag, kReceiver),
                             rl::test_result_user_assert_failed);
}

TEST(ModelWeakenedRing, ClosedStoredRelaxedHidesWhatTheCloserWroteBefore) {
  expect_failure<ReceiverCloses>(relaxed_store(Kind::flag, kReceiver), rl::test_result_data_race);
}

TEST(ModelWeakenedRing, ClosedLoadedRelaxedHidesWhatTheCloserWroteBefore) {
  expect_failure<ReceiverCloses>(relaxed_load(Kind::flag, kSender), rl::test_result_data_race);
}

}  // namespace
}  // namespace ringmpsc::model
