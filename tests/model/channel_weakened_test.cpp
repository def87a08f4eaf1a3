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

// [slot]

TEST(ModelWeakenedChannel, ARelaxedStoreOfLiveShowsAnUnbuiltRing) {
  using Program = TwoProducers<2>;
  expect_failure<Program>(relaxed_store(Kind::state, Program::kProducer),
                          rl::test_result_data_race);
}

TEST(ModelWeakenedChannel, ARelaxedLoadOfLiveShowsAnUnbuiltRing) {
  using Program = TwoProducers<2>;
  expect_failure<Program>(relaxed_load(Kind::state, Program::kConsumer), rl::test_result_data_race);
}

TEST(ModelWeakenedChannel, ARelaxedIncrementOfTheCountHidesARegistrationForEver) {
  using Program = ConsumerCloses<1, 0>;
  expect_failure<Program>({Kind::number, Operation::rmw, Program::kProducer,
                           std::memory_order_release, std::memory_order_relaxed},
                          rl::test_result_livelock);
}

// The program sends no messages, because their tail is the other number that the consumer loads.
TEST(ModelWeakenedChannel, ARelaxedLoadOfTheCountHidesARegistrationForEver) {
  using Program = ConsumerCloses<1, 0>;
  expect_failure<Program>(relaxed_load(Kind::number, Program::kConsumer), rl::test_result_livelock);
}

TEST(ModelWeakenedChannel, ARelaxedStoreOfFreeLetsASlotBeRebuiltUnderItsConsumer) {
  using Program = TwoProducers<1>;
  expect_failure<Program>(relaxed_store(Kind::state, Program::kConsumer),
                          rl::test_result_data_race);
}

// This also weakens the producer's store of `live`, which changes nothing here: with one slot, the
// count alone orders the ring's construction.
TEST(ModelWeakenedChannel, ARelaxedStoreOfFreeLetsASlotBeRebuiltUnderARefusedClaim) {
  using Program = ConsumerCloses<2, 1>;
  expect_failure<Program>(relaxed_store(Kind::state, Program::kProducer),
                          rl::test_result_data_race);
}

TEST(ModelWeakenedChannel, AClaimWithoutAcquireRebuildsASlotUnderItsConsumer) {
  using Program = TwoProducers<1>;
  expect_failure<Program>({Kind::state, Operation::rmw, Program::kProducer,
                           std::memory_order_seq_cst, std::memory_order_release},
                          rl::test_result_data_race);
}

// [registration]: in each test, a message is committed to a drained channel.

TEST(ModelWeakenedChannel, AClaimThatIsNotSequentiallyConsistentMissesTheClose) {
  using Program = ConsumerCloses<1, 1>;
  expect_failure<Program>({Kind::state, Operation::rmw, Program::kProducer,
                           std::memory_order_seq_cst, std::memory_order_acq_rel},
                          rl::test_result_user_assert_failed);
}

TEST(ModelWeakenedChannel, ALoadOfClosedThatIsNotSequentiallyConsistentMissesTheClose) {
  using Program = ConsumerCloses<1, 1>;
  expect_failure<Program>({Kind::flag, Operation::load, Program::kProducer,
                           std::memory_order_seq_cst, std::memory_order_acquire},
                          rl::test_result_user_assert_failed);
}

TEST(ModelWeakenedChannel, ACloseThatIsNotSequentiallyConsistentIsMissedByAClaim) {
  using Program = ConsumerCloses<1, 1>;
  expect_failure<Program>({Kind::flag, Operation::store, Program::kConsumer,
                           std::memory_order_seq_cst, std::memory_order_release},
                          rl::test_result_user_assert_failed);
}

TEST(ModelWeakenedChannel, AThirdThreadsCloseThatIsNotSequentiallyConsistentIsMissedByAClaim) {
  using Program = AnotherCloses;
  expect_failure<Program>({Kind::flag, Operation::store, Program::kCloser,
                           std::memory_order_seq_cst, std::memory_order_release},
                          rl::test_result_user_assert_failed);
}

TEST(ModelWeakenedChannel, ALoadOfTheStatesThatIsNotSequentiallyConsistentMissesAClaim) {
  using Program = ConsumerCloses<1, 1>;
  expect_failure<Program>({Kind::state, Operation::load, Program::kConsumer,
                           std::memory_order_seq_cst, std::memory_order_acquire},
                          rl::test_result_user_assert_failed);
}

}  // namespace
}  // namespace ringmpsc::model
