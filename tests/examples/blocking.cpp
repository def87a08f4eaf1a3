// A consumer that sleeps while there is nothing to do, and producers that sleep while their ring is
// full. With an argument, the consumer leaves after so many messages.
#include <cstdint>
#include <iostream>
#include <string>
#include <thread>

#include "ringmpsc/ringmpsc.hpp"

int main(int argc, char** argv) {
  constexpr std::uint64_t kMessages = 100'000;
  constexpr std::uint64_t kProducers = 2;
  const std::uint64_t wanted = argc > 1 ? std::stoull(argv[1]) : kProducers * kMessages;
  ringmpsc::Channel<std::uint64_t> channel({.ring_bits = 6, .max_producers = kProducers});
  auto consumer = channel.take_consumer();

  ringmpsc::BlockingWait news;  // the consumer sleeps here
  ringmpsc::BlockingWait room;  // the producers sleep here

  const auto produce = [&] {
    auto producer = channel.register_producer();
    if (!producer) return;  // closed, or too many producers
    for (std::uint64_t i = 1; i <= kMessages; ++i) {
      if (!producer->push(i, room)) break;  // sleeps while the ring is full; false: closed
      news.notify();                        // after each push, or each batch of them
    }
    producer->close();
    news.notify();  // after each producer's end
  };
  std::jthread first(produce);
  std::jthread second(produce);

  std::uint64_t sum = 0;
  while (consumer.received() < wanted && !consumer.all_ended(kProducers)) {
    news.wait([&] { return !consumer.empty() || consumer.all_ended(kProducers); });
    consumer.consume_all([&sum](std::uint64_t message) { sum += message; });
    room.notify();  // after each poll, which made room
  }
  consumer.close();
  room.notify();  // after each close; a consumer that sleeps needs one too: news.notify()
  first.join();
  second.join();

  std::cout << consumer.received() << " messages, sum " << sum << '\n';
  return argc > 1 || sum == kMessages * (kMessages + 1) ? 0 : 1;
}
