#include "workload/timing.hpp"

namespace bench::workload {

void TripTimes::returned() noexcept {
  const std::uint64_t now = clock_.now();
  latencies_.record(clock_.ns_between(last_, now));
  last_ = now;
}

}  // namespace bench::workload
