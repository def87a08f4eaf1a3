// Messages of every kind: 1 to 4,096 bytes, move-only, over-aligned, and those that own resources.

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "layouts.hpp"
#include "ringmpsc/channel.hpp"

namespace ringmpsc::testing {
namespace {

template <std::size_t N>
struct Bytes {
  std::array<std::uint8_t, N> bytes;

  static Bytes of(unsigned seed) {
    Bytes made;
    for (std::size_t i = 0; i < N; ++i) {
      made.bytes[i] = static_cast<std::uint8_t>(std::size_t{seed} * 31 + i * 7 + (i >> 8));
    }
    return made;
  }
  friend bool operator==(const Bytes&, const Bytes&) = default;
};

template <class T, class L>
void exchange_in_every_way() {
  static_assert(Plain<T>);
  ChannelOf<T, L> channel({.ring_bits = 3});
  auto producer = channel.register_producer().value();
  auto consumer = channel.take_consumer();
  unsigned next = 0;
  unsigned expected = 0;
  for (int round = 0; round < 10; ++round) {
    ASSERT_TRUE(producer.push(T::of(next++)));
    ASSERT_TRUE(producer.try_emplace(T::of(next++)));
    const std::array<T, 2> two = {T::of(next), T::of(next + 1)};
    ASSERT_EQ(producer.send(two), 2U);
    next += 2;
    auto reservation = producer.reserve_up_to(2);
    for (T& slot : reservation) slot = T::of(next++);
    reservation.commit();

    ASSERT_EQ(consumer.consume_all_up_to(1, [&](const T& m) { EXPECT_EQ(m, T::of(expected++)); }),
              1U);
    std::array<T, 2> out;
    ASSERT_EQ(consumer.recv(out), 2U);
    EXPECT_EQ(out[0], T::of(expected++));
    EXPECT_EQ(out[1], T::of(expected++));
    consumer.consume_all([&](std::span<T> run) {
      for (const T& m : run) EXPECT_EQ(m, T::of(expected++));
    });
    ASSERT_EQ(expected, next);
  }
}

template <class P>
class PlainMessages : public ::testing::Test {};
template <std::size_t N, class L>
struct Plainly {
  using Message = Bytes<N>;
  using Ringed = L;
};
// Each is a channel to compile, so that there are the sizes at which something changes, and their
// neighbours.
using SizesAndLayouts =
    ::testing::Types<Plainly<1, Celled>, Plainly<3, Celled>, Plainly<7, Celled>, Plainly<8, Celled>,
                     Plainly<9, Celled>, Plainly<64, Celled>, Plainly<1023, Celled>,
                     Plainly<4096, Celled>, Plainly<1, Dense>, Plainly<3, Dense>, Plainly<8, Dense>,
                     Plainly<64, Dense>, Plainly<1023, Dense>, Plainly<4096, Dense>>;
TYPED_TEST_SUITE(PlainMessages, SizesAndLayouts);

TYPED_TEST(PlainMessages, ArriveUnchangedByEveryWayOfSendingAndConsuming) {
  exchange_in_every_way<typename TypeParam::Message, typename TypeParam::Ringed>();
}

template <class T>
bool is_aligned(const T* message) {
  return reinterpret_cast<std::uintptr_t>(message) % alignof(T) == 0;
}

struct alignas(256) OverAligned {
  std::uint64_t value;
};
struct alignas(512) OverAlignedOwner {
  explicit OverAlignedOwner(int v) : value(std::make_unique<int>(v)) {}
  std::unique_ptr<int> value;
};

template <class L>
class Messages : public ::testing::Test {};
TYPED_TEST_SUITE(Messages, BothLayouts, LayoutName);

TYPED_TEST(Messages, ThatAreOverAlignedLieAligned) {
  RingOf<OverAligned, TypeParam> heap(3);
  RingOf<OverAligned, TypeParam, 8> fixed;
  const auto exchange = [](auto ends) {
    auto& [sender, receiver] = ends;
    for (std::uint64_t i = 0; i < 8; ++i) {
      auto reservation = sender.reserve(1);
      ASSERT_TRUE(is_aligned(&reservation[0]));
      reservation[0].value = i;
      reservation.commit();
    }
    std::uint64_t expected = 0;
    receiver.consume_batch([&](OverAligned& message) {
      EXPECT_TRUE(is_aligned(&message));
      EXPECT_EQ(message.value, expected++);
    });
    EXPECT_EQ(expected, 8U);
  };
  exchange(heap.split());
  exchange(fixed.split());
}

TYPED_TEST(Messages, ThatAreOverAlignedAndOwnResourcesLieAligned) {
  ChannelOf<OverAlignedOwner, TypeParam> channel({.ring_bits = 2});
  auto consumer = channel.take_consumer();
  auto producer = channel.register_producer().value();
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(producer.try_emplace(i));
  int expected = 0;
  consumer.consume_all([&](OverAlignedOwner& message) {
    EXPECT_TRUE(is_aligned(&message));
    EXPECT_EQ(*message.value, expected++);
  });
  EXPECT_EQ(expected, 4);
}

TYPED_TEST(Messages, ThatAreMoveOnlyAreMovedInAndOut) {
  ChannelOf<std::unique_ptr<int>, TypeParam> channel({.ring_bits = 2});
  auto consumer = channel.take_consumer();
  auto producer = channel.register_producer().value();
  std::vector<std::unique_ptr<int>> kept;
  for (int round = 0; round < 4; ++round) {
    ASSERT_TRUE(producer.push(std::make_unique<int>(3 * round)));
    ASSERT_TRUE(producer.try_emplace(new int(3 * round + 1)));
    auto reservation = producer.reserve(1);
    reservation.emplace(std::make_unique<int>(3 * round + 2));
    reservation.commit();
    consumer.consume_all([&](std::unique_ptr<int> message) { kept.push_back(std::move(message)); });
  }
  ASSERT_EQ(kept.size(), 12U);
  for (int i = 0; i < 12; ++i) EXPECT_EQ(*kept[static_cast<std::size_t>(i)], i);
}

TYPED_TEST(Messages, ThatAreStringsMayBeConsumedOrLeftBehind) {
  ChannelOf<std::string, TypeParam> channel({.ring_bits = 2});
  auto consumer = channel.take_consumer();
  auto producer = channel.register_producer().value();
  const std::string text(100, 'x');
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(producer.push(text));
  std::vector<std::string> got;
  consumer.consume_all_up_to(2, [&](std::string&& message) { got.push_back(std::move(message)); });
  EXPECT_EQ(got, std::vector<std::string>(2, text));
}  // the other two are freed with the channel

struct WithoutDefault {
  explicit WithoutDefault(int a, int b) : sum(a + b) {}
  WithoutDefault(const WithoutDefault&) = delete;
  WithoutDefault& operator=(const WithoutDefault&) = delete;
  ~WithoutDefault() = default;
  int sum;
  std::unique_ptr<int> owned = std::make_unique<int>(1);
};

TYPED_TEST(Messages, ThatCanNeitherBeCopiedNorMovedAreBuiltInPlace) {
  RingOf<WithoutDefault, TypeParam> ring(1);
  auto [sender, receiver] = ring.split();
  ASSERT_TRUE(sender.try_emplace(1, 2));
  auto reservation = sender.reserve(1);
  ASSERT_NE(reservation.emplace(3, 4), nullptr);
  reservation.commit();
  std::vector<int> sums;
  receiver.consume_batch([&sums](WithoutDefault& message) { sums.push_back(message.sum); });
  EXPECT_EQ(sums, (std::vector<int>{3, 7}));
}

}  // namespace
}  // namespace ringmpsc::testing
