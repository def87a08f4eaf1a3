// One ring under the model checker: no interleaving or delayed store loses or corrupts a message.

#include <gtest/gtest.h>

#include "model/ring_programs.hpp"
#include "model/simulation.hpp"

namespace ringmpsc::model {
namespace {

template <class V>
class ModelRing : public ::testing::Test {};
using RingsOfAllKinds =
    ::testing::Types<Laid<SlotMessage<1>, Layout::dense>, Laid<SlotMessage<1>, Layout::celled>,
                     Laid<SlotMessage<2>, Layout::celled>>;
TYPED_TEST_SUITE(ModelRing, RingsOfAllKinds, LaidName);

TYPED_TEST(ModelRing, MessagesArriveInOrderThroughSlotsThatAreReused) {
  expect_success<OneByOne<TypeParam>>(200'000, 3);
}

TYPED_TEST(ModelRing, BatchesArriveInOrderAcrossTheWrap) {
  expect_success<InBatches<TypeParam>>(300'000, 1);
}

TYPED_TEST(ModelRing, MessagesArriveInOrderAfterTheReceiverHasRested) {
  expect_success<AfterARest<TypeParam>>(100'000, 1);
}

TYPED_TEST(ModelRing, ADrainedRingHasDeliveredEverythingThatItsSenderCommitted) {
  expect_success<SenderEnds<TypeParam>>(300'000, 20);  // more switches add no executions
}

TYPED_TEST(ModelRing, ARingMayEndAsSoonAsItsReceiverFindsItDrained) {
  expect_success<ReceiverEndsTheRing<TypeParam>>(100'000, 20);
}

TYPED_TEST(ModelRing, ARingClosedByItsReceiverDeliversWhatWasCommitted) {
  expect_success<ReceiverCloses<TypeParam>>(300'000, 4);
}

TYPED_TEST(ModelRing, CommitsAreCountedRightlyAtEveryMoment) {
  expect_success<CommitsAreSampled<TypeParam, 2>>(200'000, 2);
}

TYPED_TEST(ModelRing, CommitsAreCountedRightlyWhileTheSenderLapsTheSampler) {
  expect_success<CommitsAreSampled<TypeParam, 3>>(100'000, 0);
}

}  // namespace
}  // namespace ringmpsc::model
