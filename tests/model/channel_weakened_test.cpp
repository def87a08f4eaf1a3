// Checks that the model checker sees errors in a channel: with one memory order weakened, the same
// programs must fail.
//
// One case is missing: the consumer's own load of `closed` in drained(), weakened to acquire, where
// another thread closes. Since C++20, synchronisation through an acquire load need not agree with
// the single total order of the sequentially consistent operations, so this load has to be one of
// them. The checker simulates C++11, which promised that agreement, so it finds no error.

#include <gtest/gtest.h>

#include <atomic>

#include "model/channel_programs.hpp"
#include "model/simulation.hpp"

namespace ringmpsc::model {
namespace {

template <class V>
class ModelWeakenedChannel : public ::testing::Test {};
using WeakenedChannels =
    ::testing::Types<Laid<OwnMessage<1>, Layout::dense>, Laid<OwnMessage<1>, Layout::celled>,
                     Laid<OwnMessage<2>, Layout::celled>>;
TYPED_TEST_SUITE(ModelWeakenedChannel, WeakenedChannels, LaidName);

// [slot]

TYPED_TEST(ModelWeakenedChannel, ARelaxedStoreOfLiveShowsAnUnbuiltRing) {
  using Program = TwoProducers<TypeParam, 2>;
  expect_failure<Program>(relaxed_store(Kind::state, Program::kProducer),
                          rl::test_result_data_race);
}

TYPED_TEST(ModelWeakenedChannel, ARelaxedLoadOfLiveShowsAnUnbuiltRing) {
  using Program = TwoProducers<TypeParam, 2>;
  expect_failure<Program>(relaxed_load(Kind::state, Program::kConsumer), rl::test_result_data_race);
}

TYPED_TEST(ModelWeakenedChannel, ARelaxedIncrementOfTheCountHidesARegistrationForEver) {
  using Program = ConsumerCloses<TypeParam, 1, 0>;
  expect_failure<Program>(relaxed_rmw(Kind::number, Program::kProducer, "::publish()"),
                          rl::test_result_livelock);
}

TYPED_TEST(ModelWeakenedChannel, ARelaxedLoadOfTheCountHidesARegistrationForEver) {
  using Program = ConsumerCloses<TypeParam, 1, 0>;
  expect_failure<Program>(relaxed_load(Kind::number, Program::kConsumer, "::take_in_new_rings()"),
                          rl::test_result_livelock);
}

TYPED_TEST(ModelWeakenedChannel, ARelaxedStoreOfFreeLetsASlotBeRebuiltUnderItsConsumer) {
  using Program = TwoProducers<TypeParam, 1>;
  expect_failure<Program>(relaxed_store(Kind::state, Program::kConsumer),
                          rl::test_result_data_race);
}

// This also weakens the producer's store of `live`, which changes nothing here: with one slot, the
// count alone orders the ring's construction.
TYPED_TEST(ModelWeakenedChannel, ARelaxedStoreOfFreeLetsASlotBeRebuiltUnderARefusedClaim) {
  using Program = ConsumerCloses<TypeParam, 2, 1>;
  expect_failure<Program>(relaxed_store(Kind::state, Program::kProducer),
                          rl::test_result_data_race);
}

TYPED_TEST(ModelWeakenedChannel, AClaimWithoutAcquireRebuildsASlotUnderItsConsumer) {
  using Program = TwoProducers<TypeParam, 1>;
  expect_failure<Program>({Kind::state, Operation::rmw, Program::kProducer,
                           std::memory_order_seq_cst, std::memory_order_release},
                          rl::test_result_data_race);
}

// [ended]

TYPED_TEST(ModelWeakenedChannel, ARelaxedIncrementOfEndedHidesAFinishedRingForEver) {
  using Program = ConsumerOnlyPolls<TypeParam>;
  expect_failure<Program>(relaxed_rmw(Kind::number, Program::kProducer, "::close()"),
                          rl::test_result_livelock);
}

TYPED_TEST(ModelWeakenedChannel, ARelaxedLoadOfEndedHidesAFinishedRingForEver) {
  using Program = ConsumerOnlyPolls<TypeParam>;
  expect_failure<Program>(relaxed_load(Kind::number, Program::kConsumer, "::retire_ended_rings()"),
                          rl::test_result_livelock);
}

// [registration]: in each test, a message is committed to a drained channel.

TYPED_TEST(ModelWeakenedChannel, AClaimThatIsNotSequentiallyConsistentMissesTheClose) {
  using Program = ConsumerCloses<TypeParam, 1, 1>;
  expect_failure<Program>({Kind::state, Operation::rmw, Program::kProducer,
                           std::memory_order_seq_cst, std::memory_order_acq_rel},
                          rl::test_result_user_assert_failed);
}

TYPED_TEST(ModelWeakenedChannel, ALoadOfClosedThatIsNotSequentiallyConsistentMissesTheClose) {
  using Program = ConsumerCloses<TypeParam, 1, 1>;
  expect_failure<Program>({Kind::flag, Operation::load, Program::kProducer,
                           std::memory_order_seq_cst, std::memory_order_acquire},
                          rl::test_result_user_assert_failed);
}

TYPED_TEST(ModelWeakenedChannel, ACloseThatIsNotSequentiallyConsistentIsMissedByAClaim) {
  using Program = ConsumerCloses<TypeParam, 1, 1>;
  expect_failure<Program>({Kind::flag, Operation::store, Program::kConsumer,
                           std::memory_order_seq_cst, std::memory_order_release},
                          rl::test_result_user_assert_failed);
}

TYPED_TEST(ModelWeakenedChannel,
           AThirdThreadsCloseThatIsNotSequentiallyConsistentIsMissedByAClaim) {
  using Program = AnotherCloses<TypeParam>;
  expect_failure<Program>({Kind::flag, Operation::store, Program::kCloser,
                           std::memory_order_seq_cst, std::memory_order_release},
                          rl::test_result_user_assert_failed);
}

TYPED_TEST(ModelWeakenedChannel, ALoadOfTheStatesThatIsNotSequentiallyConsistentMissesAClaim) {
  using Program = ConsumerCloses<TypeParam, 1, 1>;
  expect_failure<Program>({Kind::state, Operation::load, Program::kConsumer,
                           std::memory_order_seq_cst, std::memory_order_acquire},
                          rl::test_result_user_assert_failed);
}

}  // namespace
}  // namespace ringmpsc::model
