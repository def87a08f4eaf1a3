// Tests how one series is judged by runs: strata, verdicts at their edges, few runs, and how often
// intervals hold the true ratio and slowdowns are found.

#include "analysis/runs.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace bench::analysis {
namespace {

using results::Verdict;

using Runs = std::vector<Run>;

constexpr double kNear = 100;
constexpr double kFar = 500;

/// Runs of three equal samples each.
Runs steady_runs(const std::vector<double>& rates, std::optional<double> core_to_core_ns = kNear) {
  Runs runs;
  for (const double rate : rates) {
    runs.emplace_back(3,
                      Observation{.messages_per_second = rate, .core_to_core_ns = core_to_core_ns});
  }
  return runs;
}

Run joined_runs(Run run, const Run& more) {
  run.insert(run.end(), more.begin(), more.end());
  return run;
}

Runs joined_sides(Runs runs, const Runs& more) {
  runs.insert(runs.end(), more.begin(), more.end());
  return runs;
}

Runs times(Runs runs, double factor) {
  for (Run& run : runs) {
    for (Observation& one : run) one.messages_per_second *= factor;
  }
  return runs;
}

const std::vector<double> kFiveRates = {99e6, 100e6, 101e6, 100.5e6, 99.5e6};

TEST(Strata, BeginWhereTheGapBetweenRoundTripsIsWide) {
  const auto strata = [](const std::vector<std::optional<double>>& probes) {
    std::vector<Observation> all;
    for (const auto& ns : probes) all.push_back({.messages_per_second = 1, .core_to_core_ns = ns});
    return strata_of(all);
  };
  using Strata = std::vector<std::size_t>;
  EXPECT_EQ(strata({100, 100 * kStratumGap, 90}), (Strata{0, 0, 0}));
  EXPECT_EQ(strata({100, 100 * kStratumGap + 0.1, 90}), (Strata{0, 1, 0}));
  EXPECT_EQ(strata({500, 100, 280, 101}), (Strata{2, 0, 1, 0}));
  EXPECT_EQ(strata({std::nullopt, 100, 500, std::nullopt}), (Strata{2, 0, 1, 2}));
  EXPECT_EQ(strata({std::nullopt, std::nullopt}), (Strata{0, 0}));
  EXPECT_EQ(strata({}), Strata{});
}

TEST(RunsJudged, AreOfOneStratumWithoutProbes) {
  const auto base = steady_runs(kFiveRates, std::nullopt);
  const JudgedRuns judged = judge_runs(base, times(base, 0.8), {});
  EXPECT_EQ(judged.verdict, Verdict::regressed);
  EXPECT_NEAR(judged.ratio.value(), 0.8, 1e-9);
  EXPECT_EQ(judged.base[0].samples, 3U);
  EXPECT_EQ(judged.base[0].core_to_core_ns, std::nullopt);
}

TEST(RunsJudged, HaveTheIntervalOfStudentsTest) {
  // By hand, on logarithms: both sides have the variance v of 0, 0.01, 0.02, so that the standard
  // error is sqrt(2 v / 3) and t of 4 degrees is 2.776445.
  const std::vector<double> rates = {1e8, 1e8 * std::exp(0.01), 1e8 * std::exp(0.02)};
  const auto base = steady_runs(rates);
  const JudgedRuns judged = judge_runs(base, times(base, 1.1), {});
  const double half = 2.7764451 * std::sqrt(2 * 1e-4 / 3);
  EXPECT_NEAR(judged.interval.value().lo, 1.1 * std::exp(-half), 1e-6);
  EXPECT_NEAR(judged.interval.value().hi, 1.1 * std::exp(half), 1e-6);
  // t of 80 % and 4 degrees is 0.940965.
  const double to_find = half + 0.940965 * std::sqrt(2 * 1e-4 / 3);
  EXPECT_NEAR(judged.detectable.value(), 1 - 0.95 * std::exp(-to_find), 1e-5);
}

TEST(RunsJudged, ByTheWholeIntervalAndTheMargin) {
  const auto base = steady_runs(kFiveRates);
  const auto judged = [&](double factor, double margin) {
    return judge_runs(base, times(base, factor), {.margin = margin});
  };
  const results::Interval at_08 = judged(0.8, 0.05).interval.value();
  const results::Interval at_12 = judged(1.2, 0.05).interval.value();
  struct Edge {
    double factor;
    double margin;
    Verdict verdict;
  };
  constexpr double kTiny = 1e-9;
  for (const auto& [factor, margin, verdict] : {
           Edge{0.8, 1 - at_08.hi - kTiny, Verdict::regressed},
           Edge{0.8, 1 - at_08.hi + kTiny, Verdict::inconclusive},
           Edge{0.8, 1 - at_08.lo - kTiny, Verdict::inconclusive},
           Edge{0.8, 1 - at_08.lo + kTiny, Verdict::no_change},
           Edge{1.2, at_12.lo - 1 - kTiny, Verdict::improved},
           Edge{1.2, at_12.lo - 1 + kTiny, Verdict::inconclusive},
           Edge{1.2, at_12.hi - 1 - kTiny, Verdict::inconclusive},
           Edge{1.2, at_12.hi - 1 + kTiny, Verdict::no_change},
       }) {
    const JudgedRuns found = judged(factor, margin);
    EXPECT_EQ(found.verdict, verdict) << factor << ' ' << margin;
    EXPECT_EQ(found.why.empty(), verdict != Verdict::inconclusive);
  }
}

TEST(RunsJudged, CompareWithinStrataThatBothSidesMet) {
  // The far rates are half of the near ones. The base was mostly near, the candidate mostly far: a
  // comparison of all samples would call the candidate slower.
  Runs base = steady_runs({100e6, 101e6, 99e6, 100e6});
  base.push_back(steady_runs({50e6}, kFar).front());
  Runs candidate = steady_runs({50.5e6, 49.5e6, 50e6, 50e6}, kFar);
  candidate.push_back(steady_runs({100e6}).front());
  candidate.front() = joined_runs(candidate.front(), steady_runs({1e9}, 2000).front());
  const JudgedRuns judged = judge_runs(base, candidate, {});
  EXPECT_NEAR(judged.ratio.value(), 1, 0.01);
  EXPECT_EQ(judged.verdict, Verdict::no_change) << judged.why;
  EXPECT_EQ(judged.candidate[0].samples, 3U);
  EXPECT_EQ(judged.candidate[0].left_out, 3U);
  EXPECT_NEAR(judged.candidate[0].messages_per_second, 50.5e6, 1);
  EXPECT_EQ(judged.candidate[0].core_to_core_ns, kFar);
}

TEST(RunsJudged, SayThatTheSidesMetNoCommonRegime) {
  const JudgedRuns judged =
      judge_runs(steady_runs(kFiveRates, kNear), steady_runs(kFiveRates, kFar), {});
  EXPECT_EQ(judged.verdict, Verdict::inconclusive);
  EXPECT_EQ(judged.ratio, std::nullopt);
  EXPECT_NE(judged.why.find("no regime"), std::string::npos) << judged.why;
  EXPECT_EQ(judged.base[0].samples, 0U);
  EXPECT_EQ(judged.base[0].left_out, 3U);
}

TEST(RunsJudged, WithoutSamplesAreInconclusive) {
  const Runs none(3);
  for (const auto& [base, candidate] :
       {std::pair{none, none}, std::pair{none, steady_runs(kFiveRates)},
        std::pair{steady_runs(kFiveRates), none}}) {
    const JudgedRuns judged = judge_runs(base, candidate, {});
    EXPECT_EQ(judged.verdict, Verdict::inconclusive);
    EXPECT_EQ(judged.ratio, std::nullopt);
    const std::string who = base[0].empty() ? candidate[0].empty() ? "neither side has a sample"
                                                                   : "the base has no sample"
                                            : "the candidate has no sample";
    EXPECT_EQ(judged.why, who + " that counts");
  }
}

TEST(RunsJudged, StayFiniteWhateverTheRates) {
  const double infinite = std::numeric_limits<double>::infinity();
  for (const auto& rates : {std::vector<double>{0, infinite, 1e300},
                            {infinite, infinite, infinite},
                            {0, 0, 0},
                            {1e-300, 1e18, 5}}) {
    const JudgedRuns judged = judge_runs(steady_runs(rates), steady_runs({1, 1e9, 0}), {});
    EXPECT_TRUE(std::isfinite(judged.ratio.value()));
    if (judged.interval) {
      EXPECT_TRUE(std::isfinite(judged.interval->lo) && std::isfinite(judged.interval->hi));
    }
  }
}

TEST(SingleRuns, ShowNeitherThatNothingChangedNorASmallDifference) {
  const auto base = steady_runs({100e6});
  // The last four are of pairs of runs of one program, of which nothing had changed.
  for (const double factor : {1.0, 0.9, 1.3, 0.55, 1.9, 0.42, 0.18, 1 / 7.3, 7.3}) {
    const JudgedRuns judged = judge_runs(base, times(base, factor), {});
    EXPECT_EQ(judged.verdict, Verdict::inconclusive) << factor;
    EXPECT_NEAR(judged.ratio.value(), factor, 1e-9);
    EXPECT_EQ(judged.interval, std::nullopt);
    EXPECT_EQ(judged.detectable, std::nullopt);
    EXPECT_EQ(judged.why,
              "one run a side does not show how much runs differ: measure more runs, or use duel");
  }
}

TEST(SingleRuns, ShowADifferenceBeyondEverySpreadWhereProbesAgree) {
  const auto base = steady_runs({100e6});
  EXPECT_EQ(judge_runs(base, times(base, 0.099), {}).verdict, Verdict::regressed);
  EXPECT_EQ(judge_runs(base, times(base, 10.1), {}).verdict, Verdict::improved);
  EXPECT_EQ(judge_runs(base, times(base, 0.099), {.spread = 12}).verdict, Verdict::inconclusive);
  EXPECT_EQ(judge_runs(base, times(base, 0.08), {.spread = 12}).verdict, Verdict::regressed);
  const auto unprobed = steady_runs({100e6}, std::nullopt);
  EXPECT_EQ(judge_runs(unprobed, times(unprobed, 0.01), {}).verdict, Verdict::inconclusive);
  EXPECT_EQ(judge_runs(base, steady_runs({1e6}, kFar), {}).verdict, Verdict::inconclusive);
}

TEST(FewRuns, AreEnoughIfAMachineOfTwoStatesSeldomSeparatesTheSides) {
  for (std::size_t base = 0; base <= 12; ++base) {
    for (std::size_t candidate = 0; candidate <= 12; ++candidate) {
      double worst = 0;
      for (double p = 0; p <= 1; p += 0.001) {
        const auto power = [](double x, std::size_t n) { return std::pow(x, n); };
        worst = std::max(worst, power(p, base) * power(1 - p, candidate) +
                                    power(p, candidate) * power(1 - p, base));
      }
      for (const double error : {0.2, 0.05, 0.005, 0.0005}) {
        EXPECT_EQ(enough_runs(base, candidate, error), worst <= error)
            << base << ' ' << candidate << ' ' << error;
      }
    }
  }
  EXPECT_TRUE(enough_runs(5, 5, 0.005)) << "one of ten series";
  EXPECT_FALSE(enough_runs(4, 4, 0.005));
  EXPECT_TRUE(enough_runs(3, 3, 0.05)) << "one series";
  EXPECT_FALSE(enough_runs(1, 50, 0.005));
  EXPECT_TRUE(enough_runs(1, 100'000, 0.005));
}

TEST(FewRuns, AreMoreTheMoreSeriesShareTheError) {
  const Runs base = steady_runs({100e6, 100.1e6, 99.9e6});
  EXPECT_EQ(judge_runs(base, times(base, 0.7), {.error = 0.05}).verdict, Verdict::regressed);
  const JudgedRuns judged = judge_runs(base, times(base, 0.7), {.error = 0.005});
  EXPECT_EQ(judged.verdict, Verdict::inconclusive);
  EXPECT_EQ(judged.why,
            "3 runs a side do not show how much runs differ: measure more runs, or use duel");
  EXPECT_TRUE(judged.interval);
  EXPECT_EQ(judged.detectable, std::nullopt);
}

TEST(FewRuns, SayThatTheOthersMetOtherRegimes) {
  const Runs base = joined_sides(steady_runs({100e6}), steady_runs({20e6, 20e6, 21e6}, kFar));
  EXPECT_EQ(
      judge_runs(base, steady_runs({100e6, 101e6}), {}).why,
      "one of 4 runs of the base and 2 runs of the candidate do not show how much runs differ "
      "(the others have no sample in a regime that both sides met): measure more runs, or "
      "use duel");
}

TEST(FewRuns, HaveAnIntervalButClaimLittle) {
  const Runs base = steady_runs({100e6, 100.1e6});
  EXPECT_TRUE(judge_runs(base, times(base, 0.8), {}).interval);
  EXPECT_EQ(judge_runs(base, times(base, 0.8), {}).verdict, Verdict::inconclusive);
  EXPECT_EQ(judge_runs(base, base, {}).verdict, Verdict::inconclusive) << "never that all is well";
  EXPECT_EQ(judge_runs(base, times(base, 0.09), {}).verdict, Verdict::regressed);
  const Runs apart = steady_runs({100e6, 250e6});
  EXPECT_EQ(judge_runs(apart, times(apart, 0.09), {}).verdict, Verdict::inconclusive)
      << "the interval must lie beyond the margin, too";
}

TEST(FewRuns, OfOneSideHaveTheSpreadOfTheOther) {
  const Runs base = steady_runs({99e6, 100e6, 101e6, 100.5e6, 99.5e6, 100e6, 100.2e6});
  const Runs one = steady_runs({80e6});
  EXPECT_EQ(judge_runs(base, one, {}).verdict, Verdict::regressed);
  EXPECT_EQ(judge_runs(one, base, {}).verdict, Verdict::improved);
}

TEST(UnevenSides, AreNotTrustedMoreThanTheOneThatVariesAllows) {
  const Runs many = steady_runs({100e6, 100.1e6, 99.9e6, 100e6, 100e6, 100.1e6, 99.9e6, 100e6});
  const Runs two = steady_runs({70e6, 100e6});
  const JudgedRuns judged = judge_runs(many, two, {});
  EXPECT_LT(judged.interval.value().lo, 0.1) << "two runs that differ by 40 % say nothing";
  EXPECT_EQ(judged.verdict, Verdict::inconclusive);
}

struct MadeUp {
  std::size_t base;
  std::size_t candidate;
  double run_to_run;
  double ratio;
  std::size_t strata;
};

/// Runs of samples that differ by 5 %. A run is of one stratum; three of ten change to another in
/// the middle.
Runs made_up_runs(std::mt19937_64& random, std::size_t count, const MadeUp& made_up, double ratio) {
  std::normal_distribution<double> normal;
  Runs runs(count);
  for (Run& run : runs) {
    const double level = 1e8 * ratio * std::exp(made_up.run_to_run * normal(random));
    const std::size_t first = random() % made_up.strata;
    const std::size_t second = random() % 10 < 3 ? random() % made_up.strata : first;
    for (int i = 0; i < 10; ++i) {
      const auto stratum = static_cast<double>(i < 5 ? first : second);
      run.push_back(
          {.messages_per_second = level * std::pow(0.5, stratum) * std::exp(0.05 * normal(random)),
           .core_to_core_ns = 100 * std::pow(3, stratum) * (1 + 0.02 * normal(random))});
    }
  }
  return runs;
}

TEST(IntervalsOfRuns, HoldTheTrueRatioAsOftenAsTheySay) {
  constexpr std::size_t kSets = 500;
  std::mt19937_64 random(42);  // NOLINT(cert-msc51-cpp): the same sets every time
  for (const auto& [base, candidate] : {std::pair<std::size_t, std::size_t>{2, 2},
                                        {2, 3},
                                        {3, 3},
                                        {5, 5},
                                        {10, 10},
                                        {1, 5},
                                        {2, 10},
                                        {8, 3}}) {
    for (const double run_to_run : {0.01, 0.2}) {
      for (const std::size_t strata : {1U, 3U}) {
        const MadeUp made_up{base, candidate, run_to_run, 0.9, strata};
        std::size_t held = 0;
        std::size_t intervals = 0;
        for (std::size_t i = 0; i < kSets; ++i) {
          const JudgedRuns judged =
              judge_runs(made_up_runs(random, base, made_up, 1),
                         made_up_runs(random, candidate, made_up, made_up.ratio), {});
          if (!judged.interval) continue;
          ++intervals;
          if (judged.interval->lo <= 0.9 && 0.9 <= judged.interval->hi) ++held;
        }
        // 95 %, and three standard deviations of 500 sets below it.
        EXPECT_GE(static_cast<double>(held), 0.92 * static_cast<double>(intervals))
            << base << ' ' << candidate << ' ' << run_to_run << ' ' << strata;
        EXPECT_GE(intervals, kSets / 2) << base << ' ' << candidate;
      }
    }
  }
}

TEST(VerdictsOfRuns, FindASlowdownOfAFifthAndCallNothingElseOne) {
  constexpr std::size_t kSets = 300;
  constexpr RunsRule kOfTenSeries{.margin = 0.05, .error = 0.005, .spread = 1};
  std::mt19937_64 random(7);  // NOLINT(cert-msc51-cpp): the same sets every time
  const MadeUp made_up{5, 5, 0.04, 0.8, 1};
  std::size_t found = 0;
  std::size_t false_alarms = 0;
  for (std::size_t i = 0; i < kSets; ++i) {
    const auto base = made_up_runs(random, 5, made_up, 1);
    const auto slower = made_up_runs(random, 5, made_up, 0.8);
    const auto equal = made_up_runs(random, 5, made_up, 1);
    if (judge_runs(base, slower, kOfTenSeries).verdict == Verdict::regressed) ++found;
    const Verdict of_equal = judge_runs(base, equal, kOfTenSeries).verdict;
    if (of_equal == Verdict::regressed || of_equal == Verdict::improved) ++false_alarms;
  }
  EXPECT_GE(found, kSets * 9 / 10);
  EXPECT_LE(false_alarms, kSets / 100);
}

}  // namespace
}  // namespace bench::analysis
