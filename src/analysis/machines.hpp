// Which documents are of the same machine.
#pragma once

#include <string>
#include <vector>

#include "analysis/matching.hpp"
#include "machine/host.hpp"
#include "results/json.hpp"

namespace bench::analysis {

/// A document of another kind than a result.
template <class T>
struct Named {
  std::string file;  ///< what people call it
  T document;
};

/// What was measured on one machine. Several results of it are several runs.
struct MachineRuns {
  std::string name;  ///< its label, or else its host's name; no other machine has it
  machine::HostFacts host;
  std::string label = {};  ///< empty if people gave it none
  std::vector<results::Note> notes = {};
  DocumentsOfSide results = {};
  std::vector<Named<results::TopologyReport>> topologies = {};
};

/// Everything that a comparison of machines has to go by.
struct Evidence {
  /// In the order in which they were first met.
  std::vector<MachineRuns> machines;
  std::vector<Named<results::VerdictReport>> verdicts;
  std::vector<Named<results::StressReport>> stresses;
};

/// Sorts the documents by machine. Two are of one machine if their labels and processors are the
/// same, whatever their hosts are called; without a label, if their hosts' names and processors
/// are.
[[nodiscard]] Evidence sorted_by_machine(std::vector<Named<results::AnyDocument>> documents);

}  // namespace bench::analysis
