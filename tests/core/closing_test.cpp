// Closing: writes are refused at once, no committed message is lost, and an end is drained only
// when no more messages can come.

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "drained.hpp"
#include "layouts.hpp"
#include "ringmpsc/ringmpsc.hpp"

namespace ringmpsc::testing {
namespace {

using Number = std::int64_t;

/// Every way to write one message. Each returns true if the message was accepted.
template <class End>
std::vector<std::pair<const char*, std::function<bool(End&)>>> ways_in() {
  return {
      {"push", [](End& end) { return end.push(2); }},
      {"try_emplace", [](End& end) { return end.try_emplace(2); }},
      {"reserve", [](End& end) { return !end.reserve(1).empty(); }},
      {"reserve_up_to", [](End& end) { return !end.reserve_up_to(1).empty(); }},
      {"reserve_with_backoff", [](End& end) { return !end.reserve_with_backoff(1).empty(); }},
      {"send", [](End& end) { return end.send(numbers(2, 2)) > 0; }},
  };
}

template <class L>
class Closing : public ::testing::Test {};
TYPED_TEST_SUITE(Closing, BothLayouts, LayoutName);

TYPED_TEST(Closing, ARingRefusesAtOnceEvenIfTheSenderKnowsOfFreeSpace) {
  for (const auto& [name, way_in] : ways_in<SenderOf<Number, TypeParam>>()) {
    RingOf<Number, TypeParam> ring(4);
    auto [sender, receiver] = ring.split();
    ASSERT_TRUE(sender.push(1));  // 15 slots are known to be free
    receiver.close();
    EXPECT_TRUE(sender.closed());
    EXPECT_EQ(sender.space(), 0U);
    EXPECT_FALSE(way_in(sender)) << name;
    EXPECT_FALSE(way_in(sender)) << name << ", second attempt";
    EXPECT_EQ(drained(receiver), numbers(1, 1)) << name;
    EXPECT_TRUE(receiver.drained()) << name;
  }
}

TYPED_TEST(Closing, AnUntouchedRingHasNoSpaceOnceClosed) {
  RingOf<Number, TypeParam> ring(4);
  auto [sender, receiver] = ring.split();
  receiver.close();
  EXPECT_EQ(sender.space(), 0U);
  EXPECT_FALSE(sender.push(1));
}

TYPED_TEST(Closing, AFullRingRefusesAndCanBeDrained) {
  for (const auto& [name, way_in] : ways_in<SenderOf<Number, TypeParam>>()) {
    RingOf<Number, TypeParam> ring(1);
    auto [sender, receiver] = ring.split();
    ASSERT_TRUE(sender.push(1));
    ASSERT_TRUE(sender.push(2));
    receiver.close();
    EXPECT_FALSE(way_in(sender)) << name;
    EXPECT_FALSE(receiver.drained()) << name << ": two messages are left";
    EXPECT_EQ(drained(receiver), numbers(1, 2));
    EXPECT_TRUE(receiver.drained()) << name;
  }
}

TYPED_TEST(Closing, ARefusalByAClosedRingIsToldFromThatByAFullOne) {
  for (const auto& [name, way_in] : ways_in<SenderOf<Number, TypeParam>>()) {
    RingOf<Number, TypeParam> ring(1);
    auto [sender, receiver] = ring.split();
    ASSERT_EQ(sender.send(numbers(1, 2)), 2U);
    EXPECT_FALSE(way_in(sender)) << name;
    EXPECT_FALSE(sender.closed()) << name << ": full";
    EXPECT_EQ(drained(receiver), numbers(1, 2));
    EXPECT_TRUE(way_in(sender)) << name;
    receiver.close();
    EXPECT_FALSE(way_in(sender)) << name;
    EXPECT_TRUE(sender.closed()) << name;
  }
}

TEST(ClosingADenseChannel, ARefusalOfADeferredPushByAClosedRingIsToldFromThatByAFullOne) {
  ChannelOf<Number, Dense> channel({.ring_bits = 2});
  auto consumer = channel.take_consumer();
  Deferred<ProducerOf<Number, Dense>, 3> deferred(channel.register_producer().value());
  for (Number i = 1; i <= 4; ++i) EXPECT_TRUE(deferred.push(i));
  EXPECT_FALSE(deferred.push(5));
  EXPECT_FALSE(deferred.closed()) << "full";
  EXPECT_EQ(drained(consumer), numbers(1, 4));
  EXPECT_TRUE(deferred.push(5));
  consumer.close();
  EXPECT_TRUE(deferred.closed());
  EXPECT_TRUE(deferred.push(6)) << "looks when the stage is published, as documented";
  EXPECT_FALSE(deferred.push(7));
  EXPECT_EQ(deferred.staged(), 0U);
  EXPECT_FALSE(deferred.push(8));
  EXPECT_TRUE(consumer.drained()) << "a refused push ends its producer";
}

TYPED_TEST(Closing, AProducerThatClosedItselfSaysSo) {
  ChannelOf<Number, TypeParam> channel;
  auto producer = channel.register_producer().value();
  producer.close();
  EXPECT_FALSE(producer.push(1));
  EXPECT_TRUE(producer.closed());
}

TYPED_TEST(Closing, AChannelRefusesAtOnceOnEveryProducer) {
  for (const bool by_consumer : {false, true}) {
    for (const auto& [name, way_in] : ways_in<ProducerOf<Number, TypeParam>>()) {
      ChannelOf<Number, TypeParam> channel({.ring_bits = 4, .max_producers = 2});
      auto consumer = channel.take_consumer();
      auto first = channel.register_producer().value();
      auto second = channel.register_producer().value();
      ASSERT_TRUE(first.push(1));
      if (by_consumer) {
        consumer.close();
      } else {
        channel.close();
      }
      EXPECT_TRUE(first.closed());
      EXPECT_FALSE(way_in(first)) << name;
      EXPECT_FALSE(way_in(second)) << name;
      EXPECT_FALSE(consumer.drained());
      EXPECT_EQ(drained(consumer), numbers(1, 1));
      EXPECT_TRUE(consumer.drained()) << name;
    }
  }
}

TYPED_TEST(Closing, AReservationMadeBeforeTheCloseCanStillBeCommittedAndConsumed) {
  ChannelOf<Number, TypeParam> channel({.ring_bits = 3});
  auto consumer = channel.take_consumer();
  auto producer = channel.register_producer().value();
  auto reservation = producer.reserve(2);
  consumer.close();
  EXPECT_FALSE(consumer.drained()) << "the reservation may still be committed";
  reservation[0] = 1;
  reservation[1] = 2;
  reservation.commit();
  EXPECT_FALSE(consumer.drained());
  EXPECT_EQ(drained(consumer), numbers(1, 2));
  EXPECT_FALSE(consumer.drained()) << "the producer has not been refused yet";
  EXPECT_TRUE(producer.reserve(1).empty());
  EXPECT_TRUE(consumer.drained());
}

TYPED_TEST(Closing, AnIdleProducerDelaysTheDrainUntilItEnds) {
  ChannelOf<Number, TypeParam> channel({.ring_bits = 3});
  auto consumer = channel.take_consumer();
  auto producer = std::make_optional(channel.register_producer().value());
  consumer.close();
  EXPECT_FALSE(consumer.drained());
  EXPECT_TRUE(producer->closed());  // only a query, not an attempt to write
  EXPECT_FALSE(consumer.drained());
  producer.reset();
  EXPECT_TRUE(consumer.drained());
}

TYPED_TEST(Closing, TheSendersEndIsSeenAfterItsLastMessage) {
  RingOf<Number, TypeParam> ring(3);
  auto [sender, receiver] = ring.split();
  EXPECT_FALSE(receiver.drained());
  ASSERT_TRUE(sender.push(1));
  sender.close();
  EXPECT_TRUE(sender.closed());
  EXPECT_FALSE(sender.push(2));
  EXPECT_FALSE(receiver.drained());
  EXPECT_EQ(drained(receiver), numbers(1, 1));
  EXPECT_TRUE(receiver.drained());
}

TYPED_TEST(Closing, MessagesThatTheReceiverHasNotSeenKeepAnEndedRingUndrained) {
  RingOf<Number, TypeParam> ring(3);
  auto [sender, receiver] = ring.split();
  EXPECT_TRUE(receiver.empty());  // the receiver looks at the ring for the last time
  ASSERT_TRUE(sender.push(1));
  sender.close();
  EXPECT_FALSE(receiver.drained());
}

TYPED_TEST(Closing, ADestroyedSenderHasEnded) {
  RingOf<Number, TypeParam> ring(3);
  auto ends = ring.split();
  {
    SenderOf<Number, TypeParam> sender = std::move(ends.first);
    ASSERT_TRUE(sender.push(1));
  }
  EXPECT_EQ(drained(ends.second), numbers(1, 1));
  EXPECT_TRUE(ends.second.drained());
}

TYPED_TEST(Closing, DestroyingAReceiverOrConsumerClosesItsRingOrChannel) {
  RingOf<Number, TypeParam> ring(3);
  auto ends = ring.split();
  {
    const ReceiverOf<Number, TypeParam> gone = std::move(ends.second);
  }
  EXPECT_TRUE(ends.first.closed());
  EXPECT_FALSE(ends.first.push(1));

  ChannelOf<Number, TypeParam> channel({.ring_bits = 3});
  auto producer = channel.register_producer().value();
  {
    const auto gone = channel.take_consumer();
  }
  EXPECT_FALSE(producer.push(1));
  EXPECT_EQ(channel.register_producer().error(), RegisterError::closed);
}

TYPED_TEST(Closing, NoProducerCanRegisterAfterTheClose) {
  ChannelOf<Number, TypeParam> channel({.max_producers = 1});
  channel.close();
  channel.close();  // a second close changes nothing
  EXPECT_EQ(channel.register_producer().error(), RegisterError::closed);
  auto consumer = channel.take_consumer();
  EXPECT_TRUE(consumer.drained());
  EXPECT_EQ(consumer.producer_count(), 0U);
}

TYPED_TEST(Closing, IsReportedDifferentlyFromTooManyProducers) {
  ChannelOf<Number, TypeParam> channel({.ring_bits = 1, .max_producers = 1});
  const auto producer = channel.register_producer();
  EXPECT_EQ(channel.register_producer().error(), RegisterError::too_many_producers);
  channel.close();
  EXPECT_EQ(channel.register_producer().error(), RegisterError::closed);
}

TYPED_TEST(Closing, AnOpenChannelIsNeverDrained) {
  ChannelOf<Number, TypeParam> channel({.ring_bits = 1});
  auto consumer = channel.take_consumer();
  EXPECT_FALSE(consumer.drained());
  {
    auto producer = channel.register_producer().value();
  }
  EXPECT_EQ(drained(consumer), std::vector<Number>());
  EXPECT_FALSE(consumer.drained()) << "another producer may register";
}

TYPED_TEST(Closing, FromWithinAHandlerStillLetsTheRestBeConsumed) {
  ChannelOf<Number, TypeParam> channel({.ring_bits = 3});
  auto consumer = channel.take_consumer();
  auto producer = channel.register_producer().value();
  for (Number i = 0; i < 8; ++i) ASSERT_TRUE(producer.push(i));
  std::size_t handled = 0;
  consumer.consume_all([&](Number) {
    ++handled;
    consumer.close();
  });
  EXPECT_EQ(handled, 8U);
  EXPECT_FALSE(producer.push(9));
  EXPECT_TRUE(consumer.drained());
}

TYPED_TEST(Closing, RingsThatTheConsumerHasNeverSeenAreDrainedToo) {
  ChannelOf<Number, TypeParam> channel({.ring_bits = 3, .max_producers = 3});
  auto consumer = channel.take_consumer();
  {
    auto first = channel.register_producer().value();
    auto second = channel.register_producer().value();
    ASSERT_TRUE(first.push(1));
    ASSERT_TRUE(second.push(2));
    channel.close();
  }
  EXPECT_FALSE(consumer.drained());
  EXPECT_EQ(drained(consumer), numbers(1, 2));
  EXPECT_TRUE(consumer.drained());
}

}  // namespace
}  // namespace ringmpsc::testing
