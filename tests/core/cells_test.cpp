// What is particular to celled rings: where their runs end, how many cells they have, and that a
// cell is used again only when nothing in it is unread.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "layouts.hpp"
#include "plain_bytes.hpp"
#include "ringmpsc/ring.hpp"

namespace ringmpsc::testing {
namespace {

using Number = std::int64_t;

// How many messages a cell has, and where they lie.

template <std::size_t Bytes>
inline constexpr std::size_t kOfBytes = detail::kCellMessages<PlainBytes<Bytes>>;
static_assert(kOfBytes<1> == 56 && kOfBytes<2> == 28 && kOfBytes<3> == 18 && kOfBytes<4> == 14 &&
              kOfBytes<5> == 11 && kOfBytes<6> == 9 && kOfBytes<7> == 8 && kOfBytes<8> == 7);
static_assert(kOfBytes<9> == 1 && kOfBytes<16> == 1 && kOfBytes<64> == 1 && kOfBytes<4096> == 1);

template <std::size_t Bytes>
using CellOf = detail::Cell<PlainBytes<Bytes>>;
static_assert(sizeof(CellOf<1>) == 64 && sizeof(CellOf<3>) == 64 && sizeof(CellOf<7>) == 64 &&
                  sizeof(CellOf<8>) == 64 && alignof(CellOf<1>) == 64 && alignof(CellOf<8>) == 64,
              "a cell of several messages is one line");
static_assert(sizeof(CellOf<16>) == 24 && sizeof(CellOf<24>) == 32,
              "a cell of one message is not padded");

/// Messages of 1 to 9 and of more bytes, of which 56, 28, 18, 14, 11, 9, 8, 7 and 1 fill a cell.
using MessagesOfManySizes =
    ::testing::Types<PlainBytes<1>, PlainBytes<2>, PlainBytes<3>, PlainBytes<4>, PlainBytes<5>,
                     PlainBytes<6>, PlainBytes<7>, PlainBytes<8>, PlainBytes<9>, PlainBytes<100>>;
template <class T>
class Cells : public ::testing::Test {
 protected:
  static constexpr std::size_t kMessages = detail::kCellMessages<T>;
  using Numbers = std::vector<Number>;

  /// Messages with the numbers from `next` on, as far as a T can hold them.
  static std::vector<T> messages(Number next, std::size_t count) {
    std::vector<T> made;
    for (std::size_t i = 0; i < count; ++i) made.push_back(T(next + static_cast<Number>(i)));
    return made;
  }
  static Numbers values(std::span<const T> messages) {
    Numbers all;
    for (const T& message : messages) all.push_back(message.value());
    return all;
  }
  /// The values of the messages from `first` on, as received.
  static Numbers expected(Number first, std::size_t count) {
    return values(messages(first, count));
  }
};
TYPED_TEST_SUITE(Cells, MessagesOfManySizes);

TYPED_TEST(Cells, AreAsManyAsHoldTheCapacityAndNoMore) {
  constexpr std::size_t kOfACell = TestFixture::kMessages;
  for (unsigned bits = kMinRingBits; bits <= kMaxRingBits; ++bits) {
    const std::size_t capacity = std::size_t{1} << bits;
    const std::size_t cells = detail::cells_of<TypeParam>(capacity);
    EXPECT_GE(cells * kOfACell, capacity) << "bits " << bits;
    EXPECT_LT((cells - 1) * kOfACell, capacity) << "bits " << bits;
  }
}

TYPED_TEST(Cells, HoldAMessageAndItsSequenceInOneLineThatNoOtherCellShares) {
  using T = TypeParam;
  Ring<T> ring(7);
  auto [sender, receiver] = ring.split();
  const auto line = [](const void* place) { return reinterpret_cast<std::uintptr_t>(place) / 64; };
  std::uintptr_t last_line = 0;
  for (int cell = 0; cell < 9; ++cell) {
    auto reservation = sender.reserve_up_to(SIZE_MAX);
    ASSERT_EQ(reservation.size(), TestFixture::kMessages);
    const T* const first = reservation.begin();
    const T* const last = reservation.end() - 1;
    if (TestFixture::kMessages > 1) {
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(first) % 64, 0U) << "a cell begins with a line";
      EXPECT_EQ(line(first), line(reinterpret_cast<const std::byte*>(last + 1) - 1));
      const auto* const in = reinterpret_cast<const detail::Cell<T>*>(first);
      EXPECT_EQ(line(first), line(&in->published));
      EXPECT_EQ(line(first), line(reinterpret_cast<const std::byte*>(&in->published + 1) - 1));
      EXPECT_NE(line(first), last_line);
      last_line = line(first);
    }
    reservation.commit();
    receiver.consume_batch([](const T&) {});
  }
}

TYPED_TEST(Cells, EndReservationsAndTheNextOneTakesTheRest) {
  using T = TypeParam;
  for (unsigned bits = kMinRingBits; bits <= 6; ++bits) {
    Ring<T> ring(bits);
    auto [sender, receiver] = ring.split();
    const std::size_t capacity = ring.capacity();
    Number next = 0;
    for (std::size_t offset = 0; offset < 2 * TestFixture::kMessages + capacity; ++offset) {
      for (std::size_t left = capacity; left > 0;) {
        auto reservation = sender.reserve(left);
        ASSERT_EQ(reservation.size(), std::min(left, to_end_of_run<T, Celled>(sender.sent(), 0)));
        ASSERT_EQ(sender.reserve_up_to(left + 5).size(), reservation.size());
        for (T& slot : reservation) slot = T(next++);
        left -= reservation.size();
        reservation.commit();
      }
      ASSERT_TRUE(sender.reserve(1).empty());
      std::vector<T> out(capacity + 1);
      ASSERT_EQ(receiver.recv(out), capacity);
      out.pop_back();
      ASSERT_EQ(this->values(out), this->expected(next - static_cast<Number>(capacity), capacity));
      ASSERT_TRUE(sender.push(T(next++)));
      receiver.consume_batch([](const T&) {});
    }
  }
}

TYPED_TEST(Cells, AreEnteredAgainOnlyWhenNothingOfTheirLastLapIsUnread) {
  // Each ring wraps many times with each number of messages left in it, so that the sender would
  // come into the receiver's cell if there were one too few. The smallest rings have the fewest.
  using T = TypeParam;
  for (unsigned bits = kMinRingBits; bits <= 6; ++bits) {
    const std::size_t capacity = std::size_t{1} << bits;
    for (std::size_t left = 0; left < capacity; ++left) {
      Ring<T> ring(bits);
      auto [sender, receiver] = ring.split();
      Number sent = 0;
      Number received = 0;
      const auto send = [&, &to = sender](std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) ASSERT_TRUE(to.push(T(sent++)));
      };
      const auto take = [&](const T& message) {
        ASSERT_EQ(message.value(), T(received).value())
            << capacity << " slots, " << left << " left";
        ++received;
      };
      send(left);
      for (std::size_t step = 0; step < 5 * (capacity + TestFixture::kMessages); ++step) {
        send(1 + step % (capacity - left));
        const auto held = static_cast<std::size_t>(sent - received);
        ASSERT_EQ(sender.space(), capacity - held);
        ASSERT_EQ(ring.metrics().messages_sent, static_cast<std::uint64_t>(sent));
        ASSERT_EQ(receiver.consume_up_to(held - left, take), held - left);
        if (this->HasFatalFailure()) return;
      }
      ASSERT_EQ(receiver.consume_batch(take), left);
    }
  }
}

TYPED_TEST(Cells, EndTheRunsThatAreReadAndTheNextRunFollows) {
  using T = TypeParam;
  Ring<T> ring(6);
  auto [sender, receiver] = ring.split();
  std::uint64_t sequence = 0;
  for (int round = 0; round < 9; ++round) {
    ASSERT_EQ(sender.send(this->messages(0, 61)), 61U);
    std::vector<std::size_t> runs;
    std::vector<std::size_t> expected;
    for (std::size_t left = 20; left > 0; left -= expected.back()) {
      expected.push_back(std::min(left, to_end_of_run<T, Celled>(sequence, 0)));
      sequence += expected.back();
    }
    ASSERT_EQ(receiver.consume_up_to(20, [&](std::span<T> run) { runs.push_back(run.size()); }),
              20U);
    ASSERT_EQ(runs, expected);
    for (std::size_t left = 41; left > 0;) {
      const std::size_t run = std::min(left, to_end_of_run<T, Celled>(sequence, 0));
      ASSERT_EQ(receiver.readable().size(), run);
      ASSERT_FALSE(receiver.advance(run + 1)) << "past the end of the cell";
      ASSERT_TRUE(receiver.advance(run));
      sequence += run;
      left -= run;
    }
    ASSERT_TRUE(receiver.readable().empty());
  }
}

TYPED_TEST(Cells, TakeSpansLongerThanThemselvesAndThanTheRing) {
  using T = TypeParam;
  for (const std::size_t length : {3U, 15U, 33U, 64U, 200U}) {
    Ring<T> ring(6);
    auto [sender, receiver] = ring.split();
    Number sent = 0;
    Number received = 0;
    for (int round = 0; round < 40; ++round) {
      const std::size_t space = sender.space();
      const std::size_t count = std::min(length, space);
      ASSERT_EQ(sender.send(this->messages(sent, length)), count);
      sent += static_cast<Number>(count);
      std::vector<T> out(length - 2, T(0));
      const auto held = static_cast<std::size_t>(sent - received);
      const std::size_t taken = std::min(out.size(), held);
      ASSERT_EQ(receiver.recv(out), taken);
      ASSERT_EQ(this->values(std::span(out).first(taken)), this->expected(received, taken));
      received += static_cast<Number>(taken);
    }
  }
}

TYPED_TEST(Cells, AreGivenBackBeforeALongBatchEnds) {
  for (const unsigned bits : {1U, 2U, 5U, 10U}) {
    for (std::size_t offset = 0; offset <= detail::kCellMessages<TypeParam>; ++offset) {
      Ring<TypeParam> ring(bits);
      auto [sender, receiver] = ring.split();
      for (std::size_t i = 0; i < offset; ++i) {
        ASSERT_TRUE(sender.push(TypeParam(0)));
        ASSERT_EQ(receiver.consume_batch([](const TypeParam&) {}), 1U);
      }
      while (sender.push(TypeParam(0))) {
      }
      std::size_t handled = 0;
      std::size_t longest_kept = 0;
      const std::size_t count = receiver.consume_batch([&, &from = sender](const TypeParam&) {
        longest_kept = std::max(longest_kept, handled - from.space());
        ++handled;
      });
      EXPECT_EQ(count, ring.capacity());
      EXPECT_EQ(sender.space(), ring.capacity());
      EXPECT_LE(longest_kept, ring.capacity() / 4 + detail::kCellMessages<TypeParam>)
          << ring.capacity() << " slots, " << offset << " used before";
    }
  }
}

TYPED_TEST(Cells, TellHowManyMessagesWereSentAtEveryOffsetAndFillLevel) {
  using T = TypeParam;
  for (unsigned bits = kMinRingBits; bits <= 5; ++bits) {
    Ring<T> ring(bits);
    auto [sender, receiver] = ring.split();
    const std::size_t capacity = ring.capacity();
    for (std::size_t lap = 0; lap < 3 * (TestFixture::kMessages + capacity); ++lap) {
      for (std::size_t held = 0; held <= capacity; ++held) {
        ASSERT_EQ(ring.metrics().messages_sent, sender.sent()) << held << " in " << capacity;
        ASSERT_EQ(ring.metrics().messages_received, receiver.received());
        if (held == capacity) break;
        ASSERT_TRUE(sender.push(T(0)));
      }
      ASSERT_EQ(receiver.consume_up_to(capacity - 1, [](const T&) {}), capacity - 1);
      ASSERT_EQ(ring.metrics().messages_sent, sender.sent());
      ASSERT_EQ(receiver.consume_batch([](const T&) {}), 1U);
      ASSERT_TRUE(sender.push(T(0)));  // the next lap begins one message later
      ASSERT_EQ(receiver.consume_batch([](const T&) {}), 1U);
    }
  }
}

}  // namespace
}  // namespace ringmpsc::testing
