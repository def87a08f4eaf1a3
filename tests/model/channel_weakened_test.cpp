// The model checker's eyesight on a channel: with one order weakened, the same programs must fail.
//
// Missing: the consumer's own load of `closed` in drained(), weakened to acquire where another
// thread closes. Since C++20, synchronisation through an acquire load need not agree with the
// single total order of the sequentially consistent operations, so that this load has to be one of
// them. The checker simulates C++11, which promised that agreement, and finds nothing.

#include <gtest/gtest.h>

#include <atomic>

#include "model/channel_programs.hpp"
#include "model/simulation.hpp"

namespace ringmpsc::model {
namespace {

// [slot]

TEST(ModelWeakenedChannel, ASlotMadeLiveRelaxedShowsAnUnbuiltRing) {
  using Program = TwoProducers<2>;
  expect_failure<Program>(relaxed_store(Kind::state, Program::kProducer),
                          rl::test_result_data_race);
}

TEST(ModelWeakenedChannel, ASlotSeenLiveRelaxedShowsAnUnbuiltRing) {
  using Program = TwoProducers<2>;
  expect_failure<Program>(relaxed_load(Kind::state, Program::kConsumer), rl::test_result_data_race);
}

TEST(ModelWeakenedChannel, ARegistrationCountedRelaxedIsOverlookedForEver) {
  using Program = ConsumerCloses<1, 0>;
  expect_failure<Program>({Kind::number, Operation::rmw, Program::kProducer,
                           std::memory_order_release, std::memory_order_relaxed},
                          rl::test_result_livelock);
}

// Without messages, whose tail is the other number that the consumer loads.
TEST(ModelWeakenedChannel, ARegistrationSeenRelaxedIsOverlookedForEver) {
  using Program = ConsumerCloses<1, 0>;
  expect_failure<Program>(relaxed_load(Kind::number, Program::kConsumer), rl::test_result_livelock);
}

TEST(ModelWeakenedChannel, ASlotFreedRelaxedIsRebuiltUnderItsConsumer) {
  using Program = TwoProducers<1>;
  expect_failure<Program>(relaxed_store(Kind::state, Program::kConsumer),
                          rl::test_result_data_race);
}

// The other release of a producer, that of `live`, changes nothing here: with one slot, the count
// alone orders the ring's construction.
TEST(ModelWeakenedChannel, ASlotGivenBackRelaxedByARefusedClaimIsRebuiltUnderIt) {
  using Program = ConsumerCloses<2, 1>;
  expect_failure<Program>(relaxed_store(Kind::state, Program::kProducer),
                          rl::test_result_data_race);
}

TEST(ModelWeakenedChannel, ASlotClaimedWithoutAcquireIsRebuiltUnderItsConsumer) {
  using Program = TwoProducers<1>;
  expect_failure<Program>({Kind::state, Operation::rmw, Program::kProducer,
                           std::memory_order_seq_cst, std::memory_order_release},
                          rl::test_result_data_race);
}

// [registration]: each is a message that is committed to a drained channel.

TEST(ModelWeakenedChannel, AClaimOutOfTheSingleOrderMissesTheClose) {
  using Program = ConsumerCloses<1, 1>;
  expect_failure<Program>({Kind::state, Operation::rmw, Program::kProducer,
                           std::memory_order_seq_cst, std::memory_order_acq_rel},
                          rl::test_result_user_assert_failed);
}

TEST(ModelWeakenedChannel, ALookAtClosedOutOfTheSingleOrderMissesTheClose) {
  using Program = ConsumerCloses<1, 1>;
  expect_failure<Program>({Kind::flag, Operation::load, Program::kProducer,
                           std::memory_order_seq_cst, std::memory_order_acquire},
                          rl::test_result_user_assert_failed);
}

TEST(ModelWeakenedChannel, ACloseOutOfTheSingleOrderIsMissedByAClaim) {
  using Program = ConsumerCloses<1, 1>;
  expect_failure<Program>({Kind::flag, Operation::store, Program::kConsumer,
                           std::memory_order_seq_cst, std::memory_order_release},
                          rl::test_result_user_assert_failed);
}

TEST(ModelWeakenedChannel, ACloseOfAnotherThreadOutOfTheSingleOrderIsMissedByAClaim) {
  using Program = AnotherCloses;
  expect_failure<Program>({Kind::flag, Operation::store, Program::kCloser,
                           std::memory_order_seq_cst, std::memory_order_release},
                          rl::test_result_user_assert_failed);
}

TEST(ModelWeakenedChannel, ALookAtTheSlotsOutOfTheSingleOrderMissesAClaim) {
  using Program = ConsumerCloses<1, 1>;
  expect_failure<Program>({Kind::state, Operation::load, Program::kConsumer,
                           std::memory_order_seq_cst, std::memory_order_acquire},
                          rl::test_result_user_assert_failed);
}

}  // namespace
}  // namespace ringmpsc::model
