// How long the messages of a series took, and whether the queue kept up with the offered rate: the
// times of a saturated queue do not show how fast it is.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "results/latency.hpp"
#include "workload/sample.hpp"
#include "workload/spec.hpp"

namespace bench::analysis {

/// A trial did not keep up if it achieved less than kHalf of the offered rate, or if it achieved
/// less than kKeptUp of the rate and was also more than kStallSeconds behind at its end.
///
/// The margin allows for messages that are still on their way when a trial ends, and for a thread
/// that has just then lost its CPU for a few of the scheduler's time slices. It also limits what is
/// detected: an overload so slight that its delay within a trial adds up to less than the margin
/// does not count as one. Longer trials reveal it.
inline constexpr double kKeptUp = 0.99;
inline constexpr double kHalf = 0.5;
inline constexpr double kStallSeconds = 0.01;

/// A percentile is told from this many messages or more that took longer. With fewer, it says
/// little about the queue: of 10 such messages, the next measurement has 10 give or take 3.
inline constexpr std::uint64_t kFewestBeyond = 10;

/// How many messages must be timed to tell this percentile: 100,000 for the 99.99th.
[[nodiscard]] std::uint64_t messages_for(double percentile) noexcept;

/// Merges the times of all samples, whose regimes are assigned, and takes their percentiles;
/// nothing if no message was timed. `seed` is that of the bootstrap of the percentiles' intervals.
///
/// The achieved rate is the number of messages received, divided by the time from the start to the
/// last message that was read or, if that is longer, by the time that the schedule allows for the
/// messages that were due by the end. So the rate falls short both if producers sent less than was
/// due and if the queue was behind.
///
/// The series is saturated if more than half of its trials did not keep up (kKeptUp). A stall at
/// the very end of one trial looks as if the queue had been overrun, and the other trials show that
/// it was not.
[[nodiscard]] std::optional<results::Latency> summarize_latency(
    std::span<const workload::Sample> samples, const workload::Spec& spec, std::uint64_t seed);

}  // namespace bench::analysis
