// Not a queue, but the quickest round trip that the machine can do.

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "build_info.hpp"
#include "workload/message.hpp"
#include "workload/queue_table.hpp"
#include "workload/timing.hpp"
#include "workload/trial_threads.hpp"
#include "workload/waiting.hpp"

namespace bench::workload::bounce {

/// Two threads that answer each other. Each adds one to a counter, on a cache line of its own, when
/// it has seen the other's counter. The trial checks that neither counter gets ahead of the other.
class Bounce final : public TrialThreads {
 public:
  Bounce(const Spec& spec, const machine::Placement& placement)
      : TrialThreads(spec, placement), waits_(spec.wait) {
    start();
  }
  ~Bounce() override { join(); }

 private:
  std::uint64_t produce(unsigned id) override {
    std::optional<TripTimes> times;
    if (spec_.latency) times.emplace();
    if (!line_up(id)) return 0;
    const std::uint64_t trips = make_trips(times ? &*times : nullptr);
    if (times) latency_ = times->histogram();
    return trips;
  }

  /// `times` is null if the trips are not timed.
  [[gnu::noinline]] std::uint64_t make_trips(TripTimes* times) {
    const std::uint64_t limit = spec_.messages_per_producer.value_or(UINT64_MAX);
    Position& position = signals_.producers[0];
    auto waiting = waits_.for_room.begin(position);
    std::uint64_t trips = 0;
    if (times != nullptr) times->start();
    while (trips < limit && !signals_.stop.load(std::memory_order_relaxed)) {
      there_.store(++trips, std::memory_order_release);
      position.has(trips);
      waits_.for_messages.notify();
      if (back_.load(std::memory_order_acquire) != trips) {
        do {
          if (signals_.off.load(std::memory_order_relaxed)) return trips;
          waiting.step();
        } while (back_.load(std::memory_order_acquire) != trips);
        waiting.end();
      }
      if (times != nullptr) times->returned();
    }
    return trips;
  }

  Clock::time_point consume(Sample& sample) override {
    if (!start_clock()) return {};
    auto waiting = waits_.for_messages.begin(signals_.consumer);
    bool waited = false;
    while (true) {
      const bool ended = signals_.ended.load(std::memory_order_acquire) == 1;
      const std::uint64_t seen = there_.load(std::memory_order_acquire);
      if (seen == answered_) {
        if (ended) {
          const auto end = Clock::now();
          sample.latency = std::move(latency_);
          return end;
        }
        waiting.step();
        waited = true;
        continue;
      }
      if (waited) waiting.end();
      waited = false;
      if (seen != ++answered_) ++wrong_;
      back_.store(seen, std::memory_order_release);
      waits_.for_room.notify();
      signals_.consumer.has(answered_);
    }
  }

  Verification verification(std::span<const std::uint64_t> sent) override {
    return {.sent = sent[0], .received = answered_, .corrupted = wrong_};
  }

  alignas(128) std::atomic<std::uint64_t> there_{0};
  alignas(128) std::atomic<std::uint64_t> back_{0};
  alignas(128) WaitPoints waits_;
  std::uint64_t answered_ = 0;
  std::uint64_t wrong_ = 0;
  std::optional<LatencyHistogram> latency_;  // written by the producer, read after it has ended
};

Started start_bounce(const Spec& spec, const machine::Placement& placement) {
  return std::make_unique<Bounce>(spec, placement);
}

/// It moves counters and no messages, so that it has every message size.
const InTable kInTable({.name = "bounce",
                        .kind = QueueKind::limit,
                        .version = kVersion,
                        .payloads = kPayloadBytes,
                        .start = start_bounce});

}  // namespace bench::workload::bounce
