// What a user requires of a figure, and whether the series have it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "results/interval.hpp"
#include "workload/spec.hpp"

namespace bench::results {

/// A figure of a series that can be required.
enum class Metric : std::uint8_t {
  throughput,  ///< messages a second
  bandwidth,   ///< payload bytes a second
  round_trip,  ///< nanoseconds; only the pattern round-trip has it
  p50,         ///< nanoseconds, like all that follow; only timed messages have them
  p90,
  p99,
  p99_9,
  p99_99,
  max,
};

/// The names on the command line and in JSON.
inline constexpr std::array kMetricNames = {
    workload::Named<Metric>{"throughput", Metric::throughput},
    workload::Named<Metric>{"bandwidth", Metric::bandwidth},
    workload::Named<Metric>{"round-trip", Metric::round_trip},
    workload::Named<Metric>{"p50", Metric::p50},
    workload::Named<Metric>{"p90", Metric::p90},
    workload::Named<Metric>{"p99", Metric::p99},
    workload::Named<Metric>{"p99.9", Metric::p99_9},
    workload::Named<Metric>{"p99.99", Metric::p99_99},
    workload::Named<Metric>{"max", Metric::max},
};

/// How a figure must stand to its limit.
enum class Relation : std::uint8_t { above, at_least, below, at_most };

/// In this order "=>" is nearest to ">=" for whoever mistypes it.
inline constexpr std::array kRelationNames = {
    workload::Named<Relation>{">=", Relation::at_least},
    workload::Named<Relation>{">", Relation::above},
    workload::Named<Relation>{"<=", Relation::at_most},
    workload::Named<Relation>{"<", Relation::below},
};

struct Requirement {
  std::string text;  ///< as the user wrote it, like "p99<2us"
  Metric metric = Metric::throughput;
  Relation relation = Relation::above;
  double limit = 0;  ///< in the unit of the metric

  friend bool operator==(const Requirement&, const Requirement&) = default;
};

enum class RequirementOutcome : std::uint8_t { met, missed, cannot_tell };

inline constexpr std::array kRequirementOutcomeNames = {
    workload::Named<RequirementOutcome>{"met", RequirementOutcome::met},
    workload::Named<RequirementOutcome>{"missed", RequirementOutcome::missed},
    workload::Named<RequirementOutcome>{"cannot_tell", RequirementOutcome::cannot_tell},
};

/// A requirement of one series. It is judged by the interval of the figure, not by the figure.
struct Judgement {
  Requirement requirement;
  std::string series;  ///< the series' name
  RequirementOutcome outcome = RequirementOutcome::cannot_tell;
  std::optional<double> value;       ///< the series' figure; none where it has no single one
  std::optional<Interval> interval;  ///< 95 % interval of the figure, where it has one
  /// Part of a sentence: why it was judged so. None where the interval alone tells.
  std::optional<std::string> why;

  friend bool operator==(const Judgement&, const Judgement&) = default;
};

}  // namespace bench::results
