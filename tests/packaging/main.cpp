// The smallest program that uses the core: it sends one message through a channel.

#include <ringmpsc/ringmpsc.hpp>

#include <cstddef>

int main() {
  ringmpsc::Channel<int> channel;
  auto consumer = channel.take_consumer();
  auto producer = channel.register_producer();
  if (!producer || !producer->push(1)) return 1;
  int received = 0;
  const std::size_t count = consumer.consume_all([&](int message) { received = message; });
  return count == 1 && received == 1 ? 0 : 1;
}
