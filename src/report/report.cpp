#include "report/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "report/sections.hpp"

namespace bench::report {
namespace {

Basis basis_of(const analysis::Evidence& evidence) {
  Basis basis{.evidence = evidence, .reference = nullptr, .compared = {}};
  for (const analysis::MachineRuns& machine : evidence.machines) {
    if (machine.results.empty()) continue;
    if (basis.reference == nullptr) {
      basis.reference = &machine;
    } else {
      basis.compared.push_back(
          {.machine = &machine,
           .comparison = analysis::compare_machines(*basis.reference, machine)});
    }
  }
  return basis;
}

std::string count_of(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string title_of(const analysis::Evidence& evidence) {
  constexpr std::size_t kMostNamed = 3;
  std::string names;
  for (std::size_t i = 0; i < evidence.machines.size() && i < kMostNamed; ++i) {
    names += fmt::format("{}{}", i == 0 ? "" : " and ", evidence.machines[i].name);
  }
  if (evidence.machines.size() > kMostNamed) {
    return fmt::format("ringmpsc-bench: {}", count_of(evidence.machines.size(), "machine"));
  }
  return names.empty() ? std::string("ringmpsc-bench") : fmt::format("ringmpsc-bench: {}", names);
}

std::string subtitle_of(const analysis::Evidence& evidence, const std::string& created) {
  std::size_t documents = evidence.verdicts.size() + evidence.stresses.size();
  for (const analysis::MachineRuns& machine : evidence.machines) {
    documents += machine.results.size() + machine.topologies.size();
  }
  const std::string of = evidence.machines.empty()
                             ? std::string()
                             : " of " + count_of(evidence.machines.size(), "machine");
  return fmt::format("How fast messages get from many threads to one, from {}{}, made {}",
                     count_of(documents, "document"), of, created);
}

}  // namespace

Report make_report(const analysis::Evidence& evidence, const std::string& created) {
  constexpr std::array kSections = {verdict_section,   differences_section, caveats_section,
                                    ratios_section,    throughput_section,  axes_section,
                                    latency_section,   cores_section,       regimes_section,
                                    integrity_section, method_section};
  const Basis basis = basis_of(evidence);
  Report report{.title = title_of(evidence),
                .subtitle = subtitle_of(evidence, created),
                .sections = {},
                .enclosures = {}};
  for (const auto& make : kSections) {
    Section section = make(basis);
    if (!section.blocks.empty()) report.sections.push_back(std::move(section));
  }
  return report;
}

}  // namespace bench::report
