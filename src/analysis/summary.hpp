// Summarizes the samples of a series.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "results/document.hpp"
#include "workload/sample.hpp"
#include "workload/spec.hpp"

namespace bench::analysis {

/// The round trip around a trial in nanoseconds: the geometric mean of all probes before and after
/// it. None if nothing was probed.
[[nodiscard]] std::optional<double> core_to_core_ns(const workload::Sample& sample);

/// Determines the regime of each sample and stores it there.
void assign_regimes(std::vector<workload::Sample>& samples);

/// Summarizes samples whose regimes are assigned. Nothing without samples. `seed` is that of the
/// bootstrap; equal samples and seeds give equal summaries.
[[nodiscard]] std::optional<results::Summary> summarize(std::span<const workload::Sample> samples,
                                                        const workload::Spec& spec,
                                                        std::uint64_t seed);

/// Compares the two series over the rounds in which both have a sample; nothing if there is none.
[[nodiscard]] std::optional<results::Comparison> compare(const results::Series& series,
                                                         const results::Series& reference,
                                                         std::uint64_t seed);

}  // namespace bench::analysis
