// The consumer takes messages as contiguous runs, so that a compiler can vectorise the loop. In the
// dense layout they are long ones. With an argument, it leaves after so many messages.
#include <array>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <numeric>
#include <span>
#include <string>
#include <thread>

#include "ringmpsc/ringmpsc.hpp"

int main(int argc, char** argv) {
  constexpr std::size_t kBatch = 512;
  constexpr std::size_t kBatches = 10'000;
  const std::uint64_t wanted = argc > 1 ? std::stoull(argv[1]) : 2 * kBatch * kBatches;
  using Channel = ringmpsc::Channel<std::uint32_t, ringmpsc::Layout::dense>;
  Channel channel({.ring_bits = 14, .max_producers = 2});
  auto consumer = channel.take_consumer();

  const auto produce = [&channel] {
    auto producer = channel.register_producer();
    if (!producer) return;  // closed, or too many producers
    std::array<std::uint32_t, kBatch> batch{};
    for (std::uint32_t i = 0; i < kBatch; ++i) batch[i] = i + 1;
    for (std::size_t i = 0; i < kBatches; ++i) {
      // send() copies the messages that fit, across the wrap, and returns their number.
      for (std::span<const std::uint32_t> rest = batch; !rest.empty();) {
        const std::size_t sent = producer->send(rest);
        if (sent == 0) {
          if (producer->closed()) return;
          std::this_thread::yield();  // the ring is full
        }
        rest = rest.subspan(sent);
      }
    }
  };
  const std::jthread first(produce);
  const std::jthread second(produce);

  std::uint64_t sum = 0;
  // received() counts what a handler that throws loses too: its message or, as here, its run.
  while (consumer.received() < wanted) {
    // One call for each run: what a ring holds, or two runs where it wraps around. The limit keeps
    // a consumer that has other things to do responsive; no producer starves under it.
    const auto count = consumer.consume_all_up_to(4096, [&](std::span<const std::uint32_t> run) {
      sum = std::accumulate(run.begin(), run.end(), sum);
    });
    if (count == 0) std::this_thread::yield();
  }
  consumer.close();

  std::cout << consumer.received() << " messages, sum " << sum << '\n';
  return argc > 1 || sum == 2 * kBatches * (kBatch * (kBatch + 1) / 2) ? 0 : 1;
}
