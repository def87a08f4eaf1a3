#include "present/junit.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "present/blocks.hpp"
#include "present/printable.hpp"
#include "present/verdict_words.hpp"
#include "results/fields.hpp"

namespace bench::present {
namespace {

using results::JudgedSeries;
using results::Verdict;
using results::VerdictReport;

/// For text and for attributes alike; a single line.
std::string in_xml(std::string_view text) {
  constexpr std::array kReferences = {std::pair{'&', "&amp;"}, std::pair{'<', "&lt;"},
                                      std::pair{'>', "&gt;"}, std::pair{'"', "&quot;"},
                                      std::pair{'\'', "&apos;"}};
  std::string escaped;
  for (const char c : printable(text)) {
    const auto* const found =
        std::ranges::find(kReferences, c, &std::pair<char, const char*>::first);
    found == kReferences.end() ? escaped += c : escaped += found->second;
  }
  return escaped;
}

struct Case {
  std::string name;
  std::string_view outcome = {};  ///< failure, error, skipped, or empty if it passed
  std::string message = {};       ///< of the outcome
  std::vector<std::string> lines = {};
};

std::string text_of(const std::vector<std::string>& lines) {
  std::vector<std::string> escaped(lines.size());
  std::ranges::transform(lines, escaped.begin(), [](const auto& line) { return in_xml(line); });
  return fmt::format("{}", fmt::join(escaped, "\n"));
}

Case case_of(const JudgedSeries& series, const VerdictReport& report, bool inconclusive_fails) {
  Case one{.name = series.name, .lines = {change_in_words(series)}};
  const std::string verdict = verdict_word(series.verdict);
  if (const std::vector<std::string> faults = faults_of(series); !faults.empty()) {
    one.outcome = "error";
    one.message = faults.front();
    one.lines.push_back(verdict);
    one.lines.insert(one.lines.end(), faults.begin(), faults.end());
  } else if (series.verdict == Verdict::regressed) {
    one.outcome = "failure";
    one.message =
        fmt::format("regressed: {}; margin {}", change_in_words(series), percent(report.margin));
  } else if (series.verdict == Verdict::inconclusive) {
    one.outcome = inconclusive_fails ? "failure" : "skipped";
    one.message = fmt::format("inconclusive: {}; what helps: {}", reason_text(series),
                              remedy(report.evidence));
  } else {
    one.lines.front() = fmt::format("{}: {}", verdict, one.lines.front());
  }
  for (const results::Caveat& caveat : series.caveats) {
    one.lines.push_back(fmt::format("caveat: {}: {}", name(caveat.code), caveat.text));
  }
  return one;
}

std::vector<Case> cases_of(const VerdictReport& report, bool inconclusive_fails) {
  std::vector<Case> cases;
  cases.reserve(report.series.size() + report.unmatched.size() + 1);
  for (const JudgedSeries& series : report.series) {
    cases.push_back(case_of(series, report, inconclusive_fails));
  }
  for (const results::Unmatched& one : report.unmatched) {
    const std::string reason = fmt::format("unmatched: {}", reason_text(one));
    if (verified(one)) {
      cases.push_back({.name = one.name, .outcome = "skipped", .message = reason});
      continue;
    }
    cases.push_back(
        {.name = one.name, .outcome = "error", .message = one.faults.front(), .lines = {reason}});
    std::vector<std::string>& lines = cases.back().lines;
    lines.insert(lines.end(), one.faults.begin(), one.faults.end());
  }
  Case whole{.name = "measurement", .outcome = "error"};
  if (report.failure) {
    const results::Failure& failure = *report.failure;
    whole.message = fmt::format("{} of {}: {}", failure.trial, failure.series, failure.reason);
    whole.lines = thread_lines(failure);
  } else if (!report.complete) {
    whole.message = "interrupted";
  } else if (report.series.empty()) {
    whole.message = "nothing was compared";
  }
  if (!whole.message.empty()) cases.push_back(std::move(whole));
  // GitLab drops the later of two cases with the same name.
  std::set<std::string> taken;
  for (Case& one : cases) {
    one.name = printable(one.name);
    const std::string like = one.name;
    for (std::size_t i = 2; !taken.insert(one.name).second; ++i) {
      one.name = fmt::format("{} ({})", like, i);
    }
  }
  return cases;
}

std::string property(std::string_view property_name, std::string_view value) {
  return fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", in_xml(property_name),
                     in_xml(value));
}

/// `cases` begin with the series in their order.
std::string properties_of(const VerdictReport& report, const std::vector<Case>& cases) {
  std::string text;
  const auto add = [&](std::string_view key, std::string_view value) {
    text += property(key, value);
  };
  add("verdict", results::word_of(verdict(report)));
  add("evidence", results::word_of(report.evidence));
  add("margin", fmt::format("{}", report.margin));
  add("confidence", fmt::format("{}", report.confidence));
  add("base", side_text(report.base));
  add("base_commit", report.base.tool.commit);
  add("candidate", side_text(report.candidate));
  add("candidate_commit", report.candidate.tool.commit);
  for (std::size_t i = 0; i < report.series.size(); ++i) {
    const JudgedSeries& series = report.series[i];
    const auto figure_of = [&](std::string_view key, const std::optional<double>& value) {
      if (value) add(fmt::format("{} of {}", key, cases[i].name), fmt::format("{}", *value));
    };
    add(fmt::format("verdict of {}", cases[i].name), results::word_of(series.verdict));
    figure_of("ratio", series.ratio);
    if (series.interval) {
      figure_of("interval_lo", series.interval->lo);
      figure_of("interval_hi", series.interval->hi);
    }
    figure_of("detectable", series.detectable);
    figure_of("base_messages_per_second", series.base.messages_per_second);
    figure_of("candidate_messages_per_second", series.candidate.messages_per_second);
  }
  return fmt::format("    <properties>\n{}    </properties>\n", text);
}

std::string text_of(const Case& one, std::string_view suite) {
  const std::string head =
      fmt::format("    <testcase classname=\"{}\" name=\"{}\"", in_xml(suite), in_xml(one.name));
  std::string inner;
  if (!one.outcome.empty()) {
    // GitLab shows the text, Jenkins the attribute first.
    inner += fmt::format("      <{0} type=\"{0}\" message=\"{1}\">{2}</{0}>\n", one.outcome,
                         in_xml(one.message), in_xml(one.message));
  }
  if (!one.lines.empty()) {
    inner += fmt::format("      <system-out>{}</system-out>\n", text_of(one.lines));
  }
  return inner.empty() ? head + "/>\n" : head + ">\n" + inner + "    </testcase>\n";
}

}  // namespace

std::string to_junit(const VerdictReport& report, bool inconclusive_fails) {
  const std::vector<Case> cases = cases_of(report, inconclusive_fails);
  const auto with = [&](std::string_view outcome) {
    return std::ranges::count(cases, outcome, &Case::outcome);
  };
  const std::string suite =
      report.evidence == results::Evidence::duel ? "ringmpsc-bench.duel" : "ringmpsc-bench.compare";
  const std::string totals =
      fmt::format("name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{:.3f}\"", suite,
                  cases.size(), with("failure"), with("error"), report.seconds.value_or(0));
  // The schema has no place for a time zone; documents are in UTC.
  std::string_view created = report.created_utc;
  if (created.ends_with('Z')) created.remove_suffix(1);
  std::string text = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites {0}>\n"
      "  <testsuite {0} skipped=\"{1}\" timestamp=\"{2}\" hostname=\"{3}\">\n",
      totals, with("skipped"), in_xml(created), in_xml(report.host.hostname.value_or("unknown")));
  text += properties_of(report, cases);
  for (const Case& one : cases) text += text_of(one, suite);
  return text + "  </testsuite>\n</testsuites>\n";
}

}  // namespace bench::present
