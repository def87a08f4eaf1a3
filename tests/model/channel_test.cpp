// A channel under the model checker: no message is lost when producers register and end, and when
// the channel is closed.

#include <gtest/gtest.h>

#include "model/channel_programs.hpp"
#include "model/simulation.hpp"

namespace ringmpsc::model {
namespace {

template <class V>
class ModelChannel : public ::testing::Test {};
using ChannelsOfAllKinds =
    ::testing::Types<Laid<OwnMessage<1>, Layout::dense>, Laid<OwnMessage<1>, Layout::celled>,
                     Laid<OwnMessage<2>, Layout::celled>>;
TYPED_TEST_SUITE(ModelChannel, ChannelsOfAllKinds, LaidName);

TYPED_TEST(ModelChannel, MessagesOfProducersThatRegisterAtTheSameTimeAllArrive) {
  expect_success<TwoProducers<TypeParam, 2>>(40'000, 0);
}

TYPED_TEST(ModelChannel, TheSlotOfAnEndedProducerServesTheNext) {
  expect_success<TwoProducers<TypeParam, 1>>(40'000, 1);
}

TYPED_TEST(ModelChannel, PollsAloneFreeTheSlotOfAnEndedProducer) {
  expect_success<ConsumerOnlyPolls<TypeParam>>(40'000, 1);
  expect_success<OneStays<TypeParam>>(40'000, 0);
}

TYPED_TEST(ModelChannel, NothingIsSentAfterAllProducersThatWereToComeHaveEnded) {
  expect_success<UntilAllHaveEnded<TypeParam, 2>>(40'000, 0);
  expect_success<UntilAllHaveEnded<TypeParam, 1>>(40'000, 1);
}

TYPED_TEST(ModelChannel, AProducerThatSentNothingIsDrainedToo) {
  expect_success<ConsumerCloses<TypeParam, 1, 0>>(40'000, 3);
}

TYPED_TEST(ModelChannel, NothingIsCommittedAfterAChannelClosedByItsConsumerIsDrained) {
  expect_success<ConsumerCloses<TypeParam, 1, 1>>(100'000, 4);
}

TYPED_TEST(ModelChannel, RegistrationsRefusedByTheCloseFreeTheirSlotForEachOther) {
  expect_success<ConsumerCloses<TypeParam, 2, 1>>(100'000, 2);
}

TYPED_TEST(ModelChannel, NothingIsCommittedAfterAChannelClosedByAnotherThreadIsDrained) {
  expect_success<AnotherCloses<TypeParam>>(100'000, 3);
}

}  // namespace
}  // namespace ringmpsc::model
