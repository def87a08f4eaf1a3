// A ring with one sender and one receiver: order, full and empty states, the wrap, both extents.

#include "ringmpsc/ring.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "drained.hpp"
#include "layouts.hpp"

namespace ringmpsc::testing {
namespace {

using Number = std::int64_t;

TEST(Ring, ThrowsBadAllocForMoreBytesThanThereAreAddresses) {
  struct Vast {
    std::byte bytes[std::size_t{1} << 44];
  };
  EXPECT_THROW(Ring<Vast>(20), std::bad_alloc) << "2^64 bytes, which are 0 in 64 bits";
  EXPECT_THROW(Ring<Vast>(19), std::bad_alloc) << "2^63 bytes";
}

template <class L>
class Rings : public ::testing::Test {};
TYPED_TEST_SUITE(Rings, BothLayouts, LayoutName);

TYPED_TEST(Rings, MessagesArriveInTheOrderInWhichTheyWerePushed) {
  RingOf<Number, TypeParam> ring(4);
  auto [sender, receiver] = ring.split();
  for (Number i = 0; i < 10; ++i) EXPECT_TRUE(sender.push(i));
  EXPECT_EQ(drained(receiver), numbers(0, 9));
}

TYPED_TEST(Rings, HoldsExactlyItsCapacity) {
  for (unsigned bits = kMinRingBits; bits <= 10; ++bits) {
    RingOf<Number, TypeParam> ring(bits);
    auto [sender, receiver] = ring.split();
    const auto capacity = Number{1} << bits;
    EXPECT_EQ(ring.capacity(), static_cast<std::size_t>(capacity));
    EXPECT_EQ(sender.capacity(), ring.capacity());
    EXPECT_EQ(receiver.capacity(), ring.capacity());
    for (Number i = 0; i < capacity; ++i) ASSERT_TRUE(sender.push(i)) << "bits " << bits;
    EXPECT_FALSE(sender.push(capacity));
    EXPECT_EQ(drained(receiver), numbers(0, capacity - 1));
  }
}

TYPED_TEST(Rings, ARefusedPushLeavesTheMessageWithTheCaller) {
  RingOf<std::unique_ptr<int>, TypeParam> ring(1);
  auto [sender, receiver] = ring.split();
  ASSERT_TRUE(sender.push(std::make_unique<int>(1)));
  ASSERT_TRUE(sender.push(std::make_unique<int>(2)));
  auto third = std::make_unique<int>(3);
  EXPECT_FALSE(sender.push(std::move(third)));
  ASSERT_NE(third, nullptr);  // NOLINT(bugprone-use-after-move): it must not have been moved
  EXPECT_EQ(*third, 3);
}

TYPED_TEST(Rings, EmptyAndSpaceReportTheCurrentState) {
  RingOf<Number, TypeParam> ring(2);
  auto [sender, receiver] = ring.split();
  EXPECT_TRUE(receiver.empty());
  EXPECT_EQ(sender.space(), 4U);
  ASSERT_TRUE(sender.push(1));
  ASSERT_TRUE(sender.push(2));
  EXPECT_FALSE(receiver.empty());
  EXPECT_EQ(sender.space(), 2U);
  EXPECT_EQ(receiver.consume_up_to(1, [](Number) {}), 1U);
  EXPECT_FALSE(receiver.empty());
  EXPECT_EQ(sender.space(), 3U);
  EXPECT_EQ(receiver.consume_up_to(1, [](Number) {}), 1U);
  EXPECT_TRUE(receiver.empty());
  EXPECT_EQ(sender.space(), 4U);
}

TYPED_TEST(Rings, SentAndReceivedReturnTheNextSequence) {
  RingOf<Number, TypeParam> ring(2);
  auto [sender, receiver] = ring.split();
  for (std::uint64_t round = 0; round < 20; ++round) {
    EXPECT_EQ(sender.sent(), round * 3);
    EXPECT_EQ(receiver.received(), round * 3);
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(sender.push(i));
    EXPECT_EQ(receiver.consume_batch([](Number) {}), 3U);
  }
}

TYPED_TEST(Rings, KeepsOrderFromEveryOffsetAndForEveryCapacity) {
  for (unsigned bits = kMinRingBits; bits <= 8; ++bits) {
    RingOf<Number, TypeParam> ring(bits);
    auto [sender, receiver] = ring.split();
    const Number capacity = Number{1} << bits;
    Number next = 0;
    for (Number offset = 0; offset <= capacity; ++offset) {
      for (Number i = 0; i < capacity; ++i) ASSERT_TRUE(sender.push(next + i));
      ASSERT_FALSE(sender.push(-1));
      ASSERT_EQ(drained(receiver), numbers(next, next + capacity - 1)) << "bits " << bits;
      next += capacity;
      ASSERT_TRUE(sender.push(next));  // moves the offset on by one slot
      ASSERT_EQ(drained(receiver), numbers(next, next));
      ++next;
    }
  }
}

TYPED_TEST(Rings, TheLargestRingHoldsAMillionMessages) {
  RingOf<std::uint32_t, TypeParam> ring(kMaxRingBits);
  auto [sender, receiver] = ring.split();
  constexpr std::uint32_t kCapacity = 1U << 20;
  for (std::uint32_t round = 0; round < 2; ++round) {
    for (std::uint32_t i = 0; i < kCapacity; ++i) ASSERT_TRUE(sender.push(i ^ round));
    EXPECT_FALSE(sender.push(0));
    std::uint32_t expected = 0;
    bool in_order = true;
    receiver.consume_batch([&](std::uint32_t m) { in_order &= m == (expected++ ^ round); });
    EXPECT_TRUE(in_order);
    EXPECT_EQ(expected, kCapacity);
  }
}

TEST(DenseRing, WorksWithSequencesPastTwoToThe32) {
  // The sequences move on without any message being written: 2^32 bytes in steps of 2^20.
  RingOf<std::uint8_t, Dense> ring(kMaxRingBits);
  auto [sender, receiver] = ring.split();
  constexpr std::size_t kStep = std::size_t{1} << kMaxRingBits;
  for (int i = 0; i < 4095; ++i) {
    auto step = sender.reserve(kStep);
    step.commit();
    ASSERT_TRUE(receiver.advance(receiver.readable().size()));
  }
  auto last = sender.reserve(kStep - 3);
  last.commit();
  ASSERT_EQ(receiver.consume_batch([](std::span<std::uint8_t>) {}), kStep - 3);
  ASSERT_EQ(sender.sent(), (std::uint64_t{1} << 32) - 3);
  for (std::uint8_t i = 0; i < 6; ++i) ASSERT_TRUE(sender.push(i));
  EXPECT_EQ(sender.sent(), (std::uint64_t{1} << 32) + 3);
  EXPECT_EQ(sender.space(), kStep - 6);
  EXPECT_EQ(drained(receiver), numbers(0, 5));
  EXPECT_EQ(receiver.received(), (std::uint64_t{1} << 32) + 3);
  EXPECT_EQ(sender.reserve(kStep).size(), kStep - 3);  // up to the wrap
}

TYPED_TEST(Rings, CanBeSplitOnlyOnce) {
  RingOf<Number, TypeParam> ring(4);
  auto ends = ring.split();
  EXPECT_THROW((void)ring.split(), std::logic_error);
  EXPECT_TRUE(ends.first.push(1));  // the first ends still work
  EXPECT_EQ(drained(ends.second), numbers(1, 1));
}

TYPED_TEST(Rings, ConsumeUpToTakesTheOldestAndLeavesTheRest) {
  RingOf<Number, TypeParam> ring(3);
  auto [sender, receiver] = ring.split();
  for (Number i = 0; i < 8; ++i) ASSERT_TRUE(sender.push(i));
  std::vector<Number> got;
  const auto take = [&got](Number m) { got.push_back(m); };
  EXPECT_EQ(receiver.consume_up_to(0, take), 0U);
  EXPECT_EQ(receiver.consume_up_to(3, take), 3U);
  EXPECT_EQ(got, numbers(0, 2));
  EXPECT_EQ(receiver.consume_up_to(100, take), 5U);
  EXPECT_EQ(got, numbers(0, 7));
  EXPECT_EQ(receiver.consume_up_to(1, take), 0U);
}

TYPED_TEST(Rings, ConsumeUpToSeesWhatWasPublishedSinceTheLastCall) {
  RingOf<Number, TypeParam> ring(3);
  auto [sender, receiver] = ring.split();
  ASSERT_TRUE(sender.push(0));
  ASSERT_TRUE(sender.push(1));
  EXPECT_EQ(receiver.consume_up_to(1, [](Number) {}), 1U);
  ASSERT_TRUE(sender.push(2));
  EXPECT_EQ(receiver.consume_up_to(2, [](Number) {}), 2U);
}

TEST(DenseRing, AHandlerOfRunsSeesTwoRunsWhereTheMessagesWrap) {
  RingOf<Number, Dense> ring(3);
  auto [sender, receiver] = ring.split();
  for (Number i = 0; i < 5; ++i) ASSERT_TRUE(sender.push(i));
  receiver.consume_batch([](Number) {});
  for (Number i = 0; i < 8; ++i) ASSERT_TRUE(sender.push(i));
  std::vector<std::vector<Number>> runs;
  EXPECT_EQ(receiver.consume_batch([&runs](std::span<const Number> run) {
    runs.emplace_back(run.begin(), run.end());
  }),
            8U);
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0], numbers(0, 2));
  EXPECT_EQ(runs[1], numbers(3, 7));
}

TEST(DenseRing, ReadableShowsMessagesUpToTheWrapAndAdvanceConsumesThem) {
  RingOf<Number, Dense> ring(2);
  auto [sender, receiver] = ring.split();
  EXPECT_TRUE(receiver.readable().empty());
  for (Number i = 0; i < 3; ++i) ASSERT_TRUE(sender.push(i));
  receiver.consume_batch([](Number) {});
  for (Number i = 10; i < 14; ++i) ASSERT_TRUE(sender.push(i));

  ASSERT_EQ(receiver.readable().size(), 1U);
  EXPECT_EQ(receiver.readable()[0], 10);  // readable() does not consume
  EXPECT_EQ(sender.space(), 0U);
  EXPECT_TRUE(receiver.advance(1));
  EXPECT_EQ(sender.space(), 1U);

  const std::span<Number> rest = receiver.readable();
  EXPECT_EQ(std::vector<Number>(rest.begin(), rest.end()), numbers(11, 13));
  EXPECT_TRUE(receiver.advance(2));
  EXPECT_EQ(receiver.readable()[0], 13);
  EXPECT_TRUE(receiver.advance(0));
  EXPECT_EQ(receiver.readable().size(), 1U);
}

TYPED_TEST(Rings, AdvanceRefusesMoreThanReadableHasShown) {
  RingOf<Number, TypeParam> ring(2);
  auto [sender, receiver] = ring.split();
  for (Number i = 0; i < 3; ++i) ASSERT_TRUE(sender.push(i));
  EXPECT_FALSE(receiver.advance(1)) << "readable() was not called yet";
  ASSERT_EQ(receiver.readable().size(), 3U);
  ASSERT_TRUE(sender.push(3));
  EXPECT_FALSE(receiver.advance(4)) << "the fourth message came after readable()";
  EXPECT_TRUE(receiver.advance(3));

  for (Number i = 4; i < 7; ++i) ASSERT_TRUE(sender.push(i));
  const std::size_t run = std::min<std::size_t>(4, to_end_of_run<Number, TypeParam>(3, 4));
  ASSERT_EQ(receiver.readable().size(), run);
  EXPECT_FALSE(receiver.advance(run + 1)) << "the next message comes later or lies past the wrap";
  EXPECT_EQ(drained(receiver), numbers(3, 6)) << "a refused advance consumed something";
}

TEST(DenseRing, AHandlerMayPushToTheRingThatItConsumes) {
  RingOf<Number, Dense> ring(1);
  auto [sender, receiver] = ring.split();
  ASSERT_TRUE(sender.push(0));
  for (Number round = 0; round < 10; ++round) {
    EXPECT_EQ(receiver.consume_batch([&to = sender](Number m) { EXPECT_TRUE(to.push(m + 1)); }),
              1U);
  }
  EXPECT_EQ(drained(receiver), numbers(10, 10));
}

TEST(CelledRing, ABatchTakesWhatItsHandlerPushesButNoMoreThanARingful) {
  for (unsigned bits = kMinRingBits; bits <= 6; ++bits) {
    RingOf<Number, Celled> ring(bits);
    auto [sender, receiver] = ring.split();
    const auto capacity = Number{1} << bits;
    Number next = 0;
    ASSERT_TRUE(sender.push(next++));
    for (Number round = 0; round < 10; ++round) {
      std::vector<Number> got;
      const std::size_t count = receiver.consume_batch([&, &to = sender](Number m) {
        got.push_back(m);
        while (to.push(next)) ++next;  // slots come back during the batch
      });
      EXPECT_EQ(count, static_cast<std::size_t>(capacity));
      EXPECT_EQ(got, numbers(round * capacity, (round + 1) * capacity - 1));
      while (sender.push(next)) ++next;
    }
    EXPECT_EQ(drained(receiver), numbers(10 * capacity, next - 1));
  }
}

TYPED_TEST(Rings, CallsHandlersWithTheParameterTypeTheyDeclare) {
  RingOf<std::string, TypeParam> ring(2);
  auto [sender, receiver] = ring.split();
  const auto refill = [&into = sender] { ASSERT_TRUE(into.push("a text past the small size")); };
  std::vector<std::string> got;
  refill();
  receiver.consume_batch([&got](std::string&& text) { got.push_back(std::move(text)); });
  refill();
  receiver.consume_batch([&got](std::string text) { got.push_back(std::move(text)); });
  refill();
  receiver.consume_batch([&got](std::string& text) { got.push_back(text); });
  refill();
  receiver.consume_batch([&got](const std::string& text) { got.push_back(text); });
  refill();
  receiver.consume_batch([&got](const auto& text) { got.push_back(text); });
  refill();
  receiver.consume_batch(
      [&got](std::span<std::string> run) { got.insert(got.end(), run.begin(), run.end()); });
  refill();
  receiver.consume_batch([&got](std::string_view text) { got.emplace_back(text); });
  EXPECT_EQ(got, std::vector<std::string>(7, "a text past the small size"));
}

template <class T>
class RingOfBothExtents : public ::testing::Test {};
struct Fixed {
  Ring<Number, 8> ring;
};
struct Dynamic {
  Ring<Number> ring{3};
};
using BothExtents = ::testing::Types<Fixed, Dynamic>;
TYPED_TEST_SUITE(RingOfBothExtents, BothExtents);

TYPED_TEST(RingOfBothExtents, SupportsEveryOperationAcrossManyWraps) {
  TypeParam owner;
  auto [sender, receiver] = owner.ring.split();
  EXPECT_EQ(sender.capacity(), 8U);
  Number next = 0;
  Number expected = 0;
  for (int round = 0; round < 100; ++round) {
    ASSERT_TRUE(sender.push(next++));
    ASSERT_TRUE(sender.try_emplace(next++));
    const std::array<Number, 3> three = {next, next + 1, next + 2};
    ASSERT_EQ(sender.send(three), 3U);
    next += 3;
    for (int reserved = 0; reserved < 3;) {
      auto reservation = sender.reserve_up_to(static_cast<std::size_t>(3 - reserved));
      ASSERT_FALSE(reservation.empty());
      for (Number& slot : reservation) slot = next++;
      reserved += static_cast<int>(reservation.size());
      reservation.commit();
    }
    ASSERT_FALSE(sender.push(-1));
    ASSERT_EQ(drained(receiver), numbers(expected, expected + 7));
    expected += 8;
    ASSERT_TRUE(sender.push(next++));
    ASSERT_EQ(drained(receiver), numbers(expected, expected));
    ++expected;
  }
}

static_assert(!std::is_copy_constructible_v<Ring<Number>> &&
              !std::is_move_constructible_v<Ring<Number>>);
static_assert(!std::is_copy_constructible_v<Sender<Number>> &&
              !std::is_copy_constructible_v<Receiver<Number>>);
static_assert(std::is_nothrow_move_constructible_v<Sender<Number>> &&
              std::is_nothrow_move_assignable_v<Sender<Number>>);
static_assert(std::is_nothrow_move_constructible_v<Receiver<Number>> &&
              std::is_nothrow_move_assignable_v<Receiver<Number>>);
static_assert(sizeof(Ring<Number, 1024>) > 1024 * sizeof(Number), "the slots lie within the ring");

}  // namespace
}  // namespace ringmpsc::testing
