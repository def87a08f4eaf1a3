// From a series' samples to its summary.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "results/document.hpp"
#include "workload/sample.hpp"
#include "workload/spec.hpp"

namespace bench::analysis {

/// Gives each sample its regime.
void assign_regimes(std::vector<workload::Sample>& samples);

/// Of samples that have their regimes. Nothing without samples. `seed` is the bootstrap's; equal
/// samples and seeds give equal summaries.
[[nodiscard]] std::optional<results::Summary> summarize(std::span<const workload::Sample> samples,
                                                        const workload::Spec& spec,
                                                        std::uint64_t seed);

/// Of the rounds in which both have a sample; nothing if there is none.
[[nodiscard]] std::optional<results::Comparison> compare(const results::Series& series,
                                                         const results::Series& reference,
                                                         std::uint64_t seed);

}  // namespace bench::analysis
