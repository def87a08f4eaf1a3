// Deferred pushes are seen late and are never lost.

#include <gtest/gtest.h>

#include <cstdint>
#include <thread>
#include <utility>
#include <vector>

#include "layouts.hpp"
#include "ringmpsc/ringmpsc.hpp"

namespace ringmpsc::testing {
namespace {

using Numbers = std::vector<std::uint64_t>;

class DeferredPushes : public ::testing::Test {
 protected:
  Numbers received() {
    Numbers all;
    consumer_.consume_all([&all](std::uint64_t message) { all.push_back(message); });
    return all;
  }

  ChannelOf<std::uint64_t, Dense> channel_{Config{.ring_bits = 4, .max_producers = 2}};
  ConsumerOf<std::uint64_t, Dense> consumer_ = channel_.take_consumer();
};

TEST_F(DeferredPushes, AreSeenWhenTheStageIsFull) {
  Deferred<ProducerOf<std::uint64_t, Dense>, 3> deferred(channel_.register_producer().value());
  EXPECT_TRUE(deferred.push(1));
  EXPECT_TRUE(deferred.push(2));
  EXPECT_EQ(received(), Numbers{});
  EXPECT_EQ(deferred.staged(), 2U);
  EXPECT_TRUE(deferred.push(3));
  EXPECT_EQ(received(), (Numbers{1, 2, 3}));
  EXPECT_EQ(deferred.staged(), 0U);
}

TEST_F(DeferredPushes, AreSeenAfterAFlush) {
  Deferred deferred(channel_.register_producer().value());
  EXPECT_TRUE(deferred.push(1));
  EXPECT_TRUE(deferred.flush());
  EXPECT_EQ(received(), Numbers{1});
  EXPECT_TRUE(deferred.flush()) << "a flush of nothing succeeds";
}

TEST_F(DeferredPushes, AreSeenWhenTheProducerEnds) {
  {
    Deferred deferred(channel_.register_producer().value());
    EXPECT_TRUE(deferred.push(1));
    Deferred moved(std::move(deferred));
    EXPECT_TRUE(moved.push(2));
    EXPECT_EQ(received(), Numbers{});
  }
  EXPECT_EQ(received(), (Numbers{1, 2}));
}

TEST_F(DeferredPushes, AreAcceptedUntilTheRingIsFull) {
  Deferred<ProducerOf<std::uint64_t, Dense>, 10> deferred(channel_.register_producer().value());
  std::uint64_t accepted = 0;
  while (deferred.push(accepted)) ++accepted;
  EXPECT_EQ(accepted, 16U) << "as many as the ring has slots; the last stage is shorter";
  EXPECT_EQ(received().size(), 16U);
  EXPECT_TRUE(deferred.push(16));
}

TEST_F(DeferredPushes, AreRefusedByAClosedChannel) {
  Deferred<ProducerOf<std::uint64_t, Dense>, 4> deferred(channel_.register_producer().value());
  EXPECT_TRUE(deferred.push(1));
  channel_.close();
  EXPECT_FALSE(deferred.flush()) << "the staged message is refused";
  EXPECT_FALSE(deferred.push(2));
  EXPECT_EQ(received(), Numbers{});
}

TEST_F(DeferredPushes, WorkWithASenderOfARingToo) {
  RingOf<std::uint64_t, Dense, 8> ring;
  auto [sender, receiver] = ring.split();
  Deferred deferred(std::move(sender));
  EXPECT_TRUE(deferred.push(7));
  EXPECT_TRUE(receiver.empty());
  EXPECT_TRUE(deferred.flush());
  EXPECT_FALSE(receiver.empty());
}

TEST(Deferred, KeepsOrderAndLosesNothingBetweenThreads) {
  constexpr std::uint64_t kMessages = 300'000;
  ChannelOf<std::uint64_t, Dense> channel({.ring_bits = 10});
  auto consumer = channel.take_consumer();
  const std::jthread thread([&channel] {
    Deferred deferred(channel.register_producer().value());
    for (std::uint64_t i = 0; i < kMessages; ++i) {
      while (!deferred.push(i)) std::this_thread::yield();
    }
  });
  std::uint64_t expected = 0;
  while (expected < kMessages) {
    const auto count = consumer.consume_all([&](std::uint64_t message) {
      ASSERT_EQ(message, expected);
      ++expected;
    });
    if (count == 0) std::this_thread::yield();
  }
}

}  // namespace
}  // namespace ringmpsc::testing
