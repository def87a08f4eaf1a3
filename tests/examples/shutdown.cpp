// An orderly shutdown: the consumer closes the channel, the producers notice it, and every accepted
// message is consumed.
#include <array>
#include <atomic>
#include <cstdint>
#include <iostream>
#include <string>
#include <thread>

#include "ringmpsc/ringmpsc.hpp"

int main() {
  ringmpsc::Channel<std::string> channel({.ring_bits = 10, .max_producers = 3});
  auto consumer = channel.take_consumer();
  ringmpsc::BlockingWait news;  // lets the consumer sleep while there is nothing to do
  std::atomic<std::uint64_t> sent = 0;

  const auto produce = [&] {
    auto producer = channel.register_producer();
    if (!producer) return;  // closed, or too many producers
    std::uint64_t mine = 0;
    while (!producer->closed()) {
      if (producer->push("message " + std::to_string(mine))) {
        ++mine;
      } else {
        std::this_thread::yield();  // the ring is full or was closed a moment ago
      }
      news.notify();
    }
    sent += mine;
  };  // the producer ends here, and the consumer learns that nothing more comes from it
  std::array threads = {std::jthread(produce), std::jthread(produce), std::jthread(produce)};

  const auto handle = [](const std::string&) { /* what the consumer does with a message */ };
  while (consumer.received() < 100'000) {
    news.wait([&] { return !consumer.empty(); });
    consumer.consume_all(handle);
  }

  // From now on every push and every registration is refused. What was let in before is still
  // consumed, until every producer has ended and its ring is empty.
  consumer.close();
  while (!consumer.drained()) {
    if (consumer.consume_all(handle) == 0) std::this_thread::yield();
  }
  for (std::jthread& thread : threads) thread.join();

  std::cout << sent << " sent, " << consumer.received() << " received\n";
  return consumer.received() == sent ? 0 : 1;
}
