// Tests resuming an interrupted sweep: it must be the same sweep, program and machine, and no trial
// is taken over twice.

#include "measure/resume.hpp"

#include <gtest/gtest.h>

#include <string>

#include "machine/host.hpp"
#include "measure/origin.hpp"
#include "measure/prober.hpp"
#include "unit/result_document.hpp"

namespace bench::measure {
namespace {

const machine::Topology topology = machine::Topology::synthetic("core:4 pu:1", {0, 1, 2, 3});

/// A sweep of two series.
Plan plan() {
  SweepRequest sweep{
      .name = "mine", .axes = {{.key = "producers", .values = {"1", "2"}}}, .series = {}};
  for (const unsigned producers : {1U, 2U}) {
    SweepRequest::Series series;
    series.parameters = {{.key = "producers", .value = std::to_string(producers)}};
    series.request.spec.producers = producers;
    series.request.spec.ring_bits = 8;
    series.request.trials = 3;
    series.request.seed = 7;
    sweep.series.push_back(std::move(series));
  }
  return make_plan(sweep, topology);
}

/// The result of that sweep after an interrupt in its second round.
results::Document earlier() {
  const Plan planned = plan();
  results::Document document;
  document.complete = false;
  document.created_utc = "2026-01-01T00:00:00Z";
  document.seed = planned.seed;
  document.sweep = planned.sweep;
  document.tool = this_tool();
  document.host = machine::host_facts(topology);
  for (const PlannedSeries& one : planned.series) {
    results::Series series;
    series.name = one.name;
    series.parameters = one.parameters;
    series.spec = one.spec;
    series.placement.policy = one.placement.policy;
    series.samples = {testing::sample(1000, 0.1, {1000})};
    series.verification = series.samples[0].verification;
    document.series.push_back(std::move(series));
  }
  document.series[1].samples.push_back(testing::sample(900, 0.1, {900}));
  document.series[1].samples[1].round = 1;
  document.series[1].verification += document.series[1].samples[1].verification;
  return document;
}

std::string refusal(const results::Document& document) {
  Plan planned = plan();
  try {
    go_on_with(document, planned, topology);
  } catch (const BadRequest& error) {
    EXPECT_FALSE(planned.earlier);
    return error.what();
  }
  EXPECT_TRUE(planned.earlier);
  return "";
}

TEST(Resume, OfTheSameSweepOnTheSameMachineIsAllowed) { EXPECT_EQ(refusal(earlier()), ""); }

TEST(Resume, ContinuesASweepThatItsTimeLimitEnded) {
  results::Document document = earlier();
  document.complete = true;
  EXPECT_EQ(refusal(document), "");
}

TEST(Resume, IgnoresTheLoadAndTheMemoryOfTheMachine) {
  results::Document document = earlier();
  document.host.load_average = 123;
  document.host.memory_bytes = 1;
  EXPECT_EQ(refusal(document), "");
}

void expect_refused(const char* word, auto change) {
  results::Document document = earlier();
  change(document);
  const std::string why = refusal(document);
  EXPECT_NE(why.find(word), std::string::npos) << why;
}

TEST(Resume, IsRefusedWithTheFirstThingThatDiffers) {
  expect_refused("complete", [](auto& document) {
    for (results::Series& series : document.series) {
      series.samples.resize(3, series.samples[0]);
      for (unsigned i = 0; i < 3; ++i) series.samples[i].round = i;
    }
  });
  expect_refused("round 0", [](auto& document) { document.series[1].samples[1].round = 0; });
  expect_refused("round 3", [](auto& document) { document.series[1].samples[1].round = 3; });
  expect_refused("CPU 77", [](auto& document) {
    document.series[0].samples[0].core_to_core = {{.cpu = 77, .before_ns = 1, .after_ns = {}}};
  });
  expect_refused("the sundial clock",
                 [](auto& document) { document.clock.emplace().name = "sundial"; });
  expect_refused("producers=2", [](auto& document) { document.series[1].parameters.clear(); });
  expect_refused("not the result of a sweep", [](auto& document) { document.sweep.reset(); });
  expect_refused("yours", [](auto& document) { document.sweep->name = "yours"; });
  expect_refused("it has 4 trials", [](auto& document) { document.sweep->trials = 4; });
  expect_refused(
      "its axes are batch=1,2, and this sweep's are producers=1,2; give the file and "
      "the flags that it began with: bench sweep mine",
      [](auto& document) {
        document.sweep->axes[0].key = "batch";
        document.command_line = "bench sweep mine";
      });
  expect_refused("it has 1 series", [](auto& document) { document.series.pop_back(); });
  expect_refused("seed is 8", [](auto& document) { document.seed = 8; });
  expect_refused("producers=3", [](auto& document) { document.series[1].name = "producers=3"; });
  expect_refused("batch is 256 and was 2",
                 [](auto& document) { document.series[1].spec.batch = 2; });
  expect_refused("placement is near and was far", [](auto& document) {
    document.series[0].placement.policy = machine::PlacementPolicy::far;
  });
  expect_refused("other CPUs", [](auto& document) {
    document.series[0].placement.pinned = true;
    document.series[0].placement.consumer_cpu = 3;
  });
  expect_refused("another program", [](auto& document) { document.tool.commit = "other"; });
  expect_refused("kernel", [](auto& document) { document.host.kernel = "Linux 2.6"; });
}

TEST(Resume, TakesOverEveryTrialAndNoneTwice) {
  Plan planned = plan();
  go_on_with(earlier(), planned, topology);
  results::Document document;
  document.created_utc = "2026-01-02T00:00:00Z";
  document.series.resize(2);
  take_over(*planned.earlier, document);
  EXPECT_EQ(document.created_utc, "2026-01-01T00:00:00Z");
  EXPECT_EQ(document.resumed_utc, std::vector<std::string>{"2026-01-02T00:00:00Z"});
  EXPECT_EQ(document.series[0].samples.size(), 1U);
  EXPECT_EQ(document.series[1].verification.sent, 1900U);
  EXPECT_TRUE(has_round(document.series[0], 0));
  EXPECT_FALSE(has_round(document.series[0], 1));
  EXPECT_TRUE(has_round(document.series[1], 1));
}

TEST(Resume, KeepsASurveyThatWasCompleteAndNoOther) {
  for (const bool complete : {true, false}) {
    results::Document before = earlier();
    before.survey = testing::document().survey;
    before.survey->complete = complete;
    results::Document document;
    document.series.resize(2);
    take_over(before, document);
    EXPECT_EQ(document.survey.has_value(), complete);
  }
}

TEST(Resume, KeepsMessageTimesAndDropsTrialsThatWereCutShort) {
  results::Document before = earlier();
  before.series[0].latency = testing::document().series[0].latency;
  before.series[1].samples.resize(1);
  before.series[1].samples[0].cut_short = true;
  results::Document document;
  document.series.resize(2);
  take_over(before, document);
  ASSERT_TRUE(document.series[0].samples[0].latency);
  EXPECT_EQ(document.series[0].samples[0].latency->count(), 4U);
  EXPECT_TRUE(document.series[1].samples.empty());
}

TEST(Resume, KeepsWhatPeopleSaidOfTheMachine) {
  results::Document before = earlier();
  before.label = "old server";
  before.notes = {{.key = "price", .value = "120"}};
  EXPECT_EQ(refusal(before), "");
  results::Document document;
  document.series.resize(2);
  take_over(before, document);
  EXPECT_EQ(document.label, before.label);
  EXPECT_EQ(document.notes, before.notes);
}

TEST(Resume, WeighsTheActivityOfOthersByTime) {
  const machine::Activity quiet{.foreign_cpu_share = 0, .steal_share = 0.1};
  const machine::Activity loaded{.foreign_cpu_share = 0.4, .steal_share = std::nullopt};
  const machine::Activity both = joined(quiet, 30, loaded, 10);
  EXPECT_DOUBLE_EQ(both.foreign_cpu_share.value(), 0.1);
  EXPECT_DOUBLE_EQ(both.steal_share.value(), 0.1);
  EXPECT_EQ(joined({}, 1, {}, 1), machine::Activity{});
}

TEST(Resume, KnowsHowLongTheFirstPartTook) {
  results::Document document = earlier();
  EXPECT_DOUBLE_EQ(measured_seconds(document), 0.3)
      << "the trials' own time, where nothing was probed";
  document.probes.seconds = 0.02;
  document.probes.share_of_time = 0.04;
  EXPECT_DOUBLE_EQ(measured_seconds(document), 0.5);
}

TEST(Resume, CountsTheProbesOfTheFirstPart) {
  results::Document document = earlier();
  document.probes.seconds = 0.02;
  document.series[0].samples[0].core_to_core = {{.cpu = 0, .before_ns = 100, .after_ns = 500}};
  document.series[1].samples[0].core_to_core = {{.cpu = 0, .before_ns = {}, .after_ns = 120}};
  document.series[1].samples[1].core_to_core = {};
  Prober prober;
  prober.take_over(document);
  const results::Probes probes = prober.probes(topology, 1);
  ASSERT_EQ(probes.core_to_core.size(), 1U);
  EXPECT_EQ(probes.core_to_core[0].from, 1U);
  EXPECT_EQ(probes.core_to_core[0].readings, 2U);
  EXPECT_DOUBLE_EQ(probes.core_to_core[0].p10_ns, 100);
  EXPECT_DOUBLE_EQ(probes.core_to_core[0].p90_ns, 120);
  EXPECT_DOUBLE_EQ(probes.share_of_time, 0.02);
}

}  // namespace
}  // namespace bench::measure
