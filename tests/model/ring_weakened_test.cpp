// Checks that the model checker sees errors in a ring: with one memory order weakened, the same
// programs must fail.
//
// The sender's thread stores the tail, or the cells' sequences, and `finished`, and loads the head
// and `closed`. The receiver's thread does the opposite. Numbers are the tail or the cells'
// sequences and the head; flags are `finished` and `closed`.

#include <gtest/gtest.h>

#include "model/ring_programs.hpp"
#include "model/simulation.hpp"

namespace ringmpsc::model {
namespace {

template <class V>
class ModelWeakenedRing : public ::testing::Test {};
using WeakenedRings =
    ::testing::Types<Laid<SlotMessage<1>, Layout::dense>, Laid<SlotMessage<1>, Layout::celled>,
                     Laid<SlotMessage<2>, Layout::celled>>;
TYPED_TEST_SUITE(ModelWeakenedRing, WeakenedRings, LaidName);

TYPED_TEST(ModelWeakenedRing, ARelaxedStoreOfWhatIsPublishedShowsMessagesBeforeTheyAreWritten) {
  expect_failure<OneByOne<TypeParam>>(relaxed_store(Kind::number, kSender),
                                      rl::test_result_data_race);
}

TYPED_TEST(ModelWeakenedRing, ARelaxedLoadOfWhatIsPublishedShowsMessagesBeforeTheyAreWritten) {
  expect_failure<OneByOne<TypeParam>>(relaxed_load(Kind::number, kReceiver),
                                      rl::test_result_data_race);
}

TYPED_TEST(ModelWeakenedRing, ARelaxedStoreOfTheHeadLetsMessagesBeOverwrittenUnderTheirReader) {
  expect_failure<OneByOne<TypeParam>>(relaxed_store(Kind::number, kReceiver),
                                      rl::test_result_data_race);
}

TYPED_TEST(ModelWeakenedRing, ARelaxedLoadOfTheHeadLetsMessagesBeOverwrittenUnderTheirReader) {
  expect_failure<OneByOne<TypeParam>>(relaxed_load(Kind::number, kSender),
                                      rl::test_result_data_race);
}

TYPED_TEST(ModelWeakenedRing, ARelaxedStoreOfFinishedMakesARingWithMessagesSeemDrained) {
  expect_failure<SenderEnds<TypeParam>>(relaxed_store(Kind::flag, kSender),
                                        rl::test_result_user_assert_failed);
}

TYPED_TEST(ModelWeakenedRing, ARelaxedLoadOfFinishedMakesARingWithMessagesSeemDrained) {
  expect_failure<SenderEnds<TypeParam>>(relaxed_load(Kind::flag, kReceiver),
                                        rl::test_result_user_assert_failed);
}

TYPED_TEST(ModelWeakenedRing, ARelaxedStoreOfClosedHidesWhatTheCloserWroteBefore) {
  expect_failure<ReceiverCloses<TypeParam>>(relaxed_store(Kind::flag, kReceiver),
                                            rl::test_result_data_race);
}

TYPED_TEST(ModelWeakenedRing, ARelaxedLoadOfClosedHidesWhatTheCloserWroteBefore) {
  expect_failure<ReceiverCloses<TypeParam>>(relaxed_load(Kind::flag, kSender),
                                            rl::test_result_data_race);
}

// Only the receiver of a celled ring looks ahead.

template <class V>
class ModelWeakenedCelledRing : public ::testing::Test {};
using CelledRings =
    ::testing::Types<Laid<SlotMessage<1>, Layout::celled>, Laid<SlotMessage<2>, Layout::celled>>;
TYPED_TEST_SUITE(ModelWeakenedCelledRing, CelledRings, LaidName);

TYPED_TEST(ModelWeakenedCelledRing, ARelaxedLookAheadShowsMessagesBeforeTheyAreWritten) {
  expect_failure<AfterARest<TypeParam>>(relaxed_load(Kind::number, kReceiver, "look_ahead"),
                                        rl::test_result_data_race);
}

// A cell of one message has no batches, whose counting could go wrong.

template <class V>
class ModelWeakenedCounters : public ::testing::Test {};
using RingsWithBatches =
    ::testing::Types<Laid<SlotMessage<1>, Layout::dense>, Laid<SlotMessage<2>, Layout::celled>>;
TYPED_TEST_SUITE(ModelWeakenedCounters, RingsWithBatches, LaidName);

TYPED_TEST(ModelWeakenedCounters, RelaxedStoresShowCommitsThatWereNotMade) {
  expect_failure<CommitsAreSampled<TypeParam, 2>>(relaxed_store(Kind::number, kSender),
                                                  rl::test_result_user_assert_failed);
}

TYPED_TEST(ModelWeakenedCounters, RelaxedLoadsShowCommitsThatWereNotMade) {
  using Program = CommitsAreSampled<TypeParam, 2>;
  expect_failure<Program>(relaxed_load(Kind::number, Program::kSampler),
                          rl::test_result_user_assert_failed);
}

TEST(ModelWeakenedCells, TooFewOfThemLetMessagesBeOverwrittenBeforeTheyAreRead) {
  using Program = OneByOne<Laid<SlotMessage<2, Enough::no>, Layout::celled>, 4>;
  const Outcome outcome = simulate_at_random<Program>(100'000);
  EXPECT_EQ(outcome.result, rl::test_result_data_race) << outcome.history;
}

}  // namespace
}  // namespace ringmpsc::model
