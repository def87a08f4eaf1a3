// How long messages took, over the samples of a series, and whether that says anything.
#pragma once

#include <optional>
#include <span>

#include "results/latency.hpp"
#include "workload/sample.hpp"
#include "workload/spec.hpp"

namespace bench::analysis {

/// A trial that achieved less than this part of the rate that it was offered did not keep up, if it
/// was also behind by kStallSeconds at its end, or achieved not even kHalf of the rate.
///
/// The rest is for the messages that are on their way when a trial ends, and for a thread that has
/// lost its CPU just then, for a few slices of the scheduler. It is also how much can hide: an
/// overload so slight that less delay than that adds up in a trial is not called one. Longer trials
/// show it.
inline constexpr double kKeptUp = 0.99;
inline constexpr double kHalf = 0.5;
inline constexpr double kStallSeconds = 0.01;

/// The times of all samples together, and percentiles of them; nothing if none was taken.
///
/// The rate achieved is what was received in the time from the start to the last message that was
/// read or, if that is longer, in the time that the schedule had for the messages that were due by
/// the end: it falls short if producers had sent less than was due, and if the queue was behind.
/// The series is saturated if more than half of its trials did not keep up (kKeptUp): a stall at
/// the very end of one trial looks as if the queue had been overrun, and the other trials show that
/// it was not.
[[nodiscard]] std::optional<results::Latency> summarize_latency(
    std::span<const workload::Sample> samples, const workload::Spec& spec);

}  // namespace bench::analysis
