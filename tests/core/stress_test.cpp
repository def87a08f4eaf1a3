// The channel under stress: more threads than CPUs, small rings that are mostly full or empty, and
// 50,000 messages from each producer. Every message's order and all sums are checked exactly.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "ringmpsc/ringmpsc.hpp"
#include "threads.hpp"

namespace ringmpsc::testing {
namespace {

constexpr std::uint64_t kStressMessages = 50'000;  // from each producer

/// The messages of a test, and the layout of its rings.
template <class T, Layout L>
struct Stressed {
  using Message = T;
  static constexpr Layout kLayout = L;
};

/// A message: the producer above, and its sequence below.
template <class T>
inline constexpr unsigned kSequenceBits = sizeof(T) * 4;
template <class T>
constexpr T stress_message(std::uint64_t producer, std::uint64_t sequence) {
  return static_cast<T>(producer << kSequenceBits<T> | sequence);
}

/// Sends every message, in runs of one to five, each in another way of sending. Yields where there
/// is no room, because the threads share the CPUs.
template <class T, Layout L>
void send_under_stress(Producer<T, L>& producer, std::uint64_t id) {
  for (std::uint64_t next = 0; next < kStressMessages;) {
    const std::uint64_t before = next;
    if (next % 3 == 0) {
      if (producer.push(stress_message<T>(id, next))) ++next;
    } else if (next % 3 == 1) {
      std::array<T, 5> run;
      for (std::uint64_t i = 0; i < run.size(); ++i) run[i] = stress_message<T>(id, next + i);
      next += producer.send(
          std::span(run).first(std::min<std::size_t>(run.size(), kStressMessages - next)));
    } else {
      auto slots = producer.reserve_up_to(std::min<std::size_t>(3, kStressMessages - next));
      for (T& slot : slots) slot = stress_message<T>(id, next++);
      slots.commit();
    }
    if (next == before) std::this_thread::yield();
  }
}

/// What the consumer saw of each producer.
template <class T>
struct SeenOfProducers {
  explicit SeenOfProducers(std::size_t producers) : next(producers), sum(producers) {}

  void note(T message) {
    const std::uint64_t producer = message >> kSequenceBits<T>;
    const std::uint64_t sequence = message & ((std::uint64_t{1} << kSequenceBits<T>)-1);
    if (producer >= next.size()) {
      ++of_nobody;
      return;
    }
    if (sequence != next[producer]) ++out_of_order;
    next[producer] = sequence + 1;
    sum[producer] += sequence;
  }

  std::vector<std::uint64_t> next;
  std::vector<std::uint64_t> sum;
  std::uint64_t out_of_order = 0;
  std::uint64_t of_nobody = 0;
};

/// Takes what is there in one of three ways. Returns how many messages that were.
template <class T, Layout L>
std::size_t consume_under_stress(Consumer<T, L>& consumer, SeenOfProducers<T>& seen,
                                 unsigned turn) {
  if (turn % 3 == 0) {
    return consumer.consume_all([&seen](T message) { seen.note(message); });
  }
  if (turn % 3 == 1) {
    return consumer.consume_all_up_to(7, [&seen](std::span<const T> run) {
      for (const T message : run) seen.note(message);
    });
  }
  std::array<T, 6> out;
  const std::size_t count = consumer.recv(out);
  for (std::size_t i = 0; i < count; ++i) seen.note(out[i]);
  return count;
}

/// Twice as many producers as CPUs, and at least 16.
unsigned more_producers_than_cpus() {
  return std::clamp(2 * std::thread::hardware_concurrency(), 16U, kMaxProducers);
}

template <class P>
void exchange_under_stress(unsigned producers, unsigned ring_bits) {
  using T = P::Message;
  Channel<T, P::kLayout> channel({.ring_bits = ring_bits, .max_producers = producers});
  auto consumer = channel.take_consumer();
  auto threads = start_threads(producers, [&channel](std::size_t id) {
    auto producer = channel.register_producer().value();
    send_under_stress(producer, id);
  });
  SeenOfProducers<T> seen(producers);
  std::uint64_t received = 0;
  for (unsigned turn = 0; received < producers * kStressMessages; ++turn) {
    const std::size_t count = consume_under_stress(consumer, seen, turn);
    if (count == 0) std::this_thread::yield();
    received += count;
  }
  threads.clear();  // joins
  EXPECT_TRUE(consumer.empty()) << "there is a message too many";
  consumer.close();
  EXPECT_TRUE(consumer.drained());
  EXPECT_EQ(received, producers * kStressMessages);
  EXPECT_EQ(seen.of_nobody, 0U);
  EXPECT_EQ(seen.out_of_order, 0U);
  EXPECT_EQ(seen.next, std::vector<std::uint64_t>(producers, kStressMessages));
  EXPECT_EQ(seen.sum,
            std::vector<std::uint64_t>(producers, kStressMessages * (kStressMessages - 1) / 2));
}

template <class P>
class Stress : public ::testing::Test {};
struct StressName {
  template <class P>
  static std::string GetName(int) {  // NOLINT(readability-identifier-naming): Google Test calls it
    return (P::kLayout == Layout::celled ? "CelledMessagesOf" : "DenseMessagesOf") +
           std::to_string(sizeof(typename P::Message)) + "Bytes";
  }
};
using StressedRings = ::testing::Types<Stressed<std::uint64_t, Layout::celled>,
                                       Stressed<std::uint32_t, Layout::celled>,
                                       Stressed<std::uint64_t, Layout::dense>>;
TYPED_TEST_SUITE(Stress, StressedRings, StressName);

TYPED_TEST(Stress, LosesNothingRepeatsNothingAndKeepsEachProducersOrder) {
  for (const unsigned producers : {8U, more_producers_than_cpus()}) {
    for (const unsigned ring_bits : {1U, 2U, 3U, 4U}) {
      SCOPED_TRACE(std::to_string(producers) + " producers, ring bits " +
                   std::to_string(ring_bits));
      exchange_under_stress<TypeParam>(producers, ring_bits);
    }
  }
}

}  // namespace
}  // namespace ringmpsc::testing
