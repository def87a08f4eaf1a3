// The places of one cell of 7 messages: limits, exceptions, moves and the ring's destructor in the
// middle of it and at its ends.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "counted.hpp"
#include "drained.hpp"
#include "ringmpsc/ring.hpp"

namespace ringmpsc::testing {
namespace {

using Number = std::int64_t;
using Small = SmallCounted<Number>;
constexpr std::size_t kCell = detail::kCellMessages<Number>;
static_assert(kCell == 7 && detail::kCellMessages<Small> == 7);

TEST(Cell, GoesOnBehindWhatWasCommittedInPart) {
  Ring<Number> ring(4);
  auto [sender, receiver] = ring.split();
  auto first = sender.reserve(16);
  ASSERT_EQ(first.size(), kCell);
  std::ranges::copy(numbers(0, 6), first.begin());
  const Number* const place = first.begin();
  ASSERT_TRUE(first.commit(3));
  auto second = sender.reserve(13);
  ASSERT_EQ(second.size(), kCell - 3);
  EXPECT_EQ(second.begin(), place + 3);
  EXPECT_EQ(second[0], 3) << "what was written there before";
  second.commit();
  auto third = sender.reserve(9);
  ASSERT_EQ(third.size(), kCell);
  third = {};
  ASSERT_TRUE(sender.push(7));
  EXPECT_EQ(drained(receiver), numbers(0, 7));
}

TEST(Cell, IsAsFullAsTheRingLetsIt) {
  Ring<Number> ring(2);
  auto [sender, receiver] = ring.split();
  EXPECT_EQ(sender.reserve(5).size(), 0U) << "more than the ring holds";
  EXPECT_EQ(sender.reserve(4).size(), 4U) << "the cell has room for more, the ring has not";
  EXPECT_EQ(sender.send(numbers(0, 9)), 4U);
  EXPECT_FALSE(sender.push(4));
  EXPECT_EQ(receiver.consume_up_to(1, [](Number) {}), 1U);
  EXPECT_EQ(sender.reserve_up_to(9).size(), 1U);
  EXPECT_TRUE(sender.push(4));
  EXPECT_FALSE(sender.push(5));
  EXPECT_EQ(drained(receiver), numbers(1, 4));
}

TEST(Cell, IsLeftByLimitsInsideItAndAtItsEnds) {
  for (std::size_t offset = 0; offset <= kCell; ++offset) {
    for (std::size_t limit = 1; limit <= 2 * kCell + 1; ++limit) {
      Ring<Number> ring(5);
      auto [sender, receiver] = ring.split();
      ASSERT_EQ(sender.send(numbers(1, static_cast<Number>(offset))), offset);
      drained(receiver);
      ASSERT_EQ(sender.send(numbers(0, 29)), 30U);
      std::vector<Number> got;
      const auto take = [&got](Number message) { got.push_back(message); };
      for (std::size_t left = 30; left > 0;) {
        const std::size_t count = std::min(left, limit);
        ASSERT_EQ(receiver.consume_up_to(limit, take), count);
        left -= count;
        ASSERT_EQ(sender.space(), 32 - left);
        ASSERT_EQ(receiver.empty(), left == 0);
      }
      ASSERT_EQ(got, numbers(0, 29)) << "offset " << offset << ", limit " << limit;
    }
  }
}

TEST(Cell, IsSeenByASecondLookWhenItsMessagesComeOneByOne) {
  Ring<Number> ring(4);
  auto [sender, receiver] = ring.split();
  for (Number i = 0; i < 40; ++i) {
    EXPECT_TRUE(receiver.empty());
    ASSERT_TRUE(sender.push(i));
    EXPECT_FALSE(receiver.empty());
    const std::span<Number> one = receiver.readable();
    ASSERT_EQ(one.size(), 1U);
    EXPECT_EQ(one[0], i);
    ASSERT_TRUE(receiver.advance(1));
  }
}

TEST(Cell, KeepsWhatFollowsTheMessageAtWhichAHandlerThrew) {
  const NothingLeaks check;
  for (Number offset = 0; offset < 7; ++offset) {
    for (Number fatal = 0; fatal < 22; ++fatal) {  // at any place of a cell, and in a later one
      Ring<Small> ring(5);
      auto [sender, receiver] = ring.split();
      for (Number i = 0; i < offset; ++i) ASSERT_TRUE(sender.try_emplace(i));
      receiver.consume_batch([](const Small&) {});
      for (Number i = 0; i < 22; ++i) ASSERT_TRUE(sender.try_emplace(i));
      std::vector<Number> got;
      EXPECT_THROW(receiver.consume_batch([&](Small&& message) {
        got.push_back(message.value());
        if (message.value() == fatal) throw Thrown();
      }),
                   Thrown);
      ASSERT_EQ(got, numbers(0, fatal)) << "offset " << offset;
      ASSERT_EQ(receiver.received(), static_cast<std::uint64_t>(offset + fatal + 1));
      ASSERT_EQ(sender.space(), static_cast<std::size_t>(32 - 21 + fatal));
      ASSERT_EQ(receiver.empty(), fatal == 21);
      ASSERT_TRUE(sender.try_emplace(22));
      ASSERT_EQ(drained(receiver), numbers(fatal + 1, 22)) << "offset " << offset;
    }
  }
}

TEST(Cell, IsLostAsAWholeWhenAHandlerOfRunsThrowsAndTheNextStays) {
  const NothingLeaks check;
  for (int fatal = 0; fatal < 3; ++fatal) {
    Ring<Small> ring(5);
    auto [sender, receiver] = ring.split();
    for (Number i = 0; i < 21; ++i) ASSERT_TRUE(sender.try_emplace(i));
    int run_number = 0;
    EXPECT_THROW(receiver.consume_batch([&](std::span<Small>) {
      if (run_number++ == fatal) throw Thrown();
    }),
                 Thrown);
    EXPECT_EQ(sender.space(), static_cast<std::size_t>(11 + 7 * (fatal + 1)));
    EXPECT_EQ(drained(receiver), numbers(Number{7} * (fatal + 1), 20));
  }
}

TEST(Cell, IsPublishedUpToTheMessageWhoseCopyThrew) {
  struct Cursed {
    explicit Cursed(Number number) : value_(number) {}
    Cursed(const Cursed& other) : value_(other.value_) {
      if (value_.value() < 0) throw Thrown();
    }
    Cursed& operator=(const Cursed&) = delete;
    ~Cursed() = default;
    [[nodiscard]] Number value() const { return value_.value(); }

   private:
    Small value_;
  };
  const NothingLeaks check;
  Ring<Cursed> ring(5);
  auto [sender, receiver] = ring.split();
  std::vector<Cursed> messages;
  messages.reserve(20);
  for (Number i = 0; i < 20; ++i) messages.emplace_back(i == 17 ? -1 : i);
  EXPECT_THROW((void)sender.send(messages), Thrown);
  EXPECT_EQ(sender.sent(), 14U) << "the cells before the one in which the copy threw";
  EXPECT_EQ(sender.send(std::span(messages).subspan(14, 3)), 3U);
  auto reservation = sender.reserve(4);
  EXPECT_THROW(reservation.emplace(messages[17]), Thrown);
  reservation.emplace(messages[18]);
  reservation.commit();
  EXPECT_EQ(drained(receiver),
            (std::vector<Number>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18}));
}

TEST(Cell, IsEmptiedByTheRingsDestructorFromAnyMessageToAnyOther) {
  const NothingLeaks check;
  for (Number offset = 0; offset < 16; ++offset) {
    for (Number left = 0; left <= 8; ++left) {
      Ring<Small> heap(3);
      Ring<Small, 8> fixed;
      const auto leave = [&](auto ends) {
        auto& [sender, receiver] = ends;
        for (Number i = 0; i < offset; ++i) {
          ASSERT_TRUE(sender.try_emplace(i));
          ASSERT_EQ(receiver.consume_batch([](const Small&) {}), 1U);
        }
        for (Number i = 0; i < left; ++i) ASSERT_TRUE(sender.try_emplace(i));
      };
      leave(heap.split());
      leave(fixed.split());
    }
  }
}

TEST(Cell, IsGoneOnWithByEndsThatWereMovedInTheMiddleOfIt) {
  Ring<Number> ring(4);
  auto [sender, receiver] = ring.split();
  for (Number i = 0; i < 60; ++i) {
    ASSERT_TRUE(sender.push(2 * i));
    Sender<Number> moved_sender = std::move(sender);
    EXPECT_FALSE(sender.push(-1)) << "a moved-from sender has no cell";
    auto reservation = moved_sender.reserve(1);
    reservation[0] = 2 * i + 1;
    reservation.commit();
    sender = std::move(moved_sender);
    EXPECT_FALSE(receiver.empty());
    Receiver<Number> moved_receiver = std::move(receiver);
    EXPECT_EQ(receiver.readable().size(), 0U);
    EXPECT_EQ(moved_receiver.consume_up_to(1, [&](Number message) { EXPECT_EQ(message, 2 * i); }),
              1U);
    receiver = std::move(moved_receiver);
    EXPECT_EQ(drained(receiver), numbers(2 * i + 1, 2 * i + 1));
  }
}

}  // namespace
}  // namespace ringmpsc::testing
