#include "measure/observed.hpp"

#include <algorithm>
#include <optional>

namespace bench::measure {

results::ObservedPlacement observed(const machine::Placement& planned,
                                    const std::vector<workload::Sample>& samples) {
  results::ObservedPlacement placement{.policy = planned.policy,
                                       .pinned = false,
                                       .consumer_cpu = std::nullopt,
                                       .producer_cpus = {},
                                       .oversubscribed = planned.oversubscribed,
                                       .memory = results::MemoryPlace::first_touch};
  if (samples.empty()) return placement;
  const workload::Sample& last = samples.back();
  placement.consumer_cpu = last.consumer.cpu;
  for (const workload::ThreadCpu& producer : last.producers) {
    placement.producer_cpus.push_back(producer.cpu);
  }
  if (std::ranges::all_of(last.memory_nodes, &std::optional<unsigned>::has_value)) {
    placement.memory = results::MemoryPlace::bound;
  }
  const auto all_pinned = [](const workload::Sample& sample) {
    return sample.consumer.pinned &&
           std::ranges::all_of(sample.producers, &workload::ThreadCpu::pinned);
  };
  placement.pinned = std::ranges::all_of(samples, all_pinned);
  return placement;
}

}  // namespace bench::measure
