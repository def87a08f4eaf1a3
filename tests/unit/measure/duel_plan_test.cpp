// Tests which series of two plans are measured against each other.

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "measure/duel.hpp"

namespace bench::testing {
namespace {

using measure::match;
using measure::Plan;
using Parameters = std::vector<results::Parameter>;

Plan plan_of(const std::vector<Parameters>& places, const workload::Spec& spec = {}) {
  Plan plan;
  plan.seed = 5;
  for (const Parameters& place : places) {
    measure::PlannedSeries series;
    series.parameters = place;
    series.spec = spec;
    plan.series.push_back(std::move(series));
  }
  return plan;
}

TEST(DuelPlan, MatchesSeriesByTheirPlaceOnTheSharedAxes) {
  const Plan base =
      plan_of({{{"producers", "1"}, {"batch", "1"}}, {{"producers", "2"}, {"batch", "1"}}});
  const Plan candidate =
      plan_of({{{"producers", "2"}, {"batch", "256"}}, {{"producers", "4"}, {"batch", "256"}}});
  const measure::DuelPlan plan = match(base, candidate, {"batch"}, 0.02);
  EXPECT_EQ(plan.seed, 5);
  ASSERT_EQ(plan.series.size(), 1U);
  EXPECT_EQ(plan.series[0].name, "producers=2");
  EXPECT_EQ(plan.series[0].parameters, (Parameters{{"producers", "2"}}));
  ASSERT_EQ(plan.unmatched.size(), 2U);
  EXPECT_EQ(plan.unmatched[0].name, "producers=1");
  EXPECT_EQ(plan.unmatched[0].known_to, results::KnownTo::base);
  EXPECT_EQ(plan.unmatched[1].name, "producers=4");
  EXPECT_EQ(plan.unmatched[1].known_to, results::KnownTo::candidate);
}

TEST(DuelPlan, GivesEveryTrialTheSameTime) {
  workload::Spec counted;
  counted.duration_s.reset();
  counted.messages_per_producer = 1000;
  const measure::DuelPlan plan = match(plan_of({{}}, counted), plan_of({{}}), {}, 0.03);
  ASSERT_EQ(plan.series.size(), 1U);
  EXPECT_EQ(plan.series[0].name, "ringmpsc") << "it has no place on any axis";
  EXPECT_EQ(plan.series[0].base.spec.duration_s, 0.03);
  EXPECT_FALSE(plan.series[0].base.spec.messages_per_producer);
  EXPECT_EQ(plan.series[0].candidate.spec.duration_s, 0.03);
}

TEST(DuelPlan, LeavesOutASeriesThatHasASchedule) {
  workload::Spec scheduled;
  scheduled.pattern = workload::Pattern::one_way;
  scheduled.rate = 1000;
  const measure::DuelPlan plan =
      match(plan_of({{}}, scheduled), plan_of({{}}, scheduled), {}, 0.02);
  EXPECT_TRUE(plan.series.empty());
  ASSERT_EQ(plan.unmatched.size(), 1U);
  EXPECT_EQ(plan.unmatched[0].known_to, results::KnownTo::neither);
}

TEST(DuelPlan, RefusesTwoValuesOfWhatTheSidesDifferIn) {
  const Plan both = plan_of({{{"batch", "1"}}, {{"batch", "2"}}});
  EXPECT_THROW(static_cast<void>(match(both, both, {"batch"}, 0.02)), measure::BadRequest);
  EXPECT_EQ(match(both, both, {}, 0.02).series.size(), 2U);
}

}  // namespace
}  // namespace bench::testing
