// Ownership of messages: nothing is destroyed twice and nothing leaks, whatever is destroyed first.

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "counted.hpp"
#include "drained.hpp"
#include "layouts.hpp"
#include "ringmpsc/channel.hpp"

namespace ringmpsc::testing {
namespace {

using Number = std::int64_t;

template <class L>
class Lifetime : public ::testing::Test {};
TYPED_TEST_SUITE(Lifetime, BothLayouts, LayoutName);

TYPED_TEST(Lifetime, ARingDestroysTheMessagesLeftInItAtAnyOffset) {
  const NothingLeaks check;
  for (Number offset = 0; offset < 4; ++offset) {
    for (Number left = 0; left <= 4; ++left) {
      RingOf<Counted, TypeParam> heap(2);
      RingOf<Counted, TypeParam, 4> fixed;
      const auto leave = [&](auto ends) {
        auto& [sender, receiver] = ends;
        for (Number i = 0; i < offset; ++i) ASSERT_TRUE(sender.try_emplace(i));
        receiver.consume_batch([](Counted&) {});
        for (Number i = 0; i < left; ++i) ASSERT_TRUE(sender.try_emplace(i));
      };
      leave(heap.split());
      leave(fixed.split());
    }
  }
}

TYPED_TEST(Lifetime, AMessageIsDestroyedWhenItsHandlerReturns) {
  const NothingLeaks check;
  RingOf<Counted, TypeParam> ring(3);
  auto [sender, receiver] = ring.split();
  for (Number i = 0; i < 8; ++i) ASSERT_TRUE(sender.try_emplace(i));
  const auto alive = Counted::alive();
  Number handled = 0;
  receiver.consume_batch([&](Counted&) { EXPECT_EQ(Counted::alive(), alive - handled++); });
  EXPECT_EQ(Counted::alive(), alive - 8);
}

TYPED_TEST(Lifetime, AdvanceDestroysTheMessagesItPasses) {
  const NothingLeaks check;
  RingOf<SmallCounted<Number>, TypeParam> ring(2);
  auto [sender, receiver] = ring.split();
  for (Number i = 0; i < 4; ++i) ASSERT_TRUE(sender.try_emplace(i));
  const auto alive = Counted::alive();
  ASSERT_EQ(receiver.readable().size(), 4U);
  ASSERT_TRUE(receiver.advance(3));
  EXPECT_EQ(Counted::alive(), alive - 3);
}

TYPED_TEST(Lifetime, AMovedOutMessageLeavesNothingBehind) {
  const NothingLeaks check;
  std::vector<Counted> kept;
  {
    RingOf<Counted, TypeParam> ring(2);
    auto [sender, receiver] = ring.split();
    for (Number i = 0; i < 4; ++i) ASSERT_TRUE(sender.try_emplace(i));
    receiver.consume_batch([&kept](Counted&& message) { kept.push_back(std::move(message)); });
  }
  ASSERT_EQ(kept.size(), 4U);
  for (Number i = 0; i < 4; ++i) EXPECT_EQ(kept[static_cast<std::size_t>(i)].value(), i);
}

TYPED_TEST(Lifetime, RecvMovesIntoTheCallersObjectsAndDestroysThoseOfTheRing) {
  const NothingLeaks check;
  RingOf<Counted, TypeParam> ring(2);
  auto [sender, receiver] = ring.split();
  for (Number i = 0; i < 4; ++i) ASSERT_TRUE(sender.try_emplace(i));
  std::vector<Counted> out(4);
  const auto alive = Counted::alive();
  ASSERT_EQ(receiver.recv(out), 4U);
  EXPECT_EQ(Counted::alive(), alive - 4);
  for (Number i = 0; i < 4; ++i) EXPECT_EQ(out[static_cast<std::size_t>(i)].value(), i);
}

TYPED_TEST(Lifetime, AChannelDestroysTheMessagesOfAllItsRings) {
  const NothingLeaks check;
  ChannelOf<Counted, TypeParam> channel({.ring_bits = 2, .max_producers = 3});
  auto consumer = channel.take_consumer();
  auto first = channel.register_producer().value();
  auto second = channel.register_producer().value();
  for (Number i = 0; i < 4; ++i) ASSERT_TRUE(first.try_emplace(i));
  for (Number i = 0; i < 3; ++i) ASSERT_TRUE(second.try_emplace(i));
  EXPECT_EQ(consumer.consume_all_up_to(2, [](Counted&) {}), 2U);
  auto unseen = channel.register_producer().value();  // the consumer never sees this one
  ASSERT_TRUE(unseen.try_emplace(0));
}

/// Destroys a channel (0), its consumer (1) and a producer (2) in `order`, with messages left.
template <Layout L>
void destroy_in_order(const std::vector<int>& order) {
  const NothingLeaks check;
  auto channel =
      std::make_optional<Channel<Counted, L>>(Config{.ring_bits = 2, .max_producers = 2});
  auto consumer = std::make_optional(channel->take_consumer());
  auto producer = std::make_optional(channel->register_producer().value());
  for (Number i = 0; i < 4; ++i) ASSERT_TRUE(producer->try_emplace(i));
  ASSERT_EQ(consumer->consume_all_up_to(1, [](Counted&) {}), 1U);
  for (const int which : order) {
    if (which == 0) channel.reset();
    if (which == 1) consumer.reset();
    if (which == 2) producer.reset();
    if (producer) (void)producer->try_emplace(9);
    if (consumer) consumer->consume_all_up_to(1, [](Counted&) {});
  }
}

TYPED_TEST(Lifetime, AChannelAndItsEndsMayBeDestroyedInAnyOrder) {
  for (const auto& order : std::vector<std::vector<int>>{
           {0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}) {
    destroy_in_order<TypeParam::kLayout>(order);
  }
}

TYPED_TEST(Lifetime, TheEndsOfAChannelWorkAfterTheChannelObjectIsGone) {
  const NothingLeaks check;
  auto channel = std::make_optional<ChannelOf<Counted, TypeParam>>(Config{.ring_bits = 2});
  auto consumer = channel->take_consumer();
  auto producer = channel->register_producer().value();
  channel.reset();
  ASSERT_TRUE(producer.try_emplace(1));
  EXPECT_EQ(drained(consumer), numbers(1, 1));
  consumer.close();
  EXPECT_FALSE(producer.try_emplace(2));
  EXPECT_TRUE(consumer.drained());
}

TYPED_TEST(Lifetime, AMovedFromSenderRefusesEverything) {
  RingOf<Number, TypeParam> ring(2);
  auto [sender, receiver] = ring.split();
  ASSERT_TRUE(sender.push(1));
  SenderOf<Number, TypeParam> taken = std::move(sender);
  // NOLINTBEGIN(bugprone-use-after-move): the behaviour of a moved-from end is tested
  EXPECT_FALSE(sender.push(2));
  EXPECT_TRUE(sender.reserve(1).empty());
  EXPECT_TRUE(sender.reserve_up_to(1).empty());
  EXPECT_TRUE(sender.reserve_with_backoff(1).empty());
  EXPECT_EQ(sender.send(numbers(2, 3)), 0U);
  EXPECT_EQ(sender.space(), 0U);
  EXPECT_TRUE(sender.closed());
  sender.close();
  // NOLINTEND(bugprone-use-after-move)
  ASSERT_TRUE(taken.push(2)) << "the end that it was moved to still works";
  EXPECT_FALSE(receiver.drained());
  EXPECT_EQ(drained(receiver), numbers(1, 2));
}

TYPED_TEST(Lifetime, AMovedFromReceiverIsEmptyAndDrained) {
  RingOf<Number, TypeParam> ring(2);
  auto [sender, receiver] = ring.split();
  ASSERT_TRUE(sender.push(1));
  EXPECT_FALSE(receiver.empty());  // the receiver has now seen the message
  ReceiverOf<Number, TypeParam> taken = std::move(receiver);
  // NOLINTBEGIN(bugprone-use-after-move)
  EXPECT_EQ(drained(receiver), std::vector<Number>());
  EXPECT_TRUE(receiver.readable().empty());
  EXPECT_TRUE(receiver.advance(0));
  EXPECT_FALSE(receiver.advance(1));
  EXPECT_TRUE(receiver.empty());
  EXPECT_TRUE(receiver.drained());
  receiver.close();
  // NOLINTEND(bugprone-use-after-move)
  EXPECT_FALSE(sender.closed()) << "a moved-from end closes nothing";
  EXPECT_EQ(drained(taken), numbers(1, 1));
}

TYPED_TEST(Lifetime, MovedEndsKeepTheirSequences) {
  RingOf<Number, TypeParam> ring(2);
  auto [sender, receiver] = ring.split();
  Number next = 0;
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(sender.push(next++));
    SenderOf<Number, TypeParam> moved_sender = std::move(sender);
    ASSERT_TRUE(moved_sender.push(next++));
    ASSERT_FALSE(moved_sender.push(-1));
    sender = std::move(moved_sender);
    EXPECT_EQ(receiver.consume_up_to(1, [](Number) {}), 1U);
    ReceiverOf<Number, TypeParam> moved_receiver = std::move(receiver);
    ASSERT_EQ(drained(moved_receiver), numbers(next - 3, next - 1));
    receiver = std::move(moved_receiver);
  }
}

TYPED_TEST(Lifetime, AssigningToAnEndEndsItsOldRing) {
  RingOf<Number, TypeParam> one(2);
  RingOf<Number, TypeParam> other(2);
  auto [sender, receiver] = one.split();
  auto [other_sender, other_receiver] = other.split();
  ASSERT_TRUE(sender.push(1));
  sender = std::move(other_sender);
  EXPECT_EQ(drained(receiver), numbers(1, 1));
  EXPECT_TRUE(receiver.drained()) << "its sender has ended";
  ASSERT_TRUE(sender.push(2));
  receiver = std::move(other_receiver);
  EXPECT_EQ(drained(receiver), numbers(2, 2));
}

TYPED_TEST(Lifetime, AnEndAssignedToItselfStillWorks) {
  RingOf<Number, TypeParam> ring(2);
  auto [sender, receiver] = ring.split();
  SenderOf<Number, TypeParam>& same_sender = sender;
  ReceiverOf<Number, TypeParam>& same_receiver = receiver;
  sender = std::move(same_sender);
  receiver = std::move(same_receiver);
  ASSERT_TRUE(sender.push(1));
  EXPECT_EQ(drained(receiver), numbers(1, 1));
}

TYPED_TEST(Lifetime, AssigningToAProducerEndsItsOldRingAndReleasesItsChannel) {
  const NothingLeaks check;
  auto old_channel = std::make_optional<ChannelOf<Counted, TypeParam>>(Config{.ring_bits = 2});
  ChannelOf<Counted, TypeParam> channel({.ring_bits = 2});
  auto consumer = channel.take_consumer();
  auto producer = old_channel->register_producer().value();
  ASSERT_TRUE(producer.try_emplace(1));
  old_channel.reset();  // only the producer keeps the old channel alive now
  producer = channel.register_producer().value();
  EXPECT_EQ(Counted::alive(), 0) << "the old channel destroyed its messages";
  ProducerOf<Counted, TypeParam>& itself = producer;
  producer = std::move(itself);
  ASSERT_TRUE(producer.try_emplace(2));
  EXPECT_EQ(drained(consumer), numbers(2, 2));
}

TYPED_TEST(Lifetime, AMovedConsumerKeepsEverythingItHasSeen) {
  ChannelOf<Number, TypeParam> channel({.ring_bits = 2, .max_producers = 2});
  auto consumer = channel.take_consumer();
  auto producer = channel.register_producer().value();
  ASSERT_TRUE(producer.push(1));
  ASSERT_TRUE(producer.push(2));
  EXPECT_EQ(consumer.consume_all_up_to(1, [](Number) {}), 1U);
  ConsumerOf<Number, TypeParam> taken = std::move(consumer);
  // NOLINTBEGIN(bugprone-use-after-move)
  EXPECT_EQ(drained(consumer), std::vector<Number>());
  EXPECT_EQ(consumer.consume_all_up_to(5, [](Number) {}), 0U);
  std::vector<Number> out(1);
  EXPECT_EQ(consumer.recv(out), 0U);
  EXPECT_TRUE(consumer.empty());
  EXPECT_TRUE(consumer.drained());
  EXPECT_EQ(consumer.producer_count(), 0U);
  consumer.close();
  // NOLINTEND(bugprone-use-after-move)
  EXPECT_FALSE(producer.closed());
  EXPECT_EQ(drained(taken), numbers(2, 2));

  ChannelOf<Number, TypeParam> other({.ring_bits = 2});
  auto other_producer = other.register_producer().value();
  ConsumerOf<Number, TypeParam> assigned = other.take_consumer();
  assigned = std::move(taken);
  EXPECT_TRUE(other_producer.closed()) << "the consumer of its channel is gone";
  EXPECT_FALSE(producer.closed());
  ASSERT_TRUE(producer.push(3));
  EXPECT_EQ(drained(assigned), numbers(3, 3));
  ConsumerOf<Number, TypeParam>& itself = assigned;
  assigned = std::move(itself);
  ASSERT_TRUE(producer.push(4));
  EXPECT_EQ(drained(assigned), numbers(4, 4));
}

static_assert(!std::is_copy_constructible_v<Producer<Number>> &&
              !std::is_copy_constructible_v<Consumer<Number>> &&
              !std::is_copy_constructible_v<Channel<Number>>);
static_assert(std::is_nothrow_move_constructible_v<Producer<Number>> &&
              std::is_nothrow_move_assignable_v<Producer<Number>>);
static_assert(std::is_nothrow_move_constructible_v<Consumer<Number>> &&
              std::is_nothrow_move_assignable_v<Consumer<Number>>);
// A Producer cannot be converted to the Sender that it derives from.
static_assert(!std::is_convertible_v<Producer<Number>&, Sender<Number>&>);

}  // namespace
}  // namespace ringmpsc::testing
