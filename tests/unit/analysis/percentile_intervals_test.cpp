// Tests that the intervals of percentiles hold the true percentile, and take a trial as the unit.

#include "analysis/percentile_intervals.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <iostream>
#include <optional>
#include <random>
#include <span>
#include <vector>

#include "analysis/statistics.hpp"

namespace bench::analysis {
namespace {

using workload::LatencyHistogram;

constexpr std::array kTested = {50.0, 90.0, 99.0, 99.9};

/// The standard normal distribution's quantiles at kTested.
constexpr std::array kNormal = {0.0, 1.281552, 2.326348, 3.090232};

/// Trials whose levels differ by about `spread`, and whose times are lognormal around them.
std::vector<LatencyHistogram> made_up_trials(std::size_t count, std::mt19937_64& random,
                                             double spread = 0.05, int messages = 1'000) {
  std::normal_distribution<double> level(0, 1);
  std::normal_distribution<double> time(0, 0.5);
  std::vector<LatencyHistogram> trials;
  for (std::size_t i = 0; i < count; ++i) {
    workload::LatencyRecorder recorder;
    const double middle = 1'000 * std::exp(spread * level(random));
    for (int message = 0; message < messages; ++message) {
      recorder.record(static_cast<std::uint64_t>(std::llround(middle * std::exp(time(random)))));
    }
    trials.push_back(recorder.histogram());
  }
  return trials;
}

/// Trials in which, at random and once on average, a stall of up to 100 us holds up 20 messages.
std::vector<LatencyHistogram> stalled_trials(std::size_t count, std::mt19937_64& random) {
  std::poisson_distribution<int> stalls(1);
  std::uniform_real_distribution<double> length(0, 100'000);
  std::vector<LatencyHistogram> trials = made_up_trials(count, random, 0, 1'980);
  for (LatencyHistogram& trial : trials) {
    workload::LatencyRecorder held_up;
    for (int left = stalls(random); left > 0; --left) {
      const double stall = length(random);
      for (int message = 1; message <= 20; ++message) {
        held_up.record(static_cast<std::uint64_t>(1'000 + stall * message / 20));
      }
    }
    trial.merge(held_up.histogram());
  }
  return trials;
}

std::vector<std::optional<results::Interval>> intervals_of(
    const std::vector<LatencyHistogram>& trials, std::span<const double> percentiles = kTested) {
  const std::vector<std::reference_wrapper<const LatencyHistogram>> each(trials.begin(),
                                                                         trials.end());
  return percentile_intervals(each, percentiles, 1);
}

TEST(PercentileIntervals, HoldTheTruePercentileAndAreNotWiderThanTheyNeedToBe) {
  constexpr int kSets = 200;
  // The product of two lognormal factors is lognormal.
  const double sigma = std::sqrt(0.05 * 0.05 + 0.5 * 0.5);
  std::array<int, kTested.size()> held{};
  std::array<double, kTested.size()> width{};
  std::mt19937_64 random(1);
  for (int set = 0; set < kSets; ++set) {
    const auto intervals = intervals_of(made_up_trials(10, random));
    for (std::size_t i = 0; i < kTested.size(); ++i) {
      const double truth = 1'000 * std::exp(sigma * kNormal[i]);
      const results::Interval found = intervals[i].value();
      held[i] += found.lo <= truth && truth <= found.hi ? 1 : 0;
      width[i] += (found.hi - found.lo) / truth / kSets;
    }
  }
  for (std::size_t i = 0; i < kTested.size(); ++i) {
    EXPECT_GE(held[i], kSets * 88 / 100) << "p" << kTested[i];
    EXPECT_LT(width[i], kTested[i] > 99 ? 0.25 : 0.15) << "p" << kTested[i];
  }
}

/// Prints how many of 1,000 sets of trials have an interval that holds the truth, in per cent, and
/// how many lie below it.
void print_coverage(std::size_t trials, const std::array<double, kTested.size()>& truth,
                    const std::function<std::vector<LatencyHistogram>(std::mt19937_64&)>& make) {
  constexpr int kSets = 1'000;
  std::array<int, kTested.size()> held{};
  std::array<int, kTested.size()> below{};
  std::mt19937_64 random(7);
  for (int set = 0; set < kSets; ++set) {
    const auto intervals = intervals_of(make(random));
    for (std::size_t i = 0; i < kTested.size(); ++i) {
      const results::Interval found = intervals[i].value();
      held[i] += found.lo <= truth[i] && truth[i] <= found.hi ? 1 : 0;
      below[i] += found.hi < truth[i] ? 1 : 0;
    }
  }
  std::cout << "  " << trials << " trials:";
  for (std::size_t i = 0; i < kTested.size(); ++i) {
    std::cout << "  p" << kTested[i] << ' ' << 100.0 * held[i] / kSets << " ("
              << 100.0 * below[i] / kSets << ')';
  }
  std::cout << '\n' << std::flush;
}

// The next test takes minutes: it prints the coverage table in PERFORMANCE.md, "Appendix", anew.
TEST(PercentileIntervals, DISABLED_CoverageRecord) {
  constexpr std::array<std::size_t, 3> kCounts = {6, 10, 20};
  for (const double spread : {0.0, 0.05, 0.2}) {
    std::cout << "trials that differ by " << spread << '\n';
    const double sigma = std::sqrt(spread * spread + 0.5 * 0.5);
    std::array<double, kTested.size()> truth{};
    for (std::size_t i = 0; i < truth.size(); ++i) truth[i] = 1'000 * std::exp(sigma * kNormal[i]);
    for (const std::size_t count : kCounts) {
      print_coverage(count, truth, [&](std::mt19937_64& random) {
        return made_up_trials(count, random, spread, 2'000);
      });
    }
  }
  std::cout << "trials alike, with stalls\n";
  std::mt19937_64 random(1);
  LatencyHistogram many;
  for (int i = 0; i < 5'000; ++i) many.merge(stalled_trials(1, random).front());
  std::array<double, kTested.size()> truth{};
  for (std::size_t i = 0; i < truth.size(); ++i) {
    truth[i] = static_cast<double>(many.value_at_percentile(kTested[i]));
  }
  for (const std::size_t count : kCounts) {
    print_coverage(count, truth,
                   [&](std::mt19937_64& source) { return stalled_trials(count, source); });
  }
}

TEST(PercentileIntervals, AreTheSameForTheSameSeed) {
  std::mt19937_64 random(1);
  const std::vector<LatencyHistogram> trials = made_up_trials(10, random);
  EXPECT_EQ(intervals_of(trials), intervals_of(trials));
}

TEST(PercentileIntervals, OfEqualTrialsHaveNoWidth) {
  std::mt19937_64 random(1);
  const std::vector<LatencyHistogram> trials(8, made_up_trials(1, random).front());
  const auto intervals = intervals_of(trials);
  for (std::size_t i = 0; i < kTested.size(); ++i) {
    const auto same = static_cast<double>(trials.front().value_at_percentile(kTested[i]));
    EXPECT_EQ(intervals[i], (results::Interval{same, same})) << "p" << kTested[i];
  }
}

TEST(PercentileIntervals, NeedSixTrialsAndAnyTimes) {
  std::mt19937_64 random(1);
  const auto none = std::vector<std::optional<results::Interval>>(kTested.size());
  EXPECT_EQ(intervals_of(made_up_trials(kFewestForInterval - 1, random)), none);
  EXPECT_EQ(intervals_of(std::vector<LatencyHistogram>(10)), none);
  EXPECT_TRUE(intervals_of(made_up_trials(kFewestForInterval, random))[0].has_value());
}

TEST(PercentileIntervals, OfThousandsOfTrialsPutNeighboursTogether) {
  // Half of the trials are fast and half are slow, in turn: a group of neighbours is neither.
  std::vector<LatencyHistogram> trials;
  for (std::size_t i = 0; i < 8 * kMostGroups; ++i) {
    workload::LatencyRecorder recorder;
    recorder.record(i % 2 == 0 ? 100 : 200);
    trials.push_back(recorder.histogram());
  }
  const auto intervals = intervals_of(trials, std::array{40.0, 60.0});
  EXPECT_EQ(intervals[0], (results::Interval{100, 100}));
  EXPECT_EQ(intervals[1], (results::Interval{200, 200}));
}

}  // namespace
}  // namespace bench::analysis
