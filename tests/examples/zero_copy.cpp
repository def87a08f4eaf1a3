// The producer writes messages where the consumer reads them: it reserves slots, fills them in
// place and commits them together, for which the dense layout is made. With an argument, the
// consumer leaves after so many messages.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <string>
#include <thread>

#include "ringmpsc/ringmpsc.hpp"

struct Frame {
  std::uint64_t number;
  std::array<std::uint8_t, 1016> pixels;
};

int main(int argc, char** argv) {
  constexpr std::uint64_t kFrames = 100'000;
  const std::uint64_t wanted = argc > 1 ? std::stoull(argv[1]) : kFrames;
  ringmpsc::Channel<Frame, ringmpsc::Layout::dense> channel({.ring_bits = 8});
  auto consumer = channel.take_consumer();

  const std::jthread camera([&channel] {
    auto producer = channel.register_producer();
    if (!producer) return;  // closed, or too many producers
    for (std::uint64_t next = 0; next < kFrames && !producer->closed();) {
      // A reservation is contiguous. Where the ring wraps around it is shorter than asked: this
      // round fills what there is, and the next reserves the rest, at the ring's beginning.
      auto frames = producer->reserve(std::min<std::size_t>(10, kFrames - next));
      if (!frames) std::this_thread::yield();  // too little space at the moment, or closed
      for (Frame& frame : frames) {
        frame.number = next++;
        frame.pixels.fill(static_cast<std::uint8_t>(frame.number));
      }
      frames.commit();  // the consumer sees all of them at once; before, it saw none
    }
  });

  std::uint64_t expected = 0;
  bool intact = true;
  while (consumer.received() < wanted) {
    const auto count = consumer.consume_all([&](const Frame& frame) {  // a reference to its slot
      const auto pixel = static_cast<std::uint8_t>(frame.number);
      intact = intact && frame.number == expected && frame.pixels.front() == pixel &&
               frame.pixels.back() == pixel;
      ++expected;
    });
    if (count == 0) std::this_thread::yield();
  }
  consumer.close();

  std::cout << expected << (intact ? " frames, intact\n" : " frames, damaged\n");
  return intact ? 0 : 1;
}
