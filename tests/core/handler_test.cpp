// Handlers that throw: only the message being handled is lost, and nothing is destroyed twice.

#include <gtest/gtest.h>

#include <algorithm>
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
using Small = SmallCounted<Number>;

/// A full ring of 8 slots with messages 0 to 7, of which message 0 lies in slot `offset`.
template <class L>
struct FullRing {
  explicit FullRing(Number offset) {
    for (Number i = 0; i < offset; ++i) EXPECT_TRUE(ends.first.try_emplace(-100));
    ends.second.consume_batch([](Small&) {});
    for (Number i = 0; i < 8; ++i) EXPECT_TRUE(ends.first.try_emplace(i));
  }

  RingOf<Small, L> ring{3};
  std::pair<SenderOf<Small, L>, ReceiverOf<Small, L>> ends = ring.split();
};

template <class L>
class ThrowingHandler : public ::testing::Test {};
TYPED_TEST_SUITE(ThrowingHandler, BothLayouts, LayoutName);

TYPED_TEST(ThrowingHandler, LosesOnlyTheMessageAtWhichItThrew) {
  const NothingLeaks check;
  for (Number offset = 0; offset < 8; ++offset) {
    for (Number fatal = 0; fatal < 8; ++fatal) {
      FullRing<TypeParam> full(offset);
      auto& [sender, receiver] = full.ends;
      std::vector<Number> got;
      const auto handler = [&](const Small& message) {
        if (message.value() == fatal) throw Thrown();
        got.push_back(message.value());
      };
      const auto alive_before = Counted::alive();
      EXPECT_THROW(receiver.consume_batch(handler), Thrown);
      EXPECT_EQ(got, numbers(0, fatal - 1));
      EXPECT_EQ(Counted::alive(), alive_before - (fatal + 1)) << "handled messages are destroyed";
      EXPECT_EQ(sender.space(), static_cast<std::size_t>(fatal + 1)) << "their slots are free";
      EXPECT_EQ(receiver.consume_batch(handler), static_cast<std::size_t>(7 - fatal));
      auto expected = numbers(0, 7);
      std::erase(expected, fatal);
      EXPECT_EQ(got, expected);
      ASSERT_TRUE(sender.try_emplace(8)) << "the ring stays usable";
      EXPECT_EQ(drained(receiver), numbers(8, 8));
    }
  }
}

TYPED_TEST(ThrowingHandler, OfRunsLosesOnlyTheRunAtWhichItThrew) {
  const NothingLeaks check;
  for (Number offset = 0; offset < 8; ++offset) {
    const auto first_run = static_cast<Number>(std::min<std::size_t>(
        8, to_end_of_run<Small, TypeParam>(static_cast<std::uint64_t>(offset), 8)));
    for (int fatal_run = 0; fatal_run < (first_run == 8 ? 1 : 2); ++fatal_run) {
      FullRing<TypeParam> full(offset);
      auto& [sender, receiver] = full.ends;
      std::vector<Number> got;
      int run_number = 0;
      const auto handler = [&](std::span<Small> run) {
        if (run_number++ == fatal_run) throw Thrown();
        for (const Small& message : run) got.push_back(message.value());
      };
      EXPECT_THROW(receiver.consume_batch(handler), Thrown);
      if (fatal_run == 0) {
        EXPECT_EQ(got, std::vector<Number>());
        EXPECT_EQ(sender.space(), static_cast<std::size_t>(first_run));
        EXPECT_EQ(drained(receiver), numbers(first_run, 7));
      } else {
        EXPECT_EQ(got, numbers(0, first_run - 1));
        EXPECT_EQ(sender.space(), 8U);
        EXPECT_TRUE(receiver.empty());
      }
      ASSERT_TRUE(sender.try_emplace(8));
      EXPECT_EQ(drained(receiver), numbers(8, 8));
    }
  }
}

TYPED_TEST(ThrowingHandler, UnderALimitLosesOnlyTheMessageAtWhichItThrew) {
  const NothingLeaks check;
  FullRing<TypeParam> full(5);
  auto& [sender, receiver] = full.ends;
  const auto handler = [](const Small& message) {
    if (message.value() == 3) throw Thrown();
  };
  EXPECT_EQ(receiver.consume_up_to(3, handler), 3U);
  EXPECT_THROW(receiver.consume_up_to(3, handler), Thrown);
  EXPECT_EQ(drained(receiver), numbers(4, 7));
}

TYPED_TEST(ThrowingHandler, ThatAlwaysThrowsStillEmptiesTheRing) {
  const NothingLeaks check;
  FullRing<TypeParam> full(3);
  auto& [sender, receiver] = full.ends;
  for (int i = 0; i < 8; ++i) {
    EXPECT_THROW(receiver.consume_batch([](const Small&) { throw Thrown(); }), Thrown);
  }
  EXPECT_TRUE(receiver.empty());
  EXPECT_EQ(sender.space(), 8U);
}

TYPED_TEST(ThrowingHandler, InAChannelLosesNoMessagesOfOtherProducers) {
  const NothingLeaks check;
  ChannelOf<Small, TypeParam> channel({.ring_bits = 3, .max_producers = 4});
  auto consumer = channel.take_consumer();
  std::vector<ProducerOf<Small, TypeParam>> producers;
  for (Number p = 0; p < 4; ++p) {
    producers.push_back(channel.register_producer().value());
    for (Number i = 0; i < 5; ++i) ASSERT_TRUE(producers.back().try_emplace(p * 10 + i));
  }
  std::vector<Number> got;
  int thrown = 0;
  while (!consumer.empty()) {
    try {
      consumer.consume_all([&](const Small& message) {
        if (message.value() % 10 == 2) throw Thrown();
        got.push_back(message.value());
      });
    } catch (const Thrown&) {
      ++thrown;
    }
  }
  EXPECT_EQ(thrown, 4);
  std::ranges::sort(got);
  EXPECT_EQ(got, (std::vector<Number>{0, 1, 3, 4, 10, 11, 13, 14, 20, 21, 23, 24, 30, 31, 33, 34}));
}

TYPED_TEST(ThrowingHandler, DoesNotKeepALoopThatAsksReceivedFromItsEnd) {
  constexpr std::uint64_t kMessages = 20'000;
  ChannelOf<Number, TypeParam> channel({.ring_bits = 6, .max_producers = 2});
  auto consumer = channel.take_consumer();
  EXPECT_EQ(consumer.received(), 0U);
  const auto produce = [&channel] {
    auto producer = channel.register_producer().value();
    for (std::uint64_t i = 0; i < kMessages; ++i) {
      ASSERT_TRUE(producer.push(static_cast<Number>(i), AdaptiveWait{}));
    }
  };
  std::jthread first(produce);
  std::jthread second(produce);
  std::uint64_t handled = 0;
  std::uint64_t lost = 0;
  while (consumer.received() < 2 * kMessages) {
    try {
      const std::size_t count = consumer.consume_all([&](Number message) {
        if (message % 100 == 99) throw Thrown();
        ++handled;
      });
      if (count == 0) std::this_thread::yield();
    } catch (const Thrown&) {
      ++lost;
    }
  }
  EXPECT_EQ(lost, 2 * kMessages / 100);
  EXPECT_EQ(handled + lost, 2 * kMessages);
  first.join();  // a producer ends after its last message is received
  second.join();
  EXPECT_EQ(consumer.producer_count(), 0U);
  EXPECT_EQ(consumer.received(), 2 * kMessages) << "past producers count too";
  const ConsumerOf<Number, TypeParam> moved = std::move(consumer);
  EXPECT_EQ(moved.received(), 2 * kMessages);
}

TYPED_TEST(ThrowingHandler, OfRunsCountsItsRunAsReceived) {
  ChannelOf<Number, TypeParam> channel({.ring_bits = 3});
  auto consumer = channel.take_consumer();
  auto producer = channel.register_producer().value();
  ASSERT_EQ(producer.send(numbers(0, 4)), 5U);
  EXPECT_THROW(consumer.consume_all([](std::span<Number>) { throw Thrown(); }), Thrown);
  EXPECT_EQ(consumer.received(), 5U);
  EXPECT_TRUE(consumer.empty());
}

TYPED_TEST(ThrowingHandler, DoesNotBlockTheSlotOfAnEndedProducer) {
  const NothingLeaks check;
  ChannelOf<Small, TypeParam> channel({.ring_bits = 1, .max_producers = 1});
  auto consumer = channel.take_consumer();
  for (int generation = 0; generation < 100; ++generation) {
    {
      auto producer = channel.register_producer();
      ASSERT_TRUE(producer.has_value());
      ASSERT_TRUE(producer->try_emplace(1));
    }
    EXPECT_THROW(consumer.consume_all([](const Small&) { throw Thrown(); }), Thrown);
    EXPECT_EQ(consumer.consume_all([](const Small&) {}), 0U);
  }
}

}  // namespace
}  // namespace ringmpsc::testing
