// The core with real threads: no message is lost or repeated, and each producer's order is kept,
// while producers come and go and the channel closes. The tests are small enough for a thread
// sanitizer.

#include "threads.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include "counted.hpp"
#include "layouts.hpp"
#include "ringmpsc/ringmpsc.hpp"

namespace ringmpsc::testing {
namespace {

/// A message that holds its producer, its sequence and a key of the two, so that a torn one is
/// noticed.
struct Stamped {
  std::uint32_t producer = 0;
  std::uint32_t sequence = 0;
  std::uint64_t check = 0;

  static Stamped of(std::uint32_t producer, std::uint32_t sequence) {
    return {producer, sequence, key(producer, sequence)};
  }
  static std::uint64_t key(std::uint32_t producer, std::uint32_t sequence) {
    return (std::uint64_t{producer} << 32 | sequence) * 0x9E3779B97F4A7C15U;
  }
};

/// Checks every message that the consumer gets.
class Ledger {
 public:
  explicit Ledger(std::size_t producers) : next_(producers) {}

  void note(const Stamped& message) {
    ++received_;
    const bool sound = message.check == Stamped::key(message.producer, message.sequence);
    if (!sound || message.producer >= next_.size()) {
      ++torn_;
    } else if (message.sequence != next_[message.producer]++) {
      ++out_of_order_;
    }
  }
  void expect_each(std::uint32_t messages) const {
    EXPECT_EQ(torn_, 0U);
    EXPECT_EQ(out_of_order_, 0U);
    for (const std::uint32_t next : next_) EXPECT_EQ(next, messages);
    EXPECT_EQ(received_, std::uint64_t{messages} * next_.size());
  }
  [[nodiscard]] std::uint64_t received() const { return received_; }

 private:
  std::vector<std::uint32_t> next_;
  std::uint64_t received_ = 0;
  std::uint64_t torn_ = 0;
  std::uint64_t out_of_order_ = 0;
};

/// Sends `messages` messages and uses all ways of sending in turn.
template <Layout L>
void send_every_way(Producer<Stamped, L>& producer, std::uint32_t id, std::uint32_t messages) {
  AdaptiveWait wait;
  for (std::uint32_t next = 0; next < messages;) {
    switch (next % 4) {
      case 0:
        wait.wait([&] { return producer.push(Stamped::of(id, next)); });
        ++next;
        break;
      case 1: {
        Reservation<Stamped, std::dynamic_extent, L> slots;
        wait.wait([&] { return !(slots = producer.reserve_up_to(messages - next)).empty(); });
        for (Stamped& slot : slots) slot = Stamped::of(id, next++);
        slots.commit();
        break;
      }
      case 2: {
        std::array<Stamped, 5> some;
        for (std::uint32_t i = 0; i < 5; ++i) some[i] = Stamped::of(id, next + i);
        const std::size_t count = std::min<std::size_t>(5, messages - next);
        std::size_t sent = 0;
        wait.wait([&] { return (sent = producer.send(std::span(some).first(count))) > 0; });
        next += static_cast<std::uint32_t>(sent);
        break;
      }
      default:
        if (auto slot = producer.reserve_with_backoff(1)) {
          slot[0] = Stamped::of(id, next++);
          slot.commit();
        }
    }
  }
}

/// Consumes messages in one of the four ways of consuming. `turn` selects the way.
template <Layout L>
void consume_every_way(Consumer<Stamped, L>& consumer, Ledger& ledger, unsigned turn) {
  switch (turn % 4) {
    case 0:
      consumer.consume_all([&](const Stamped& message) { ledger.note(message); });
      break;
    case 1:
      consumer.consume_all([&](std::span<const Stamped> run) {
        for (const Stamped& message : run) ledger.note(message);
      });
      break;
    case 2:
      consumer.consume_all_up_to(7, [&](const Stamped& message) { ledger.note(message); });
      break;
    default: {
      std::array<Stamped, 6> out;
      const std::size_t count = consumer.recv(out);
      for (std::size_t i = 0; i < count; ++i) ledger.note(out[i]);
    }
  }
}

/// Sends and consumes in every way. The consumer must get every message once, and those of a
/// producer in order.
template <Layout L>
void exchange_every_way(std::uint32_t producers, unsigned ring_bits) {
  const std::uint32_t messages = (ring_bits < 3 ? 10'000 : 80'000) / producers;
  Channel<Stamped, L> channel({.ring_bits = ring_bits, .max_producers = producers});
  auto consumer = channel.take_consumer();
  auto threads = start_threads(producers, [&channel, messages](std::size_t id) {
    auto producer = channel.register_producer().value();
    send_every_way(producer, static_cast<std::uint32_t>(id), messages);
  });
  Ledger ledger(producers);
  AdaptiveWait wait;
  for (unsigned turn = 0; ledger.received() < std::uint64_t{messages} * producers; ++turn) {
    wait.wait([&] { return !consumer.empty(); });
    consume_every_way(consumer, ledger, turn);
  }
  threads.clear();  // joins
  EXPECT_TRUE(consumer.empty());
  consumer.close();
  EXPECT_TRUE(consumer.drained());
  ledger.expect_each(messages);
}

/// Parameters: the layout, the number of producers and the ring bits.
class ManyThreads : public ::testing::TestWithParam<std::tuple<Layout, std::uint32_t, unsigned>> {};

TEST_P(ManyThreads, LoseNothingRepeatNothingAndKeepEachProducersOrder) {
  const auto [layout, producers, ring_bits] = GetParam();
  if (layout == Layout::celled) {
    exchange_every_way<Layout::celled>(producers, ring_bits);
  } else {
    exchange_every_way<Layout::dense>(producers, ring_bits);
  }
}

std::string thread_case(const ::testing::TestParamInfo<ManyThreads::ParamType>& info) {
  const auto [layout, producers, ring_bits] = info.param;
  return std::to_string(producers) + "ProducersOf" + std::to_string(1U << ring_bits) +
         (layout == Layout::celled ? "CelledSlots" : "DenseSlots");
}
INSTANTIATE_TEST_SUITE_P(Channels, ManyThreads,
                         ::testing::Combine(::testing::Values(Layout::celled, Layout::dense),
                                            ::testing::Values(1U, 2U, 3U, 8U),
                                            ::testing::Values(1U, 3U, 8U)),
                         thread_case);

template <class L>
class Threads : public ::testing::Test {};
TYPED_TEST_SUITE(Threads, BothLayouts, LayoutName);

TYPED_TEST(Threads, PassMessagesThatOwnMemoryIntact) {
  const NothingLeaks check;
  constexpr std::int64_t kMessages = 3000;
  ChannelOf<std::unique_ptr<Counted>, TypeParam> channel({.ring_bits = 2, .max_producers = 3});
  auto consumer = channel.take_consumer();
  auto threads = start_threads(3, [&channel](std::size_t) {
    auto producer = channel.register_producer().value();
    for (std::int64_t i = 0; i < kMessages; ++i) {
      auto message = std::make_unique<Counted>(i);
      while (!producer.push(std::move(message))) std::this_thread::yield();
    }
  });
  std::int64_t sum = 0;
  std::size_t received = 0;
  while (received < 3 * kMessages) {
    const std::size_t count =
        consumer.consume_all([&sum](std::unique_ptr<Counted> message) { sum += message->value(); });
    if (count == 0) std::this_thread::yield();
    received += count;
  }
  threads.clear();  // joins
  EXPECT_EQ(sum, 3 * (kMessages * (kMessages - 1) / 2));
}

TYPED_TEST(Threads, AClosedChannelDeliversExactlyTheMessagesThatItAccepted) {
  for (int round = 0; round < 40; ++round) {
    ChannelOf<Stamped, TypeParam> channel({.ring_bits = 4, .max_producers = 3});
    auto consumer = channel.take_consumer();
    std::array<std::atomic<std::uint32_t>, 3> let_in{};
    auto threads = start_threads(3, [&](std::size_t id) {
      auto producer = channel.register_producer();
      if (!producer) return;
      std::uint32_t next = 0;
      while (!producer->closed()) {
        if (producer->push(Stamped::of(static_cast<std::uint32_t>(id), next))) {
          ++next;
        } else {
          std::this_thread::yield();
        }
      }
      let_in[id] = next;
    });
    Ledger ledger(3);
    const auto wanted = static_cast<std::uint64_t>(round) * 20;
    for (unsigned turn = 0; ledger.received() < wanted; ++turn) {
      consume_every_way(consumer, ledger, turn);
    }
    consumer.close();
    for (unsigned turn = 0; !consumer.drained(); ++turn) {
      consume_every_way(consumer, ledger, turn);
      std::this_thread::yield();
    }
    threads.clear();  // joins
    const std::uint64_t total = std::uint64_t{let_in[0]} + let_in[1] + let_in[2];
    EXPECT_EQ(ledger.received(), total);
    EXPECT_TRUE(consumer.empty()) << "a message came after the channel was drained";
  }
}

TYPED_TEST(Threads, ContendedRegistrationsNeverExceedTheLimitWhileTheConsumerPolls) {
  constexpr std::uint32_t kLimit = 4;
  constexpr std::uint32_t kThreads = 12;
  constexpr int kRegistrations = 60;  // by each thread
  ChannelOf<std::uint64_t, TypeParam> channel({.ring_bits = 2, .max_producers = kLimit});
  auto consumer = channel.take_consumer();
  std::atomic<std::uint32_t> held{0};
  std::atomic<std::uint32_t> most_held{0};
  std::atomic<std::uint32_t> threads_done{0};
  std::atomic<std::uint64_t> sent{0};
  auto threads = start_threads(kThreads, [&](std::size_t) {
    for (int i = 0; i < kRegistrations;) {
      auto producer = channel.register_producer();
      if (!producer) {
        EXPECT_EQ(producer.error(), RegisterError::too_many_producers);
        std::this_thread::yield();
        continue;
      }
      ++i;
      const std::uint32_t now = held.fetch_add(1) + 1;
      for (std::uint32_t most = most_held; most < now;) {
        if (most_held.compare_exchange_weak(most, now)) break;
      }
      for (std::uint64_t m = 1; m <= 3; ++m) {
        if (producer->push(m)) sent += m;
        if (m == 2) std::this_thread::yield();
      }
      held.fetch_sub(1);  // before another producer can get the slot
    }
    ++threads_done;
  });
  std::uint64_t received = 0;
  std::size_t most_polled = 0;
  while (true) {
    const bool last = threads_done == kThreads;
    most_polled = std::max(most_polled, consumer.producer_count());
    if (consumer.consume_all([&received](std::uint64_t m) { received += m; }) == 0) {
      if (last) break;
      std::this_thread::yield();
    }
  }
  threads.clear();  // joins
  EXPECT_LE(most_held, kLimit);
  EXPECT_LE(most_polled, kLimit);
  EXPECT_EQ(received, sent);
  EXPECT_EQ(consumer.metrics().messages_sent, std::uint64_t{kThreads} * kRegistrations * 3);
  EXPECT_EQ(consumer.producer_count(), 0U);
}

TYPED_TEST(Threads, RegistrationsThatRaceWithTheCloseAreEitherRefusedOrDrained) {
  for (int round = 0; round < 80; ++round) {
    ChannelOf<std::uint64_t, TypeParam> channel({.ring_bits = 1, .max_producers = 2});
    auto consumer = channel.take_consumer();
    std::atomic<std::uint64_t> sent{0};
    std::atomic<int> started{0};
    auto threads = start_threads(3, [&](std::size_t) {
      ++started;
      while (true) {
        auto producer = channel.register_producer();
        if (!producer && producer.error() == RegisterError::closed) return;
        if (producer && producer->push(1)) ++sent;
      }
    });
    while (started < 3) std::this_thread::yield();
    std::uint64_t received = 0;
    const auto count = [&received](std::uint64_t m) { received += m; };
    for (int poll = 0; poll < round; ++poll) consumer.consume_all(count);
    channel.close();
    while (!consumer.drained()) {
      if (consumer.consume_all(count) == 0) std::this_thread::yield();
    }
    // Drained is final: whatever the other threads do now, no more messages come.
    threads.clear();  // joins
    EXPECT_TRUE(consumer.empty());
    EXPECT_EQ(received, sent);
  }
}

TYPED_TEST(Threads, ProducersMayOutliveTheChannelAndItsConsumer) {
  const NothingLeaks check;
  for (int round = 0; round < 30; ++round) {
    std::atomic<int> registered{0};
    auto channel = std::make_optional<ChannelOf<Counted, TypeParam>>(
        Config{.ring_bits = 3, .max_producers = 3});
    auto consumer = std::make_optional(channel->take_consumer());
    const auto threads = start_threads(3, [&](std::size_t) {
      auto producer = channel->register_producer().value();
      ++registered;
      while (!producer.closed()) (void)producer.try_emplace(1);
    });
    while (registered < 3) std::this_thread::yield();
    consumer->consume_all([](const Counted&) {});
    channel.reset();
    consumer.reset();
  }
}

TYPED_TEST(Threads, MetricsMayBeReadWhileProducersRun) {
  ChannelOf<std::uint64_t, TypeParam> channel(
      {.ring_bits = 4, .max_producers = 2, .enable_metrics = true});
  auto consumer = channel.take_consumer();
  constexpr std::uint64_t kMessages = 4000;
  constexpr std::uint64_t kBatch = 4;
  constexpr std::size_t kSlots = 16;
  auto threads = start_threads(2, [&channel](std::size_t i) {
    auto producer = channel.register_producer().value();
    constexpr std::array<std::uint64_t, kBatch> kMessagesOfABatch{};
    for (std::uint64_t sent = 0; sent < kMessages;) {
      // Whole batches alone, so that the number of commits is known.
      const bool room = producer.space() >= kBatch;
      const std::size_t now = i == 0 ? producer.push(0)
                              : room ? producer.send(kMessagesOfABatch)
                                     : 0;
      sent += now;
      if (now == 0) std::this_thread::yield();
    }
  });
  Metrics last;
  while (last.messages_received < 2 * kMessages) {
    if (consumer.consume_all([](std::uint64_t) {}) == 0) std::this_thread::yield();
    const Metrics now = consumer.metrics();
    EXPECT_GE(now.messages_sent, last.messages_sent);
    EXPECT_GE(now.messages_received, last.messages_received);
    EXPECT_LE(now.commits, now.messages_sent);
    EXPECT_GE(now.commits + kBatch, last.commits) << "exact except for a batch under way";
    last = now;
  }
  threads.clear();  // joins
  const Metrics end = consumer.metrics();
  EXPECT_EQ(end.messages_sent, 2 * kMessages);
  constexpr std::uint64_t kRun = longest_run<std::uint64_t, TypeParam>(kSlots);
  std::uint64_t commits_of_batches = 0;  // a cell's end cuts a batch in two
  for (std::uint64_t n = 1; n <= kMessages; ++n) {
    if (n % kBatch == 0 || n % kRun == 0) ++commits_of_batches;
  }
  EXPECT_EQ(end.commits, kMessages + commits_of_batches);
}

TYPED_TEST(Threads, MayPassTheEndsOfAChannelToEachOther) {
  ChannelOf<std::uint64_t, TypeParam> channel({.ring_bits = 6});
  auto consumer = std::make_optional(channel.take_consumer());
  auto producer = std::make_optional(channel.register_producer().value());
  std::uint64_t expected = 0;
  for (std::uint64_t i = 0; i < 50; ++i) {
    std::thread([&, mine = std::move(*producer)]() mutable {
      EXPECT_TRUE(mine.push(i));
      producer.emplace(std::move(mine));
    }).join();
    std::thread([&, mine = std::move(*consumer)]() mutable {
      mine.consume_all([&expected](std::uint64_t m) { EXPECT_EQ(m, expected++); });
      consumer.emplace(std::move(mine));
    }).join();
  }
  EXPECT_EQ(expected, 50U);
}

}  // namespace
}  // namespace ringmpsc::testing
