// This project's channel as a queue under test, for its entry in the table and for the tests that
// change how it behaves.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>

#include "build_info.hpp"
#include "ringmpsc/ringmpsc.hpp"
#include "workload/trial_of.hpp"

namespace bench::workload::our_channel {

template <class M>
class RingMpsc {
 public:
  explicit RingMpsc(const QueueOptions& options)
      : channel_({.ring_bits = options.ring_bits,
                  .max_producers = options.producers,
                  .enable_metrics = options.metrics}) {}

  class Producer {
   public:
    explicit Producer(ringmpsc::Producer<M> producer) noexcept : producer_(std::move(producer)) {}

    bool push(const M& message) noexcept { return producer_.push(message); }
    std::size_t send(std::span<const M> messages) noexcept { return producer_.send(messages); }

    template <class Write>
    std::size_t produce(std::size_t count, Write write) noexcept {
      auto reservation = producer_.reserve(count);
      if (!reservation) return 0;
      write(reservation.slots());
      const std::size_t written = reservation.size();
      reservation.commit();
      return written;
    }

    auto deferred() && { return ringmpsc::Deferred(std::move(producer_)); }

   private:
    ringmpsc::Producer<M> producer_;
  };

  class Consumer {
   public:
    Consumer(ringmpsc::Consumer<M> consumer, bool metrics) noexcept
        : consumer_(std::move(consumer)), metrics_(metrics) {}

    template <class Read>
    std::size_t consume(Read&& read) {
      return consumer_.consume_all([&read](std::span<M> run) noexcept { read(run); });
    }

    std::optional<ringmpsc::Metrics> metrics() {
      return metrics_ ? std::optional(consumer_.metrics()) : std::nullopt;
    }

   private:
    ringmpsc::Consumer<M> consumer_;
    bool metrics_;
  };

  Producer producer() {
    auto registered = channel_.register_producer();
    if (!registered) throw std::logic_error("more producers than the channel was made for");
    return Producer(std::move(*registered));
  }
  Consumer consumer() {
    return Consumer(channel_.take_consumer(), channel_.config().enable_metrics);
  }

 private:
  ringmpsc::Channel<M> channel_;
};

/// The entry of our queue, for an adapter of it.
template <template <class> class Q>
[[nodiscard]] constexpr QueueEntry entry_of_ours() {
  return entry_of<Q, 4, 8, 16, 32, 64, 128, 256, 512, 1024>({.name = kOurQueue,
                                                             .kind = QueueKind::mpsc,
                                                             .order = "per producer",
                                                             .progress = "wait-free",
                                                             .version = kVersion});
}

}  // namespace bench::workload::our_channel
