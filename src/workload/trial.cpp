#include "workload/trial.hpp"

#include "workload/latency_histogram.hpp"

namespace bench::workload {

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
