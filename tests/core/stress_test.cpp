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
#include <tuple>
#include <vector>

#include "ringmpsc/ringmpsc.hpp"
#include "threads.hpp"

namespace ringmpsc::testing {
namespace {

constexpr std::uint64_t kStressMessages = 50'000;  // from each producer

/// A message: the producer above, and its sequence below.
constexpr std::uint64_t stress_message(std::uint64_t producer, std::uint64_t sequence) {
  return producer << 32 | sequence;
}

/// Sends every message, in runs of one to five, each in another way of sending. Yields where there
/// is no room, because the threads share the CPUs.
void send_under_stress(Producer<std::uint64_t>& producer, std::uint64_t id) {
  for (std::uint64_t next = 0; next < kStressMessages;) {
    const std::uint64_t before = next;
    if (next % 3 == 0) {
      if (producer.push(stress_message(id, next))) ++next;
    } else if (next % 3 == 1) {
      std::array<std::uint64_t, 5> run;
      for (std::uint64_t i = 0; i < run.size(); ++i) run[i] = stress_message(id, next + i);
      next += producer.send(
          std::span(run).first(std::min<std::size_t>(run.size(), kStressMessages - next)));
    } else {
      auto slots = producer.reserve_up_to(std::min<std::size_t>(3, kStressMessages - next));
      for (std::uint64_t& slot : slots) slot = stress_message(id, next++);
      slots.commit();
    }
    if (next == before) std::this_thread::yield();
  }
}

/// What the consumer saw of each producer.
struct SeenOfProducers {
  explicit SeenOfProducers(std::size_t producers) : next(producers), sum(producers) {}

  void note(std::uint64_t message) {
    const std::uint64_t producer = message >> 32;
    const std::uint64_t sequence = message & 0xFFFF'FFFF;
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
std::size_t consume_under_stress(Consumer<std::uint64_t>& consumer, SeenOfProducers& seen,
                                 unsigned turn) {
  if (turn % 3 == 0) {
    return consumer.consume_all([&seen](std::uint64_t message) { seen.note(message); });
  }
  if (turn % 3 == 1) {
    return consumer.consume_all_up_to(7, [&seen](std::span<const std::uint64_t> run) {
      for (const std::uint64_t message : run) seen.note(message);
    });
  }
  std::array<std::uint64_t, 6> out;
  const std::size_t count = consumer.recv(out);
  for (std::size_t i = 0; i < count; ++i) seen.note(out[i]);
  return count;
}

/// Twice as many producers as CPUs, and at least 16.
unsigned more_producers_than_cpus() {
  return std::clamp(2 * std::thread::hardware_concurrency(), 16U, kMaxProducers);
}

/// Parameters: the number of producers and the ring bits.
class Stress : public ::testing::TestWithParam<std::tuple<unsigned, unsigned>> {};

TEST_P(Stress, LosesNothingRepeatsNothingAndKeepsEachProducersOrder) {
  const auto [producers, ring_bits] = GetParam();
  Channel<std::uint64_t> channel({.ring_bits = ring_bits, .max_producers = producers});
  auto consumer = channel.take_consumer();
  auto threads = start_threads(producers, [&channel](std::size_t id) {
    auto producer = channel.register_producer().value();
    send_under_stress(producer, id);
  });
  SeenOfProducers seen(producers);
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

std::string stress_case(const ::testing::TestParamInfo<Stress::ParamType>& info) {
  return std::to_string(std::get<0>(info.param)) + "ProducersOf" +
         std::to_string(1U << std::get<1>(info.param)) + "Slots";
}
INSTANTIATE_TEST_SUITE_P(SmallRings, Stress,
                         ::testing::Combine(::testing::Values(8U, more_producers_than_cpus()),
                                            ::testing::Values(1U, 2U, 3U, 4U)),
                         stress_case);

}  // namespace
}  // namespace ringmpsc::testing
