// What a round is held against: the ledger of messages, the lives of objects, the watchdog, and the
// growth of memory.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "stress/ledger.hpp"
#include "stress/memory_watch.hpp"
#include "stress/messages.hpp"
#include "stress/watchdog.hpp"

namespace bench::stress {
namespace {

TEST(Stamp, IsReadBackFromItsWord) {
  for (const std::uint32_t sender : {0U, 1U, 127U, kNobody}) {
    for (const std::uint64_t sequence :
         {std::uint64_t{0}, std::uint64_t{1}, (std::uint64_t{1} << 40) - 1}) {
      const Stamp stamp{.sender = sender, .sequence = sequence};
      EXPECT_EQ(stamping::stamp_of(stamping::word_of(stamp)), stamp);
    }
  }
}

TEST(Stamp, ShowsEveryFlippedBit) {
  const PlainMessage<24> message(Stamp{.sender = 3, .sequence = 1000});
  ASSERT_TRUE(message.intact());
  for (std::size_t word = 0; word < 3; ++word) {
    for (unsigned bit = 0; bit < 64; ++bit) {
      PlainMessage<24> damaged = message;
      damaged.words[word] ^= std::uint64_t{1} << bit;
      EXPECT_FALSE(damaged.intact());
      // A message of a single word has nothing to compare with but what is due.
      Ledger ledger(4);
      for (std::uint64_t i = 0; i < 1000; ++i) ledger.arrived({.sender = 3, .sequence = i}, true);
      if (word == 0) {
        EXPECT_FALSE(ledger.arrived(damaged.stamp(), true)) << bit;
        const std::vector<std::uint64_t> sent = {0, 0, 0, 1001};
        EXPECT_NE(ledger.fault(sent, true).find("1 corrupted"), std::string::npos)
            << bit << ledger.fault(sent, true);
      }
    }
  }
}

class LedgerOf : public ::testing::Test {
 protected:
  void arrives(std::uint32_t sender, std::uint64_t sequence) {
    ledger_.arrived({.sender = sender, .sequence = sequence}, true);
  }
  [[nodiscard]] std::string fault(bool keeps_order = true) const {
    return ledger_.fault(std::vector<std::uint64_t>{3, 2}, keeps_order);
  }

  Ledger ledger_{2};
};

TEST_F(LedgerOf, IsContentWithEveryMessageOnceAndInOrder) {
  arrives(0, 0);
  arrives(1, 0);
  arrives(1, 1);
  arrives(0, 1);
  arrives(0, 2);
  EXPECT_EQ(fault(), "");
}

TEST_F(LedgerOf, SeesALostMessage) {
  for (const std::uint64_t i : {0U, 2U}) arrives(0, i);
  for (const std::uint64_t i : {0U, 1U}) arrives(1, i);
  EXPECT_NE(fault().find("1 lost"), std::string::npos) << fault();
  EXPECT_NE(fault().find("message 1 of life 0"), std::string::npos) << fault();
}

TEST_F(LedgerOf, SeesALastMessageThatIsLost) {
  for (const std::uint64_t i : {0U, 1U, 2U}) arrives(0, i);
  arrives(1, 0);
  EXPECT_NE(fault().find("1 lost"), std::string::npos) << fault();
}

TEST_F(LedgerOf, SeesARepeatedMessage) {
  for (const std::uint64_t i : {0U, 1U, 1U, 2U}) arrives(0, i);
  for (const std::uint64_t i : {0U, 1U}) arrives(1, i);
  EXPECT_NE(fault().find("1 duplicated"), std::string::npos) << fault();
}

TEST_F(LedgerOf, SeesALateMessageUnlessNoOrderIsPromised) {
  for (const std::uint64_t i : {1U, 0U, 2U}) arrives(0, i);
  for (const std::uint64_t i : {0U, 1U}) arrives(1, i);
  EXPECT_NE(fault().find("1 reordered"), std::string::npos) << fault();
  EXPECT_EQ(fault(false), "");
}

TEST_F(LedgerOf, SeesMessagesThatNobodySent) {
  for (const std::uint64_t i : {0U, 1U, 2U, 3U}) arrives(0, i);
  for (const std::uint64_t i : {0U, 1U}) arrives(1, i);
  EXPECT_NE(fault().find("was not sent"), std::string::npos) << fault();
}

TEST_F(LedgerOf, SeesWhatWasNeverCommitted) {
  arrives(kNobody, 0);
  EXPECT_NE(fault().find("not committed"), std::string::npos) << fault();
}

TEST(LivesOfObjects, AreCounted) {
  object_counts() = {};
  {
    const HeapMessage one(Stamp{.sender = 1, .sequence = 2});
    HeapMessage two(Stamp{.sender = 1, .sequence = 3});
    const HeapMessage three = std::move(two);
    EXPECT_EQ(object_counts().alive, 3);
    EXPECT_EQ(three.stamp().sequence, 3U);
  }
  EXPECT_EQ(object_counts().alive, 0);
  EXPECT_EQ(object_counts().destroyed_twice, 0U);
}

TEST(LivesOfObjects, EndOnce) {
  object_counts() = {};
  alignas(ThrowingMessage) std::byte place[sizeof(ThrowingMessage)];
  // Volatile, so that no compiler sees that the second call meets what the first one destroyed.
  ThrowingMessage* volatile message = new (place) ThrowingMessage(Stamp{});
  std::destroy_at(message);
  std::destroy_at(message);
  EXPECT_EQ(object_counts().destroyed_twice, 1U);
  object_counts() = {};
}

TEST(LivesOfObjects, EndInAThrowWhenTheRoundWantsIt) {
  object_counts() = {.until_throw = 1};
  EXPECT_NO_THROW(ThrowingMessage(Stamp{}));
  EXPECT_THROW(ThrowingMessage(Stamp{}), OnPurpose);
  EXPECT_NO_THROW(ThrowingMessage(Stamp{}));
  EXPECT_EQ(object_counts().alive, 0);
  object_counts() = {};
}

TEST(StressWatchdog, BitesOnceNothingHasChangedForItsPatience) {
  Watchdog watchdog;
  std::vector<Position::State> positions(2);
  double now = 0;
  for (; now < Watchdog::kPatienceSeconds - 1; now += 0.1) {
    EXPECT_FALSE(watchdog.is_stuck(now, positions));
  }
  positions[1].messages = 1;
  EXPECT_FALSE(watchdog.is_stuck(now, positions));
  for (const double until = now + Watchdog::kPatienceSeconds - 0.5; now < until; now += 0.1) {
    EXPECT_FALSE(watchdog.is_stuck(now, positions));
  }
  now += 1;
  bool stuck = false;
  for (int i = 0; i < 20; ++i, now += 0.1) stuck = watchdog.is_stuck(now, positions);
  EXPECT_TRUE(stuck);
  ASSERT_EQ(watchdog.threads().size(), 2U);
  EXPECT_EQ(watchdog.threads().front().thread, "consumer");
}

TEST(StressWatchdog, SaysWhereEachThreadIs) {
  Position consumer;
  Position sender;
  Position ended;
  sender.sends(3, 8042);
  sender.is(Doing::waiting_for_room);
  sender.has(20'000);
  ended.sends(4, 7);
  ended.is(Doing::ended);
  std::vector<results::ThreadReport> seen;
  {
    const WithinHandler within(consumer);
    Watchdog watchdog;
    EXPECT_FALSE(watchdog.is_stuck(0, {consumer.state(), sender.state(), ended.state()}));
    seen = watchdog.threads();
  }
  const std::vector<results::ThreadReport> expected = {
      {.thread = "consumer", .doing = "within its handler"},
      {.thread = "producer 0",
       .doing = "waiting for room",
       .messages = 20'000,
       .at = "message 8042 of life 3"},
      {.thread = "producer 1", .doing = "ended"}};
  EXPECT_EQ(seen, expected);
  EXPECT_EQ(consumer.state().doing, Doing::consuming);
}

TEST(StressWatchdog, DoesNotTakeAStoppedProcessForAHang) {
  Watchdog watchdog;
  const std::vector<Position::State> positions(2);
  EXPECT_FALSE(watchdog.is_stuck(0, positions));
  EXPECT_FALSE(watchdog.is_stuck(3600, positions));
}

/// Whether growth is seen in so many rounds, of which each uses what `use` says.
bool grows(std::size_t rounds, auto use) {
  Growth growth(16);
  for (std::size_t i = 0; i < rounds; ++i) {
    if (growth.grows(use(i))) return true;
  }
  return false;
}

TEST(Growth, IsSeenOfAnObjectARound) {
  EXPECT_TRUE(grows(300, [](std::size_t round) { return 1'000'000 + 24 * round; }));
  // Most of what a round uses comes and goes.
  EXPECT_TRUE(
      grows(300, [](std::size_t round) { return 1'000'000 + 24 * round + (round % 5) * 10'000; }));
}

TEST(Growth, IsNoneIfMemoryOnlyWanders) {
  EXPECT_FALSE(grows(5000, [](std::size_t round) { return 1'000'000 + (round * 7919) % 40'000; }));
  EXPECT_FALSE(grows(5000, [](std::size_t round) {
    return 1'000'000 + std::min<std::size_t>(round, 100) * 5000;  // until every cache is full
  }));
}

}  // namespace
}  // namespace bench::stress
