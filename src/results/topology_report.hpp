// What is known about the machine, as reported and as measured: the document of the command
// `topology`. configs/schema/topology.schema.json describes its JSON form.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "machine/host.hpp"
#include "machine/placement.hpp"
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

/// A survey with what else is known of the machine.
struct TopologyReport : Survey {
  std::string created_utc;
  std::string command_line;
  std::string label;        ///< what people call the machine; empty if they gave no --label
  std::vector<Note> notes;  ///< in the order of the command line
  Tool tool;
  machine::HostFacts host;
  std::vector<PlacementPreview> placements;
  std::vector<Caveat> caveats;

  friend bool operator==(const TopologyReport&, const TopologyReport&) = default;
};

}  // namespace bench::results
