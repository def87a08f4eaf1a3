// Streams: producers send as fast as they can, and the consumer takes what comes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "machine/placement.hpp"
#include "workload/loops.hpp"
#include "workload/message.hpp"
#include "workload/pace.hpp"
#include "workload/queue.hpp"
#include "workload/queue_table.hpp"
#include "workload/sinks.hpp"
#include "workload/trial_threads.hpp"
#include "workload/waiting.hpp"

namespace bench::workload {

/// Idle producers, registered until their owner finishes.
template <class Q>
[[nodiscard]] auto idle_producers_of(Q& queue, const Spec& spec) {
  std::vector<decltype(queue.producer())> idle;
  idle.reserve(spec.idle_producers);
  for (unsigned i = 0; i < spec.idle_producers; ++i) idle.push_back(queue.producer());
  return idle;
}

/// A capacity of 1 disables pausing.
inline constexpr std::size_t kNeverPause = 1;

/// The adaptive strategy keeps the consumer at a distance from its producers. With the other
/// strategies the consumer is greedy.
[[nodiscard]] inline Pace pace_of(const Spec& spec) noexcept {
  return Pace(spec.wait == Wait::adaptive ? std::size_t{1} << spec.ring_bits : kNeverPause);
}

/// A stream through queue Q of messages M.
template <class Q, class M>
  requires QueueUnderTest<Q, M>
class StreamOf final : public TrialThreads {
 public:
  StreamOf(const Spec& spec, const machine::Placement& placement)
      : TrialThreads(spec, placement),
        queue_(queue_options(spec)),
        waits_(spec.wait),
        sink_(sink_for(spec)) {
    start();
  }
  ~StreamOf() override { join(); }

 private:
  using Sink = std::variant<VerifyingSink<M>, ReadingSink<M>, CountingSink<M>>;

  static Sink sink_for(const Spec& spec) {
    switch (spec.consume) {
      case Consume::verify:
        return Sink(std::in_place_type<VerifyingSink<M>>, spec.producers);
      case Consume::read:
        return Sink(std::in_place_type<ReadingSink<M>>, spec.producers);
      case Consume::count:
        return Sink(std::in_place_type<CountingSink<M>>, spec.producers);
    }
    std::unreachable();
  }

  std::uint64_t produce(unsigned id) override {
    auto producer = queue_.producer();
    std::vector<decltype(queue_.producer())> idle;
    if (id == 0) idle = idle_producers_of(queue_, spec_);
    if constexpr (requires { std::move(producer).deferred(); }) {
      if (spec_.write == Write::deferred) {
        auto deferred = std::move(producer).deferred();
        return line_up(id) ? singly(std::move(deferred), id) : 0;
      }
    }
    if (spec_.batch == 1) return line_up(id) ? singly(std::move(producer), id) : 0;
    if constexpr (requires { producer.produce(1, [](std::span<M>) {}); }) {
      if (spec_.write == Write::in_place) {
        if (!line_up(id)) return 0;
        return send_in_place<M>(std::move(producer), id, spec_.batch, limit(), signals_, waits_);
      }
    }
    std::vector<M> buffer(spec_.batch);
    if (!line_up(id)) return 0;
    return send_copies<M>(std::move(producer), id, std::span(buffer), limit(), signals_, waits_);
  }

  /// Asks once whether the consumer may sleep: a push is so short that asking for each would show
  /// in the figures.
  template <class P>
  std::uint64_t singly(P producer, unsigned id) {
    if (waits_.for_messages.sleeps()) {
      return send_singly<M, true>(std::move(producer), id, limit(), signals_, waits_);
    }
    return send_singly<M, false>(std::move(producer), id, limit(), signals_, waits_);
  }

  [[nodiscard]] std::uint64_t limit() const noexcept {
    return spec_.messages_per_producer.value_or(UINT64_MAX);
  }

  Clock::time_point consume(Sample& sample) override {
    auto consumer = queue_.consumer();
    if (!start_clock()) return {};
    const auto last = std::visit(
        [&](auto& sink) {
          return consume_to_the_end(consumer, sink, spec_.producers, signals_, pace_of(spec_),
                                    waits_);
        },
        sink_);
    sample.metrics = metrics(consumer);
    return last;
  }

  Verification verification(std::span<const std::uint64_t> sent) override {
    return std::visit([&](auto& sink) { return sink.verification(sent); }, sink_);
  }

  Q queue_;
  WaitPoints waits_;
  Sink sink_;
};

}  // namespace bench::workload
