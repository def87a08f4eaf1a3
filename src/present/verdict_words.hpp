// What is said of verdicts, in the same words on the page, in Markdown and in JUnit's form.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "results/verdict_report.hpp"

namespace bench::present {

/// "regressed", "no change".
[[nodiscard]] std::string verdict_word(results::Verdict verdict);

/// Every series. One in which messages went wrong comes first, then the worst verdict, then the
/// smallest ratio; those without a ratio come last of their verdict.
[[nodiscard]] std::vector<const results::JudgedSeries*> worst_first(
    const results::VerdictReport& report);

/// "1 of 10 series regressed, 1 improved, 8 no change, 0 inconclusive", and after semicolons what
/// else ended badly.
[[nodiscard]] std::string counted(const results::VerdictReport& report);

/// A single line that scripts look for: "verdict: regressed (1 of 10 series regressed, 1 improved,
/// 8 no change, 0 inconclusive)". What else ended badly follows the parenthesis.
[[nodiscard]] std::string verdict_line(const results::VerdictReport& report);

/// 0.05 is "5 %".
[[nodiscard]] std::string percent(double part);

/// How much faster the candidate is: 0.9 is "-10.0%", 1.0012 is "+0.12%", and from ten times on
/// "x12.3". Empty without a ratio.
[[nodiscard]] std::string change_text(const std::optional<double>& ratio);
/// "-11.8 to -8.2%"; empty without an interval.
[[nodiscard]] std::string change_text(const std::optional<results::Interval>& interval);
/// "-10.0% (-11.8 to -8.2%), from 100.0 M to 90.00 M messages/s"; says so if there is no
/// evidence.
[[nodiscard]] std::string change_in_words(const results::JudgedSeries& series);

/// The median in messages a second; "-" where there is none.
[[nodiscard]] std::string rate_text(const results::JudgedSide& side);

/// Why the series is inconclusive, and the smallest slowdown that would have been found.
[[nodiscard]] std::string reason_text(const results::JudgedSeries& series);

/// What makes inconclusive series conclusive.
[[nodiscard]] std::string_view remedy(results::Evidence evidence) noexcept;

/// The range of the smallest slowdowns that would have been found; empty without series.
[[nodiscard]] std::string detectable_text(const results::VerdictReport& report);

/// How many messages of which side went wrong, a line for each side; empty if none did.
[[nodiscard]] std::vector<std::string> faults_of(const results::JudgedSeries& series);

/// "only the candidate knows it: why".
[[nodiscard]] std::string reason_text(const results::Unmatched& unmatched);

/// "build: flags are -O3 in the base and -O2 in the candidate".
[[nodiscard]] std::string difference_text(const results::SideDifference& difference);

/// How many blocks are marked, by kind; how many samples are left out. Empty without either.
[[nodiscard]] std::string marked_text(const results::VerdictReport& report);

/// What it was called with, or its documents; its label comes first, if it has one.
[[nodiscard]] std::string side_text(const results::Side& side);

/// What heads a side's column: its label where that tells the sides apart, else its role, "base" or
/// "candidate".
struct SideHeads {
  std::string base;
  std::string candidate;
};
[[nodiscard]] SideHeads side_heads(const results::VerdictReport& report, std::size_t most_bytes);

/// "from the base to the candidate", with their labels where those tell the sides apart.
[[nodiscard]] std::string from_side_to_side(const results::VerdictReport& report);
/// Its version, commit, compiler and flags.
[[nodiscard]] std::string tool_text(const results::Tool& tool);

/// "12.5 s of at most 100 s"; empty where nothing was measured.
[[nodiscard]] std::string time_taken(const results::VerdictReport& report);

/// The names and caveats of the series, as marks.hpp takes them; they have nothing else.
[[nodiscard]] std::vector<results::Series> named(
    const std::vector<const results::JudgedSeries*>& all);

}  // namespace bench::present
