// This project's channel as a queue under test, for its entry in the table and for the tests that
// change how it behaves.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>

#include "build_info.hpp"
#include "ringmpsc/ringmpsc.hpp"
#include "workload/trial_of.hpp"

namespace bench::workload::our_channel {

template <class M, Layout L>
class RingMpsc {
 public:
  explicit RingMpsc(const QueueOptions& options)
      : channel_({.ring_bits = options.ring_bits,
                  .max_producers = options.producers,
                  .enable_metrics = options.metrics}) {}

  class Producer {
   public:
    explicit Producer(ringmpsc::Producer<M, L> producer) noexcept
        : producer_(std::move(producer)) {}

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

    template <Layout Own = L>
      requires(Own == Layout::dense)
    auto deferred() && {
      return ringmpsc::Deferred(std::move(producer_));
    }

   private:
    ringmpsc::Producer<M, L> producer_;
  };

  class Consumer {
   public:
    Consumer(ringmpsc::Consumer<M, L> consumer, bool metrics) noexcept
        : consumer_(std::move(consumer)), metrics_(metrics) {}

    template <class Read>
    std::size_t consume(Read&& read) {
      return consumer_.consume_all([&read](std::span<M> run) noexcept { read(run); });
    }

    std::optional<ringmpsc::Metrics> metrics() {
      return metrics_ ? std::optional(consumer_.metrics()) : std::nullopt;
    }

   private:
    ringmpsc::Consumer<M, L> consumer_;
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
  ringmpsc::Channel<M, L> channel_;
};

template <class M>
using Celled = RingMpsc<M, Layout::celled>;
template <class M>
using Dense = RingMpsc<M, Layout::dense>;

/// Starts a trial of the adapter that has the spec's layout.
template <template <class> class OfCelled, template <class> class OfDense, std::size_t... Bytes>
Started start_in_layout(const Spec& spec, const machine::Placement& placement) {
  return spec.layout.value_or(layout_for(spec)) == Layout::dense
             ? start_trial_of<OfDense, Bytes...>(spec, placement)
             : start_trial_of<OfCelled, Bytes...>(spec, placement);
}

template <template <class> class OfCelled, template <class> class OfDense, std::size_t... Bytes>
std::unique_ptr<AnyQueue> any_in_layout(std::size_t bytes, const QueueOptions& options) {
  return options.layout == Layout::dense ? make_any_queue<OfDense, Bytes...>(bytes, options)
                                         : make_any_queue<OfCelled, Bytes...>(bytes, options);
}

template <template <class> class OfCelled, template <class> class OfDense, std::size_t... Bytes>
[[nodiscard]] constexpr QueueEntry entry_in_layouts() {
  // What a layout cannot do, the plan refuses; the dense one can do all.
  QueueEntry entry = entry_of<OfDense, Bytes...>({.name = kOurQueue,
                                                  .kind = QueueKind::mpsc,
                                                  .order = "per producer",
                                                  .progress = "wait-free",
                                                  .version = kVersion});
  entry.layouts = true;
  entry.start = start_in_layout<OfCelled, OfDense, Bytes...>;
  entry.make_any = any_in_layout<OfCelled, OfDense, Bytes...>;
  return entry;
}

/// The entry of our queue, for an adapter of each of its layouts.
template <template <class> class OfCelled, template <class> class OfDense>
[[nodiscard]] constexpr QueueEntry entry_of_ours() {
  return entry_in_layouts<OfCelled, OfDense, 4, 8, 16, 32, 64, 128, 256, 512, 1024>();
}

}  // namespace bench::workload::our_channel
