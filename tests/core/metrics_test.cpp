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

#include "counted.hpp"
#include "drained.hpp"
#include "layouts.hpp"
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

template <class L>
class MetricsOfARing : public ::testing::Test {};
TYPED_TEST_SUITE(MetricsOfARing, BothLayouts, LayoutName);

TYPED_TEST(MetricsOfARing, CountEverythingOnceWhenOn) {
  RingOf<Number, TypeParam> ring(2, true);
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

TYPED_TEST(MetricsOfARing, CountOnlyMessagesWhenOff) {
  RingOf<Number, TypeParam, 4> ring;
  auto [sender, receiver] = ring.split();
  use(sender);
  EXPECT_EQ(drained(receiver), numbers(1, 4));
  EXPECT_EQ(drained(receiver), std::vector<Number>());
  EXPECT_EQ(ring.metrics(), (Metrics{.messages_sent = 4, .messages_received = 4}));
}

TYPED_TEST(MetricsOfARing, WorkForAFixedExtentToo) {
  RingOf<Number, TypeParam, 4> ring(true);
  auto [sender, receiver] = ring.split();
  use(sender);
  EXPECT_EQ(ring.metrics(), (Metrics{.messages_sent = 4, .commits = 3, .refused_full = 4}));
}

TYPED_TEST(MetricsOfARing, DoNotCountAClosedRingAsFull) {
  RingOf<Number, TypeParam> ring(2, true);
  auto [sender, receiver] = ring.split();
  receiver.close();
  EXPECT_FALSE(sender.push(1));
  EXPECT_FALSE(sender.push(1));
  EXPECT_EQ(ring.metrics(), Metrics{});
}

TYPED_TEST(MetricsOfARing, CountAMessageWhoseHandlerThrewAsReceived) {
  RingOf<Number, TypeParam> ring(2, true);
  auto [sender, receiver] = ring.split();
  ASSERT_EQ(sender.send(numbers(0, 2)), 3U);
  EXPECT_THROW(receiver.consume_batch([](Number) { throw 1; }), int);
  EXPECT_EQ(ring.metrics().messages_received, 1U);
}

TYPED_TEST(MetricsOfARing, CountAPollThatFoundMessagesEvenIfItsHandlerThrew) {
  RingOf<Number, TypeParam> ring(2, true);
  auto [sender, receiver] = ring.split();
  ASSERT_EQ(sender.send(numbers(0, 2)), 3U);
  EXPECT_THROW(receiver.consume_batch([](Number) { throw 1; }), int);
  EXPECT_EQ(receiver.consume_batch([](Number) {}), 2U);
  EXPECT_EQ(ring.metrics().batches, 2U);
}

TYPED_TEST(MetricsOfARing, DoNotCountAReadThatAskedForNothing) {
  RingOf<Number, TypeParam> ring(2, true);
  auto [sender, receiver] = ring.split();
  EXPECT_EQ(receiver.consume_up_to(0, [](Number) {}), 0U);
  EXPECT_EQ(receiver.recv({}), 0U);
  EXPECT_TRUE(receiver.advance(0));
  ASSERT_TRUE(sender.push(1));
  EXPECT_EQ(receiver.consume_up_to(0, [](Number) {}), 0U);
  EXPECT_EQ(receiver.recv({}), 0U);
  EXPECT_EQ(ring.metrics().empty_polls, 0U);
}

TYPED_TEST(MetricsOfARing, CountReadingInPlaceLikeEveryOtherRead) {
  RingOf<Number, TypeParam> ring(2, true);
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

TYPED_TEST(MetricsOfARing, CountARefusalWhateverWayTooMuchIsAskedFor) {
  RingOf<Number, TypeParam> ring(2, true);
  auto [sender, receiver] = ring.split();
  EXPECT_TRUE(sender.reserve(5).empty());
  EXPECT_EQ(ring.metrics().refused_full, 1U);
  EXPECT_TRUE(sender.reserve_with_backoff(5).empty());
  EXPECT_EQ(ring.metrics().refused_full, 2U);
  EXPECT_TRUE(sender.reserve_with_backoff(0).empty());
  EXPECT_EQ(ring.metrics().refused_full, 2U);
}

TEST(MetricsOfADenseRing, CountARefusalOfADeferredPushOnlyWhenNothingIsFree) {
  RingOf<Number, Dense> ring(3, true);
  auto [sender, receiver] = ring.split();
  ASSERT_TRUE(sender.push(0));
  Deferred<SenderOf<Number, Dense>, 5> deferred(std::move(sender));
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

TYPED_TEST(MetricsOfARing, DoNotCountAWriteOfAPartAsARefusal) {
  RingOf<Number, TypeParam> plain(3, true);
  RingOf<SmallCounted<Number>, TypeParam> others(3, true);
  auto [plain_sender, plain_receiver] = plain.split();
  auto [sender, receiver] = others.split();
  EXPECT_EQ(plain_sender.send(numbers(0, 9)), 8U);
  EXPECT_EQ(sender.send(std::vector<SmallCounted<Number>>(10)), 8U);
  EXPECT_EQ(plain.metrics().refused_full, 0U);
  EXPECT_EQ(others.metrics().refused_full, 0U);
}

/// Sends, in turn, batches of three and single messages, so that the number of messages alone says
/// how many commits there were. A batch that a cell's end cuts is committed in two parts.
template <class L>
class BatchesAndSingles {
 public:
  static std::uint64_t commits(std::uint64_t messages) {
    EXPECT_TRUE(messages % 4 == 0 || messages % 4 == 3 || messages % kRun == 0)
        << "what is published together is seen whole or not at all";
    return messages / 4 * 2 + (messages % 4 == 3 ? 1 : 0) + messages / (4 * kRun) * cuts(4 * kRun) +
           cuts(messages % (4 * kRun));
  }
  static void send_round(auto& sender) {
    constexpr std::array<Number, 3> kBatch{1, 2, 3};
    while (sender.space() < 4) std::this_thread::yield();
    ASSERT_EQ(sender.send(kBatch), 3U);
    ASSERT_TRUE(sender.push(4));
  }
  static constexpr unsigned kRingBits = 10;

 private:
  /// How many of the ends of runs up to `messages` lie in the middle of a batch.
  static constexpr std::uint64_t cuts(std::uint64_t messages) {
    std::uint64_t count = 0;
    for (std::uint64_t end = kRun; end <= messages; end += kRun) {
      if (end % 4 == 1 || end % 4 == 2) ++count;
    }
    return count;
  }

  static constexpr std::uint64_t kRun = longest_run<Number, L>(1U << kRingBits);
};

TYPED_TEST(MetricsOfARing, AreRightAtEveryMomentWhileTheRingIsInUse) {
  constexpr std::uint64_t kRounds = 500'000;
  using Rounds = BatchesAndSingles<TypeParam>;
  RingOf<Number, TypeParam> ring(Rounds::kRingBits, true);
  auto [sender, receiver] = ring.split();
  std::atomic<bool> done{false};
  std::thread sampler([&] {
    Metrics last;
    std::uint64_t wrong = 0;
    while (!done.load()) {
      const Metrics now = ring.metrics();
      const bool right = now.commits == Rounds::commits(now.messages_sent);
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
    for (std::uint64_t i = 0; i < kRounds; ++i) Rounds::send_round(end);
  });
  while (receiver.received() < 4 * kRounds) {
    if (receiver.consume_batch([](Number) {}) == 0) std::this_thread::yield();
  }
  producer.join();
  done = true;
  sampler.join();
  EXPECT_EQ(ring.metrics().messages_received, 4 * kRounds);
  EXPECT_EQ(ring.metrics().commits, Rounds::commits(4 * kRounds));
}

template <class L>
class MetricsOfAChannel : public ::testing::Test {};
TYPED_TEST_SUITE(MetricsOfAChannel, BothLayouts, LayoutName);

TYPED_TEST(MetricsOfAChannel, AreTheSumOverItsProducers) {
  ChannelOf<Number, TypeParam> channel(
      {.ring_bits = 2, .max_producers = 4, .enable_metrics = true});
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

TYPED_TEST(MetricsOfAChannel, IncludeProducersThatHaveEnded) {
  ChannelOf<Number, TypeParam> channel(
      {.ring_bits = 2, .max_producers = 2, .enable_metrics = true});
  auto consumer = channel.take_consumer();
  for (std::uint64_t generation = 1; generation <= 50; ++generation) {
    {
      auto producer = channel.register_producer().value();
      use(producer);
    }
    consumer.consume_all([](Number) {});
    consumer.consume_all([](Number) {});  // the ring is not polled any more
    ASSERT_EQ(consumer.producer_count(), 0U);
    ASSERT_EQ(consumer.metrics(), (Metrics{.messages_sent = 4 * generation,
                                           .messages_received = 4 * generation,
                                           .commits = 3 * generation,
                                           .refused_full = 4 * generation,
                                           .batches = generation}));
  }
  ConsumerOf<Number, TypeParam> moved = std::move(consumer);
  EXPECT_EQ(moved.metrics().messages_sent, 200U) << "a moved consumer keeps its metrics";
}

TYPED_TEST(MetricsOfAChannel, CountOnlyMessagesWhenOff) {
  ChannelOf<Number, TypeParam> channel({.ring_bits = 2});
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
