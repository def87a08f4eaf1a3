#include "analysis/machines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <variant>

namespace bench::analysis {
namespace {

/// What a host is, whatever it is called.
auto kind_of(const machine::HostFacts& host) { return std::tie(host.cpu_model, host.topology.pus); }

auto identity_of(const machine::HostFacts& host) {
  return std::tie(host.hostname, host.cpu_model, host.topology.pus);
}

/// The machine that the document was measured on, with the notes of the document.
MachineRuns& machine_of(Evidence& evidence, const auto& document) {
  const auto same = [&](const MachineRuns& machine) {
    if (machine.label != document.label) return false;
    // A host's name is often equal or meaningless; people who give a label know better.
    return document.label.empty() ? identity_of(machine.host) == identity_of(document.host)
                                  : kind_of(machine.host) == kind_of(document.host);
  };
  auto at = std::ranges::find_if(evidence.machines, same);
  if (at == evidence.machines.end()) {
    at = evidence.machines.insert(
        at, MachineRuns{.name = {}, .host = document.host, .label = document.label});
  }
  for (const results::Note& note : document.notes) {
    if (std::ranges::find(at->notes, note) == at->notes.end()) at->notes.push_back(note);
  }
  return *at;
}

void add(Evidence& evidence, std::string file, results::Document document) {
  machine_of(evidence, document)
      .results.push_back({.file = std::move(file), .document = std::move(document)});
}

void add(Evidence& evidence, std::string file, results::TopologyReport report) {
  machine_of(evidence, report)
      .topologies.push_back({.file = std::move(file), .document = std::move(report)});
}

void add(Evidence& evidence, std::string file, results::VerdictReport report) {
  evidence.verdicts.push_back({.file = std::move(file), .document = std::move(report)});
}

void add(Evidence& evidence, std::string file, results::StressReport report) {
  evidence.stresses.push_back({.file = std::move(file), .document = std::move(report)});
}

/// Adds the documents and the notes of the one to the other.
void join(MachineRuns& machine, MachineRuns other) {
  if (machine.label.empty()) machine.label = other.label;
  std::ranges::move(other.results, std::back_inserter(machine.results));
  std::ranges::move(other.topologies, std::back_inserter(machine.topologies));
  for (const results::Note& note : other.notes) {
    if (std::ranges::find(machine.notes, note) == machine.notes.end()) {
      machine.notes.push_back(note);
    }
  }
}

/// Documents without a label are of the machine that other documents give one, unless several
/// labels stand for such a machine.
void join_unlabelled(std::vector<MachineRuns>& machines) {
  for (std::size_t i = 0; i < machines.size(); ++i) {
    if (!machines[i].label.empty()) continue;
    std::vector<std::size_t> labelled;
    for (std::size_t j = 0; j < machines.size(); ++j) {
      const bool same = identity_of(machines[j].host) == identity_of(machines[i].host);
      if (same && !machines[j].label.empty()) labelled.push_back(j);
    }
    if (labelled.size() != 1) continue;
    const auto [first, second] = std::minmax(i, labelled.front());
    join(machines[first], std::move(machines[second]));
    machines.erase(machines.begin() + static_cast<std::ptrdiff_t>(second));
    i = first;
  }
}

/// What people call the machine, or its own name, or its processor's.
std::string plain_name(const MachineRuns& machine) {
  if (!machine.label.empty()) return machine.label;
  if (machine.host.hostname) return *machine.host.hostname;
  return machine.host.cpu_model.value_or("unknown machine");
}

/// Gives each machine a name. Those of the same name have their number after it, or the next one
/// that makes a name which no machine has.
void name_machines(std::vector<MachineRuns>& machines) {
  std::map<std::string, std::size_t> count;
  for (const MachineRuns& machine : machines) ++count[plain_name(machine)];
  std::set<std::string> taken;
  for (const auto& [name, machines_of_it] : count) {
    if (machines_of_it == 1) taken.insert(name);
  }
  std::map<std::string, std::size_t> last;
  for (MachineRuns& machine : machines) {
    const std::string plain = plain_name(machine);
    machine.name = plain;
    if (count[plain] == 1) continue;
    do {
      machine.name = fmt::format("{} ({})", plain, ++last[plain]);
    } while (!taken.insert(machine.name).second);
  }
}

}  // namespace

Evidence sorted_by_machine(std::vector<Named<results::AnyDocument>> documents) {
  Evidence evidence;
  for (auto& [file, document] : documents) {
    std::visit([&](auto& one) { add(evidence, std::move(file), std::move(one)); }, document);
  }
  join_unlabelled(evidence.machines);
  name_machines(evidence.machines);
  return evidence;
}

}  // namespace bench::analysis
