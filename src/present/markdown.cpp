#include "present/markdown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "present/blocks.hpp"
#include "present/markdown_text.hpp"
#include "present/marks.hpp"
#include "present/spec_words.hpp"
#include "present/verdict_words.hpp"

namespace bench::present {
namespace {

using results::JudgedSeries;
using results::Verdict;
using results::VerdictReport;

constexpr std::size_t kLongestHead = 40;
constexpr std::size_t kMostUnfolded = 10;

/// As many of the lines as `bytes` hold, and how many are left out.
std::string within(const std::vector<std::string>& lines, std::size_t bytes) {
  std::string text;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (text.size() + lines[i].size() > bytes) {
      return text + fmt::format(
                        "\n{} more are left out here; the JSON (`--output FILE`) has them "
                        "all.\n",
                        lines.size() - i);
    }
    text += lines[i] + "\n";
  }
  return text;
}

std::string folded(std::string_view summary, const std::string& content) {
  return fmt::format("<details><summary>{}</summary>\n\n{}\n</details>\n\n", summary, content);
}

std::string row_of(const JudgedSeries& series) {
  const std::string verdict = verdict_word(series.verdict);
  const bool strong = series.verdict == Verdict::regressed || series.verdict == Verdict::improved;
  const std::string text = strong ? fmt::format("**{}**", verdict) : verdict;
  return fmt::format("| {} | {}{} | {} | {} | {} | {} |", as_code(series.name), text,
                     verified(series) ? "" : ", **messages went wrong**",
                     series.ratio ? as_text(change_text(series.ratio)) : "-",
                     series.interval ? as_text(change_text(series.interval)) : "-",
                     rate_text(series.base), rate_text(series.candidate));
}

std::string table_of(const SideHeads& heads, const std::vector<std::string>& rows,
                     std::size_t bytes) {
  return fmt::format(
             "| series | verdict | change | interval | {} | {} |\n"
             "| :-- | :-- | --: | --: | --: | --: |\n",
             as_text(heads.base), as_text(heads.candidate)) +
         within(rows, bytes) + "\n";
}

std::string table_of_series(const VerdictReport& report) {
  std::vector<std::string> shown;
  std::vector<std::string> unchanged;
  for (const JudgedSeries* const series : worst_first(report)) {
    const bool quiet = series->verdict == Verdict::no_change && verified(*series);
    (quiet ? unchanged : shown).push_back(row_of(*series));
  }
  if (unchanged.size() <= kMostUnfolded) {
    shown.insert(shown.end(), unchanged.begin(), unchanged.end());
    unchanged.clear();
  }
  const SideHeads heads = side_heads(report, kLongestHead);
  std::string text;
  if (!shown.empty()) text += table_of(heads, shown, 16'000);
  if (!unchanged.empty()) {
    text += folded(fmt::format("{} series without a change", unchanged.size()),
                   table_of(heads, unchanged, 10'000));
  }
  return text;
}

std::string failure_text(const VerdictReport& report) {
  std::vector<std::string> lines;
  if (report.failure) {
    const results::Failure& failure = *report.failure;
    lines.push_back(fmt::format("**The measurement failed** in {} of {}: {}",
                                as_text(failure.trial), as_code(failure.series),
                                as_text(failure.reason)));
    for (const std::string& line : thread_lines(failure)) lines.push_back("- " + as_code(line));
    lines.emplace_back();
  }
  const auto add = [&lines](std::string_view name, const std::vector<std::string>& faults) {
    for (const std::string& line : faults) {
      lines.push_back(fmt::format("- **FAILED** {}: {}", as_code(name), as_text(line)));
    }
  };
  for (const JudgedSeries& series : report.series) add(series.name, faults_of(series));
  for (const results::Unmatched& one : report.unmatched) add(one.name, one.faults);
  return lines.empty() ? "" : within(lines, 6'000) + "\n";
}

std::string reasons(const VerdictReport& report) {
  std::vector<std::string> lines;
  for (const JudgedSeries* const series : worst_first(report)) {
    if (series->verdict != Verdict::inconclusive) continue;
    lines.push_back(fmt::format("- {}: {}", as_code(series->name), as_text(reason_text(*series))));
  }
  if (lines.empty()) return "";
  return fmt::format("Inconclusive; what helps: {}.\n\n{}\n", as_text(remedy(report.evidence)),
                     within(lines, 5'000));
}

std::string unmatched(const VerdictReport& report) {
  std::vector<std::string> lines;
  lines.reserve(report.unmatched.size());
  for (const results::Unmatched& one : report.unmatched) {
    lines.push_back(fmt::format("- {}: {}", as_code(one.name), as_text(reason_text(one))));
  }
  return lines.empty() ? ""
                       : fmt::format("Unmatched, and in no total:\n\n{}\n", within(lines, 4'000));
}

/// Each kind once, with the series that it concerns.
std::string caveats(const VerdictReport& report) {
  const Marks marks(named(worst_first(report)));
  std::vector<std::string> lines;
  const auto add = [&](const std::vector<results::Caveat>& all) {
    for (const results::Caveat& caveat : all) {
      lines.push_back(fmt::format("- {}: {}", as_code(name(caveat.code)), as_text(caveat.text)));
    }
  };
  add(marks.told(false));
  add(report.caveats);
  return lines.empty() ? ""
                       : folded(fmt::format("Caveats ({})", lines.size()), within(lines, 6'000));
}

std::string differences(const VerdictReport& report) {
  std::vector<std::string> lines;
  lines.reserve(report.differences.size());
  for (const results::SideDifference& one : report.differences) {
    lines.push_back("- " + as_text(difference_text(one)));
  }
  return lines.empty() ? ""
                       : folded(fmt::format("What differs between the sides ({})", lines.size()),
                                within(lines, 5'000));
}

std::string method(const VerdictReport& report) {
  std::vector<std::string> lines;
  const auto add = [&](std::string_view label, const std::string& text) {
    if (!text.empty()) lines.push_back(fmt::format("- {}: {}", label, text));
  };
  const auto add_side = [&](std::string_view role, const results::Side& side) {
    add(role, as_code(side_text(side)) + ", " + as_code(tool_text(side.tool)));
    for (const std::string& line : note_lines(side.notes)) add(role, as_text(line));
  };
  add_side("base", report.base);
  add_side("candidate", report.candidate);
  add("machine", as_text(machine_text(report.host)));
  add("change", as_text(fmt::format("of the messages/s, {}; all "
                                    "intervals together hold the true changes with {} confidence",
                                    from_side_to_side(report), percent(report.confidence))));
  add("detectable", as_text(detectable_text(report)));
  add("blocks and samples", as_text(marked_text(report)));
  add("rule", as_text(report.rule));
  add("time", as_text(time_taken(report)));
  add("command", as_code(report.command_line));
  return folded("How this was measured", within(lines, 8'000));
}

}  // namespace

std::string to_markdown(const VerdictReport& report) {
  return fmt::format("### ringmpsc-bench: {}\n\n{}; margin {}\n\n", verdict_word(verdict(report)),
                     as_text(counted(report)), percent(report.margin)) +
         failure_text(report) + table_of_series(report) + reasons(report) + unmatched(report) +
         caveats(report) + differences(report) + method(report);
}

}  // namespace bench::present
