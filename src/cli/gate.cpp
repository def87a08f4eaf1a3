#include "cli/gate.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <ranges>
#include <string>

#include "analysis/requirements.hpp"
#include "cli/values.hpp"

namespace bench::cli {
namespace {

using measure::BadRequest;
using results::CaveatCode;
using results::Metric;

constexpr double kLowestLimit = 1;  // messages or bytes a second
constexpr double kHighestLimit = 1e18;
constexpr double kShortestLimitNs = 1;
constexpr double kLongestLimitNs = 3600e9;

/// A number and its unit without the blanks between them; other text as it is.
std::string joined_unit(std::string_view limit) {
  const std::string_view number = limit.substr(0, limit.find(' '));
  const std::string_view unit = without_blanks(limit.substr(number.size()));
  const bool letters = std::ranges::all_of(
      unit, [](char c) { return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z'); });
  return letters ? fmt::format("{}{}", number, unit) : std::string(limit);
}

std::vector<CaveatCode> parse_caveats(std::string_view flag, std::string_view value) {
  const auto words = std::views::keys(results::kCaveatNames);
  const std::vector<std::string_view> names(words.begin(), words.end());
  std::vector<CaveatCode> codes;
  for (const std::string_view name : parse_names(flag, value, names)) {
    for (const auto& [word, code] : results::kCaveatNames) {
      if (name == kAllNames || name == word) codes.push_back(code);
    }
  }
  return codes;
}

/// Why no series has the metric, and what to do.
std::string_view advice(Metric metric) {
  return metric == Metric::round_trip
             ? "no series makes round trips; the command latency does, or --pattern round-trip"
             : "no message is timed; the command latency times messages, and so does --pattern "
               "one-way with a --rate";
}

}  // namespace

void add_gate_flags(Flags& flags, Gate& gate) {
  flags.add(
      "Gate", "--require", "EXPR", "Exit 1 if missed: 'p99<2us', 'bandwidth>4G'; repeatable",
      [&gate](auto flag, auto value) {
        gate.requirements.push_back(parse_requirement(flag, value));
      },
      Repeated::all);
  flags.add(
      "Gate", "--strict", "CODES", "Exit 1 if there is such a caveat: A,B,... or all",
      [&gate](auto flag, auto value) { gate.strict = parse_caveats(flag, value); },
      Repeated::comma);
}

results::Requirement parse_requirement(std::string_view flag, std::string_view text) {
  constexpr std::string_view kSigns = "<>=!";
  const std::size_t begin = text.find_first_of(kSigns);
  if (begin == std::string_view::npos) {
    throw BadRequest(
        fmt::format("{} {}: must be a metric ({}), one of > >= < <=, and a limit, like "
                    "throughput>500M or p99<2us",
                    flag, text.empty() ? "''" : text,
                    fmt::join(std::views::keys(results::kMetricNames), ", ")));
  }
  const std::size_t end = std::min(text.find_first_not_of(kSigns, begin), text.size());
  const auto place = [&](std::string_view part) {
    return fmt::format("{} {}: {}", flag, text, part);
  };
  results::Requirement requirement{.text = std::string(text)};
  requirement.metric = parse_named(place("the metric"), without_blanks(text.substr(0, begin)),
                                   results::kMetricNames);
  requirement.relation =
      parse_named(place("the relation"), text.substr(begin, end - begin), results::kRelationNames);
  const std::string limit = joined_unit(without_blanks(text.substr(end)));
  const bool rate =
      requirement.metric == Metric::throughput || requirement.metric == Metric::bandwidth;
  requirement.limit =
      rate ? parse_rate(place("the limit"), limit, kLowestLimit, kHighestLimit)
           : parse_time_ns(place("the limit"), limit, kShortestLimitNs, kLongestLimitNs);
  return requirement;
}

void check(const Gate& gate, const measure::Plan& plan) {
  for (const results::Requirement& requirement : gate.requirements) {
    const auto has_it = [&](const measure::PlannedSeries& series) {
      return analysis::has_metric(series.spec, requirement.metric);
    };
    if (std::ranges::any_of(plan.series, has_it)) continue;
    throw BadRequest(fmt::format("--require {}: {}", requirement.text, advice(requirement.metric)));
  }
}

bool lets_pass(const Gate& gate, const results::Document& document) {
  bool all = true;
  const auto look = [&](std::string_view where, const std::vector<results::Caveat>& caveats) {
    for (const results::Caveat& caveat : caveats) {
      if (std::ranges::find(gate.strict, caveat.code) == gate.strict.end()) continue;
      all = false;
      spdlog::error("--strict {}: {}: {}", name(caveat.code), where, caveat.text);
    }
  };
  look("all series", document.caveats);
  for (const results::Series& series : document.series) look(series.name, series.caveats);
  return all;
}

}  // namespace bench::cli
