// This project's channel as a queue under test, for tests that add faults to it.
#pragma once

#include <cstddef>
#include <span>
#include <utility>

#include "ringmpsc/ringmpsc.hpp"
#include "workload/queue.hpp"

namespace bench::testing {

template <class M>
class ChannelQueue {
 public:
  explicit ChannelQueue(const workload::QueueOptions& options)
      : channel_({.ring_bits = options.ring_bits,
                  .max_producers = options.producers,
                  .enable_metrics = false}) {}

  struct Producer {
    ringmpsc::Producer<M> producer;
    bool push(const M& message) noexcept { return producer.push(message); }
    std::size_t send(std::span<const M> messages) noexcept { return producer.send(messages); }
  };
  struct Consumer {
    ringmpsc::Consumer<M> consumer;
    template <class Read>
    std::size_t consume(Read&& read) {
      return consumer.consume_all([&read](std::span<M> run) { read(run); });
    }
  };
  Producer producer() { return {channel_.register_producer().value()}; }
  Consumer consumer() { return {channel_.take_consumer()}; }

 private:
  ringmpsc::Channel<M> channel_;
};

}  // namespace bench::testing
