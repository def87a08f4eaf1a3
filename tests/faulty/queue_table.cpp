// Takes the place of the program's table of queues: its only queue is wrong in the way that the
// environment variable FAULT names.

#include <array>
#include <cstdlib>
#include <stdexcept>
#include <string_view>

#include "faulty/faulty_queue.hpp"
#include "workload/trial.hpp"
#include "workload/trial_of.hpp"

namespace bench::workload {
namespace {

std::unique_ptr<RunningTrial> start_faulty(const Spec& spec, const machine::Placement& placement) {
  const char* const variable = std::getenv("FAULT");
  const std::string_view fault = variable == nullptr ? "" : variable;
  if (fault == "loses") return start_trial_of<testing::LosingQueue>(spec, placement);
  if (fault == "repeats") return start_trial_of<testing::RepeatingQueue>(spec, placement);
  if (fault == "reorders") return start_trial_of<testing::ReorderingQueue>(spec, placement);
  if (fault == "corrupts") return start_trial_of<testing::CorruptingQueue>(spec, placement);
  throw std::invalid_argument("FAULT must be loses, repeats, reorders or corrupts");
}

}  // namespace

std::span<const QueueEntry> queue_table() noexcept {
  static constexpr std::array kQueues = {QueueEntry{"ringmpsc", start_faulty}};
  return kQueues;
}

}  // namespace bench::workload
