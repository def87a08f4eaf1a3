// The page of a verdict says at a glance what became slower, and how sure that is.

#include "present/verdict_page.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "present/printable.hpp"
#include "present/verdict_words.hpp"
#include "unit/present/page_text.hpp"
#include "unit/verdict_report.hpp"

namespace bench::testing {
namespace {

using results::JudgedSeries;
using results::Verdict;
using results::VerdictReport;

std::string verdict_page(const VerdictReport& report, unsigned width = 100) {
  return present::render(report, {.color = false, .width = width});
}

std::vector<std::string> lines_of(const std::string& page) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < page.size();) {
    const std::size_t end = page.find('\n', at);
    lines.push_back(page.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

/// The page in one line, so that it does not matter where it was wrapped.
std::string unwrapped_page(const VerdictReport& report) {
  std::string text = verdict_page(report, 120);
  std::ranges::replace(text, '\n', ' ');
  const auto rest = std::ranges::unique(text, [](char a, char b) { return a == ' ' && b == ' '; });
  text.erase(rest.begin(), rest.end());
  return text;
}

/// The line that has the part.
std::string line_with(const std::string& page, const std::string& part) {
  for (const std::string& line : lines_of(page)) {
    if (has(line, part)) return line;
  }
  return "";
}

/// The four series of verdicts(), each with a place of its own.
VerdictReport four_places() {
  VerdictReport report = verdicts();
  for (JudgedSeries& series : report.series) {
    series.parameters = {
        {.key = "producers", .value = series.name.substr(series.name.find('=') + 1)}};
  }
  return report;
}

VerdictReport many(std::size_t count) {
  VerdictReport report = verdicts();
  report.series.clear();
  for (std::size_t i = 0; i < count; ++i) {
    const double ratio = 1 + 0.00001 * static_cast<double>(i);
    report.series.push_back(judged("batch=" + std::to_string(i), Verdict::no_change, ratio));
    report.series.back().parameters = {{.key = "batch", .value = std::to_string(i)}};
  }
  return report;
}

VerdictReport without_evidence() {
  VerdictReport report = verdicts();
  report.series.resize(1);
  JudgedSeries& series = report.series.front();
  series.verdict = Verdict::inconclusive;
  series.why = "no document has it";
  series.ratio.reset();
  series.interval.reset();
  series.detectable.reset();
  series.base.messages_per_second.reset();
  series.candidate.messages_per_second.reset();
  series.blocks.clear();
  return report;
}

TEST(VerdictPage, BeginsAndEndsWithTheVerdict) {
  for (const unsigned width : {20U, 80U, 120U}) {
    const std::vector<std::string> lines = lines_of(verdict_page(verdicts(), width));
    EXPECT_TRUE(lines.front().starts_with("regressed: 1 of 4")) << lines.front();
    EXPECT_EQ(lines.back(),
              "verdict: regressed (1 of 4 series regressed, 1 improved, 1 no change, 1 "
              "inconclusive)");
  }
  EXPECT_TRUE(has(unwrapped_page(verdicts()), "margin 5 % "));
  const VerdictReport fine = many(3);
  EXPECT_EQ(
      lines_of(verdict_page(fine)).back(),
      "verdict: no change (0 of 3 series regressed, 0 improved, 3 no change, 0 inconclusive)");
}

TEST(VerdictPage, SaysWhatTheCountsDoNotTell) {
  VerdictReport bad = many(2);
  bad.series[1].candidate.verification.lost = 3;
  EXPECT_TRUE(lines_of(verdict_page(bad)).back().ends_with("); messages went wrong in 1 series"));
  EXPECT_TRUE(has(verdict_page(bad), "candidate: 5,000,000 sent"));
  bad.complete = false;
  EXPECT_TRUE(lines_of(verdict_page(bad)).back().ends_with("; interrupted"));
  bad.failure = results::Failure{.kind = results::FailureKind::crash,
                                 .series = "batch=1",
                                 .queue = "mine",
                                 .trial = "trial 3",
                                 .reason = "it crashed",
                                 .threads = {}};
  EXPECT_TRUE(lines_of(verdict_page(bad)).back().ends_with("; the measurement failed"));
  EXPECT_TRUE(has(verdict_page(bad), "trial 3 of batch=1: it crashed"));
  VerdictReport none = verdicts();
  none.series.clear();
  EXPECT_EQ(lines_of(verdict_page(none)).back(),
            "verdict: inconclusive (0 of 0 series regressed, 0 improved, 0 no change, 0 "
            "inconclusive); nothing was compared");
}

TEST(VerdictPage, ShowsTheWorstFirst) {
  VerdictReport report = four_places();
  report.series.push_back(judged("producers=16", Verdict::regressed, 0.5));
  report.series.back().parameters[0].value = "16";
  report.series.push_back(judged("producers=32", Verdict::no_change, 1));
  report.series.back().parameters[0].value = "32";
  report.series.back().base.verification.lost = 1;
  for (const unsigned width : {20U, 60U, 120U}) {
    const std::string page = verdict_page(report, width);
    std::vector<std::size_t> places;
    for (const char* const number : {"32", "16", "1", "4", "8", "2"}) {
      const std::string cell = "\n  producers=" + std::string(number);
      places.push_back(std::min(page.find(cell + "\n"), page.find(cell + " ")));
      EXPECT_NE(places.back(), std::string::npos) << number << "\n" << page;
    }
    EXPECT_TRUE(std::ranges::is_sorted(places)) << page;
  }
}

TEST(VerdictPage, ShowsWhatHasNoRatioLastOfItsVerdict) {
  VerdictReport report = many(3);
  report.series[0].ratio.reset();
  const std::string page = verdict_page(report);
  EXPECT_LT(page.find("\n  batch=1 "), page.find("\n  batch=2 ")) << page;
  EXPECT_LT(page.find("\n  batch=2 "), page.find("\n  batch=0 ")) << page;
}

TEST(VerdictPage, ShowsEachChangeItsIntervalAndBothMedians) {
  const std::string row = line_with(verdict_page(four_places()), "  producers=1 ");
  EXPECT_TRUE(has(row, "-10.0%  -11.8 to -8.2%")) << row;
  EXPECT_TRUE(row.ends_with("100.0 M    90.00 M")) << row;
}

TEST(VerdictPage, DrawsIntervalsOnOneAxisWithTheMargin) {
  const std::string page = verdict_page(four_places(), 120);
  const std::string head = line_with(page, "change  interval");
  const std::string slower = line_with(page, "  producers=1 ");
  const std::string alike = line_with(page, "  producers=2 ");
  const std::string faster = line_with(page, "  producers=8 ");
  const std::size_t zero = head.find(" 0 ") + 1;
  ASSERT_NE(zero, std::string::npos + 1) << head;
  EXPECT_LT(slower.find('|'), slower.find(':')) << slower;
  EXPECT_LT(slower.find('['), slower.find('|')) << slower;
  EXPECT_EQ(alike.find('|'), zero) << page;
  EXPECT_EQ(zero - alike.find(':'), alike.rfind(':') - zero) << "the margin is on both sides";
  EXPECT_EQ(slower.find(':'), alike.find(':')) << "all rows have the same axis";
  EXPECT_GT(faster.find('|'), faster.rfind(':')) << faster;
}

TEST(VerdictPage, HasNoChangeInTheMiddleOfTheAxisAtEveryWidth) {
  VerdictReport report = four_places();
  report.series[1].ratio = 1;
  int drawn = 0;
  for (unsigned width = 20; width <= 120; ++width) {
    for (const std::string& line : lines_of(verdict_page(report, width))) {
      const std::size_t bar = line.find('|');
      const std::size_t margin = line.find(':');
      if (bar == std::string::npos || margin >= bar || line.find('<') != std::string::npos)
        continue;
      if (line.rfind(':') <= bar) continue;
      ++drawn;
      EXPECT_EQ(bar - margin, line.rfind(':') - bar) << line;
    }
  }
  EXPECT_GT(drawn, 90);
}

TEST(VerdictPage, PointsAtWhatLiesBeyondTheAxis) {
  VerdictReport report = four_places();
  report.series[3].ratio = 40;
  report.series[3].interval = results::Interval{.lo = 30, .hi = 50};
  const std::string row = line_with(verdict_page(report, 120), "  producers=8 ");
  EXPECT_TRUE(has(row, "x40  x30 to x50")) << row;
  EXPECT_TRUE(has(row, ">")) << row;
  EXPECT_EQ(row.find('['), std::string::npos) << row;
}

TEST(VerdictPage, FitsTheTerminal) {
  VerdictReport long_names = four_places();
  for (JudgedSeries& series : long_names.series) {
    series.name = std::string(200, 'x') + series.name;
    series.parameters.clear();
  }
  VerdictReport marked = four_places();
  marked.series[1].caveats = {{results::CaveatCode::preempted, "threads lost their CPU"}};
  for (const VerdictReport& report : {verdicts(), verdicts_of_runs(), four_places(), many(1),
                                      many(1000), long_names, without_evidence(), marked}) {
    for (unsigned width = 20; width <= 120; ++width) {
      const std::string page = verdict_page(report, width);
      std::vector<std::string> lines = lines_of(page);
      lines.pop_back();  // scripts look for it in one piece
      for (const std::string& line : lines) EXPECT_LE(line.size(), width) << page;
    }
  }
}

TEST(VerdictPage, SumsUpWhatDidNotChangeBeyondAScreenful) {
  EXPECT_TRUE(has(verdict_page(many(24)), "\n  batch=7 "));
  VerdictReport long_one = many(1000);
  long_one.series[500] = judged("batch=500", Verdict::regressed, 0.8);
  const std::string page = verdict_page(long_one);
  EXPECT_LT(lines_of(page).size(), 40U);
  EXPECT_TRUE(has(page, "999 series, from 0% (batch=0) to +1.0% (batch=999)")) << page;
  EXPECT_TRUE(has(page, "-20.0%"));
}

TEST(VerdictPage, SaysWhyASeriesIsInconclusiveAndWhatHelps) {
  EXPECT_TRUE(has(unwrapped_page(verdicts()),
                  "the interval is too wide; a slowdown of 6 % would be called regressed 4 times "
                  "in 5 what helps: a longer --budget"))
      << unwrapped_page(verdicts());
  EXPECT_TRUE(
      has(unwrapped_page(verdicts_of_runs()), "what helps: more runs of each side, or a duel"));
  EXPECT_FALSE(has(unwrapped_page(many(2)), "what helps"));
  EXPECT_TRUE(has(unwrapped_page(without_evidence()), "no document has it what helps"));
}

TEST(VerdictPage, TellsTheSmallestSlowdownThatWouldBeFound) {
  VerdictReport report = many(3);
  report.series[0].detectable = 0.02;
  report.series[1].detectable = 0.04;
  report.series[2].detectable.reset();
  EXPECT_TRUE(has(unwrapped_page(report),
                  "called regressed 4 times in 5: 2 % (batch=0) to 4 % (batch=1); it is not known "
                  "of 1 series"))
      << unwrapped_page(report);
  EXPECT_TRUE(has(unwrapped_page(without_evidence()), "it is not known which slowdowns"));
}

TEST(VerdictPage, NamesWhatIsUnmatchedAndWhatDiffers) {
  VerdictReport report = verdicts();
  report.unmatched = {{.name = "queue=new", .known_to = results::KnownTo::candidate, .why = "no A"},
                      {.name = "queue=old", .known_to = results::KnownTo::base, .why = "no B"},
                      {.name = "queue=odd", .known_to = results::KnownTo::neither, .why = "no C"}};
  const std::string page = unwrapped_page(report);
  EXPECT_TRUE(has(page, "queue=new (only the candidate knows it: no A)"));
  EXPECT_TRUE(has(page, "queue=old (only the base knows it: no B)"));
  EXPECT_TRUE(has(page, "queue=odd (neither side knows it: no C)"));
  EXPECT_TRUE(has(page, "differs build: flags: -O3 in the base, -O2 in the candidate"));
  EXPECT_TRUE(has(page, "base/ringmpsc-bench --batch 1"));
  EXPECT_TRUE(has(page, "commit fedcba9, GCC 12.2.0 -O3"));
  EXPECT_TRUE(has(page, "time 12.5 s of at most 100 s"));
}

TEST(VerdictPage, NamesFaultsOfUnmatchedSeries) {
  VerdictReport report = verdicts();
  report.unmatched[0].faults = {"b.json: 2 sent, 1 received: 1 lost"};
  const std::string page = unwrapped_page(report);
  EXPECT_TRUE(has(page, "unmatched queue=new (only the candidate knows it: no)")) << page;
  EXPECT_TRUE(has(page, "FAILED queue=new: b.json: 2 sent, 1 received: 1 lost")) << page;
  EXPECT_TRUE(present::verdict_line(report).ends_with("; messages went wrong in 1 series"))
      << present::verdict_line(report);
}

TEST(VerdictPage, EndsNoLineInABlank) {
  for (unsigned width = present::kNarrowest; width <= 120; ++width) {
    for (const VerdictReport& report : {verdicts(), verdicts_of_runs()}) {
      const std::string page = verdict_page(report, width);
      EXPECT_EQ(page.find(" \n"), std::string::npos) << width << '\n' << page;
      const std::string coloured = present::render(report, {.color = true, .width = width});
      EXPECT_EQ(coloured.find(" \x1b[0m\n"), std::string::npos) << width << '\n' << coloured;
    }
  }
}

TEST(VerdictPage, CountsMarkedBlocksAndSamplesLeftOut) {
  VerdictReport report = verdicts();
  report.series[0].blocks[1].marks = {results::Disturbance::preempted,
                                      results::Disturbance::throttled};
  EXPECT_TRUE(has(unwrapped_page(report),
                  "5 of 8 blocks marked, in which the machine changed: 1 preempted, 4 steal, 1 "
                  "throttled"))
      << unwrapped_page(report);
  EXPECT_TRUE(has(unwrapped_page(report), "rule a rule"));
  EXPECT_TRUE(has(unwrapped_page(verdicts_of_runs()), "samples 8 of 80 samples left out"));
}

TEST(VerdictPage, HeadsTheSidesWithTheirLabelsAndListsTheirNotes) {
  VerdictReport report = verdicts_of_runs();
  report.candidate.label = "new server";
  report.candidate.notes = {{.key = "price", .value = "150 EUR a month"}};
  EXPECT_TRUE(
      line_with(verdict_page(report), "change  interval").ends_with("old server  new server"))
      << verdict_page(report);
  const std::string page = unwrapped_page(report);
  EXPECT_TRUE(has(page, "from the base (old server) to the candidate (new server)")) << page;
  EXPECT_TRUE(has(page, "base old server: a.json price: 120 EUR a month power: 65 W ringmpsc-"));
  EXPECT_TRUE(has(page, "candidate new server: b.json price: 150 EUR a month ringmpsc-bench"))
      << page;
}

TEST(VerdictPage, HeadsColumnsWithRolesWhereLabelsDoNotTellTheSidesApart) {
  VerdictReport report = verdicts_of_runs();
  const auto head = [&] { return line_with(verdict_page(report), "change  interval"); };
  EXPECT_TRUE(head().ends_with("old server  candidate")) << head();
  report.candidate.label = report.base.label;
  EXPECT_TRUE(head().ends_with("   base  candidate")) << head();
  EXPECT_TRUE(has(unwrapped_page(report), "from the base to the candidate,"));
  report.candidate.label = std::string(60, 'x');
  EXPECT_TRUE(head().ends_with("old server  xxxxxxx...xxxxxx")) << head();
}

TEST(VerdictPage, TellsEachCaveatOnceWithTheSeriesThatHaveIt) {
  VerdictReport report = four_places();
  for (const std::size_t i : {0U, 2U}) {
    report.series[i].caveats = {{results::CaveatCode::preempted, "threads lost their CPU"}};
  }
  const std::string page = unwrapped_page(report);
  EXPECT_TRUE(has(page, "preempted: [a] 2 of 4 series; for example producers=1: threads")) << page;
  EXPECT_TRUE(has(page, "virtualized: a hypervisor"));
  EXPECT_TRUE(line_with(verdict_page(report), "  producers=4 ").ends_with(" a"));
  EXPECT_FALSE(line_with(verdict_page(report), "  producers=2 ").ends_with(" a"));
}

TEST(VerdictPage, HasColoursOnlyWhereTheyAreWanted) {
  EXPECT_FALSE(has(verdict_page(verdicts()), "\x1b"));
  const std::string page = present::render(verdicts(), {.color = true, .width = 80});
  EXPECT_TRUE(has(page, "\x1b[1;31mregressed: 1 of 4"));
  EXPECT_TRUE(has(page, "\x1b[1;31mverdict: regressed"));
}

TEST(VerdictWords, TellChangesInPerCentOrInTimes) {
  using present::change_text;
  EXPECT_EQ(change_text(0.9), "-10.0%");
  EXPECT_EQ(change_text(1.0012), "+0.12%");
  EXPECT_EQ(change_text(0.99999), "0%");
  EXPECT_EQ(change_text(0.0), "-100.0%");
  EXPECT_EQ(change_text(10.99), "+999.0%");
  EXPECT_EQ(change_text(12.0), "x12");
  EXPECT_EQ(change_text(std::optional<double>()), "");
  EXPECT_EQ(change_text(results::Interval{.lo = 0.5, .hi = 30}), "x0.5 to x30");
}

}  // namespace
}  // namespace bench::testing
