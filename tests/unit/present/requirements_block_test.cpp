// The page says of each requirement how many series meet it, and names the others, the worst first.

#include "present/requirements_block.hpp"

#include <gtest/gtest.h>

#include <string>

#include "unit/present/page_text.hpp"
#include "unit/result_document.hpp"

namespace bench::testing {
namespace {

using enum results::RequirementOutcome;

const results::Requirement kFast = {.text = "throughput>500M",
                                    .metric = results::Metric::throughput,
                                    .relation = results::Relation::above,
                                    .limit = 500e6};

results::Judgement judgement(const std::string& series, results::RequirementOutcome outcome,
                             std::optional<double> value) {
  results::Judgement one;
  one.requirement = kFast;
  one.series = series;
  one.outcome = outcome;
  one.value = value;
  if (value) one.interval = results::Interval{*value - 1e6, *value + 1e6};
  return one;
}

std::string block(std::vector<results::Judgement> judgements) {
  results::Document document;
  document.requirements = std::move(judgements);
  present::Page page({.color = false, .width = 120});
  present::show_requirements(page, document);
  return page.take();
}

TEST(RequirementsBlock, IsNotThereIfNothingWasRequired) { EXPECT_EQ(block({}), ""); }

TEST(RequirementsBlock, IsALineForOneSeries) {
  EXPECT_EQ(
      block({judgement("a", missed, 400e6)}),
      "  required    throughput>500M: missed: throughput is 400.0 M messages/s, 95 % CI 399.0 "
      "M to 401.0 M\n");
}

TEST(RequirementsBlock, NamesTheWorstFirstAndThenThoseForWhichNobodyCanTell) {
  results::Judgement unclear = judgement("d", cannot_tell, std::nullopt);
  unclear.why = "no trial was counted";
  EXPECT_EQ(
      block({judgement("a", missed, 400e6), judgement("b", met, 600e6),
             judgement("c", missed, 300e6), unclear}),
      "  required    throughput>500M: met by 1 of 4 series, missed by 2, cannot tell for 1\n"
      "              missed: c: throughput is 300.0 M messages/s, 95 % CI 299.0 M to 301.0 M\n"
      "              missed: a: throughput is 400.0 M messages/s, 95 % CI 399.0 M to 401.0 M\n"
      "              cannot tell: d: no trial was counted\n");
  EXPECT_EQ(block({judgement("a", met, 600e6), judgement("b", met, 600e6)}),
            "  required    throughput>500M: met by 2 of 2 series\n");
}

TEST(RequirementsBlock, HasALineForEachRequirement) {
  results::Judgement other = judgement("a", met, 1'500);
  other.requirement = {.text = "p99<2us",
                       .metric = results::Metric::p99,
                       .relation = results::Relation::below,
                       .limit = 2'000};
  other.interval = results::Interval{1'400, 15'000};
  const std::string text = block({judgement("a", met, 600e6), other});
  EXPECT_TRUE(has(text, "  required    throughput>500M: met: ")) << text;
  EXPECT_TRUE(has(text, "  required    p99<2us: met: p99 is 1,500 ns, 95 % CI 1,400 ns to 15.0 us"))
      << text;
}

TEST(RequirementsBlock, IsOnThePage) {
  EXPECT_TRUE(has(shown(document()), "required    p99 < 2us: met: ")) << shown(document());
}

}  // namespace
}  // namespace bench::testing
