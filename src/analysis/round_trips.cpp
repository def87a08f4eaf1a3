#include "analysis/round_trips.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <ranges>
#include <set>
#include <string_view>
#include <utility>

#include "analysis/statistics.hpp"

namespace bench::analysis {
namespace {

constexpr std::size_t kParts = 4;  // all but the machine

/// Where a CPU is: the index in the tree of each part around it.
using PartsOfCpu = std::array<std::optional<std::size_t>, kParts>;

constexpr std::size_t place_of(SharedPart part) { return static_cast<std::size_t>(part); }

std::optional<SharedPart> part_of_kind(std::string_view kind) {
  if (kind == "Core") return SharedPart::core;
  if (kind == "L3Cache") return SharedPart::l3;
  if (kind == "Package") return SharedPart::package;
  return std::nullopt;
}

/// The parts around each CPU of the tree, in which every object comes before what is in it.
std::map<unsigned, PartsOfCpu> parts_of_cpus(const std::vector<machine::TopologyNode>& tree) {
  struct Around {
    unsigned depth = 0;
    bool memory = false;  // a cache in front of memory, which stands beside the CPUs of its parent
    PartsOfCpu parts;
  };
  std::vector<Around> around;
  std::map<unsigned, PartsOfCpu> cpus;
  for (std::size_t i = 0; i < tree.size(); ++i) {
    const machine::TopologyNode& node = tree[i];
    while (!around.empty() && around.back().depth >= node.depth) around.pop_back();
    Around here{.depth = node.depth,
                .memory = node.kind == "MemCache",
                .parts = around.empty() ? PartsOfCpu() : around.back().parts};
    if (const auto part = part_of_kind(node.kind)) here.parts[place_of(*part)] = i;
    if (node.kind == "NUMANode") {
      // It holds for all CPUs of the object that it is attached to. A second one there (memory of
      // another kind) divides them no further.
      const auto outwards = around | std::views::reverse;
      const auto beside =
          std::ranges::find_if(outwards, [](const Around& one) { return !one.memory; });
      const bool nested = beside != outwards.end();
      if (nested && !beside->parts[place_of(SharedPart::numa_node)]) {
        beside->parts[place_of(SharedPart::numa_node)] = i;
      }
      continue;
    }
    if (node.kind == "PU" && node.os_index) cpus[*node.os_index] = here.parts;
    around.push_back(here);
  }
  return cpus;
}

/// Whether some `whole` has CPUs of several of the `part`s. If `whole` is the machine: whether
/// there are several.
bool divides(SharedPart part, SharedPart whole, const std::vector<PartsOfCpu>& cpus) {
  std::map<std::optional<std::size_t>, std::set<std::size_t>> found;
  for (const PartsOfCpu& cpu : cpus) {
    const auto& in = whole == SharedPart::machine ? std::nullopt : cpu[place_of(whole)];
    if (whole != SharedPart::machine && !in) continue;
    if (const auto& one = cpu[place_of(part)]) found[in].insert(*one);
  }
  return std::ranges::any_of(found, [](const auto& entry) { return entry.second.size() > 1; });
}

/// The parts that the system reports, the smallest first.
std::vector<SharedPart> known_parts(const std::vector<PartsOfCpu>& cpus) {
  using enum SharedPart;
  const auto known = [&](SharedPart part) {
    return std::ranges::any_of(
        cpus, [part](const PartsOfCpu& cpu) { return cpu[place_of(part)].has_value(); });
  };
  std::vector<SharedPart> parts;
  if (known(core)) parts.push_back(core);
  const bool below_l3 = divides(numa_node, l3, cpus);
  if (below_l3) parts.push_back(numa_node);
  if (known(l3)) parts.push_back(l3);
  if (!below_l3 && divides(numa_node, known(package) ? package : machine, cpus)) {
    parts.push_back(numa_node);
  }
  if (known(package)) parts.push_back(package);
  return parts;
}

}  // namespace

std::vector<RoundTrips> round_trips_by_part(const results::Survey& survey) {
  const std::map<unsigned, PartsOfCpu> all = parts_of_cpus(survey.tree);
  std::vector<PartsOfCpu> cpus;
  cpus.reserve(survey.allowed_cpus.size());
  for (const unsigned cpu : survey.allowed_cpus) {
    const auto found = all.find(cpu);
    cpus.push_back(found == all.end() ? PartsOfCpu() : found->second);
  }
  std::map<std::pair<unsigned, unsigned>, double> measured;
  for (const results::PairProbe& pair : survey.probes.core_to_core) {
    measured[std::minmax(pair.from, pair.to)] = pair.p50_ns;
  }
  const std::vector<SharedPart> parts = known_parts(cpus);
  struct Found {
    std::size_t pairs = 0;
    std::vector<double> ns;
  };
  std::vector<Found> found(parts.size() + 1);  // the last one is for pairs that share the machine
  for (std::size_t i = 0; i < cpus.size(); ++i) {
    for (std::size_t j = i + 1; j < cpus.size(); ++j) {
      const auto shared = std::ranges::find_if(parts, [&](SharedPart part) {
        const auto& of_one = cpus[i][place_of(part)];
        return of_one && of_one == cpus[j][place_of(part)];
      });
      Found& group = found[static_cast<std::size_t>(shared - parts.begin())];
      ++group.pairs;
      const auto pair = measured.find(std::minmax(survey.allowed_cpus[i], survey.allowed_cpus[j]));
      if (pair != measured.end()) group.ns.push_back(pair->second);
    }
  }
  std::vector<RoundTrips> groups;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i].pairs == 0) continue;
    RoundTrips& group = groups.emplace_back();
    group.shared = i < parts.size() ? parts[i] : SharedPart::machine;
    if (i > 0) group.between = parts[i - 1];
    if (!found[i].ns.empty()) group.median_ns = median(found[i].ns);
    group.measured = found[i].ns.size();
    group.pairs = found[i].pairs;
  }
  return groups;
}

}  // namespace bench::analysis
