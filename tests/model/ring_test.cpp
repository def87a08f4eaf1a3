// One ring under the model checker: no interleaving or delayed store loses or corrupts a message.

#include <gtest/gtest.h>

#include "model/ring_programs.hpp"
#include "model/simulation.hpp"

namespace ringmpsc::model {
namespace {

TEST(ModelRing, MessagesArriveInOrderThroughSlotsThatAreReused) {
  expect_success<OneByOne>(500'000, 3);
}

TEST(ModelRing, BatchesArriveInOrderAcrossTheWrap) { expect_success<InBatches>(500'000, 1); }

TEST(ModelRing, ADrainedRingHasDeliveredEverythingThatItsSenderCommitted) {
  expect_success<SenderEnds>(500'000, 20);  // more switches add no executions
}

TEST(ModelRing, ARingClosedByItsReceiverDeliversWhatWasCommitted) {
  expect_success<ReceiverCloses>(500'000, 4);
}

TEST(ModelRing, CommitsAreCountedRightlyAtEveryMoment) {
  expect_success<CommitsAreSampled>(500'000, 3);
}

}  // namespace
}  // namespace ringmpsc::model
