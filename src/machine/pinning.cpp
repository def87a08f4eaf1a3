#include "machine/pinning.hpp"

#include <hwloc.h>

#include <memory>

#include "machine/bitmap.hpp"
#include "machine/topology.hpp"

namespace bench::machine {
namespace {

Bitmap only(unsigned index) {
  Bitmap bitmap(hwloc_bitmap_alloc());
  hwloc_bitmap_only(bitmap.get(), index);
  return bitmap;
}

/// The only member of a set; null if the set has no member or several.
std::optional<unsigned> single(const Bitmap& set) {
  if (hwloc_bitmap_weight(set.get()) != 1) return std::nullopt;
  return static_cast<unsigned>(hwloc_bitmap_first(set.get()));
}

}  // namespace

bool bind_this_thread(unsigned cpu) noexcept {
  return hwloc_set_cpubind(this_machine().handle(), only(cpu).get(),
                           HWLOC_CPUBIND_THREAD | HWLOC_CPUBIND_STRICT) == 0;
}

CpuOfThread cpu_of_this_thread() noexcept {
  hwloc_topology_t topology = this_machine().handle();
  const Bitmap set(hwloc_bitmap_alloc());
  if (hwloc_get_cpubind(topology, set.get(), HWLOC_CPUBIND_THREAD) == 0) {
    if (const auto cpu = single(set)) return {.cpu = cpu, .pinned = true};
  }
  if (hwloc_get_last_cpu_location(topology, set.get(), HWLOC_CPUBIND_THREAD) == 0) {
    return {.cpu = single(set), .pinned = false};
  }
  return {};
}

std::optional<unsigned> bind_memory_near(unsigned cpu) noexcept {
  const Topology& machine = this_machine();
  const auto node = machine.numa_node_of(cpu);
  if (machine.numa_nodes() < 2 || !node) return std::nullopt;
  constexpr int kFlags = HWLOC_MEMBIND_THREAD | HWLOC_MEMBIND_BYNODESET;
  hwloc_topology_t topology = machine.handle();
  // Not strict: if the node is full, memory from another node beats the out-of-memory killer.
  if (hwloc_set_membind(topology, only(*node).get(), HWLOC_MEMBIND_BIND, kFlags) != 0) {
    return std::nullopt;
  }
  const Bitmap set(hwloc_bitmap_alloc());
  hwloc_membind_policy_t policy{};
  if (hwloc_get_membind(topology, set.get(), &policy, kFlags) != 0) return std::nullopt;
  return single(set);
}

}  // namespace bench::machine
