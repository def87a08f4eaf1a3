#include "workload/trial.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "workload/latency_histogram.hpp"

namespace bench::workload {
std::unique_ptr<RunningTrial> start_trial(const Spec& spec, const machine::Placement& placement) {
  const QueueEntry* const entry = find_queue(spec.queue);
  if (entry == nullptr || entry->start == nullptr) {
    throw std::invalid_argument("queue " + spec.queue + ": not built in");
  }
  return entry->start(spec, placement);
}

const QueueEntry* find_queue(std::string_view name) noexcept {
  const auto table = queue_table();
  const auto found = std::ranges::find(table, name, &QueueEntry::name);
  return found == table.end() ? nullptr : &*found;
}

std::string_view limit_of(Pattern pattern) noexcept {
  return pattern == Pattern::round_trip ? "bounce" : "hand-off";
}

std::uint64_t ring_bytes(const Spec& spec) noexcept {
  const std::uint64_t one = std::uint64_t{spec.payload_bytes} << spec.ring_bits;
  const unsigned back = spec.pattern == Pattern::round_trip ? 1 : 0;
  const std::uint64_t buffers =
      spec.write == Write::copy ? spec.batch * spec.payload_bytes * spec.producers : 0;
  const std::uint64_t times =
      spec.latency || spec.pattern == Pattern::one_way ? LatencyRecorder::kBytes : 0;
  return one * (spec.producers + spec.idle_producers + back) + buffers + times;
}

}  // namespace bench::workload
