// Whose turn it is: no producer of a channel starves, and an answering one is visited more often.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "drained.hpp"
#include "layouts.hpp"
#include "registered.hpp"
#include "ringmpsc/channel.hpp"

namespace ringmpsc::testing {
namespace {

using Number = std::int64_t;

// Tests of starvation. They keep every ring full, so that a consumer that always began with the
// same ring would never come to the others.

/// Calls `take(consumer, count_message)` `calls` times and fills all rings before each call.
/// Returns how many messages were taken from each producer.
template <class L, class Take>
std::vector<int> served(std::size_t producer_count, int calls, Take take) {
  ChannelOf<Number, L> channel({.ring_bits = 2, .max_producers = 16});
  auto consumer = channel.take_consumer();
  auto producers = register_many(channel, producer_count);
  std::vector<int> by_producer(producer_count);
  for (int call = 0; call < calls; ++call) {
    for (std::size_t p = 0; p < producer_count; ++p) {
      while (producers[p].push(static_cast<Number>(p))) {
      }
    }
    take(consumer, [&by_producer](Number p) { ++by_producer[static_cast<std::size_t>(p)]; });
  }
  return by_producer;
}

template <class L>
class Fairness : public ::testing::Test {};
TYPED_TEST_SUITE(Fairness, BothLayouts, LayoutName);

TYPED_TEST(Fairness, UnderALimitEveryProducerGetsTheSameNumberOfTurns) {
  for (const std::size_t producer_count : {1U, 2U, 3U, 4U, 7U, 16U}) {
    for (const std::size_t limit : {1U, 3U, 4U}) {
      const int rounds = 6;
      const auto got = served<TypeParam>(
          producer_count, rounds * static_cast<int>(producer_count),
          [limit](auto& consumer, auto count) { consumer.consume_all_up_to(limit, count); });
      EXPECT_EQ(got, std::vector<int>(producer_count, rounds * static_cast<int>(limit)))
          << producer_count << " producers, limit " << limit;
    }
  }
}

TYPED_TEST(Fairness, HoldsWhenTheConsumerCallsEmpty) {
  for (const std::size_t producer_count : {2U, 4U}) {
    const auto got = served<TypeParam>(producer_count, 40, [](auto& consumer, auto count) {
      ASSERT_FALSE(consumer.empty());
      consumer.consume_all_up_to(1, count);
    });
    EXPECT_EQ(std::ranges::min(got), std::ranges::max(got));
  }
}

TYPED_TEST(Fairness, HoldsWhenTheConsumerCallsItsOtherQueries) {
  const auto got = served<TypeParam>(2, 40, [](auto& consumer, auto count) {
    EXPECT_EQ(consumer.producer_count(), 2U);
    EXPECT_FALSE(consumer.drained());
    (void)consumer.metrics();
    consumer.consume_all_up_to(1, count);
  });
  EXPECT_EQ(got, (std::vector<int>{20, 20}));
}

TYPED_TEST(Fairness, HoldsForRecv) {
  const auto got = served<TypeParam>(3, 30, [](auto& consumer, auto count) {
    std::vector<Number> out(4);
    ASSERT_EQ(consumer.recv(out), 4U);
    for (const Number p : out) count(p);
  });
  EXPECT_EQ(got, (std::vector<int>{40, 40, 40}));
}

TYPED_TEST(Fairness, HoldsForTryRecv) {
  ChannelOf<Number, TypeParam> channel({.ring_bits = 4, .max_producers = 3});
  auto consumer = channel.take_consumer();
  std::vector<ProducerOf<Number, TypeParam>> producers;
  for (Number p = 0; p < 3; ++p) {
    producers.push_back(channel.register_producer().value());
    ASSERT_EQ(producers.back().send(numbers(10 * p, 10 * p + 3)), 4U);
  }
  std::vector<Number> turns(3);
  for (int i = 0; i < 6; ++i) ++turns[static_cast<std::size_t>(consumer.try_recv().value() / 10)];
  EXPECT_EQ(turns, (std::vector<Number>{2, 2, 2}));
  for (int i = 0; i < 6; ++i) EXPECT_TRUE(consumer.try_recv().has_value());
  EXPECT_EQ(consumer.try_recv(), std::nullopt);
}

TYPED_TEST(Fairness, ALimitAboveOneRingContinuesWithTheNextRing) {
  const auto got = served<TypeParam>(4, 40, [](auto& consumer, auto count) {
    EXPECT_EQ(consumer.consume_all_up_to(6, count), 6U);
  });
  EXPECT_EQ(got, (std::vector<int>{60, 60, 60, 60}));
}

TYPED_TEST(Fairness, NoProducerStarvesWhileOthersComeAndGo) {
  ChannelOf<Number, TypeParam> channel({.ring_bits = 1, .max_producers = 4});
  auto consumer = channel.take_consumer();
  auto steady = register_many(channel, 2);
  std::vector<int> by_producer(2);
  for (int call = 0; call < 400; ++call) {
    for (std::size_t p = 0; p < 2; ++p) {
      while (steady[p].push(static_cast<Number>(p))) {
      }
    }
    if (auto passing = channel.register_producer()) (void)passing->push(99);
    consumer.consume_all_up_to(1, [&](Number p) {
      if (p != 99) ++by_producer[static_cast<std::size_t>(p)];
    });
  }
  EXPECT_GT(by_producer[0], 60);
  EXPECT_GT(by_producer[1], 60);
}

template <class L>
class Polling : public ::testing::Test {};
TYPED_TEST_SUITE(Polling, BothLayouts, LayoutName);

TYPED_TEST(Polling, VisitsAnAnsweringRingAgainBetweenIdleRings) {
  ChannelOf<Number, TypeParam> channel({.ring_bits = 6, .max_producers = 32});
  auto consumer = channel.take_consumer();
  auto producers = register_many(channel, 32);
  ASSERT_TRUE(producers[0].push(0));
  Number answered = 0;
  const std::size_t consumed = consumer.consume_all([&](Number request) {
    EXPECT_EQ(request, answered);
    if (++answered < 3) {
      EXPECT_TRUE(producers[0].push(answered));
    }
  });
  EXPECT_EQ(consumed, 3U);
  EXPECT_EQ(answered, 3);
}

// With a dense ring, because a visit to a celled one takes what its handler pushes.
TEST(PollingOfADenseChannel, LeavesAStreamingRingAloneUntilTheOthersHaveHadTheirTurn) {
  ChannelOf<Number, Dense> channel({.ring_bits = 6, .max_producers = 32});
  auto consumer = channel.take_consumer();
  auto producers = register_many(channel, 32);
  for (Number i = 0; i < 20; ++i) ASSERT_TRUE(producers[0].push(i));
  bool pushed = false;
  const auto push_one_more = [&](Number) {
    if (!std::exchange(pushed, true)) {
      EXPECT_TRUE(producers[0].push(20));
    }
  };
  EXPECT_EQ(consumer.consume_all(push_one_more), 20U);
  EXPECT_EQ(consumer.consume_all(push_one_more), 1U);
}

TYPED_TEST(Polling, GoesOnAfterTheAnsweringProducerHasEnded) {
  ChannelOf<Number, TypeParam> channel({.ring_bits = 6, .max_producers = 32});
  auto consumer = channel.take_consumer();
  auto producers = register_many(channel, 32);
  ASSERT_TRUE(producers[31].push(1));
  EXPECT_EQ(consumer.consume_all([](Number) {}), 1U);
  producers.erase(producers.begin() + 9, producers.end());
  EXPECT_EQ(consumer.consume_all([](Number) {}), 0U);
  EXPECT_EQ(consumer.producer_count(), 9U);
  EXPECT_EQ(consumer.consume_all([](Number) {}), 0U);
  ASSERT_TRUE(producers[8].push(2));
  EXPECT_EQ(consumer.consume_all([](Number) {}), 1U);
}

}  // namespace
}  // namespace ringmpsc::testing
