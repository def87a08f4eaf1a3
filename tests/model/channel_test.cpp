// A channel under the model checker: no message is lost when producers register and end, and when
// the channel is closed.

#include <gtest/gtest.h>

#include "model/channel_programs.hpp"
#include "model/simulation.hpp"

namespace ringmpsc::model {
namespace {

TEST(ModelChannel, MessagesOfProducersThatRegisterAtTheSameTimeAllArrive) {
  expect_success<TwoProducers<2>>(200'000, 0);
}

TEST(ModelChannel, TheSlotOfAnEndedProducerServesTheNext) {
  expect_success<TwoProducers<1>>(200'000, 1);
}

TEST(ModelChannel, NothingIsSentAfterAllProducersThatWereToComeHaveEnded) {
  expect_success<UntilAllHaveEnded<2>>(200'000, 0);
  expect_success<UntilAllHaveEnded<1>>(200'000, 1);
}

TEST(ModelChannel, AProducerThatSentNothingIsDrainedToo) {
  expect_success<ConsumerCloses<1, 0>>(200'000, 3);
}

TEST(ModelChannel, NothingIsCommittedAfterAChannelClosedByItsConsumerIsDrained) {
  expect_success<ConsumerCloses<1, 1>>(500'000, 4);
}

TEST(ModelChannel, RegistrationsRefusedByTheCloseFreeTheirSlotForEachOther) {
  expect_success<ConsumerCloses<2, 1>>(500'000, 2);
}

TEST(ModelChannel, NothingIsCommittedAfterAChannelClosedByAnotherThreadIsDrained) {
  expect_success<AnotherCloses>(500'000, 3);
}

}  // namespace
}  // namespace ringmpsc::model
