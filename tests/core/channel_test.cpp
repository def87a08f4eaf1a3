// A channel: registration up to the limit, reuse of slots, and what a poll takes.

#include "ringmpsc/channel.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include "drained.hpp"
#include "layouts.hpp"
#include "registered.hpp"

namespace ringmpsc::testing {
namespace {

using Number = std::int64_t;

template <class L>
class Channels : public ::testing::Test {};
TYPED_TEST_SUITE(Channels, BothLayouts, LayoutName);

TYPED_TEST(Channels, RegistersProducersUpToItsLimitAndRefusesTheNext) {
  for (const unsigned limit : {1U, 2U, 3U, 16U, 128U}) {
    ChannelOf<Number, TypeParam> channel({.ring_bits = 1, .max_producers = limit});
    auto consumer = channel.take_consumer();
    auto producers = register_many(channel, limit);
    for (int i = 0; i < 3; ++i) {
      const auto refused = channel.register_producer();
      ASSERT_FALSE(refused);
      EXPECT_EQ(refused.error(), RegisterError::too_many_producers);
    }
    EXPECT_EQ(consumer.producer_count(), limit);
    for (std::size_t p = 0; p < limit; ++p) ASSERT_TRUE(producers[p].push(static_cast<Number>(p)));
    auto got = drained(consumer);
    std::ranges::sort(got);
    EXPECT_EQ(got, numbers(0, limit - 1)) << "each producer has its own ring";
  }
}

TYPED_TEST(Channels, ReusesTheSlotOfAnEndedAndDrainedProducer) {
  ChannelOf<Number, TypeParam> channel({.ring_bits = 1, .max_producers = 1});
  auto consumer = channel.take_consumer();
  {
    auto producer = channel.register_producer().value();
    ASSERT_TRUE(producer.push(1));
  }
  EXPECT_EQ(channel.register_producer().error(), RegisterError::too_many_producers)
      << "its message is still in the ring";
  EXPECT_EQ(consumer.producer_count(), 1U);
  EXPECT_EQ(drained(consumer), numbers(1, 1));
  EXPECT_EQ(consumer.producer_count(), 0U);
  auto next = channel.register_producer();
  ASSERT_TRUE(next.has_value());
  EXPECT_EQ(next->sent(), 0U) << "the ring must be fresh";
  ASSERT_TRUE(next->push(2));
  EXPECT_EQ(drained(consumer), numbers(2, 2));
}

TYPED_TEST(Channels, FreesSlotsByPollingAlone) {
  ChannelOf<Number, TypeParam> channel({.ring_bits = 1, .max_producers = 2});
  auto consumer = channel.take_consumer();
  using Poll = void (*)(ConsumerOf<Number, TypeParam>&);
  const Poll polls[] = {
      [](ConsumerOf<Number, TypeParam>& c) { c.consume_all([](Number) {}); },
      [](ConsumerOf<Number, TypeParam>& c) { c.consume_all([](std::span<Number>) {}); },
      [](ConsumerOf<Number, TypeParam>& c) { c.consume_all_up_to(5, [](Number) {}); },
      [](ConsumerOf<Number, TypeParam>& c) {
        std::vector<Number> out(5);
        (void)c.recv(out);
      },
      [](ConsumerOf<Number, TypeParam>& c) { (void)c.empty(); },
  };
  for (const Poll poll : polls) {
    register_many(channel, 2);  // they end at once
    poll(consumer);
    EXPECT_EQ(register_many(channel, 2).size(), 2U);
    consumer.consume_all([](Number) {});
  }
}

TYPED_TEST(Channels, KeepsTheMessagesOfAnEndedProducerWhileOthersRegister) {
  ChannelOf<Number, TypeParam> channel({.ring_bits = 2, .max_producers = 2});
  auto consumer = channel.take_consumer();
  {
    auto ended = channel.register_producer().value();
    for (Number i = 1; i <= 3; ++i) ASSERT_TRUE(ended.push(i));
  }
  auto other = channel.register_producer().value();
  EXPECT_EQ(channel.register_producer().error(), RegisterError::too_many_producers);
  EXPECT_EQ(drained(consumer), numbers(1, 3));
}

TYPED_TEST(Channels, FreesByPollingTheSlotOfAProducerThatEndedBeforeTheConsumerKnewOfIt) {
  ChannelOf<Number, TypeParam> channel({.ring_bits = 1, .max_producers = 2});
  auto consumer = channel.take_consumer();
  auto steady = channel.register_producer().value();
  for (int round = 0; round < 3; ++round) {
    ASSERT_TRUE(steady.push(1));
    // It comes and goes between the poll's look for new rings and its look for ended ones.
    consumer.consume_all([&](Number) {
      auto passing = channel.register_producer();
      ASSERT_TRUE(passing.has_value()) << "round " << round;
      EXPECT_TRUE(passing->push(2));
    });
    EXPECT_EQ(drained(consumer), numbers(2, 2));
    EXPECT_EQ(drained(consumer), std::vector<Number>());
  }
}

TYPED_TEST(Channels, ThousandsOfProducersInTurnShareAFewSlots) {
  ChannelOf<Number, TypeParam> channel({.ring_bits = 2, .max_producers = 3});
  auto consumer = channel.take_consumer();
  std::vector<std::optional<ProducerOf<Number, TypeParam>>> producers(3);
  Number sum = 0;
  Number expected = 0;
  for (Number generation = 0; generation < 6000; ++generation) {
    auto& producer = producers[static_cast<std::size_t>(generation % 3)];
    producer.reset();
    consumer.consume_all([&sum](Number m) { sum += m; });
    consumer.consume_all([&sum](Number m) { sum += m; });  // finds the ring ended and drained
    auto registered = channel.register_producer();
    ASSERT_TRUE(registered.has_value()) << "generation " << generation;
    producer.emplace(std::move(*registered));
    for (Number i = 0; i < generation % 5; ++i) {
      if (producer->push(generation)) expected += generation;
    }
  }
  consumer.consume_all([&sum](Number m) { sum += m; });
  EXPECT_EQ(sum, expected);
}

TYPED_TEST(Channels, GivesOutItsConsumerOnlyOnce) {
  ChannelOf<Number, TypeParam> channel;
  {
    auto consumer = channel.take_consumer();
    EXPECT_THROW((void)channel.take_consumer(), std::logic_error);
  }
  EXPECT_THROW((void)channel.take_consumer(), std::logic_error) << "not even after the first";
}

TYPED_TEST(Channels, KeepsEachProducersOrder) {
  ChannelOf<Number, TypeParam> channel({.ring_bits = 3, .max_producers = 4});
  auto consumer = channel.take_consumer();
  auto producers = register_many(channel, 4);
  std::vector<std::vector<Number>> got(4);
  for (Number round = 0; round < 50; ++round) {
    for (std::size_t p = 0; p < 4; ++p) {
      for (Number i = 0; i < 3; ++i) {
        ASSERT_TRUE(producers[p].push(static_cast<Number>(p) * 1000 + round * 3 + i));
      }
    }
    while (consumer.consume_all_up_to(
               5, [&got](Number m) { got[static_cast<std::size_t>(m / 1000)].push_back(m); }) > 0) {
    }
  }
  for (Number p = 0; p < 4; ++p) {
    EXPECT_EQ(got[static_cast<std::size_t>(p)], numbers(p * 1000, p * 1000 + 149));
  }
}

TYPED_TEST(Channels, ConsumeAllUpToTakesExactlyItsLimitAcrossRings) {
  ChannelOf<Number, TypeParam> channel({.ring_bits = 2, .max_producers = 3});
  auto consumer = channel.take_consumer();
  auto producers = register_many(channel, 3);
  for (auto& producer : producers) ASSERT_EQ(producer.send(numbers(0, 3)), 4U);
  std::size_t calls = 0;
  const auto count = [&calls](Number) { ++calls; };
  EXPECT_EQ(consumer.consume_all_up_to(0, count), 0U);
  EXPECT_EQ(consumer.consume_all_up_to(5, count), 5U);
  EXPECT_EQ(calls, 5U);
  EXPECT_EQ(consumer.consume_all_up_to(4, count), 4U);
  EXPECT_EQ(consumer.consume_all_up_to(100, count), 3U);
  EXPECT_EQ(consumer.consume_all_up_to(100, count), 0U);
  EXPECT_EQ(calls, 12U);
}

TYPED_TEST(Channels, RecvFillsItsBufferAcrossRings) {
  ChannelOf<Number, TypeParam> channel({.ring_bits = 2, .max_producers = 3});
  auto consumer = channel.take_consumer();
  auto producers = register_many(channel, 3);
  for (Number p = 0; p < 3; ++p) {
    ASSERT_EQ(producers[static_cast<std::size_t>(p)].send(numbers(p * 4, p * 4 + 3)), 4U);
  }
  std::vector<Number> got;
  std::vector<Number> out(5);
  EXPECT_EQ(consumer.recv({}), 0U);
  for (const std::size_t expected : {5U, 5U, 2U, 0U}) {
    ASSERT_EQ(consumer.recv(out), expected);
    got.insert(got.end(), out.begin(), out.begin() + static_cast<std::ptrdiff_t>(expected));
  }
  std::ranges::sort(got);
  EXPECT_EQ(got, numbers(0, 11));
}

TYPED_TEST(Channels, ConsumeAllReturnsHowManyItHandled) {
  ChannelOf<Number, TypeParam> channel({.ring_bits = 3, .max_producers = 3});
  auto consumer = channel.take_consumer();
  EXPECT_EQ(consumer.consume_all([](Number) {}), 0U);
  auto producers = register_many(channel, 3);
  EXPECT_EQ(consumer.consume_all([](Number) {}), 0U);
  ASSERT_EQ(producers[0].send(numbers(0, 2)), 3U);
  ASSERT_EQ(producers[2].send(numbers(0, 5)), 6U);
  EXPECT_FALSE(consumer.empty());
  EXPECT_EQ(consumer.consume_all([](std::span<Number>) {}), 9U);
  EXPECT_TRUE(consumer.empty());
}

TYPED_TEST(Channels, FindsProducersThatRegisteredBeforeAndAfterTheConsumerWasTaken) {
  ChannelOf<Number, TypeParam> channel({.ring_bits = 2, .max_producers = 2});
  auto before = channel.register_producer().value();
  ASSERT_TRUE(before.push(1));
  auto consumer = channel.take_consumer();
  EXPECT_EQ(drained(consumer), numbers(1, 1));
  auto after = channel.register_producer().value();
  ASSERT_TRUE(after.push(2));
  EXPECT_FALSE(consumer.empty());
  EXPECT_EQ(drained(consumer), numbers(2, 2));
}

TYPED_TEST(Channels, KnowsWithoutAnyCloseThatAllItsProducersHaveEnded) {
  ChannelOf<Number, TypeParam> channel({.ring_bits = 2, .max_producers = 2});
  auto consumer = channel.take_consumer();
  EXPECT_FALSE(consumer.all_ended(1)) << "nobody has come yet";
  std::optional first = channel.register_producer().value();
  EXPECT_FALSE(consumer.all_ended(1));
  ASSERT_TRUE(first->push(1));
  first.reset();
  EXPECT_FALSE(consumer.all_ended(1)) << "a message is left";
  EXPECT_EQ(drained(consumer), numbers(1, 1));
  EXPECT_TRUE(consumer.all_ended(1));
  EXPECT_FALSE(consumer.all_ended(2)) << "another one is to come";
  std::optional second = channel.register_producer().value();
  EXPECT_FALSE(consumer.all_ended(1)) << "not all that have come have ended";
  second->close();
  EXPECT_TRUE(consumer.all_ended(2)) << "closed by itself, and not destroyed";
  EXPECT_FALSE(consumer.drained()) << "the channel is open";
  EXPECT_TRUE(channel.register_producer().has_value());
}

TYPED_TEST(Channels, KnowsThatNobodyElseComesOnceItIsClosed) {
  ChannelOf<Number, TypeParam> channel({.ring_bits = 2, .max_producers = 2});
  auto consumer = channel.take_consumer();
  std::optional only = channel.register_producer().value();
  ASSERT_TRUE(only->push(1));
  channel.close();
  only.reset();
  EXPECT_FALSE(consumer.all_ended(2)) << "a message is left";
  EXPECT_EQ(drained(consumer), numbers(1, 1));
  EXPECT_TRUE(consumer.all_ended(2)) << "the second cannot register any more";
}

TYPED_TEST(Channels, ReturnsTheConfigItWasMadeWith) {
  const ChannelOf<Number, TypeParam> channel(
      {.ring_bits = 5, .max_producers = 7, .enable_metrics = true});
  EXPECT_EQ(channel.config().ring_bits, 5U);
  EXPECT_EQ(channel.config().max_producers, 7U);
  EXPECT_TRUE(channel.config().enable_metrics);
}

}  // namespace
}  // namespace ringmpsc::testing
