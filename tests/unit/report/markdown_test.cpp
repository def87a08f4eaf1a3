#include "report/markdown.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "unit/report_documents.hpp"

namespace bench::testing {
namespace {

using report::ChartKind;
using report::Report;
using report::Table;

Report markdown_report_with(report::Block block) {
  return {.title = "a title",
          .subtitle = "a subtitle",
          .sections = {{.id = "one", .title = "One", .blocks = {std::move(block)}}},
          .enclosures = {}};
}

std::string markdown_of_block(report::Block block) {
  const std::string text = to_markdown(markdown_report_with(std::move(block)));
  constexpr std::string_view kBefore = "# a title\n\na subtitle\n\n## One\n\n";
  EXPECT_TRUE(text.starts_with(kBefore)) << text;
  return text.substr(kBefore.size());
}

TEST(ReportMarkdown, HasTables) {
  const Table table{.title = "t",
                    .columns = {{.title = "name", .is_number = false}, {.title = "rate"}},
                    .rows = {{{.text = "a|b"}, {.text = "7"}}, {{.text = "c"}}}};
  EXPECT_EQ(markdown_of_block(table),
            "**t**\n\n"
            "| name | rate |\n"
            "| :-- | --: |\n"
            "| a&#124;b | 7 |\n"
            "| c |  |\n");
}

TEST(ReportMarkdown, ShowsRatiosAsBarsOnALogarithmicScale) {
  const Table table{
      .title = "t",
      .columns = {{.title = "series", .is_number = false}, {.title = "ratio"}},
      .rows = {{{.text = "a"}, {.text = "4", .value = 4}},
               {{.text = "b"}, {.text = "0.5", .value = 0.5}},
               {{.text = "c"}, {.text = "1", .value = 1}},
               {{.text = "d"}, {.text = "none"}},
               {{.text = "e"}, {.text = "0", .value = 0}}},
      .chart = report::Chart{.kind = ChartKind::forest, .x_title = {}, .y_title = {}}};
  EXPECT_EQ(markdown_of_block(table),
            "**t**\n\n"
            "| series | ratio | slower ⟵ 1 ⟶ faster |\n"
            "| :-- | --: | :-- |\n"
            "| a | 4 | `··········│██████████` |\n"
            "| b | 0.5 | `·····█████│··········` |\n"
            "| c | 1 | `··········│··········` |\n"
            "| d | none |  |\n"
            "| e | 0 |  |\n");
}

TEST(ReportMarkdown, HasShortBarsForRatiosThatAreAllNearOne) {
  const Table table{
      .title = "t",
      .columns = {{.title = "series", .is_number = false}, {.title = "ratio"}},
      .rows = {{{.text = "a"}, {.text = "1.1", .value = 1.1}}},
      .chart = report::Chart{.kind = ChartKind::forest, .x_title = {}, .y_title = {}}};
  const std::string text = markdown_of_block(table);
  EXPECT_NE(text.find("| a | 1.1 | `··········│█·········` |"), std::string::npos) << text;
  // A table of GitHub ends a cell at each bar, within code too: four to a row.
  EXPECT_EQ(std::ranges::count(text, '|') % 4, 0) << text;
}

TEST(ReportMarkdown, FoldsTables) {
  const Table table{
      .title = "t", .columns = {{.title = "x"}}, .rows = {{{.text = "1"}}}, .folded = true};
  EXPECT_EQ(markdown_of_block(table),
            "<details><summary>t</summary>\n\n| x |\n| --: |\n| 1 |\n\n</details>\n");
}

TEST(ReportMarkdown, LeavesOutAMatrixOfManyCpus) {
  Table table{.title = "t", .columns = {{.title = "CPU"}}, .rows = {}, .heatmap = true};
  for (int i = 0; i < 32; ++i) table.columns.push_back({.title = std::to_string(i)});
  EXPECT_TRUE(markdown_of_block(table).starts_with("**t**\n\n| CPU |"));
  table.columns.push_back({.title = "32"});
  EXPECT_EQ(markdown_of_block(table), "**t**: a matrix of 33 rows, too many for a table here\n");
}

TEST(ReportMarkdown, HasParagraphsAndLists) {
  EXPECT_EQ(markdown_of_block(report::Paragraph{.text = "a_b"}), "a&#95;b\n");
  EXPECT_EQ(markdown_of_block(report::Paragraph{.text = "a", .strong = true}), "**a**\n");
  EXPECT_EQ(markdown_of_block(report::Items{.items = {"a", "b"}}), "- a\n- b\n");
}

TEST(ReportMarkdown, TakesNothingOfADocumentForMarkup) {
  const std::string text = to_markdown(report_of(hostile_documents()));
  EXPECT_NE(text.find("window"), std::string::npos);
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = text.find('\n', begin);
    const std::string line = text.substr(begin, end - begin);
    begin = end + 1;
    EXPECT_EQ(line.find("](javascript"), std::string::npos) << line;
    EXPECT_FALSE(line.starts_with("# heading")) << line;
    EXPECT_EQ(line.find("@someone"), std::string::npos) << line;
    for (std::size_t at = line.find('<'); at != std::string::npos; at = line.find('<', at + 1)) {
      const std::string tag = line.substr(at, line.find('>', at) + 1 - at);
      EXPECT_TRUE(tag == "<code>" || tag == "</code>" || tag == "<details>" ||
                  tag == "</details>" || tag == "<summary>" || tag == "</summary>")
          << line;
    }
    for (const char c : line) ASSERT_GE(static_cast<unsigned char>(c), ' ') << line;
  }
}

}  // namespace
}  // namespace bench::testing
