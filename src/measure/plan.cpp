#include "measure/plan.hpp"

#include <algorithm>
#include <cstddef>

#include "analysis/caveats.hpp"
#include "machine/memory_limit.hpp"
#include "measure/memory_budget.hpp"

namespace bench::measure {
namespace {

machine::Placement place(const Request& request, const machine::Topology& topology) {
  if (request.cpus.empty()) {
    return machine::plan_placement(topology, request.policy, request.spec.producers);
  }
  auto placement = machine::plan_explicit(topology, request.cpus, request.spec.producers);
  if (!placement) throw BadRequest("--cpus: " + placement.error());
  return std::move(*placement);
}

}  // namespace

Plan make_plan(const Request& request, const machine::Topology& topology) {
  Plan plan{.spec = request.spec,
            .placement = place(request, topology),
            .trials = request.trials,
            .warmup = request.warmup,
            .seed = request.seed,
            .caveats = {}};
  const std::size_t slots = std::size_t{1} << plan.spec.ring_bits;
  if (plan.spec.batch > slots) {
    plan.caveats.push_back(analysis::batch_clamped(plan.spec.batch, slots));
    plan.spec.batch = slots;
  }
  check_memory(plan.spec, machine::memory_limit());
  return plan;
}

}  // namespace bench::measure
