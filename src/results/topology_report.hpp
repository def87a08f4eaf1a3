// What is known of the machine, reported and measured: the document of the command `topology`. Its
// JSON form is described by configs/schema/topology.schema.json.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "machine/host.hpp"
#include "machine/placement.hpp"
#include "machine/topology.hpp"
#include "results/caveat.hpp"
#include "results/document.hpp"

namespace bench::results {

/// Where a policy would put the threads of so many producers.
struct PlacementPreview {
  machine::PlacementPolicy policy = machine::PlacementPolicy::near;
  std::optional<unsigned> consumer_cpu;
  std::vector<std::optional<unsigned>> producer_cpus;
  bool oversubscribed = false;

  friend bool operator==(const PlacementPreview&, const PlacementPreview&) = default;
};

struct TopologyReport {
  bool complete = true;  ///< false if an interrupt ended it before every chosen pair was probed
  std::string created_utc;
  std::string command_line;
  Tool tool;
  machine::HostFacts host;
  std::vector<machine::TopologyNode> tree;
  std::vector<unsigned> allowed_cpus;
  std::vector<PlacementPreview> placements;
  /// Each pair once; on a machine with too many for the time, a random part of them.
  Probes probes;
  std::size_t pairs = 0;  ///< that there are
  std::vector<Caveat> caveats;

  friend bool operator==(const TopologyReport&, const TopologyReport&) = default;
};

}  // namespace bench::results
