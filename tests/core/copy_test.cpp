// send and recv: copies into and out of a ring, across the wrap, small and large.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "counted.hpp"
#include "drained.hpp"
#include "layouts.hpp"
#include "ringmpsc/ring.hpp"

namespace ringmpsc::testing {
namespace {

using Number = std::int64_t;

template <class L>
class Send : public ::testing::Test {};
TYPED_TEST_SUITE(Send, BothLayouts, LayoutName);

TYPED_TEST(Send, CopiesAsManyMessagesAsFitAndReturnsTheirNumber) {
  RingOf<Number, TypeParam> ring(3);
  auto [sender, receiver] = ring.split();
  EXPECT_EQ(sender.send(numbers(0, 4)), 5U);
  EXPECT_EQ(sender.send(numbers(5, 14)), 3U);
  EXPECT_EQ(sender.send(numbers(8, 8)), 0U);
  EXPECT_EQ(sender.sent(), 8U);
  EXPECT_EQ(drained(receiver), numbers(0, 7));
}

TYPED_TEST(Send, OfAnEmptySpanSendsNothing) {
  RingOf<Number, TypeParam> ring(3);
  auto [sender, receiver] = ring.split();
  EXPECT_EQ(sender.send({}), 0U);
  EXPECT_TRUE(receiver.empty());
}

TEST(SendToADenseRing, PublishesPlainMessagesOnBothSidesOfTheWrapAtOnce) {
  RingOf<Number, Dense> ring(3, true);
  auto [sender, receiver] = ring.split();
  ASSERT_EQ(sender.send(numbers(0, 4)), 5U);
  drained(receiver);
  ASSERT_EQ(sender.send(numbers(0, 7)), 8U);
  EXPECT_EQ(ring.metrics().commits, 2U);
  EXPECT_EQ(drained(receiver), numbers(0, 7));
}

/// Sends batches of every length at every offset and receives each batch in two parts.
template <class T, class L, class Make, class Value>
void send_and_receive_everywhere(Make make, Value value) {
  RingOf<T, L> ring(3);
  auto [sender, receiver] = ring.split();
  Number next = 0;
  for (std::size_t length = 0; length <= 8; ++length) {
    for (std::size_t offset = 0; offset < 8; ++offset) {
      std::vector<T> messages;
      messages.reserve(length);
      for (std::size_t i = 0; i < length; ++i) {
        messages.push_back(make(next + static_cast<Number>(i)));
      }
      ASSERT_EQ(sender.send(messages), length);

      std::vector<T> out(8, make(0));
      const std::size_t part = length / 3;
      ASSERT_EQ(receiver.recv(std::span(out).first(part)), part);
      ASSERT_EQ(receiver.recv(std::span(out).subspan(part)), length - part);
      for (std::size_t i = 0; i < length; ++i) {
        ASSERT_EQ(value(out[i]), next + static_cast<Number>(i))
            << "length " << length << ", offset " << offset;
      }
      next += static_cast<Number>(length);
      ASSERT_TRUE(sender.push(make(0)));  // the next round starts one slot further
      receiver.consume_batch([](const T&) {});
    }
  }
}

TYPED_TEST(Send, DeliversPlainBatchesOfEveryLengthAtEveryOffset) {
  send_and_receive_everywhere<Number, TypeParam>([](Number n) { return n; },
                                                 [](Number n) { return n; });
}

TYPED_TEST(Send, DeliversNonPlainBatchesOfEveryLengthAtEveryOffset) {
  const NothingLeaks check;
  send_and_receive_everywhere<Counted, TypeParam>([](Number n) { return Counted(n); },
                                                  [](const Counted& m) { return m.value(); });
  using Small = SmallCounted<Number>;
  send_and_receive_everywhere<Small, TypeParam>([](Number n) { return Small(n); },
                                                [](const Small& m) { return m.value(); });
}

TYPED_TEST(Send, DeliversCopiesOfEverySizeAndAlignment) {
  // Copies below 64 bytes, from there on and from 1 KiB on take different ways. The ring wraps
  // within copies, and single bytes have every alignment.
  RingOf<std::uint8_t, TypeParam> ring(13);
  auto [sender, receiver] = ring.split();
  std::vector<std::uint8_t> in(8192);
  for (std::size_t i = 0; i < in.size(); ++i) in[i] = static_cast<std::uint8_t>(i * 7 + (i >> 8));
  std::vector<std::size_t> lengths = {1023, 1024, 1025, 2049, 4099, 8191, 8192};
  for (std::size_t length = 1; length <= 200; ++length) lengths.push_back(length);
  std::vector<std::uint8_t> out(1 + 8192 + 1);
  for (const std::size_t length : lengths) {
    for (std::size_t shift = 0; shift < 3; ++shift) {
      const std::span<const std::uint8_t> sent = std::span(in).subspan(shift);
      const std::size_t count = std::min(length, sent.size());
      ASSERT_EQ(sender.send(sent.first(count)), count);
      std::ranges::fill(out, std::uint8_t{0xEE});
      const std::span<std::uint8_t> received = std::span(out).subspan(1, count);
      ASSERT_EQ(receiver.recv(received), count);
      ASSERT_TRUE(std::ranges::equal(sent.first(count), received))
          << "length " << count << ", sequence " << sender.sent();
      ASSERT_EQ(out[0], 0xEE) << "wrote before the beginning";
      ASSERT_EQ(out[1 + count], 0xEE) << "wrote past the end";
    }
  }
}

TYPED_TEST(Send, DeliversLargeMessagesWhole) {
  struct Large {
    std::array<std::uint64_t, 512> words;
  };
  static_assert(sizeof(Large) == 4096);
  RingOf<Large, TypeParam> ring(1);
  auto [sender, receiver] = ring.split();
  std::vector<Large> in(2);
  for (std::uint64_t round = 0; round < 5; ++round) {
    for (std::size_t i = 0; i < 1024; ++i) in[i / 512].words[i % 512] = round * 10'000 + i;
    ASSERT_EQ(sender.send(in), 2U);
    std::vector<Large> out(2);
    ASSERT_EQ(receiver.recv(out), 2U);
    for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(in[i].words, out[i].words);
  }
}

TEST(SendToADenseRing, ACopyThatThrowsPublishesNothingOfItsRunAndLeaksNothing) {
  const NothingLeaks check;
  RingOf<Fragile, Dense> ring(3);
  auto [sender, receiver] = ring.split();
  std::vector<Fragile> messages;
  messages.emplace_back(0);
  messages.emplace_back(1);
  messages.push_back(Fragile::cursed(2));
  EXPECT_THROW((void)sender.send(messages), Thrown);
  EXPECT_EQ(sender.sent(), 0U);
  EXPECT_TRUE(receiver.empty());
  EXPECT_EQ(sender.send(std::span(messages).first(2)), 2U);
  EXPECT_EQ(drained(receiver), numbers(0, 1));
}

TEST(SendToADenseRing, ACopyThatThrowsPastTheWrapKeepsWhatWasPublishedBefore) {
  const NothingLeaks check;
  RingOf<Fragile, Dense> ring(2);
  auto [sender, receiver] = ring.split();
  for (Number i = 0; i < 2; ++i) ASSERT_TRUE(sender.try_emplace(i));
  drained(receiver);
  std::vector<Fragile> messages;
  messages.emplace_back(10);
  messages.emplace_back(11);
  messages.emplace_back(12);
  messages.push_back(Fragile::cursed(13));
  EXPECT_THROW((void)sender.send(messages), Thrown);
  EXPECT_EQ(sender.sent(), 4U);
  EXPECT_EQ(drained(receiver), numbers(10, 11));
  EXPECT_EQ(sender.space(), 4U);
}

TYPED_TEST(Send, APushThatThrowsPublishesNothing) {
  const NothingLeaks check;
  RingOf<Fragile, TypeParam> ring(1);
  auto [sender, receiver] = ring.split();
  const Fragile cursed = Fragile::cursed(1);
  EXPECT_THROW((void)sender.push(cursed), Thrown);
  EXPECT_THROW((void)sender.try_emplace(-1), Thrown);
  EXPECT_EQ(sender.space(), 2U);
  ASSERT_TRUE(sender.try_emplace(7));
  EXPECT_EQ(drained(receiver), numbers(7, 7));
}

template <class L>
class Recv : public ::testing::Test {};
TYPED_TEST_SUITE(Recv, BothLayouts, LayoutName);

TYPED_TEST(Recv, FillsItsBufferAndLeavesTheRest) {
  RingOf<Number, TypeParam> ring(3);
  auto [sender, receiver] = ring.split();
  ASSERT_EQ(sender.send(numbers(0, 7)), 8U);
  std::vector<Number> out(3);
  EXPECT_EQ(receiver.recv(out), 3U);
  EXPECT_EQ(out, numbers(0, 2));
  EXPECT_EQ(receiver.recv({}), 0U);
  out.assign(10, -1);
  EXPECT_EQ(receiver.recv(out), 5U);
  EXPECT_EQ(std::vector<Number>(out.begin(), out.begin() + 5), numbers(3, 7));
  EXPECT_EQ(out[5], -1) << "wrote past the received messages";
  EXPECT_EQ(receiver.recv(out), 0U);
}

TYPED_TEST(Recv, TakesOneMessageIfThereIsOne) {
  RingOf<std::unique_ptr<int>, TypeParam> ring(2);
  auto [sender, receiver] = ring.split();
  EXPECT_EQ(receiver.try_recv(), std::nullopt);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(sender.push(std::make_unique<int>(i)));
  for (int i = 0; i < 3; ++i) {
    const auto message = receiver.try_recv();
    ASSERT_TRUE(message.has_value());
    EXPECT_EQ(**message, i);
    EXPECT_EQ(receiver.received(), static_cast<std::uint64_t>(i + 1));
  }
  EXPECT_EQ(receiver.try_recv(), std::nullopt);
}

TYPED_TEST(Recv, MovesMessagesThatCannotBeCopied) {
  RingOf<std::unique_ptr<int>, TypeParam> ring(2);
  auto [sender, receiver] = ring.split();
  for (int round = 0; round < 5; ++round) {
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(sender.push(std::make_unique<int>(round * 10 + i)));
    std::array<std::unique_ptr<int>, 4> out;
    ASSERT_EQ(receiver.recv(out), 3U);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(*out[static_cast<std::size_t>(i)], round * 10 + i);
    EXPECT_EQ(out[3], nullptr);
  }
}

}  // namespace
}  // namespace ringmpsc::testing
