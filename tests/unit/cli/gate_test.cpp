// Tests how requirements are read, and which are refused before anything is measured.

#include "cli/gate.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "machine/topology.hpp"

namespace bench::cli {
namespace {

using results::Metric;
using results::Relation;
using results::Requirement;

Requirement parsed(const std::string& text) { return parse_requirement("--require", text); }

std::string refusal(const std::string& text) {
  try {
    static_cast<void>(parsed(text));
  } catch (const measure::BadRequest& error) {
    return error.what();
  }
  return "it was not refused";
}

TEST(Requirement, HasAMetricARelationAndALimitInTheMetricsUnit) {
  EXPECT_EQ(parsed("throughput>500M"), (Requirement{.text = "throughput>500M",
                                                    .metric = Metric::throughput,
                                                    .relation = Relation::above,
                                                    .limit = 500e6}));
  EXPECT_EQ(parsed(" p99.9  <=  1.5us "), (Requirement{.text = " p99.9  <=  1.5us ",
                                                       .metric = Metric::p99_9,
                                                       .relation = Relation::at_most,
                                                       .limit = 1'500}));
  EXPECT_EQ(parsed("bandwidth>=4G").limit, 4e9);
  EXPECT_EQ(parsed("bandwidth>=4G").relation, Relation::at_least);
  EXPECT_EQ(parsed("round-trip<300ns").metric, Metric::round_trip);
  EXPECT_EQ(parsed("round-trip<300ns").relation, Relation::below);
  EXPECT_EQ(parsed("max<2ms").limit, 2e6);
  EXPECT_EQ(parsed("p50<1s").limit, 1e9);
  EXPECT_EQ(parsed("p99 < 2 us").limit, 2e3);
  EXPECT_EQ(parsed("p99 < 2 us").text, "p99 < 2 us");
  EXPECT_EQ(parsed("throughput > 500  M").limit, 500e6);
  for (const auto& [name, metric] : results::kMetricNames) {
    const bool rate = metric == Metric::throughput || metric == Metric::bandwidth;
    EXPECT_EQ(parsed(std::string(name) + (rate ? ">1" : ">1ns")).metric, metric);
  }
}

TEST(Requirement, ThatIsNoneIsRefusedWithWhatIsKnown) {
  EXPECT_EQ(refusal(""),
            "--require '': must be a metric (throughput, bandwidth, round-trip, p50, p90, p99, "
            "p99.9, p99.99, max), one of > >= < <=, and a limit, like throughput>500M or p99<2us");
  EXPECT_TRUE(refusal("p99").starts_with("--require p99: must be a metric ("));
  EXPECT_EQ(refusal("p98<2us"),
            "--require p98<2us: the metric p98: must be one of throughput, bandwidth, round-trip, "
            "p50, p90, p99, p99.9, p99.99, max (did you mean p90?)");
  EXPECT_TRUE(refusal(">5").starts_with("--require >5: the metric '': must be one of "));
  EXPECT_EQ(refusal("p99=>2us"),
            "--require p99=>2us: the relation =>: must be one of >=, >, <=, < (did you mean >=?)");
  EXPECT_TRUE(refusal("p99==2us").starts_with("--require p99==2us: the relation ==: must be "));
  EXPECT_TRUE(refusal("p99> >2us").starts_with("--require p99> >2us: the limit >2us: must be "));
  EXPECT_EQ(refusal("throughput>"),
            "--require throughput>: the limit '': must be a number, with k, M or G for thousands, "
            "millions or billions, like 500M or 1.5G");
  EXPECT_EQ(parsed("throughput>1.5G").limit, 1.5e9);
  EXPECT_TRUE(refusal("throughput>0").ends_with("the limit 0: must be between 1 and 1e+18"));
  EXPECT_TRUE(refusal("throughput>5us").find("the limit 5us: must be a number") !=
              std::string::npos);
  const std::string unit = "must be a number and a unit (ns, us, ms or s), like 300ns or 1.5us";
  for (const std::string limit : {"2", "2M", "us", "nans", "1e3us", "2 0us", "2 u s", "2h"}) {
    EXPECT_EQ(refusal("p99<" + limit),
              fmt::format("--require p99<{0}: the limit {0}: {1}", limit, unit));
  }
  EXPECT_EQ(refusal("p99<0ns"),
            "--require p99<0ns: the limit 0ns: must be between 1 ns and 3600 s");
  EXPECT_TRUE(refusal("p99<-1us").ends_with("must be between 1 ns and 3600 s"));
}

/// What check() says about a plan of one series with this spec; empty if it lets it pass.
std::string objection(const std::string& text, workload::Pattern pattern, bool timed) {
  measure::PlannedSeries series;
  series.spec.pattern = pattern;
  series.spec.latency = timed;
  measure::Plan plan;
  plan.series.push_back(series);
  try {
    check({.requirements = {parsed(text)}, .strict = {}}, plan);
  } catch (const measure::BadRequest& error) {
    return error.what();
  }
  return {};
}

TEST(Requirement, OfAMetricThatNoSeriesHasIsRefused) {
  using workload::Pattern;
  EXPECT_EQ(objection("throughput>1", Pattern::stream, false), "");
  EXPECT_EQ(objection("bandwidth>1", Pattern::stream, false), "");
  EXPECT_EQ(objection("p99<1us", Pattern::stream, false),
            "--require p99<1us: no message is timed; the command latency times messages, and so "
            "does --pattern one-way with a --rate");
  EXPECT_NE(objection("max<1us", Pattern::round_trip, false), "");
  EXPECT_EQ(objection("p99<1us", Pattern::one_way, true), "");
  EXPECT_EQ(objection("round-trip<1us", Pattern::one_way, true),
            "--require round-trip<1us: no series makes round trips; the command latency does, or "
            "--pattern round-trip");
  EXPECT_EQ(objection("round-trip<1us", Pattern::round_trip, false), "");
}

TEST(Strictness, LetsNothingPassThatItNames) {
  using results::CaveatCode;
  results::Document document;
  document.caveats = {{CaveatCode::virtualized, "text"}};
  document.series.emplace_back().caveats = {{CaveatCode::regimes, "text"}};
  const auto passes = [&](std::vector<CaveatCode> strict) {
    return lets_pass({.requirements = {}, .strict = std::move(strict)}, document);
  };
  EXPECT_TRUE(passes({}));
  EXPECT_TRUE(passes({CaveatCode::failed, CaveatCode::steal}));
  EXPECT_FALSE(passes({CaveatCode::failed, CaveatCode::virtualized}));
  EXPECT_FALSE(passes({CaveatCode::regimes}));
}

}  // namespace
}  // namespace bench::cli
