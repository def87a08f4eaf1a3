// The queues that are built in. A line each; the adapters are in queues/.

#include <array>

#include "queues/ringmpsc.hpp"
#include "workload/trial.hpp"
#include "workload/trial_of.hpp"

namespace bench::workload {

std::span<const QueueEntry> queue_table() noexcept {
  static constexpr std::array kQueues = {
      QueueEntry{"ringmpsc", start_trial_of<queues::RingMpsc>},
  };
  return kQueues;
}

}  // namespace bench::workload
