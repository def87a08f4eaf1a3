// Takes the place of the program's table of queues: its only queue is wrong, and made for what the
// tests ask of it.

#include <array>
#include <memory>
#include <stdexcept>

#include "faulty/faulty_queue.hpp"
#include "workload/trial.hpp"
#include "workload/trial_of.hpp"

namespace bench::workload {
namespace {

Started start_faulty(const Spec& spec, const machine::Placement& placement) {
  using M = Message<8>;
  if (spec.payload_bytes != sizeof(M) || spec.consume != Consume::verify ||
      spec.wait == Wait::blocking) {
    throw std::invalid_argument("the faulty queue is for messages of 8 bytes, verified");
  }
  if (spec.pattern == Pattern::round_trip) {
    return std::make_unique<RoundTripOf<testing::FaultyQueue<M>, M, false>>(spec, placement);
  }
  if (spec.pattern == Pattern::one_way) {
    return std::make_unique<OneWayOf<testing::FaultyQueue<M>, M, false>>(spec, placement);
  }
  return std::make_unique<TrialOf<testing::FaultyQueue<M>, M, VerifyingSink, false>>(spec,
                                                                                     placement);
}

}  // namespace

std::span<const QueueEntry> queue_table() noexcept {
  static constexpr std::array kQueues = {
      QueueEntry{"bounce", QueueKind::limit, "", "", "faulty", start_faulty},
      QueueEntry{"ringmpsc", QueueKind::mpsc, "per producer", "wait-free", "faulty", start_faulty,
                 true},
  };
  return kQueues;
}

}  // namespace bench::workload
