// The windows in which the slowed queue stands still, in a clock that is made up.

#include "slowed/slowed_queue.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "slowed/freeze.hpp"
#include "workload/message.hpp"

namespace bench::testing {
namespace {

TEST(FrozenWindows, AreTheBeginningOfEachPeriod) {
  constexpr FrozenWindows kTenth = windows_of(0.1, 1000);
  EXPECT_EQ(kTenth.left(0), 100U);
  EXPECT_EQ(kTenth.left(1), 99U);
  EXPECT_EQ(kTenth.left(99), 1U);
  EXPECT_EQ(kTenth.left(100), 0U);
  EXPECT_EQ(kTenth.left(999), 0U);
  EXPECT_EQ(kTenth.left(1000), 100U);
  EXPECT_EQ(kTenth.left(7'000'000'000'099), 1U);
}

TEST(FrozenWindows, AreTheirPartOfAllTime) {
  for (const double part : {0.0, 0.025, 0.1, 0.4, 0.5}) {
    const FrozenWindows windows = windows_of(part, 1000);
    std::uint64_t frozen = 0;
    for (std::uint64_t now = 12'345; now < 12'345 + 10'000; ++now) {
      if (windows.left(now) > 0) ++frozen;
    }
    EXPECT_EQ(frozen, static_cast<std::uint64_t>(part * 10'000)) << part;
  }
}

TEST(Slowdown, IsReadAsAPartOfTheTime) {
  EXPECT_EQ(slowdown_of("0%"), 0.0);
  EXPECT_EQ(slowdown_of("7.5%"), 0.075);
  EXPECT_EQ(slowdown_of("50%"), 0.5);
  for (const std::string_view text : {"", "%", "7.5", "7.5 %", "7.5%%", "50.1%", "-0%", "+1%",
                                      "nan%", "inf%", "1e1%", "0x1%", "7,5%"}) {
    EXPECT_FALSE(slowdown_of(text)) << text;
  }
}

/// A clock that goes on by one tick at each reading.
struct CountingClock {
  mutable std::uint64_t next = 0;
  std::uint64_t now() const noexcept { return next++; }
};

using Message = workload::Message<8>;
using Queue = SlowedQueue<Message, CountingClock, workload::Layout::dense>;

/// A queue whose clock is at `at` and of whose period of 1000 ticks the first 400 are frozen.
class SlowedQueueEnds : public ::testing::Test {
 protected:
  /// Expects that the call ends after the window it began in, and that it reads the clock outside
  /// of the windows too.
  void expect_freezes(std::string_view name, auto call) {
    clock_.next = 5'000;
    call();
    EXPECT_EQ(clock_.next, 5'401U) << name << " in a window";
    clock_.next = 5'500;
    call();
    EXPECT_EQ(clock_.next, 5'501U) << name << " outside of the windows";
  }

  CountingClock clock_;
  Queue queue_{{.producers = 2, .ring_bits = 12, .slots = 8192},
               Freeze<CountingClock>(clock_, windows_of(0.4, 1000))};
};

TEST_F(SlowedQueueEnds, StandStillInAWindowWhateverIsCalled) {
  auto producer = queue_.producer();
  auto consumer = queue_.consumer();
  const std::array<Message, 3> batch{};
  expect_freezes("push", [&] { EXPECT_TRUE(producer.push(batch[0])); });
  expect_freezes("send", [&] { EXPECT_EQ(producer.send(batch), 3U); });
  expect_freezes("produce", [&] {
    EXPECT_EQ(producer.produce(3, [](std::span<Message> slots) { slots[0] = Message{}; }), 3U);
  });
  expect_freezes("consume", [&] { consumer.consume([](std::span<const Message>) {}); });
  expect_freezes("consume without messages",
                 [&] { EXPECT_EQ(consumer.consume([](std::span<const Message>) {}), 0U); });
  auto deferred = std::move(producer).deferred();
  expect_freezes("deferred push", [&] { EXPECT_TRUE(deferred.push(batch[0])); });
  expect_freezes("flush", [&] { EXPECT_TRUE(deferred.flush()); });
}

TEST_F(SlowedQueueEnds, StandStillBetweenThePiecesOfALongRun) {
  constexpr std::size_t kCount = 2 * Queue::Consumer::kPiece + 1;
  auto producer = queue_.producer();
  auto consumer = queue_.consumer();
  clock_.next = 5'500;
  std::vector<std::uint64_t> numbers;
  std::vector<Message> sent;
  for (std::uint64_t i = 0; i < kCount; ++i) {
    numbers.push_back(i);
    sent.push_back({.words = {i}});
  }
  ASSERT_EQ(producer.send(sent), kCount);
  std::vector<std::uint64_t> received;
  std::vector<std::uint64_t> begun;
  clock_.next = 5'998;
  EXPECT_EQ(consumer.consume([&](std::span<const Message> run) {
    begun.push_back(clock_.next);
    for (const Message& message : run) received.push_back(message.words[0]);
  }),
            kCount);
  // Before the window, before it with its next reading in it, and after it.
  EXPECT_EQ(begun, (std::vector<std::uint64_t>{5'999, 6'000, 6'401}));
  EXPECT_EQ(received, numbers);
}

}  // namespace
}  // namespace bench::testing
