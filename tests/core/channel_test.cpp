// A channel: registration up to the limit, reuse of slots, and a turn for every producer.

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

namespace ringmpsc::testing {
namespace {

using Number = std::int64_t;

std::vector<Producer<Number>> register_many(Channel<Number>& channel, std::size_t count) {
  std::vector<Producer<Number>> producers;
  producers.reserve(count);
  for (std::size_t i = 0; i < count; ++i) producers.push_back(channel.register_producer().value());
  return producers;
}

TEST(Channel, RegistersProducersUpToItsLimitAndRefusesTheNext) {
  for (const unsigned limit : {1U, 2U, 3U, 16U, 128U}) {
    Channel<Number> channel({.ring_bits = 1, .max_producers = limit});
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

TEST(Channel, ReusesTheSlotOfAnEndedAndDrainedProducer) {
  Channel<Number> channel({.ring_bits = 1, .max_producers = 1});
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

TEST(Channel, FreesSlotsByPollingAlone) {
  Channel<Number> channel({.ring_bits = 1, .max_producers = 2});
  auto consumer = channel.take_consumer();
  using Poll = void (*)(Consumer<Number>&);
  const Poll polls[] = {
      [](Consumer<Number>& c) { c.consume_all([](Number) {}); },
      [](Consumer<Number>& c) { c.consume_all([](std::span<Number>) {}); },
      [](Consumer<Number>& c) { c.consume_all_up_to(5, [](Number) {}); },
      [](Consumer<Number>& c) {
        std::vector<Number> out(5);
        (void)c.recv(out);
      },
      [](Consumer<Number>& c) { (void)c.empty(); },
  };
  for (const Poll poll : polls) {
    register_many(channel, 2);  // they end at once
    poll(consumer);
    EXPECT_EQ(register_many(channel, 2).size(), 2U);
    consumer.consume_all([](Number) {});
  }
}

TEST(Channel, KeepsTheMessagesOfAnEndedProducerWhileOthersRegister) {
  Channel<Number> channel({.ring_bits = 2, .max_producers = 2});
  auto consumer = channel.take_consumer();
  {
    auto ended = channel.register_producer().value();
    for (Number i = 1; i <= 3; ++i) ASSERT_TRUE(ended.push(i));
  }
  auto other = channel.register_producer().value();
  EXPECT_EQ(channel.register_producer().error(), RegisterError::too_many_producers);
  EXPECT_EQ(drained(consumer), numbers(1, 3));
}

TEST(Channel, ThousandsOfProducersInTurnShareAFewSlots) {
  Channel<Number> channel({.ring_bits = 2, .max_producers = 3});
  auto consumer = channel.take_consumer();
  std::vector<std::optional<Producer<Number>>> producers(3);
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

TEST(Channel, GivesOutItsConsumerOnlyOnce) {
  Channel<Number> channel;
  {
    auto consumer = channel.take_consumer();
    EXPECT_THROW((void)channel.take_consumer(), std::logic_error);
  }
  EXPECT_THROW((void)channel.take_consumer(), std::logic_error) << "not even after the first";
}

TEST(Channel, KeepsEachProducersOrder) {
  Channel<Number> channel({.ring_bits = 3, .max_producers = 4});
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

TEST(Channel, ConsumeAllUpToTakesExactlyItsLimitAcrossRings) {
  Channel<Number> channel({.ring_bits = 2, .max_producers = 3});
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

TEST(Channel, RecvFillsItsBufferAcrossRings) {
  Channel<Number> channel({.ring_bits = 2, .max_producers = 3});
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

TEST(Channel, ConsumeAllReturnsHowManyItHandled) {
  Channel<Number> channel({.ring_bits = 3, .max_producers = 3});
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

TEST(Channel, FindsProducersThatRegisteredBeforeAndAfterTheConsumerWasTaken) {
  Channel<Number> channel({.ring_bits = 2, .max_producers = 2});
  auto before = channel.register_producer().value();
  ASSERT_TRUE(before.push(1));
  auto consumer = channel.take_consumer();
  EXPECT_EQ(drained(consumer), numbers(1, 1));
  auto after = channel.register_producer().value();
  ASSERT_TRUE(after.push(2));
  EXPECT_FALSE(consumer.empty());
  EXPECT_EQ(drained(consumer), numbers(2, 2));
}

TEST(Channel, KnowsWithoutAnyCloseThatAllItsProducersHaveEnded) {
  Channel<Number> channel({.ring_bits = 2, .max_producers = 2});
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

TEST(Channel, KnowsThatNobodyElseComesOnceItIsClosed) {
  Channel<Number> channel({.ring_bits = 2, .max_producers = 2});
  auto consumer = channel.take_consumer();
  std::optional only = channel.register_producer().value();
  ASSERT_TRUE(only->push(1));
  channel.close();
  only.reset();
  EXPECT_FALSE(consumer.all_ended(2)) << "a message is left";
  EXPECT_EQ(drained(consumer), numbers(1, 1));
  EXPECT_TRUE(consumer.all_ended(2)) << "the second cannot register any more";
}

TEST(Channel, ReturnsTheConfigItWasMadeWith) {
  const Channel<Number> channel({.ring_bits = 5, .max_producers = 7, .enable_metrics = true});
  EXPECT_EQ(channel.config().ring_bits, 5U);
  EXPECT_EQ(channel.config().max_producers, 7U);
  EXPECT_TRUE(channel.config().enable_metrics);
}

// Tests of starvation. They keep every ring full, so that a consumer that always began with the
// same ring would never come to the others.

/// Calls `take(consumer, count_message)` `calls` times and fills all rings before each call.
/// Returns how many messages were taken from each producer.
template <class Take>
std::vector<int> served(std::size_t producer_count, int calls, Take take) {
  Channel<Number> channel({.ring_bits = 2, .max_producers = 16});
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

TEST(Fairness, UnderALimitEveryProducerGetsTheSameNumberOfTurns) {
  for (const std::size_t producer_count : {1U, 2U, 3U, 4U, 7U, 16U}) {
    for (const std::size_t limit : {1U, 3U, 4U}) {
      const int rounds = 6;
      const auto got =
          served(producer_count, rounds * static_cast<int>(producer_count),
                 [limit](auto& consumer, auto count) { consumer.consume_all_up_to(limit, count); });
      EXPECT_EQ(got, std::vector<int>(producer_count, rounds * static_cast<int>(limit)))
          << producer_count << " producers, limit " << limit;
    }
  }
}

TEST(Fairness, HoldsWhenTheConsumerCallsEmpty) {
  for (const std::size_t producer_count : {2U, 4U}) {
    const auto got = served(producer_count, 40, [](auto& consumer, auto count) {
      ASSERT_FALSE(consumer.empty());
      consumer.consume_all_up_to(1, count);
    });
    EXPECT_EQ(std::ranges::min(got), std::ranges::max(got));
  }
}

TEST(Fairness, HoldsWhenTheConsumerCallsItsOtherQueries) {
  const auto got = served(2, 40, [](auto& consumer, auto count) {
    EXPECT_EQ(consumer.producer_count(), 2U);
    EXPECT_FALSE(consumer.drained());
    (void)consumer.metrics();
    consumer.consume_all_up_to(1, count);
  });
  EXPECT_EQ(got, (std::vector<int>{20, 20}));
}

TEST(Fairness, HoldsForRecv) {
  const auto got = served(3, 30, [](auto& consumer, auto count) {
    std::vector<Number> out(4);
    ASSERT_EQ(consumer.recv(out), 4U);
    for (const Number p : out) count(p);
  });
  EXPECT_EQ(got, (std::vector<int>{40, 40, 40}));
}

TEST(Fairness, HoldsForTryRecv) {
  Channel<Number> channel({.ring_bits = 4, .max_producers = 3});
  auto consumer = channel.take_consumer();
  std::vector<Producer<Number>> producers;
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

TEST(Fairness, ALimitAboveOneRingContinuesWithTheNextRing) {
  const auto got = served(4, 40, [](auto& consumer, auto count) {
    EXPECT_EQ(consumer.consume_all_up_to(6, count), 6U);
  });
  EXPECT_EQ(got, (std::vector<int>{60, 60, 60, 60}));
}

TEST(Fairness, NoProducerStarvesWhileOthersComeAndGo) {
  Channel<Number> channel({.ring_bits = 1, .max_producers = 4});
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

TEST(Polling, VisitsAnAnsweringRingAgainBetweenIdleRings) {
  Channel<Number> channel({.ring_bits = 6, .max_producers = 32});
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

TEST(Polling, LeavesAStreamingRingAloneUntilTheOthersHaveHadTheirTurn) {
  Channel<Number> channel({.ring_bits = 6, .max_producers = 32});
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

TEST(Polling, GoesOnAfterTheAnsweringProducerHasEnded) {
  Channel<Number> channel({.ring_bits = 6, .max_producers = 32});
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
