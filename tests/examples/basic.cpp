// Two threads send, one receives.
#include <cstdint>
#include <iostream>
#include <thread>

#include "ringmpsc/ringmpsc.hpp"

constexpr std::uint64_t kMessages = 1'000'000;

int main() {
  ringmpsc::Channel<std::uint64_t> channel;  // up to 16 producers, 65,536 slots for each
  auto consumer = channel.take_consumer();   // there is only one

  const auto produce = [&channel] {
    auto producer = channel.register_producer().value();  // on its own thread: memory lies near it
    for (std::uint64_t i = 1; i <= kMessages; ++i) {
      while (!producer.push(i)) std::this_thread::yield();  // the ring is full
    }
  };
  const std::jthread first(produce);
  const std::jthread second(produce);

  std::uint64_t received = 0;
  std::uint64_t sum = 0;
  while (received < 2 * kMessages) {
    const auto count = consumer.consume_all([&sum](std::uint64_t message) { sum += message; });
    if (count == 0) std::this_thread::yield();  // nothing was there
    received += count;
  }
  std::cout << received << " messages, sum " << sum << '\n';
  return sum == kMessages * (kMessages + 1) ? 0 : 1;
}
