// Two threads send, one receives. With an argument, the consumer leaves after so many messages.
#include <cstdint>
#include <iostream>
#include <string>
#include <thread>

#include "ringmpsc/ringmpsc.hpp"

constexpr std::uint64_t kMessages = 1'000'000;

int main(int argc, char** argv) {
  const std::uint64_t wanted = argc > 1 ? std::stoull(argv[1]) : 2 * kMessages;
  ringmpsc::Channel<std::uint64_t> channel;  // up to 16 producers, 65,536 slots for each
  auto consumer = channel.take_consumer();   // there is only one

  const auto produce = [&channel] {
    auto producer = channel.register_producer();  // on its own thread: memory lies near it
    if (!producer) return;                        // closed, or too many producers
    for (std::uint64_t i = 1; i <= kMessages; ++i) {
      if (!producer->push(i, ringmpsc::AdaptiveWait())) return;  // waits for room; false: closed
    }
  };
  const std::jthread first(produce);
  const std::jthread second(produce);

  std::uint64_t sum = 0;
  while (consumer.received() < wanted) {
    const auto count = consumer.consume_all([&sum](std::uint64_t message) { sum += message; });
    if (count == 0) std::this_thread::yield();  // nothing was there
  }
  consumer.close();  // a producer that has more to send must not wait for room for ever

  std::cout << consumer.received() << " messages, sum " << sum << '\n';
  return argc > 1 || sum == kMessages * (kMessages + 1) ? 0 : 1;
}
