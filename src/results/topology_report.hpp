// What is known about the machine, as reported and as measured: the document of the command
// `topology`. configs/schema/topology.schema.json describes its JSON form.
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

/// Where a policy would put the threads of a given number of producers.
struct PlacementPreview {
  machine::PlacementPolicy policy = machine::PlacementPolicy::near;
  std::optional<unsigned> consumer_cpu;
  std::vector<std::optional<unsigned>> producer_cpus;
  bool oversubscribed = false;

  friend bool operator==(const PlacementPreview&, const PlacementPreview&) = default;
};

struct TopologyReport {
  bool complete = true;  ///< false if an interrupt came before every chosen pair was probed
  std::string created_utc;
  std::string command_line;
  std::string label;        ///< what people call the machine; empty if they gave no --label
  std::vector<Note> notes;  ///< in the order of the command line
  Tool tool;
  machine::HostFacts host;
  std::vector<machine::TopologyNode> tree;
  std::vector<unsigned> allowed_cpus;
  std::vector<PlacementPreview> placements;
  /// Each pair of CPUs once; on a machine with too many pairs for the time, a random part of them.
  Probes probes;
  std::size_t pairs = 0;  ///< how many pairs there are
  std::vector<Caveat> caveats;

  friend bool operator==(const TopologyReport&, const TopologyReport&) = default;
};

}  // namespace bench::results
