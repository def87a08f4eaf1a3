// Takes the place of the program's table of queues: its only queue is wrong.

#include <array>

#include "faulty/faulty_queue.hpp"
#include "workload/trial.hpp"
#include "workload/trial_of.hpp"

namespace bench::workload {

std::span<const QueueEntry> queue_table() noexcept {
  static constexpr std::array kQueues = {
      QueueEntry{"ringmpsc", start_trial_of<testing::FaultyQueue>},
  };
  return kQueues;
}

}  // namespace bench::workload
