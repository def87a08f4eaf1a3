// The sections of a report, each in a file of its own. One without anything to show has no blocks.
#pragma once

#include "analysis/machine_comparison.hpp"
#include "analysis/machines.hpp"
#include "report/blocks.hpp"

namespace bench::report {

/// How each machine but the first compares with the first one; those without results have none.
struct ComparedMachine {
  const analysis::MachineRuns* machine = nullptr;
  analysis::MachineComparison comparison;
};

/// What every section is made from.
struct Basis {
  const analysis::Evidence& evidence;
  const analysis::MachineRuns* reference = nullptr;  ///< the first with results; null if none has
  std::vector<ComparedMachine> compared;
};

/// Which machine is faster at what, and how sure that is: in sentences, or in tables where there
/// are many machines.
[[nodiscard]] Section verdict_section(const Basis& basis);
/// The machines, builds and methods side by side: what differs, and folded what does not.
[[nodiscard]] Section differences_section(const Basis& basis);
/// Reasons to read the figures with care, worst first, each once.
[[nodiscard]] Section caveats_section(const Basis& basis);
/// The ratio of every matched series, sorted by size.
[[nodiscard]] Section ratios_section(const Basis& basis);
/// Messages a second by the number of producers.
[[nodiscard]] Section throughput_section(const Basis& basis);
/// A panel for each other axis that the documents have.
[[nodiscard]] Section axes_section(const Basis& basis);
/// Percentiles, and times by the rate that was offered.
[[nodiscard]] Section latency_section(const Basis& basis);
/// Round trips from core to core.
[[nodiscard]] Section cores_section(const Basis& basis);
/// The trials in the order of time, and what happened to the machine meanwhile.
[[nodiscard]] Section regimes_section(const Basis& basis);
/// The account of every message.
[[nodiscard]] Section integrity_section(const Basis& basis);
/// How everything was measured, and how to measure it again.
[[nodiscard]] Section method_section(const Basis& basis);

}  // namespace bench::report
