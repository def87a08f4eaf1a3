#include "machine/topology.hpp"

#include <hwloc.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <map>
#include <utility>

#include "machine/bitmap.hpp"
#include "machine/cannot_measure.hpp"

namespace bench::machine {
namespace {

[[noreturn]] void fail(const char* what) {
  throw CannotMeasure(std::string("cannot read this machine's topology: ") + what + ": " +
                      std::strerror(errno));
}

std::optional<unsigned> count_of(hwloc_topology_t topology, hwloc_obj_type_t type) {
  const int count = hwloc_get_nbobjs_by_type(topology, type);
  return count > 0 ? std::optional(static_cast<unsigned>(count)) : std::nullopt;
}

const char* kind_of(hwloc_obj_cache_type_t type) {
  switch (type) {
    case HWLOC_OBJ_CACHE_UNIFIED:
      return "unified";
    case HWLOC_OBJ_CACHE_DATA:
      return "data";
    case HWLOC_OBJ_CACHE_INSTRUCTION:
      return "instruction";
  }
  return "unknown";
}

hwloc_obj_t pu_of(hwloc_topology_t topology, unsigned cpu) {
  return hwloc_get_pu_obj_by_os_index(topology, cpu);
}

hwloc_topology_t initialised() {
  hwloc_topology_t topology = nullptr;
  if (hwloc_topology_init(&topology) != 0) fail("init");
  return topology;
}

/// Refuses a topology that hwloc has from somewhere else: CPUs that are not there cannot be
/// measured. HWLOC_THISSYSTEM can claim that it is this machine's, which nothing here can check.
void check_that_it_is_this_machine(hwloc_topology_t topology) {
  std::string set;
  bool from_elsewhere = hwloc_topology_is_thissystem(topology) == 0;
  const auto look = [&](const char* name, bool replaces) {
    const char* const value = std::getenv(name);
    if (value == nullptr || *value == '\0') return;
    from_elsewhere |= replaces;
    set += (set.empty() ? "" : ", ") + std::string(name) + "=" + value;
  };
  for (const char* const name : {"HWLOC_SYNTHETIC", "HWLOC_XMLFILE", "HWLOC_FSROOT",
                                 "HWLOC_CPUID_PATH", "HWLOC_DUMPED_HWDATA_DIR"}) {
    look(name, true);
  }
  look("HWLOC_COMPONENTS", false);
  look("HWLOC_THISSYSTEM", false);
  if (!from_elsewhere) return;
  throw CannotMeasure("the topology that hwloc reports need not be this machine's (" + set +
                      "): unset the variable to measure this machine");
}

/// Adds the object and all objects below it.
void add_below(hwloc_obj_t object, unsigned depth, const Topology& topology,
               std::vector<TopologyNode>& nodes) {
  TopologyNode node{.depth = depth,
                    .kind = hwloc_obj_type_string(object->type),
                    .os_index = std::nullopt,
                    .size_bytes = std::nullopt,
                    .allowed = false};
  if (object->os_index != HWLOC_UNKNOWN_INDEX) node.os_index = object->os_index;
  if (hwloc_obj_type_is_cache(object->type) != 0) node.size_bytes = object->attr->cache.size;
  // hwloc says 0 where the system does not report the size.
  if (object->type == HWLOC_OBJ_NUMANODE && object->attr->numanode.local_memory > 0) {
    node.size_bytes = object->attr->numanode.local_memory;
  }
  for (const Cpu& cpu : topology.allowed_cpus()) {
    node.allowed |= hwloc_bitmap_isset(object->cpuset, cpu.os_index) != 0;
  }
  nodes.push_back(std::move(node));
  for (hwloc_obj_t child = object->memory_first_child; child != nullptr;
       child = child->next_sibling) {
    add_below(child, depth + 1, topology, nodes);
  }
  for (hwloc_obj_t child = object->first_child; child != nullptr; child = child->next_sibling) {
    add_below(child, depth + 1, topology, nodes);
  }
}

}  // namespace

void Topology::Destroy::operator()(hwloc_topology* topology) const noexcept {
  hwloc_topology_destroy(topology);
}

Topology::Topology() : handle_(initialised()) {
  hwloc_topology_t topology = handle_.get();
  // Includes what the cgroup forbids, so that the facts describe the whole machine. What is allowed
  // is looked up below.
  hwloc_topology_set_flags(topology, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED);
  if (hwloc_topology_load(topology) != 0) fail("load");
  const Bitmap allowed(hwloc_bitmap_dup(hwloc_topology_get_allowed_cpuset(topology)));
  const Bitmap bound(hwloc_bitmap_alloc());
  check_that_it_is_this_machine(topology);
  // The affinity mask, where the system has one. Without it, the cgroup's set alone decides.
  if (hwloc_get_cpubind(topology, bound.get(), HWLOC_CPUBIND_THREAD) == 0) {
    hwloc_bitmap_and(allowed.get(), allowed.get(), bound.get());
  }
  list_allowed(allowed.get());
}

Topology Topology::synthetic(const std::string& description, const std::vector<unsigned>& allowed) {
  Topology made(Handle{initialised()});
  if (hwloc_topology_set_synthetic(made.handle_.get(), description.c_str()) != 0) fail("synthetic");
  if (hwloc_topology_load(made.handle_.get()) != 0) fail("load");
  const Bitmap bitmap(hwloc_bitmap_alloc());
  for (const unsigned cpu : allowed) hwloc_bitmap_set(bitmap.get(), cpu);
  made.list_allowed(allowed.empty() ? hwloc_topology_get_complete_cpuset(made.handle_.get())
                                    : bitmap.get());
  return made;
}

void Topology::list_allowed(const void* bitmap) {
  const auto* const set = static_cast<const hwloc_bitmap_s*>(bitmap);
  std::map<unsigned, unsigned> seen;  // how many CPUs of each core have been seen so far
  for (hwloc_obj_t pu = nullptr;
       (pu = hwloc_get_next_obj_by_type(handle_.get(), HWLOC_OBJ_PU, pu)) != nullptr;) {
    if (hwloc_bitmap_isset(set, pu->os_index) == 0) continue;
    const hwloc_obj_t core = hwloc_get_ancestor_obj_by_type(handle_.get(), HWLOC_OBJ_CORE, pu);
    // Where cores are not reported, every CPU counts as a core.
    const unsigned number = core != nullptr ? core->logical_index : pu->logical_index;
    allowed_.push_back({.os_index = pu->os_index, .core = number, .rank_in_core = seen[number]++});
  }
  if (allowed_.empty()) throw CannotMeasure("this process may not use any CPU that hwloc reports");
}

TopologyFacts Topology::facts() const {
  hwloc_topology_t topology = handle_.get();
  return {.packages = count_of(topology, HWLOC_OBJ_PACKAGE),
          .numa_nodes = count_of(topology, HWLOC_OBJ_NUMANODE),
          .l3 = count_of(topology, HWLOC_OBJ_L3CACHE),
          .cores = count_of(topology, HWLOC_OBJ_CORE),
          .pus = count_of(topology, HWLOC_OBJ_PU),
          .allowed_pus = static_cast<unsigned>(allowed_.size())};
}

std::vector<CacheFacts> Topology::caches() const {
  constexpr hwloc_obj_type_t kTypes[] = {HWLOC_OBJ_L1CACHE, HWLOC_OBJ_L1ICACHE, HWLOC_OBJ_L2CACHE,
                                         HWLOC_OBJ_L3CACHE, HWLOC_OBJ_L4CACHE,  HWLOC_OBJ_L5CACHE};
  std::vector<CacheFacts> caches;
  for (const hwloc_obj_type_t type : kTypes) {
    const hwloc_obj_t first = hwloc_get_obj_by_type(handle_.get(), type, 0);
    if (first == nullptr) continue;
    const auto& cache = first->attr->cache;
    caches.push_back({.level = cache.depth,
                      .kind = kind_of(cache.type),
                      .count = count_of(handle_.get(), type).value_or(0),
                      .size_bytes = cache.size,
                      .line_bytes = cache.linesize});
  }
  return caches;
}

std::vector<TopologyNode> Topology::tree() const {
  std::vector<TopologyNode> nodes;
  add_below(hwloc_get_root_obj(handle_.get()), 0, *this, nodes);
  return nodes;
}

bool Topology::allows(unsigned cpu) const noexcept {
  return std::ranges::find(allowed_, cpu, &Cpu::os_index) != allowed_.end();
}

Distance Topology::distance(unsigned a, unsigned b) const {
  hwloc_topology_t topology = handle_.get();
  const hwloc_obj_t pu_a = pu_of(topology, a);
  const hwloc_obj_t pu_b = pu_of(topology, b);
  if (pu_a == nullptr || pu_b == nullptr) return Distance::apart;
  const auto share = [&](hwloc_obj_type_t type) {
    const hwloc_obj_t of_a = hwloc_get_ancestor_obj_by_type(topology, type, pu_a);
    return of_a != nullptr && of_a == hwloc_get_ancestor_obj_by_type(topology, type, pu_b);
  };
  if (a == b || share(HWLOC_OBJ_CORE)) return Distance::same_core;
  if (share(HWLOC_OBJ_L3CACHE)) return Distance::same_l3;
  if (share(HWLOC_OBJ_PACKAGE)) return Distance::same_package;
  return Distance::apart;
}

std::optional<unsigned> Topology::numa_node_of(unsigned cpu) const {
  const hwloc_obj_t pu = pu_of(handle_.get(), cpu);
  if (pu == nullptr || pu->nodeset == nullptr) return std::nullopt;
  const int node = hwloc_bitmap_first(pu->nodeset);
  return node >= 0 ? std::optional(static_cast<unsigned>(node)) : std::nullopt;
}

unsigned Topology::numa_nodes() const {
  return count_of(handle_.get(), HWLOC_OBJ_NUMANODE).value_or(1);
}

const Topology& this_machine() {
  static const Topology topology;
  return topology;
}

}  // namespace bench::machine
