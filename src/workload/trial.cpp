#include "workload/trial.hpp"

#include "ringmpsc/detail/celled.hpp"
#include "workload/latency_histogram.hpp"

namespace bench::workload {

namespace {

/// The bytes of one ring's slots.
std::uint64_t slot_bytes(const Spec& spec) noexcept {
  const std::uint64_t slots = std::uint64_t{1} << spec.ring_bits;
  if (spec.layout != Layout::celled) return slots * spec.payload_bytes;
  const std::uint64_t shared = ringmpsc::detail::cell_messages(spec.payload_bytes);
  const std::uint64_t cell =
      shared > 1 ? ringmpsc::detail::kCellBytes : spec.payload_bytes + sizeof(std::uint64_t);
  return (slots + shared - 1) / shared * cell;
}

}  // namespace

std::uint64_t ring_bytes(const Spec& spec) noexcept {
  const unsigned back = spec.pattern == Pattern::round_trip ? 1 : 0;
  const std::uint64_t buffers =
      spec.write == Write::copy ? spec.batch * spec.payload_bytes * spec.producers : 0;
  const std::uint64_t times =
      spec.latency || spec.pattern == Pattern::one_way ? LatencyRecorder::kBytes : 0;
  return slot_bytes(spec) * (spec.producers + spec.idle_producers + back) + buffers + times;
}

}  // namespace bench::workload
