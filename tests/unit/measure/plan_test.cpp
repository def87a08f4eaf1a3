// Tests how the planner carries out a request for latencies, and what it refuses.

#include "measure/plan.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "machine/topology.hpp"

namespace bench::measure {
namespace {

using workload::Pattern;

using workload::Spec;

Spec of(Pattern pattern, std::optional<double> rate) {
  Spec spec;
  spec.pattern = pattern;
  spec.rate = rate;
  return spec;
}

Plan plan_of(const Spec& spec) {
  Request request;
  request.spec = spec;
  return make_plan(request, machine::Topology::synthetic("core:4 pu:1"));
}

TEST(OneWayPlan, TimesMessagesThatAreSentOneByOne) {
  Spec spec = of(Pattern::one_way, 1e6);
  spec.producers = 3;
  spec.batch = 64;
  const Plan plan = plan_of(spec);
  ASSERT_EQ(plan.series.size(), 1U);
  EXPECT_EQ(plan.series[0].spec.batch, 1U);
  EXPECT_EQ(plan.series[0].spec.rate, 1e6);
  EXPECT_TRUE(plan.series[0].spec.latency);
}

TEST(OneWayPlan, NeedsARate) {
  EXPECT_THROW(plan_of(of(Pattern::one_way, std::nullopt)), BadRequest);
  EXPECT_THROW(plan_of(of(Pattern::one_way, 0)), BadRequest);
  EXPECT_THROW(plan_of(of(Pattern::one_way, -5)), BadRequest);
}

TEST(OneWayPlan, RefusesAConsumerThatDoesNotVerify) {
  Spec spec = of(Pattern::one_way, 1e6);
  spec.consume = workload::Consume::count;
  EXPECT_THROW(plan_of(spec), BadRequest);
}

TEST(Plans, OfOtherPatternsRefuseARate) {
  EXPECT_THROW(plan_of(of(Pattern::stream, 1e6)), BadRequest);
  EXPECT_THROW(plan_of(of(Pattern::round_trip, 1e6)), BadRequest);
  EXPECT_FALSE(plan_of(Spec()).series[0].spec.latency);
}

TEST(RoundTripPlan, TimesTheLimitToo) {
  Spec spec = of(Pattern::round_trip, std::nullopt);
  spec.latency = true;
  const Plan plan = plan_of(spec);
  ASSERT_EQ(plan.series.size(), 2U);
  EXPECT_EQ(plan.series[1].spec.queue, "bounce");
  EXPECT_TRUE(plan.series[1].spec.latency);
}

}  // namespace
}  // namespace bench::measure
