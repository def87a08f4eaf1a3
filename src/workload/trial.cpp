#include "workload/trial.hpp"

#include "workload/latency_histogram.hpp"

namespace bench::workload {

std::uint64_t ring_bytes(const Spec& spec) noexcept {
  // A cell has 8 bytes beside its messages, and those of up to 8 bytes share cells of 64.
  const std::uint64_t beside = spec.layout == Layout::celled ? 8 : 0;
  const std::uint64_t one = (spec.payload_bytes + beside) << spec.ring_bits;
  const unsigned back = spec.pattern == Pattern::round_trip ? 1 : 0;
  const std::uint64_t buffers =
      spec.write == Write::copy ? spec.batch * spec.payload_bytes * spec.producers : 0;
  const std::uint64_t times =
      spec.latency || spec.pattern == Pattern::one_way ? LatencyRecorder::kBytes : 0;
  return one * (spec.producers + spec.idle_producers + back) + buffers + times;
}

}  // namespace bench::workload
