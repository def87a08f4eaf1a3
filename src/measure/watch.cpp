#include "measure/watch.hpp"

#include <algorithm>
#include <utility>

namespace bench::measure {
namespace {

/// The most that one look adds to the time without progress. Where the process is throttled, looks
/// come late, and the threads had as little time as the supervisor.
constexpr double kMostOfALook = 0.2;

}  // namespace

Watch::Verdict Watch::look(double now_s, double cpu_s, const workload::TrialState& state) {
  std::vector<Progress> progress;
  progress.reserve(state.producers.size() + 1);
  progress.push_back({.stage = state.consumer.stage, .messages = state.consumer.messages});
  bool starting = false;
  bool all_ended = true;
  std::uint64_t sent = 0;
  for (const workload::ThreadState& producer : state.producers) {
    progress.push_back({.stage = producer.stage, .messages = producer.messages});
    starting |= producer.stage == workload::Stage::starting;
    all_ended &= producer.stage == workload::Stage::ended;
    sent += producer.messages;
  }
  const double gap = last_s_ < 0 ? 0 : std::max(0.0, now_s - last_s_);
  const double used = cpu_s - std::exchange(last_cpu_s_, cpu_s);
  last_s_ = now_s;
  if (gap > kStopSeconds || (gap > kShortStopSeconds && used < gap / 2)) stopped_s_ += gap;
  quiet_s_ = progress == seen_ ? quiet_s_ + std::min(gap, kMostOfALook) : 0;
  seen_ = std::move(progress);
  if (all_ended && state.consumer.messages > sent) return Verdict::too_many;
  const double patience = kPatienceSeconds + (starting ? starting_s_ : 0);
  return quiet_s_ > patience ? Verdict::stuck : Verdict::going;
}

}  // namespace bench::measure
