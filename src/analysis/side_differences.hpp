// What differs between documents that are compared, besides what is compared.
#pragma once

#include <string>
#include <vector>

#include "analysis/matching.hpp"
#include "results/verdict_report.hpp"

namespace bench::analysis {

/// The machine's facts, the builds and the methods in which two documents differ, whichever sides
/// they are of. Of the machine is also what else it did: another process, a hypervisor or a quota
/// took a share of the CPUs beyond that of a caveat (machine_caveats.hpp), or the process was
/// stopped, while some documents were measured and not while others were. Load averages always
/// differ and say nothing; memory may differ by a twentieth; the commit is what is compared. Values
/// that differ within one side name their documents.
[[nodiscard]] std::vector<results::SideDifference> side_differences(
    const DocumentsOfSide& base, const DocumentsOfSide& candidate,
    const std::vector<MatchedSeries>& matched);

/// The same for the builds of two programs alone.
[[nodiscard]] std::vector<results::SideDifference> build_differences(
    const results::Tool& base, const results::Tool& candidate);

/// Whether it forbids to blame the program for a change. All do but another version and another
/// name of the machine.
[[nodiscard]] bool forbids_verdicts(const results::SideDifference& difference) noexcept;

/// Why no series regressed or improved: "the machines differ: not a regression but a comparison".
/// Empty if no difference forbids it.
[[nodiscard]] std::string why_no_verdicts(const std::vector<results::SideDifference>& differences);

}  // namespace bench::analysis
