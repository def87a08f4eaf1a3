// Tests how the times of several samples are summarized, and when a rate counts as not reached.

#include "analysis/latency.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace bench::analysis {
namespace {

using workload::Sample;
using workload::Spec;

workload::LatencyHistogram times(std::uint64_t from, std::uint64_t to) {
  workload::LatencyRecorder recorder;
  for (std::uint64_t ns = from; ns <= to; ++ns) recorder.record(ns);
  return recorder.histogram();
}

/// A sample of a one-way trial.
Sample one_way(std::uint64_t due, std::uint64_t received, double seconds) {
  Sample sample;
  sample.messages = received;
  sample.seconds = seconds;
  sample.latency = times(1, received > 0 ? 100 : 0);
  sample.messages_due = due;
  return sample;
}

Spec with_rate(double rate) {
  Spec spec;
  spec.pattern = workload::Pattern::one_way;
  spec.rate = rate;
  return spec;
}

results::OfferedLoad load(const std::vector<Sample>& samples, double rate) {
  return summarize_latency(samples, with_rate(rate), 1).value().load.value();
}

TEST(Latency, MergesTheTimesOfAllSamples) {
  Sample first;
  first.latency = times(1, 1'000);
  Sample second;
  second.latency = times(1'001, 2'000);
  const Sample untimed;
  const auto latency = summarize_latency(std::vector{first, untimed, second}, Spec(), 1).value();
  EXPECT_EQ(latency.histogram, times(1, 2'000));
  EXPECT_EQ(latency.p50_ns, 1'000U);
  EXPECT_EQ(latency.p90_ns, 1'800U);
  EXPECT_EQ(latency.p99_ns, 1'980U);
  EXPECT_EQ(latency.p99_9_ns, std::nullopt) << "2 messages took longer";
  EXPECT_EQ(latency.p99_99_ns, std::nullopt);
  EXPECT_EQ(latency.max_ns, 2'000U);
  EXPECT_EQ(latency.load, std::nullopt);
}

TEST(Latency, HasOnlyThePercentilesThatItsMessagesCanTell) {
  const auto of = [](std::uint64_t messages) {
    Sample sample;
    sample.latency = times(1, messages);
    return summarize_latency(std::vector{sample}, Spec(), 1).value();
  };
  EXPECT_EQ(of(19).p50_ns, std::nullopt);
  EXPECT_EQ(of(19).max_ns, 19U);
  EXPECT_EQ(of(20).p50_ns, 10U);
  EXPECT_EQ(of(99).p90_ns, std::nullopt);
  EXPECT_EQ(of(100).p90_ns, 90U);
  EXPECT_EQ(of(109).p99_ns, std::nullopt);
  EXPECT_EQ(of(1'000).p99_ns, 990U);
  EXPECT_EQ(of(9'999).p99_9_ns, std::nullopt);
  EXPECT_TRUE(of(10'000).p99_9_ns.has_value());
  EXPECT_EQ(of(99'999).p99_99_ns, std::nullopt);
  EXPECT_TRUE(of(100'000).p99_99_ns.has_value());
}

TEST(Latency, IsNoneIfNoMessageWasTimed) {
  EXPECT_EQ(summarize_latency(std::vector<Sample>{}, Spec(), 1), std::nullopt);
  EXPECT_EQ(summarize_latency(std::vector{Sample()}, Spec(), 1), std::nullopt);
  EXPECT_EQ(summarize_latency(std::vector{one_way(0, 0, 0)}, with_rate(1), 1), std::nullopt);
}

/// A trial of 1,000 messages whose times begin at `from`.
Sample trial(std::uint64_t from) {
  Sample sample;
  sample.latency = times(from, from + 999);
  return sample;
}

TEST(Latency, HasAnIntervalOfEachPercentileThatItsMessagesCanTell) {
  const std::vector<Sample> six = {trial(1'000), trial(1'010), trial(1'020),
                                   trial(1'030), trial(1'040), trial(1'050)};
  const auto latency = summarize_latency(six, Spec(), 1).value();
  const results::Interval p50 = latency.ci95.p50_ns.value();
  EXPECT_LT(p50.lo, static_cast<double>(*latency.p50_ns));
  EXPECT_GT(p50.hi, static_cast<double>(*latency.p50_ns));
  EXPECT_TRUE(latency.ci95.p99_ns.has_value());
  EXPECT_EQ(latency.p99_9_ns, std::nullopt);
  EXPECT_EQ(latency.ci95.p99_9_ns, std::nullopt) << "6 messages took longer";
}

TEST(Latency, HasNoIntervalIfItsTrialsAreTooFewOrNotAlike) {
  std::vector<Sample> trials(5, trial(1'000));
  EXPECT_EQ(summarize_latency(trials, Spec(), 1).value().ci95, results::PercentileIntervals());
  trials.push_back(trial(1'000));
  EXPECT_NE(summarize_latency(trials, Spec(), 1).value().ci95, results::PercentileIntervals());
  trials.back().regime = 1;
  EXPECT_EQ(summarize_latency(trials, Spec(), 1).value().ci95, results::PercentileIntervals());
  trials.back().regime = 0;
  // So `sweep --resume` leaves them: the first trial has the times of the second too.
  trials[0].latency->merge(*trials[1].latency);
  trials[1].latency.reset();
  const auto resumed = summarize_latency(trials, Spec(), 1).value();
  EXPECT_EQ(resumed.histogram.count(), 6'000U);
  EXPECT_EQ(resumed.ci95, results::PercentileIntervals());
}

TEST(OfferedLoad, IsAchievedIfEverythingDueArrivesInTime) {
  // The last message is due before the full second has passed.
  EXPECT_EQ(
      load({one_way(1'000, 1'000, 0.9991)}, 1'000),
      (results::OfferedLoad{.offered_rate = 1'000, .achieved_rate = 1'000, .saturated = false}));
  // One message in ten seconds, read at once.
  EXPECT_EQ(load({one_way(1, 1, 1e-6)}, 0.1),
            (results::OfferedLoad{.offered_rate = 0.1, .achieved_rate = 0.1, .saturated = false}));
}

TEST(OfferedLoad, IsTooMuchIfProducersSendLessThanIsDue) {
  const auto [offered, achieved, saturated] = load({one_way(1'000'000, 700'000, 1)}, 1e6);
  EXPECT_EQ(offered, 1e6);
  EXPECT_NEAR(achieved, 700'000, 1);
  EXPECT_TRUE(saturated);
}

TEST(OfferedLoad, IsTooMuchIfTheConsumerHasToCatchUpAfterwards) {
  const auto [offered, achieved, saturated] = load({one_way(1'000'000, 1'000'000, 1.25)}, 1e6);
  EXPECT_NEAR(achieved, 800'000, 1);
  EXPECT_TRUE(saturated);
}

TEST(OfferedLoad, IsAchievedIfLessThanAHundredthIsMissing) {
  EXPECT_FALSE(load({one_way(100'000, 99'100, 1)}, 1e5).saturated);
  EXPECT_TRUE(load({one_way(100'000, 98'900, 1)}, 1e5).saturated);
  EXPECT_FALSE(load({one_way(100'000, 100'000, 1.009)}, 1e5).saturated);
  EXPECT_TRUE(load({one_way(100'000, 100'000, 1.011)}, 1e5).saturated);
}

TEST(OfferedLoad, IsNotTooMuchIfOnlyOneTrialEndsWithAStall) {
  const Sample stalled = one_way(100'000, 100'000, 1.2);
  const Sample other = one_way(100'000, 100'000, 1);
  EXPECT_TRUE(load({stalled}, 1e5).saturated);
  EXPECT_FALSE(load({other, stalled, other}, 1e5).saturated);
  EXPECT_NEAR(load({other, stalled, other}, 1e5).achieved_rate, 300'000 / 3.2, 1);
  EXPECT_TRUE(load({stalled, other, stalled}, 1e5).saturated);
}

TEST(OfferedLoad, IsNotTooMuchIfShortTrialsEndWithABriefStall) {
  // 9 ms are 9 % of a trial of 0.1 s, but only a few of the scheduler's time slices.
  EXPECT_FALSE(load({one_way(1'000, 910, 0.1)}, 1e4).saturated);
  EXPECT_FALSE(load({one_way(1'000, 1'000, 0.109)}, 1e4).saturated);
  EXPECT_TRUE(load({one_way(1'000, 880, 0.1)}, 1e4).saturated);
  EXPECT_TRUE(load({one_way(100, 40, 0.01)}, 1e4).saturated) << "not even half";
}

TEST(OfferedLoad, IgnoresATrialInWhichNothingWasDue) {
  EXPECT_FALSE(load({one_way(0, 0, 0), one_way(10, 10, 1)}, 10).saturated);
}

}  // namespace
}  // namespace bench::analysis
