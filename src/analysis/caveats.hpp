// Caveats drawn from the evidence in a document. Each says in one sentence what was seen, with its
// numbers, and what to do about it.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "results/caveat.hpp"
#include "results/document.hpp"

namespace bench::analysis {

/// An interval is too wide to be useful if it reaches further than this fraction of the median to
/// either side. Ten per cent is twice the change that a comparison looks for.
inline constexpr double kWidestReach = 0.10;

/// Shorter trials get the caveat short_trials. Threads that share a CPU start within one of the
/// scheduler's time slices of each other, and a few time slices fit into this time.
inline constexpr double kShortestTrialSeconds = 0.005;

/// Whether the threads of these trials, which share no CPU with each other, lost theirs to other
/// programs: they waited for it during more than kWaitedShare of their time. Where the system does
/// not tell, more than kPreemptionsPerSecond of each thread are a sign: the kernel's own
/// housekeeping comes less often.
[[nodiscard]] bool lost_cpus(std::span<const workload::Sample> samples) noexcept;
inline constexpr double kWaitedShare = 0.02;
inline constexpr double kPreemptionsPerSecond = 20;

/// For a requested batch that is larger than a ring of `slots`: batches of `slots` are measured.
[[nodiscard]] results::Caveat batch_clamped(std::size_t requested, std::size_t slots);

/// The caveats of this series alone. What the planner has found before (a clamped batch) is not
/// repeated.
[[nodiscard]] std::vector<results::Caveat> series_caveats(const results::Series& series);

/// The caveats that hold for every series: about the machine, its clock, the tool, and how the
/// measurement ended.
[[nodiscard]] std::vector<results::Caveat> document_caveats(const results::Document& document);

}  // namespace bench::analysis
