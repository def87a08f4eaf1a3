// Tests that a requirement is judged by the interval, and that where there is none nobody can tell.

#include "analysis/requirements.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "unit/result_document.hpp"

namespace bench::analysis {
namespace {

using results::Interval;
using results::Judgement;
using results::Metric;
using results::Relation;
using results::Requirement;
using results::RequirementOutcome;
using enum results::RequirementOutcome;

Requirement requirement(Metric metric, Relation relation, double limit) {
  return {.text = "as written", .metric = metric, .relation = relation, .limit = limit};
}

RequirementOutcome outcome(Relation relation, double limit) {
  return outcome_of(requirement(Metric::p50, relation, limit), Interval{100, 200});
}

/// A series of ten samples: 30 to 50 million messages a second of 8 bytes.
results::Series series() {
  results::Series series = testing::document().series.front();
  series.samples.resize(10, series.samples.front());
  series.latency->load.reset();
  series.spec.latency = true;
  return series;
}

Judgement judged(const Requirement& wanted, const results::Series& of) {
  const std::vector<Judgement> all = judge(std::vector{wanted}, std::vector{of});
  EXPECT_EQ(all.size(), 1U);
  EXPECT_EQ(all.front().requirement, wanted);
  EXPECT_EQ(all.front().series, of.name);
  return all.front();
}

TEST(Requirements, AreMetAndMissedByTheWholeIntervalAndNothingLess) {
  EXPECT_EQ(outcome(Relation::above, 99), met);
  EXPECT_EQ(outcome(Relation::above, 100), cannot_tell);
  EXPECT_EQ(outcome(Relation::above, 199), cannot_tell);
  EXPECT_EQ(outcome(Relation::above, 200), missed);

  EXPECT_EQ(outcome(Relation::at_least, 100), met);
  EXPECT_EQ(outcome(Relation::at_least, 101), cannot_tell);
  EXPECT_EQ(outcome(Relation::at_least, 200), cannot_tell);
  EXPECT_EQ(outcome(Relation::at_least, 201), missed);

  EXPECT_EQ(outcome(Relation::below, 201), met);
  EXPECT_EQ(outcome(Relation::below, 200), cannot_tell);
  EXPECT_EQ(outcome(Relation::below, 101), cannot_tell);
  EXPECT_EQ(outcome(Relation::below, 100), missed);

  EXPECT_EQ(outcome(Relation::at_most, 200), met);
  EXPECT_EQ(outcome(Relation::at_most, 199), cannot_tell);
  EXPECT_EQ(outcome(Relation::at_most, 100), cannot_tell);
  EXPECT_EQ(outcome(Relation::at_most, 99), missed);

  EXPECT_EQ(outcome_of(requirement(Metric::p50, Relation::above, 1), std::nullopt), cannot_tell);
}

TEST(Requirements, OfARateAreJudgedByItsIntervalAndNotByItsMedian) {
  const auto throughput = [](double limit) {
    return judged(requirement(Metric::throughput, Relation::above, limit), series());
  };
  EXPECT_EQ(throughput(29e6).outcome, met);
  EXPECT_EQ(throughput(35e6).outcome, cannot_tell) << "the median is 40 M";
  EXPECT_EQ(throughput(50e6).outcome, missed);
  EXPECT_EQ(throughput(29e6).value, 40e6);
  EXPECT_EQ(throughput(29e6).interval, (Interval{30e6, 50e6}));
  EXPECT_EQ(throughput(29e6).why, std::nullopt);

  const Judgement bytes =
      judged(requirement(Metric::bandwidth, Relation::at_most, 400e6), series());
  EXPECT_EQ(bytes.outcome, met);
  EXPECT_EQ(bytes.value, 320e6);
  EXPECT_EQ(bytes.interval, (Interval{240e6, 400e6}));
}

TEST(Requirements, OfARoundTripTurnTheIntervalOfTheRateAround) {
  results::Series trips = series();
  EXPECT_TRUE(
      judge(std::vector{requirement(Metric::round_trip, Relation::below, 1)}, std::vector{trips})
          .empty())
      << "a stream makes none";
  trips.spec.pattern = workload::Pattern::round_trip;
  const Judgement judgement = judged(requirement(Metric::round_trip, Relation::below, 34), trips);
  EXPECT_EQ(judgement.outcome, met);
  EXPECT_DOUBLE_EQ(judgement.value.value(), 25);
  EXPECT_DOUBLE_EQ(judgement.interval.value().lo, 20);
  EXPECT_DOUBLE_EQ(judgement.interval.value().hi, 1e9 / 30e6);
  trips.summary->messages_per_second.ci95->lo = 0;
  EXPECT_EQ(judged(requirement(Metric::round_trip, Relation::below, 34), trips).outcome,
            cannot_tell);
}

TEST(Requirements, CannotBeToldWithoutAnIntervalAndSaySo) {
  results::Series few = series();
  few.samples.resize(5);
  few.summary->messages_per_second.ci95.reset();
  few.latency->ci95 = {};
  for (const Metric metric : {Metric::throughput, Metric::bandwidth, Metric::p50}) {
    const Judgement judgement = judged(requirement(metric, Relation::above, 1), few);
    EXPECT_EQ(judgement.outcome, cannot_tell);
    EXPECT_TRUE(judgement.value.has_value());
    EXPECT_EQ(judgement.why, "5 trials are too few for an interval; use --trials 6 or more");
  }
  results::Series none = series();
  none.samples.clear();
  none.summary.reset();
  none.latency.reset();
  const Judgement judgement = judged(requirement(Metric::throughput, Relation::above, 1), none);
  EXPECT_EQ(judgement.outcome, cannot_tell);
  EXPECT_EQ(judgement.why, "no trial was counted");
}

/// The series with two regimes, whose intervals are 10 to 20 and 30 to 40 million.
results::Series of_two_regimes() {
  results::Series changed = series();
  results::Summary& summary = *changed.summary;
  summary.messages_per_second = {.median = {}, .ci95 = {}, .min = 10e6, .max = 40e6, .mad = {}};
  summary.regimes = {testing::regime(15e6, 100), testing::regime(35e6, 50)};
  summary.regimes[0].messages_per_second.ci95 = Interval{10e6, 20e6};
  summary.regimes[1].messages_per_second.ci95 = Interval{30e6, 40e6};
  return changed;
}

TEST(Requirements, OfSeveralRegimesAreMetOrMissedByAllOfThem) {
  const auto throughput = [](double limit, const results::Series& of) {
    return judged(requirement(Metric::throughput, Relation::above, limit), of);
  };
  const results::Series changed = of_two_regimes();
  EXPECT_EQ(throughput(9e6, changed).outcome, met);
  EXPECT_EQ(throughput(10e6, changed).outcome, cannot_tell);
  EXPECT_EQ(throughput(25e6, changed).outcome, cannot_tell);
  EXPECT_EQ(throughput(39e6, changed).outcome, cannot_tell);
  EXPECT_EQ(throughput(40e6, changed).outcome, missed);
  EXPECT_EQ(throughput(25e6, changed).value, std::nullopt);
  EXPECT_EQ(throughput(25e6, changed).interval, std::nullopt);
  EXPECT_EQ(throughput(25e6, changed).why,
            "the machine changed: of 2 regimes, 1 meet it, 1 miss it");
  results::Series unsure = changed;
  unsure.summary->regimes[1].messages_per_second.ci95.reset();
  EXPECT_EQ(throughput(9e6, unsure).outcome, cannot_tell);
  EXPECT_EQ(throughput(9e6, unsure).why,
            "the machine changed: of 2 regimes, 1 meet it, 0 miss it, 1 cannot tell");
  results::Series timed = changed;
  timed.latency->ci95 = {};
  EXPECT_EQ(judged(requirement(Metric::p50, Relation::above, 1), timed).why,
            "the machine changed: the times are of 2 regimes together");
}

TEST(Requirements, OfEachPercentileAreJudgedByItsOwnInterval) {
  const auto below = [](Metric metric, double limit) {
    return judged(requirement(metric, Relation::below, limit), series());
  };
  EXPECT_EQ(below(Metric::p50, 102).outcome, met);
  EXPECT_EQ(below(Metric::p50, 101).outcome, cannot_tell);
  EXPECT_EQ(below(Metric::p90, 211).outcome, met);
  EXPECT_EQ(below(Metric::p90, 190).outcome, missed);
  EXPECT_EQ(below(Metric::p99, 305).outcome, cannot_tell);
  EXPECT_EQ(below(Metric::p99, 305).value, 300);
  EXPECT_EQ(below(Metric::p99_9, 3'000).outcome, cannot_tell);
  EXPECT_EQ(below(Metric::p99_9, 3'001).outcome, met);
  EXPECT_EQ(below(Metric::p99_99, 3'001).outcome, cannot_tell);
  EXPECT_EQ(below(Metric::p99_99, 2'900).outcome, missed);
  results::Series rare = series();
  rare.latency->p99_99_ns.reset();
  rare.latency->ci95.p99_99_ns.reset();
  const Judgement judgement = judged(requirement(Metric::p99_99, Relation::below, 1e9), rare);
  EXPECT_EQ(judgement.outcome, cannot_tell);
  EXPECT_EQ(judgement.value, std::nullopt);
}

TEST(Requirements, OfTheLongestTimeAreMissedIfItHappenedAndElseMetForWhatWasTimed) {
  const auto longest = [](Relation relation, double limit) {
    return judged(requirement(Metric::max, relation, limit), series());
  };
  EXPECT_EQ(longest(Relation::below, 3'001).outcome, missed);
  EXPECT_EQ(longest(Relation::at_most, 3'001).outcome, met);
  EXPECT_EQ(longest(Relation::at_most, 3'000).outcome, missed);
  EXPECT_EQ(longest(Relation::at_most, 3'001).interval, std::nullopt);
  EXPECT_NE(longest(Relation::at_most, 3'001).why.value().find("messages that were timed"),
            std::string::npos);
}

TEST(Requirements, OfTimesCannotBeToldPastSaturation) {
  results::Series saturated = series();
  saturated.latency->load =
      results::OfferedLoad{.offered_rate = 2, .achieved_rate = 1, .saturated = true};
  for (const Metric metric : {Metric::p50, Metric::max}) {
    const Judgement judgement = judged(requirement(metric, Relation::below, 1), saturated);
    EXPECT_EQ(judgement.outcome, cannot_tell);
    EXPECT_EQ(judgement.value, std::nullopt);
  }
}

TEST(Requirements, HoldForEachSeriesThatHasTheMetric) {
  results::Series untimed = series();
  untimed.name = "untimed";
  untimed.spec.latency = false;
  untimed.latency.reset();
  const std::vector<Judgement> all =
      judge(std::vector{requirement(Metric::p50, Relation::below, 102),
                        requirement(Metric::throughput, Relation::above, 1)},
            std::vector{untimed, series()});
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].series, series().name);
  EXPECT_EQ(all[1].series, "untimed");
  EXPECT_EQ(all[2].series, series().name);
}

TEST(Requirements, HoldForTheMachinesLimitOnlyIfNothingElseWasMeasured) {
  results::Series limit = series();
  limit.name = limit.spec.queue = "hand-off";
  const std::vector wanted = {requirement(Metric::throughput, Relation::above, 1)};
  EXPECT_EQ(judge(wanted, std::vector{series(), limit}).size(), 1U);
  EXPECT_EQ(judge(wanted, std::vector{limit}).size(), 1U);
}

}  // namespace
}  // namespace bench::analysis
