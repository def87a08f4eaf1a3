// Backoff and the wait strategies: phases, return when ready, and the waking of sleepers.

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>

#include "ringmpsc/ringmpsc.hpp"
#include "threads.hpp"

#if defined(__linux__)
#include <unistd.h>

#include <fstream>
#endif

namespace ringmpsc::testing {
namespace {

TEST(Backoff, IsCompletedAfterItsSpinsAndYieldsAndNotBefore) {
  Backoff backoff;
  int steps = 0;
  while (!backoff.completed()) {
    backoff.snooze();
    ++steps;
    ASSERT_LE(steps, 100);
  }
  EXPECT_EQ(steps, 11) << "1, 2, 4, ... 64 pauses, then four yields";
  for (int i = 0; i < 100; ++i) backoff.snooze();  // these keep yielding
  EXPECT_TRUE(backoff.completed());
}

TEST(Backoff, StartsOverWhenReset) {
  Backoff backoff;
  while (!backoff.completed()) backoff.snooze();
  backoff.reset();
  EXPECT_FALSE(backoff.completed());
  int steps = 0;
  for (; !backoff.completed(); ++steps) backoff.snooze();
  EXPECT_EQ(steps, 11);
}

template <class W>
class Waiting : public ::testing::Test {};
using Strategies =
    ::testing::Types<BusySpinWait, YieldingWait, AdaptiveWait, BackoffWait, BlockingWait>;
TYPED_TEST_SUITE(Waiting, Strategies);

TYPED_TEST(Waiting, ReturnsAtOnceWhenReady) {
  TypeParam strategy;
  int asked = 0;
  strategy.wait([&asked] {
    ++asked;
    return true;
  });
  EXPECT_EQ(asked, 1);
}

TYPED_TEST(Waiting, ChecksUntilReady) {
  for (const int times : {2, 5, 20, 120, 5000}) {
    if (times > 20 && std::is_same_v<TypeParam, BlockingWait>) continue;  // sleeps between checks
    if (times > 20 && std::is_same_v<TypeParam, BackoffWait>) continue;
    TypeParam strategy;
    int asked = 0;
    strategy.wait([&] { return ++asked == times; });
    EXPECT_EQ(asked, times);
  }
}

TYPED_TEST(Waiting, PropagatesAnExceptionOfThePredicate) {
  TypeParam strategy;
  int asked = 0;
  EXPECT_THROW(strategy.wait([&asked]() -> bool {
    if (++asked == 15) throw 1;
    return false;
  }),
               int);
  strategy.notify();
  strategy.wait([] { return true; });
}

TYPED_TEST(Waiting, IsNoexceptIfThePredicateIs) {
  static_assert(noexcept(std::declval<TypeParam&>().wait([]() noexcept { return true; })));
  static_assert(!noexcept(std::declval<TypeParam&>().wait([] { return true; })));
  static_assert(noexcept(std::declval<TypeParam&>().notify()));
}

TYPED_TEST(Waiting, WithADeadlineReturnsAtOnceWhenReady) {
  TypeParam strategy;
  EXPECT_TRUE(strategy.wait_until(std::chrono::steady_clock::time_point::min(), [] {
    return true;
  })) << "the deadline matters only to a thread that has to wait";
}

TYPED_TEST(Waiting, WithADeadlineChecksOnceIfItHasPassed) {
  TypeParam strategy;
  int asked = 0;
  EXPECT_FALSE(strategy.wait_until(std::chrono::steady_clock::now(), [&asked] {
    ++asked;
    return false;
  }));
  EXPECT_EQ(asked, 1);
}

TYPED_TEST(Waiting, WithADeadlineGivesUpAtTheDeadline) {
  using namespace std::chrono;
  TypeParam strategy;
  const auto never = [] { return false; };
  const auto deadline = steady_clock::now() + milliseconds(3);
  EXPECT_FALSE(strategy.wait_until(deadline, never));
  EXPECT_GE(steady_clock::now(), deadline);
  const auto by_the_calendar = system_clock::now() + milliseconds(3);
  EXPECT_FALSE(strategy.wait_until(by_the_calendar, never));
}

/// A clock that moves on by a nanosecond each time somebody reads it.
// NOLINTBEGIN(readability-identifier-naming): the standard library's names
struct ReadingsClock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<ReadingsClock>;
  static constexpr bool is_steady = true;
  static time_point now() noexcept { return time_point(duration(readings++)); }
  static inline rep readings = 0;
};
// NOLINTEND(readability-identifier-naming)

TYPED_TEST(Waiting, WithADeadlineChecksAgainAfterEachStep) {
  TypeParam strategy;
  ReadingsClock::readings = 0;
  int asked = 0;
  EXPECT_FALSE(
      strategy.wait_until(ReadingsClock::time_point(std::chrono::nanoseconds(50)), [&asked] {
        ++asked;
        return false;
      }));
  EXPECT_EQ(asked, 51);
}

TYPED_TEST(Waiting, WithADeadlineFarAwayEndsWhenReady) {
  TypeParam strategy;
  std::atomic<bool> ready{false};
  std::thread other([&] {
    for (int i = 0; i < 100; ++i) std::this_thread::yield();
    ready = true;
    strategy.notify();
  });
  EXPECT_TRUE(strategy.wait_until(std::chrono::steady_clock::time_point::max(),
                                  [&ready] { return ready.load(); }));
  other.join();
}

TYPED_TEST(Waiting, LetsTwoThreadsWakeEachOtherThousandsOfTimes) {
  TypeParam strategy;
  std::atomic<std::uint64_t> turn{0};
  constexpr std::uint64_t kRounds = 2000;
  const auto play = [&](std::uint64_t parity) {
    for (std::uint64_t i = parity; i < kRounds; i += 2) {
      strategy.wait([&] { return turn.load(std::memory_order_acquire) == i; });
      turn.store(i + 1, std::memory_order_release);
      strategy.notify();
    }
  };
  std::thread other([&] { play(1); });
  play(0);
  other.join();
  EXPECT_EQ(turn.load(), kRounds);
}

TYPED_TEST(Waiting, WorksForAChannelWhoseTwoSidesWaitForEachOther) {
  Channel<std::uint64_t> channel({.ring_bits = 1, .max_producers = 2});
  auto consumer = channel.take_consumer();
  TypeParam for_messages;
  TypeParam for_space;
  constexpr std::uint64_t kMessages = 2000;
  const auto produce = [&] {
    auto producer = channel.register_producer().value();
    for (std::uint64_t i = 0; i < kMessages; ++i) {
      for_space.wait([&] { return producer.push(i); });
      for_messages.notify();
    }
  };
  std::thread first(produce);
  std::thread second(produce);
  std::uint64_t sum = 0;
  std::uint64_t received = 0;
  while (received < 2 * kMessages) {
    for_messages.wait([&] { return !consumer.empty(); });
    received += consumer.consume_all([&sum](std::uint64_t m) { sum += m; });
    for_space.notify();
  }
  first.join();
  second.join();
  EXPECT_EQ(sum, kMessages * (kMessages - 1));
}

TYPED_TEST(Waiting, PushWaitsForRoomAndLosesNothing) {
  constexpr int kMessages = 2000;
  Channel<std::unique_ptr<int>> channel({.ring_bits = 1});
  auto consumer = channel.take_consumer();
  TypeParam for_messages;
  TypeParam for_room;
  std::thread thread([&] {
    auto producer = channel.register_producer().value();
    for (int i = 0; i < kMessages; ++i) {
      auto message = std::make_unique<int>(i);
      if (i % 2 == 0) {
        ASSERT_TRUE(producer.push(std::move(message), for_room));
      } else {
        ASSERT_TRUE(producer.push(std::move(message), for_room,
                                  std::chrono::steady_clock::time_point::max()));
      }
      for_messages.notify();
    }
  });
  int expected = 0;
  while (expected < kMessages) {
    for_messages.wait([&] { return !consumer.empty(); });
    consumer.consume_all([&expected](const std::unique_ptr<int>& message) {
      ASSERT_EQ(*message, expected);
      ++expected;
    });
    for_room.notify();
  }
  thread.join();
}

TYPED_TEST(Waiting, PushGivesUpWhenTheChannelIsClosed) {
  Channel<std::unique_ptr<int>> channel({.ring_bits = 1});
  auto consumer = channel.take_consumer();
  auto producer = channel.register_producer().value();
  while (producer.push(nullptr)) {
  }
  TypeParam for_room;
  std::thread closer([&] {
    for (int i = 0; i < 100; ++i) std::this_thread::yield();
    channel.close();
    for_room.notify();
  });
  auto message = std::make_unique<int>(7);
  EXPECT_FALSE(producer.push(std::move(message), for_room));
  closer.join();
  EXPECT_TRUE(producer.closed());
  ASSERT_NE(message, nullptr) << "a message that was refused is untouched";
  consumer.consume_all([](const std::unique_ptr<int>&) {});
  EXPECT_TRUE(consumer.drained()) << "a producer that gave up has ended";
  EXPECT_FALSE(
      producer.push(std::move(message), for_room, std::chrono::steady_clock::time_point::max()));
}

TYPED_TEST(Waiting, PushGivesUpAtItsDeadline) {
  Channel<std::unique_ptr<int>> channel({.ring_bits = 1});
  auto consumer = channel.take_consumer();
  auto producer = channel.register_producer().value();
  TypeParam for_room;
  const auto past = std::chrono::steady_clock::time_point::min();
  EXPECT_TRUE(producer.push(nullptr, for_room, past)) << "there is room";
  EXPECT_TRUE(producer.push({}, for_room)) << "a message in braces";
  auto message = std::make_unique<int>(7);
  EXPECT_FALSE(producer.push(std::move(message), for_room, past));
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(3);
  EXPECT_FALSE(producer.push(std::move(message), for_room, deadline));
  EXPECT_GE(std::chrono::steady_clock::now(), deadline);
  ASSERT_NE(message, nullptr) << "a message that was refused is untouched";
  EXPECT_FALSE(producer.closed());
  EXPECT_EQ(consumer.consume_all([](const std::unique_ptr<int>&) {}), 2U);
  for_room.notify();
  EXPECT_TRUE(producer.push(std::move(message), for_room)) << "the ring is open";
}

template <class W>
concept WaitsInAPush =
    requires(Producer<int> producer, W&& strategy) { producer.push(1, std::forward<W>(strategy)); };
static_assert(WaitsInAPush<AdaptiveWait> && WaitsInAPush<BlockingWait&>);
static_assert(!WaitsInAPush<BlockingWait>, "nobody could notify a temporary");

/// A clock whose last moment does not fit into nanoseconds, as that of some libraries is.
// NOLINTBEGIN(readability-identifier-naming): the names are those of the standard's clocks
struct CoarseClock {
  using duration = std::chrono::microseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<CoarseClock>;
  static constexpr bool is_steady = true;
  static time_point now() noexcept { return time_point(duration(1)); }
};
// NOLINTEND(readability-identifier-naming)

TYPED_TEST(Waiting, HasDeadlinesAsFarOffAsClocksCanName) {
  TypeParam strategy;
  int looks = 0;
  const auto ready = [&looks] { return ++looks == 40; };
  using Seconds = std::chrono::duration<double>;
  EXPECT_TRUE(strategy.wait_until(std::chrono::steady_clock::now() + Seconds(1e12), ready));
  looks = 0;
  EXPECT_TRUE(strategy.wait_until(CoarseClock::time_point::max(), ready));
}

TEST(BlockingWaiting, OneNotifyWakesEverySleeper) {
  BlockingWait strategy;
  for (int round = 0; round < 50; ++round) {
    std::atomic<bool> open{false};
    const auto sleepers =
        start_threads(4, [&](std::size_t) { strategy.wait([&] { return open.load(); }); });
    for (int i = 0; i < round; ++i) std::this_thread::yield();
    open = true;
    strategy.notify();
  }
}

TEST(BlockingWaiting, ANotifiedSleeperDoesNotSleepOnAnothersAnnouncement) {
  detail::ParkingLot lot{std::chrono::hours(24)};
  const auto mine = lot.announce();
  lot.notify();
  const auto anothers = lot.announce();
  ASSERT_NE(mine, anothers);
  lot.sleep(mine, std::chrono::hours(24));  // returns at once: its notification has come
}

#if defined(__linux__)
/// The kernel's letter for the state of a thread of this process: R for running, S for sleeping.
char state_of(pid_t thread) {
  std::ifstream stat("/proc/self/task/" + std::to_string(thread) + "/stat");
  std::string line;
  std::getline(stat, line);
  const auto name_end = line.rfind(") ");
  return name_end == std::string::npos ? '?' : line[name_end + 2];
}

TEST(BlockingWaiting, ASleeperIsWokenByNotifyAndNotByItsTimeout) {
  BlockingWait strategy;
  std::atomic<bool> done{false};
  std::atomic<int> asked{0};
  std::atomic<pid_t> thread{0};
  std::thread sleeper([&] {
    thread = gettid();
    strategy.wait([&] {
      ++asked;
      return done.load();
    });
  });
  while (thread == 0) std::this_thread::yield();
  const auto until_asleep = [&] {
    while (state_of(thread) != 'S') std::this_thread::yield();
  };
  // A woken sleeper checks its predicate before it sleeps again. If only the timeout woke it, the
  // thread would be found asleep, without a check, right after nearly every notify. A check is not
  // required after every notify, because something else, such as a sanitizer's lock, may make the
  // thread sleep for a moment.
  constexpr int kNotifies = 200;
  int woken = 0;
  for (int i = 0; i < kNotifies; ++i) {
    until_asleep();
    const int asked_before = asked;
    strategy.notify();
    until_asleep();
    if (asked > asked_before) ++woken;
  }
  EXPECT_GT(woken, kNotifies / 2);
  done = true;
  strategy.notify();
  sleeper.join();
}

TEST(BlockingWaiting, TwoThreadsThatBothFallAsleepWakeEachOther) {
  BlockingWait strategy;
  std::atomic<std::uint64_t> turn{0};
  std::array<std::atomic<pid_t>, 2> threads{};
  constexpr std::uint64_t kRounds = 300;
  const auto play = [&](std::uint64_t parity) {
    threads[parity] = gettid();
    for (std::uint64_t i = parity; i < kRounds; i += 2) {
      strategy.wait([&] { return turn.load(std::memory_order_acquire) == i; });
      if (i + 1 < kRounds) {  // the other thread waits for the next turn: let it sleep first
        while (state_of(threads[1 - parity]) != 'S') std::this_thread::yield();
      }
      turn.store(i + 1, std::memory_order_release);
      strategy.notify();
    }
  };
  std::thread other([&] { play(1); });
  play(0);
  other.join();
  EXPECT_EQ(turn.load(), kRounds);
}
#endif

}  // namespace
}  // namespace ringmpsc::testing
