// Metrics: exact when on, only messages when off, and the sum over all producers, past ones too.

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "drained.hpp"
#include "ringmpsc/channel.hpp"

namespace ringmpsc::testing {
namespace {

using Number = std::int64_t;

void use(auto& sender) {
  EXPECT_TRUE(sender.push(1));                // commit
  EXPECT_EQ(sender.send(numbers(2, 3)), 2U);  // commit
  auto reservation = sender.reserve(1);
  reservation[0] = 4;
  reservation.commit();                          // commit
  EXPECT_FALSE(sender.push(5));                  // refused
  EXPECT_TRUE(sender.reserve(1).empty());        // refused
  EXPECT_TRUE(sender.reserve_up_to(1).empty());  // refused
  EXPECT_EQ(sender.send(numbers(5, 6)), 0U);     // refused
  EXPECT_TRUE(sender.reserve(0).empty());        // asks for nothing
  EXPECT_EQ(sender.send({}), 0U);                // asks for nothing
}

TEST(MetricsOfARing, CountEverythingOnceWhenOn) {
  Ring<Number> ring(2, true);
  auto [sender, receiver] = ring.split();
  use(sender);
  EXPECT_EQ(ring.metrics(), (Metrics{.messages_sent = 4, .commits = 3, .refused_full = 4}));
  EXPECT_EQ(receiver.consume_up_to(3, [](Number) {}), 3U);
  EXPECT_EQ(receiver.consume_batch([](Number) {}), 1U);
  EXPECT_EQ(receiver.consume_batch([](Number) {}), 0U);
  EXPECT_EQ(ring.metrics(), (Metrics{.messages_sent = 4,
                                     .messages_received = 4,
                                     .commits = 3,
                                     .refused_full = 4,
                                     .batches = 2,
                                     .empty_polls = 1}));
}

TEST(MetricsOfARing, CountOnlyMessagesWhenOff) {
  Ring<Number, 4> ring;
  auto [sender, receiver] = ring.split();
  use(sender);
  EXPECT_EQ(drained(receiver), numbers(1, 4));
  EXPECT_EQ(drained(receiver), std::vector<Number>());
  EXPECT_EQ(ring.metrics(), (Metrics{.messages_sent = 4, .messages_received = 4}));
}

TEST(MetricsOfARing, WorkForAFixedExtentToo) {
  Ring<Number, 4> ring(true);
  auto [sender, receiver] = ring.split();
  use(sender);
  EXPECT_EQ(ring.metrics(), (Metrics{.messages_sent = 4, .commits = 3, .refused_full = 4}));
}

TEST(MetricsOfARing, DoNotCountAClosedRingAsFull) {
  Ring<Number> ring(2, true);
  auto [sender, receiver] = ring.split();
  receiver.close();
  EXPECT_FALSE(sender.push(1));
  EXPECT_FALSE(sender.push(1));
  EXPECT_EQ(ring.metrics(), Metrics{});
}

TEST(MetricsOfARing, CountAMessageWhoseHandlerThrewAsReceived) {
  Ring<Number> ring(2, true);
  auto [sender, receiver] = ring.split();
  ASSERT_EQ(sender.send(numbers(0, 2)), 3U);
  EXPECT_THROW(receiver.consume_batch([](Number) { throw 1; }), int);
  EXPECT_EQ(ring.metrics().messages_received, 1U);
}

TEST(MetricsOfAChannel, AreTheSumOverItsProducers) {
  Channel<Number> channel({.ring_bits = 2, .max_producers = 4, .enable_metrics = true});
  auto consumer = channel.take_consumer();
  EXPECT_EQ(consumer.metrics(), Metrics{});
  auto first = channel.register_producer().value();
  auto second = channel.register_producer().value();
  use(first);
  use(second);
  EXPECT_EQ(consumer.metrics(), (Metrics{.messages_sent = 8, .commits = 6, .refused_full = 8}));
  consumer.consume_all([](Number) {});
  consumer.consume_all([](Number) {});
  EXPECT_EQ(consumer.metrics(), (Metrics{.messages_sent = 8,
                                         .messages_received = 8,
                                         .commits = 6,
                                         .refused_full = 8,
                                         .batches = 2,
                                         .empty_polls = 2}));
}

TEST(MetricsOfAChannel, IncludeProducersThatHaveEnded) {
  Channel<Number> channel({.ring_bits = 2, .max_producers = 2, .enable_metrics = true});
  auto consumer = channel.take_consumer();
  for (std::uint64_t generation = 1; generation <= 50; ++generation) {
    {
      auto producer = channel.register_producer().value();
      use(producer);
    }
    consumer.consume_all([](Number) {});
    consumer.consume_all([](Number) {});
    ASSERT_EQ(consumer.producer_count(), 0U);
    ASSERT_EQ(consumer.metrics(), (Metrics{.messages_sent = 4 * generation,
                                           .messages_received = 4 * generation,
                                           .commits = 3 * generation,
                                           .refused_full = 4 * generation,
                                           .batches = generation,
                                           .empty_polls = generation}));
  }
  Consumer<Number> moved = std::move(consumer);
  EXPECT_EQ(moved.metrics().messages_sent, 200U) << "a moved consumer keeps its metrics";
}

TEST(MetricsOfAChannel, CountOnlyMessagesWhenOff) {
  Channel<Number> channel({.ring_bits = 2});
  auto consumer = channel.take_consumer();
  auto producer = channel.register_producer().value();
  use(producer);
  drained(consumer);
  drained(consumer);
  EXPECT_EQ(consumer.metrics(), (Metrics{.messages_sent = 4, .messages_received = 4}));
}

TEST(Metrics, AreAddedFieldByField) {
  Metrics sum{1, 2, 3, 4, 5, 6};
  sum += Metrics{10, 20, 30, 40, 50, 60};
  EXPECT_EQ(sum, (Metrics{11, 22, 33, 44, 55, 66}));
}

}  // namespace
}  // namespace ringmpsc::testing
