// Judges what a user requires of the figures, by their intervals.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "results/document.hpp"
#include "results/requirement.hpp"
#include "workload/spec.hpp"

namespace bench::analysis {

/// Whether a series of this spec has such a figure.
[[nodiscard]] bool has_metric(const workload::Spec& spec, results::Metric metric) noexcept;

/// "throughput > 500" is met if the whole interval lies above 500, missed if none of it does, and
/// cannot be told otherwise, or without an interval.
[[nodiscard]] results::RequirementOutcome outcome_of(const results::Requirement& requirement,
                                                     const std::optional<results::Interval>& of);

/// Judges each requirement for each series that has its metric. The machine's limit is measured
/// beside the queues and is judged only if nothing else was measured. A series without samples is
/// judged too: nobody can tell.
[[nodiscard]] std::vector<results::Judgement> judge(
    std::span<const results::Requirement> requirements, std::span<const results::Series> all);

}  // namespace bench::analysis
