// What a user requires of a measurement, beside its being right: the flags --require and --strict.
#pragma once

#include <string_view>
#include <vector>

#include "cli/flags.hpp"
#include "measure/plan.hpp"
#include "results/caveat.hpp"
#include "results/document.hpp"
#include "results/requirement.hpp"

namespace bench::cli {

struct Gate {
  std::vector<results::Requirement> requirements;
  std::vector<results::CaveatCode> strict;  ///< caveats that are not let pass

  /// A flag of the gate that was given; empty if none was.
  [[nodiscard]] std::string_view any() const {
    return !requirements.empty() ? "--require" : strict.empty() ? "" : "--strict";
  }
};

/// Explains the flags, for the help of every command that has them.
inline constexpr std::string_view kGateHelp =
    R"(EXPR is a metric, one of > >= < <=, and a limit. Metrics: throughput
(messages/s) and bandwidth (payload bytes/s), whose limits take k, M or G;
round-trip, p50, p90, p99, p99.9, p99.99 and max, whose limits take ns, us, ms
or s. The 95 % interval of each series that has the metric decides: missed ends
with 1; a limit within the interval is neither met nor missed, which is said.)";

/// Adds --require and --strict.
void add_gate_flags(Flags& flags, Gate& gate);

/// Reads text like "p99 < 2us". Throws measure::BadRequest.
[[nodiscard]] results::Requirement parse_requirement(std::string_view flag, std::string_view text);

/// Throws measure::BadRequest for a requirement of a metric that no series of the plan has.
void check(const Gate& gate, const measure::Plan& plan);

/// Names each caveat of the document that is not let pass on stderr. Returns true if there is none.
[[nodiscard]] bool lets_pass(const Gate& gate, const results::Document& document);

}  // namespace bench::cli
