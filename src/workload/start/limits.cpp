// What the machine can do at most: a raw hand-off for streams, a bounce for round trips.

#include <atomic>
#include <cstdint>
#include <optional>
#include <utility>

#include "queues/hand_off.hpp"
#include "workload/trial_of.hpp"

namespace bench::workload {
namespace {

/// Two threads that answer each other: each adds one to a counter on a line of its own when it has
/// seen the other's. Checked: neither counter can get ahead of the other.
template <bool Blocking>
class Bounce final : public TrialThreads {
 public:
  Bounce(const Spec& spec, const machine::Placement& placement)
      : TrialThreads(spec, placement), waits_(spec.wait) {
    start();
  }
  ~Bounce() override { join(); }

 private:
  std::uint64_t produce(unsigned /*id*/) override {
    TripLog log(spec_);
    if (!line_up()) return 0;
    const std::uint64_t trips = log.run([&](auto times) { return this->make_trips(times); });
    latency_ = log.histogram();
    return trips;
  }

  template <class Times>
  [[gnu::noinline]] std::uint64_t make_trips(Times times) {
    const std::uint64_t limit = spec_.messages_per_producer.value_or(UINT64_MAX);
    auto waiting = waits_.for_room.begin();
    std::uint64_t trips = 0;
    times.start();
    while (trips < limit && !signals_.stop.load(std::memory_order_relaxed)) {
      there_.store(++trips, std::memory_order_release);
      waits_.for_messages.notify();
      if (back_.load(std::memory_order_acquire) != trips) {
        do {
          waiting.step();
        } while (back_.load(std::memory_order_acquire) != trips);
        waiting.end();
      }
      times.returned();
    }
    return trips;
  }

  Clock::time_point consume(Sample& sample) override {
    if (!start_clock()) return {};
    auto waiting = waits_.for_messages.begin();
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
      signals_.consumed.store(answered_, std::memory_order_relaxed);
    }
  }

  Verification verification(std::span<const std::uint64_t> sent) override {
    return {.sent = sent[0], .received = answered_, .corrupted = wrong_};
  }

  alignas(128) std::atomic<std::uint64_t> there_{0};
  alignas(128) std::atomic<std::uint64_t> back_{0};
  alignas(128) WaitPoints<Blocking> waits_;
  std::uint64_t answered_ = 0;
  std::uint64_t wrong_ = 0;
  std::optional<LatencyHistogram> latency_;  // the producer's, until it has ended
};

}  // namespace

Started start_hand_off(const Spec& spec, const machine::Placement& placement) {
  return start_trial_of<queues::HandOff>(spec, placement);
}

Started start_bounce(const Spec& spec, const machine::Placement& placement) {
  if (spec.wait == Wait::blocking) return std::make_unique<Bounce<true>>(spec, placement);
  return std::make_unique<Bounce<false>>(spec, placement);
}

}  // namespace bench::workload
