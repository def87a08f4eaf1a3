// Caveats drawn from the evidence in a document. Each says in one sentence what was seen, with its
// numbers, and what to do about it.
#pragma once

#include <cstddef>
#include <vector>

#include "results/caveat.hpp"
#include "results/document.hpp"

namespace bench::analysis {

/// An interval that reaches further than this to either side of the median, as a part of it, is
/// too wide to be of use: ten per cent is twice the change that a comparison is after.
inline constexpr double kWidestReach = 0.10;

/// Threads that share a CPU start within a time slice of each other, a few of which fit in here.
inline constexpr double kShortestTrialSeconds = 0.005;

/// The batch asked for is larger than a ring of `slots`, so that `slots` is measured.
[[nodiscard]] results::Caveat batch_clamped(std::size_t requested, std::size_t slots);

/// What holds for this series alone; what the planner found before (a clamped batch) is not
/// repeated.
[[nodiscard]] std::vector<results::Caveat> series_caveats(const results::Series& series);

/// What holds for every series: of the machine, the tool, and how the measurement ended.
[[nodiscard]] std::vector<results::Caveat> document_caveats(const results::Document& document);

}  // namespace bench::analysis
