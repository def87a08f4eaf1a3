// The consumer takes messages as contiguous runs, so that a compiler can vectorise the loop.
#include <array>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <numeric>
#include <span>
#include <thread>

#include "ringmpsc/ringmpsc.hpp"

int main() {
  constexpr std::size_t kBatch = 512;
  constexpr std::size_t kBatches = 10'000;
  ringmpsc::Channel<std::uint32_t> channel({.ring_bits = 14, .max_producers = 2});
  auto consumer = channel.take_consumer();

  const auto produce = [&channel] {
    auto producer = channel.register_producer().value();
    std::array<std::uint32_t, kBatch> batch{};
    for (std::uint32_t i = 0; i < kBatch; ++i) batch[i] = i + 1;
    for (std::size_t i = 0; i < kBatches; ++i) {
      // send() copies the messages that fit, across the wrap, and returns their number.
      for (std::span<const std::uint32_t> rest = batch; !rest.empty();) {
        const std::size_t sent = producer.send(rest);
        if (sent == 0) std::this_thread::yield();
        rest = rest.subspan(sent);
      }
    }
  };
  const std::jthread first(produce);
  const std::jthread second(produce);

  std::uint64_t received = 0;
  std::uint64_t sum = 0;
  while (received < 2 * kBatch * kBatches) {
    // One call for each run: what a ring holds, or two runs where it wraps around. The limit keeps
    // a consumer that has other things to do responsive; no producer starves under it.
    const auto count = consumer.consume_all_up_to(4096, [&](std::span<const std::uint32_t> run) {
      sum = std::accumulate(run.begin(), run.end(), sum);
    });
    if (count == 0) std::this_thread::yield();
    received += count;
  }
  std::cout << received << " messages, sum " << sum << '\n';
  return sum == 2 * kBatches * (kBatch * (kBatch + 1) / 2) ? 0 : 1;
}
