// Metrics: exact when on, only messages when off, and the sum over all producers, past ones too.

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "drained.hpp"
#include "ringmpsc/ringmpsc.hpp"

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

TEST(MetricsOfARing, CountAPollThatFoundMessagesEvenIfItsHandlerThrew) {
  Ring<Number> ring(2, true);
  auto [sender, receiver] = ring.split();
  ASSERT_EQ(sender.send(numbers(0, 2)), 3U);
  EXPECT_THROW(receiver.consume_batch([](Number) { throw 1; }), int);
  EXPECT_EQ(receiver.consume_batch([](Number) {}), 2U);
  EXPECT_EQ(ring.metrics().batches, 2U);
}

TEST(MetricsOfARing, DoNotCountAReadThatAskedForNothing) {
  Ring<Number> ring(2, true);
  auto [sender, receiver] = ring.split();
  EXPECT_EQ(receiver.consume_up_to(0, [](Number) {}), 0U);
  EXPECT_EQ(receiver.recv({}), 0U);
  EXPECT_TRUE(receiver.advance(0));
  ASSERT_TRUE(sender.push(1));
  EXPECT_EQ(receiver.consume_up_to(0, [](Number) {}), 0U);
  EXPECT_EQ(receiver.recv({}), 0U);
  EXPECT_EQ(ring.metrics().empty_polls, 0U);
}

TEST(MetricsOfARing, CountReadingInPlaceLikeEveryOtherRead) {
  Ring<Number> ring(2, true);
  auto [sender, receiver] = ring.split();
  EXPECT_TRUE(receiver.readable().empty());
  EXPECT_TRUE(receiver.empty()) << "a query counts nothing";
  EXPECT_FALSE(receiver.drained());
  ASSERT_TRUE(sender.push(1));
  EXPECT_TRUE(receiver.advance(receiver.readable().size()));
  EXPECT_EQ(ring.metrics(), (Metrics{.messages_sent = 1,
                                     .messages_received = 1,
                                     .commits = 1,
                                     .batches = 1,
                                     .empty_polls = 1}));
}

TEST(MetricsOfARing, CountARefusalWhateverWayTooMuchIsAskedFor) {
  Ring<Number> ring(2, true);
  auto [sender, receiver] = ring.split();
  EXPECT_TRUE(sender.reserve(5).empty());
  EXPECT_EQ(ring.metrics().refused_full, 1U);
  EXPECT_TRUE(sender.reserve_with_backoff(5).empty());
  EXPECT_EQ(ring.metrics().refused_full, 2U);
  EXPECT_TRUE(sender.reserve_with_backoff(0).empty());
  EXPECT_EQ(ring.metrics().refused_full, 2U);
}

TEST(MetricsOfARing, CountARefusalOfADeferredPushOnlyWhenNothingIsFree) {
  Ring<Number> ring(3, true);
  auto [sender, receiver] = ring.split();
  ASSERT_TRUE(sender.push(0));
  Deferred<Sender<Number>, 5> deferred(std::move(sender));
  for (Number i = 1; i <= 7; ++i) EXPECT_TRUE(deferred.push(i));  // stages of 5 and of 2
  EXPECT_EQ(drained(receiver), numbers(0, 7));
  for (Number i = 8; i <= 15; ++i) EXPECT_TRUE(deferred.push(i));  // 5 and 3
  EXPECT_EQ(ring.metrics().refused_full, 0U) << "every message found room";
  EXPECT_FALSE(deferred.push(16));
  EXPECT_EQ(ring.metrics(), (Metrics{.messages_sent = 16,
                                     .messages_received = 8,
                                     .commits = 5,
                                     .refused_full = 1,
                                     .batches = 1}));
  EXPECT_EQ(drained(receiver), numbers(8, 15));
}

/// Sends, in turn, batches of three and single messages, so that the number of messages alone says
/// how many commits there were.
class BatchesAndSingles {
 public:
  static std::uint64_t commits(std::uint64_t messages) {
    EXPECT_TRUE(messages % 4 == 0 || messages % 4 == 3) << "a batch is seen whole or not at all";
    return messages / 4 * 2 + (messages % 4 == 3 ? 1 : 0);
  }
  static void send_round(auto& sender) {
    constexpr std::array<Number, 3> kBatch{1, 2, 3};
    while (sender.space() < 4) std::this_thread::yield();
    ASSERT_EQ(sender.send(kBatch), 3U);
    ASSERT_TRUE(sender.push(4));
  }
};

TEST(MetricsOfARing, AreRightAtEveryMomentWhileTheRingIsInUse) {
  constexpr std::uint64_t kRounds = 500'000;
  Ring<Number> ring(10, true);
  auto [sender, receiver] = ring.split();
  std::atomic<bool> done{false};
  std::thread sampler([&] {
    Metrics last;
    std::uint64_t wrong = 0;
    while (!done.load()) {
      const Metrics now = ring.metrics();
      const bool right = now.commits == BatchesAndSingles::commits(now.messages_sent);
      const bool plausible =
          now.messages_received <= now.messages_sent && now.batches <= now.messages_received;
      const bool grown = now.messages_sent >= last.messages_sent &&
                         now.messages_received >= last.messages_received &&
                         now.commits >= last.commits && now.refused_full >= last.refused_full &&
                         now.batches >= last.batches && now.empty_polls >= last.empty_polls;
      if (!right || !plausible || !grown) ++wrong;
      last = now;
    }
    EXPECT_EQ(wrong, 0U);
  });
  std::thread producer([&end = sender] {
    for (std::uint64_t i = 0; i < kRounds; ++i) BatchesAndSingles::send_round(end);
  });
  while (receiver.received() < 4 * kRounds) {
    if (receiver.consume_batch([](Number) {}) == 0) std::this_thread::yield();
  }
  producer.join();
  done = true;
  sampler.join();
  EXPECT_EQ(ring.metrics().messages_received, 4 * kRounds);
  EXPECT_EQ(ring.metrics().commits, 2 * kRounds);
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
