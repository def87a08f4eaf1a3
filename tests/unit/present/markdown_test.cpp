// A comment on a pull request says what the page says, whatever the names are.

#include "present/markdown.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "unit/present/page_text.hpp"
#include "unit/verdict_report.hpp"

namespace bench::testing {
namespace {

using present::to_markdown;
using results::Verdict;
using results::VerdictReport;

std::vector<std::string> rows_of(const std::string& markdown) {
  std::vector<std::string> rows;
  for (std::size_t at = 0; at < markdown.size();) {
    const std::size_t end = markdown.find('\n', at);
    const std::string line = markdown.substr(at, end - at);
    if (line.starts_with("| <")) rows.push_back(line);
    at = end + 1;
  }
  return rows;
}

VerdictReport unchanged(std::size_t count) {
  VerdictReport report = verdicts();
  report.series.clear();
  for (std::size_t i = 0; i < count; ++i) {
    report.series.push_back(judged("batch=" + std::to_string(i), Verdict::no_change, 1));
  }
  return report;
}

/// The text without the tags that the tool itself writes.
std::string without_own_tags(std::string text) {
  for (const std::string tag :
       {"<code>", "</code>", "<details>", "</details>", "<summary>", "</summary>"}) {
    for (std::size_t at = text.find(tag); at != std::string::npos; at = text.find(tag)) {
      text.replace(at, tag.size(), "\x01");
    }
  }
  return text;
}

/// Puts the text into every place that a document fills with text.
VerdictReport everywhere(const std::string& text) {
  VerdictReport report = verdicts();
  for (results::JudgedSeries& series : report.series) {
    series.name = text;
    series.parameters = {{.key = text, .value = text}};
    series.why = text;
    series.caveats = {{results::CaveatCode::preempted, text}};
  }
  report.series[0].candidate.verification.lost = 1;
  report.unmatched = {{.name = text, .known_to = results::KnownTo::base, .why = text}};
  report.differences = {
      {.kind = results::DifferenceKind::build, .field = text, .base = text, .candidate = text}};
  report.caveats = {{results::CaveatCode::virtualized, text}};
  report.rule = text;
  report.command_line = text;
  report.host.cpu_model = text;
  report.failure = results::Failure{.kind = results::FailureKind::crash,
                                    .series = text,
                                    .queue = text,
                                    .trial = text,
                                    .reason = text,
                                    .threads = {{.thread = text, .doing = text, .messages = 1}}};
  for (results::Side* const side : {&report.base, &report.candidate}) {
    *side = {.name = text,
             .arguments = {text},
             .files = {text},
             .tool = {.name = text,
                      .version = text,
                      .commit = text,
                      .compiler = text,
                      .flags = text,
                      .build_type = text,
                      .sanitizer = text}};
  }
  return report;
}

TEST(Markdown, HeadsTheSidesWithTheirLabels) {
  VerdictReport report = verdicts_of_runs();
  report.candidate.label = "<b>|new";
  const std::string text = to_markdown(report);
  EXPECT_TRUE(has(text, "| interval | old server | &#60;b&#62;&#124;new |\n")) << text;
  EXPECT_TRUE(has(text, "- base: price: 120 EUR a month\n")) << text;
  EXPECT_TRUE(has(to_markdown(verdicts()), "| interval | base | candidate |\n"));
}

TEST(Markdown, BeginsWithTheVerdictAndATableOfTheWorstFirst) {
  const std::string markdown = to_markdown(verdicts());
  EXPECT_TRUE(markdown.starts_with(
      "### ringmpsc-bench: regressed\n\n1 of 4 series regressed, 1 improved, 1 no change, 1 "
      "inconclusive; margin 5 %\n\n| series | verdict |"))
      << markdown;
  const std::vector<std::string> rows = rows_of(markdown);
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[0],
            "| <code>producers=1</code> | **regressed** | -10.0% | -11.8 to -8.2% | 100.0 M | "
            "90.00 M |");
  EXPECT_TRUE(has(rows[1], "| inconclusive |"));
  EXPECT_TRUE(has(rows[2], "| **improved** |"));
  EXPECT_TRUE(has(rows[3], "| no change |"));
}

TEST(Markdown, SaysTheRestOfThePage) {
  const std::string markdown = to_markdown(verdicts());
  for (const char* const part :
       {"<code>producers=4</code>: the interval is too wide", "a longer --budget",
        "<code>queue=new</code>: only the candidate knows it: no", "<summary>Caveats (1)</summary>",
        "<code>virtualized</code>: a hypervisor", "-O3 in the base, -O2 in the candidate",
        "<code>base/ringmpsc-bench --batch 1</code>", "4 of 8 blocks marked", "- rule: a rule",
        "12.5 s of at most 100 s"}) {
    EXPECT_TRUE(has(markdown, part)) << part << " not in\n" << markdown;
  }
}

TEST(Markdown, NamesFaultsOfUnmatchedSeries) {
  VerdictReport report = verdicts();
  report.unmatched[0].faults = {"b.json: 2 sent, 1 received"};
  const std::string markdown = to_markdown(report);
  EXPECT_TRUE(has(markdown, "- **FAILED** <code>queue=new</code>: b.json: 2 sent, 1 received"))
      << markdown;
  EXPECT_TRUE(has(markdown, "messages went wrong in 1 series"));
}

TEST(Markdown, FoldsSeriesWithoutAChangeIfThereAreManyOfThem) {
  EXPECT_FALSE(has(to_markdown(unchanged(10)), "series without a change"));
  VerdictReport report = unchanged(11);
  report.series.push_back(judged("batch=slow", Verdict::regressed, 0.8));
  const std::string markdown = to_markdown(report);
  const std::size_t fold = markdown.find("<details><summary>11 series without a change</summary>");
  ASSERT_NE(fold, std::string::npos) << markdown;
  EXPECT_LT(markdown.find("batch=slow"), fold);
  EXPECT_GT(markdown.find("batch=0<"), fold);
  EXPECT_LT(markdown.find("batch=10<"), markdown.find("</details>"));
}

TEST(Markdown, IsShortEnoughForAComment) {
  VerdictReport report = unchanged(1000);
  for (std::size_t i = 0; i < 500; ++i) report.series[i].verdict = Verdict::regressed;
  for (std::size_t i = 500; i < 700; ++i) report.series[i].verdict = Verdict::inconclusive;
  const std::string markdown = to_markdown(report);
  EXPECT_LT(markdown.size(), 65'536U);
  EXPECT_TRUE(has(markdown, " more are left out here; the JSON (`--output FILE`) has them all."));
  EXPECT_LT(to_markdown(everywhere(std::string(100'000, '@'))).size(), 65'536U);
}

TEST(Markdown, ShowsNamesAsTheyAreAndNothingElse) {
  const std::string odd =
      "a|b <script>x</script> &amp; `c` *d* _e_ [f](http://g) @user #123 !4 ~l\n# h\n- i\\|j "
      "www.k.l";
  const std::string markdown = to_markdown(everywhere(odd));
  const std::string bare = without_own_tags(markdown);
  for (const char c : std::string("<>`\\[]_~")) {
    EXPECT_EQ(bare.find(c), std::string::npos) << c << "\n" << bare;
  }
  for (const char* const raw : {"@", "#123", "!4", "://", "www.", "&amp;", "*d", "\n#h", "\n- i"}) {
    EXPECT_FALSE(has(bare, raw)) << raw << "\n" << bare;
  }
  EXPECT_FALSE(has(markdown, "\n# "));
  const std::vector<std::string> rows = rows_of(markdown);
  ASSERT_EQ(rows.size(), 4U);
  for (const std::string& row : rows) EXPECT_EQ(std::ranges::count(row, '|'), 7) << row;
  EXPECT_TRUE(has(rows[0], "<code>a&#124;b &#60;script&#62;x")) << rows[0];
}

TEST(Markdown, MentionsNobody) {
  // Outside of <code>, a reference alone is no help: mentions are looked for in what is shown.
  for (const std::string mention :
       {"@user", "#123", "!45", "~label", "$6", "%7", "&8", "@\"q r\""}) {
    const std::string markdown = to_markdown(everywhere("by " + mention));
    const std::string reference = "&#" + std::to_string(static_cast<unsigned>(mention[0])) + ";";
    for (std::size_t at = markdown.find(reference); at != std::string::npos;
         at = markdown.find(reference, at + 1)) {
      const std::size_t opened = markdown.rfind("<code>", at);
      ASSERT_NE(opened, std::string::npos) << markdown;
      EXPECT_EQ(markdown.substr(opened, at - opened).find("</code>"), std::string::npos)
          << markdown.substr(at - 40, 80);
    }
    EXPECT_FALSE(has(markdown, "by " + mention)) << mention;
  }
}

TEST(Markdown, SaysWhatWentWrong) {
  VerdictReport report = unchanged(20);
  report.series[7].candidate.verification.lost = 3;
  const std::string markdown = to_markdown(report);
  EXPECT_TRUE(has(markdown, "- **FAILED** <code>batch=7</code>: candidate: 5,000,000 sent"));
  EXPECT_TRUE(has(markdown, "messages went wrong in 1 series;"));
  EXPECT_LT(markdown.find("| <code>batch=7</code>"), markdown.find("<details>"));
  report.series.clear();
  EXPECT_TRUE(has(to_markdown(report), "nothing was compared"));
  EXPECT_FALSE(has(to_markdown(report), "| series |"));
}

}  // namespace
}  // namespace bench::testing
