// Tests how the planner carries out a request for latencies, and what it refuses.

#include "measure/plan.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

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

/// The texts of the caveats that the first series asked for something that is not done.
std::vector<std::string> not_as_asked(const Plan& plan) {
  std::vector<std::string> texts;
  for (const results::Caveat& caveat : plan.series.front().caveats) {
    if (caveat.code == results::CaveatCode::not_as_asked) texts.push_back(caveat.text);
  }
  return texts;
}

TEST(Plans, RecordWhatIsDoneAndSayWhatWasAskedFor) {
  const machine::Topology machine = machine::Topology::synthetic("core:4 pu:1");
  Request request;
  request.queues = {"mutex-ring"};
  EXPECT_EQ(not_as_asked(make_plan(request, machine)), std::vector<std::string>{})
      << "batches are copied in, and nobody asked for something else";
  request.write_given = true;
  EXPECT_EQ(not_as_asked(make_plan(request, machine)).size(), 1U);
  request.spec.write = workload::Write::deferred;
  request.spec.batch = 1;
  const Plan deferred = make_plan(request, machine);
  EXPECT_EQ(deferred.series[0].spec.write, workload::Write::in_place);
  ASSERT_EQ(not_as_asked(deferred).size(), 1U);
  EXPECT_NE(not_as_asked(deferred)[0].find("mutex-ring cannot stage"), std::string::npos);

  Request counting;
  counting.queues = {"mutex-ring"};
  counting.spec.metrics = true;
  const Plan uncounted = make_plan(counting, machine);
  EXPECT_FALSE(uncounted.series[0].spec.metrics);
  EXPECT_EQ(not_as_asked(uncounted).size(), 1U);
  counting.queues = {"ringmpsc"};
  EXPECT_TRUE(make_plan(counting, machine).series[0].spec.metrics);
  EXPECT_EQ(not_as_asked(make_plan(counting, machine)), std::vector<std::string>{});
}

TEST(Plans, SayWhichNamedQueueHasNoLayoutToChoose) {
  const machine::Topology machine = machine::Topology::synthetic("core:4 pu:1");
  Request request;
  request.spec.layout = workload::Layout::celled;
  request.limit = true;
  const Plan beside = make_plan(request, machine);
  ASSERT_EQ(beside.series.size(), 2U);
  EXPECT_EQ(beside.series[0].spec.layout, workload::Layout::celled);
  EXPECT_FALSE(beside.series[1].spec.layout);
  EXPECT_TRUE(beside.series[1].caveats.empty()) << "nobody asked for a limit of celled layout";
  for (const std::string queue : {"hand-off", "mutex-ring"}) {
    request.queues = {queue};
    EXPECT_EQ(not_as_asked(make_plan(request, machine)),
              std::vector{queue + " has one layout of its own, whatever --layout says"});
  }
}

TEST(Plans, RefuseBatchesWhereOneMessageIsSentAtATime) {
  Request request;
  request.spec.pattern = Pattern::round_trip;
  request.batch_given = true;
  request.spec.batch = 64;
  const machine::Topology machine = machine::Topology::synthetic("core:4 pu:1");
  EXPECT_THROW(static_cast<void>(make_plan(request, machine)), BadRequest);
  request.spec.batch = 1;
  EXPECT_NO_THROW(static_cast<void>(make_plan(request, machine)));
  request.write_given = true;
  request.spec.write = workload::Write::deferred;
  EXPECT_THROW(static_cast<void>(make_plan(request, machine)), BadRequest);
}

/// A sweep over two placements.
SweepRequest near_and_far() {
  SweepRequest sweep{.name = "placements"};
  sweep.axes = {{.key = "placement", .values = {"near", "far"}}};
  for (const auto policy : {machine::PlacementPolicy::near, machine::PlacementPolicy::far}) {
    Request request;
    request.policy = policy;
    sweep.series.push_back(
        {.parameters = {{.key = "placement", .value = std::string(name(policy))}},
         .request = request});
  }
  return sweep;
}

TEST(Plans, MeasurePlacementsOnTheSameCpusOnce) {
  const Plan two = make_plan(near_and_far(), machine::Topology::synthetic("core:2 pu:1"));
  ASSERT_EQ(two.series.size(), 1U);
  EXPECT_EQ(two.series[0].name, "placement=near");
  EXPECT_EQ(two.sweep->axes[0].values, std::vector<std::string>{"near"});
  ASSERT_EQ(two.left_out.size(), 1U);
  EXPECT_NE(two.left_out[0].find("placement=far"), std::string::npos) << two.left_out[0];
  const Plan four = make_plan(near_and_far(), machine::Topology::synthetic("l3:2 core:2 pu:1"));
  EXPECT_EQ(four.series.size(), 2U);
}

TEST(Plans, SayThatFarIsNear) {
  Request request;
  request.policy = machine::PlacementPolicy::far;
  EXPECT_EQ(not_as_asked(make_plan(request, machine::Topology::synthetic("core:2 pu:1"))).size(),
            1U);
  EXPECT_EQ(
      not_as_asked(make_plan(request, machine::Topology::synthetic("l3:2 core:2 pu:1"))).size(),
      0U);
}

}  // namespace
}  // namespace bench::measure
