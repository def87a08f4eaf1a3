// Tests what makes a regime, how often ordinary noise is taken for two regimes, and how often two
// regimes are found.

#include "analysis/regimes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <numbers>
#include <random>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bench::analysis {
namespace {

using Points = std::vector<RegimePoint>;
using Regimes = std::vector<unsigned>;

/// Each digit is a regime. An initializer list would not do: GCC 12.2 with -O3 for a processor with
/// AVX-512 compiles {1, 1, 1, 1, 0, 0, 0, 0} to eight ones.
Regimes digits(std::string_view text) {
  Regimes regimes;
  for (const char digit : text) regimes.push_back(static_cast<unsigned>(digit - '0'));
  return regimes;
}

Points points_of(const std::vector<double>& rates) {
  Points points;
  for (const double rate : rates) points.push_back({.messages_per_second = 1e6 * rate});
  return points;
}

Points probed(const std::vector<double>& rates, const std::vector<double>& probes) {
  Points points = points_of(rates);
  for (std::size_t i = 0; i < points.size(); ++i) points[i].core_to_core_ns = probes[i];
  return points;
}

std::size_t number_of_regimes(std::span<const RegimePoint> points) {
  const Regimes regimes = regimes_of(points);
  return regimes.empty() ? 0 : std::ranges::max(regimes) + 1;
}

TEST(Regimes, OfNoTrialsAreNone) { EXPECT_EQ(regimes_of({}), Regimes{}); }

TEST(Regimes, OfFewerThanSixTrialsAreOne) {
  EXPECT_EQ(regimes_of(points_of({100})), Regimes(1));
  EXPECT_EQ(regimes_of(points_of({100, 900})), Regimes(2));
  EXPECT_EQ(regimes_of(points_of({100, 100, 100, 900, 900})), Regimes(5));
}

TEST(Regimes, OfEqualRatesAreOne) {
  EXPECT_EQ(regimes_of(points_of({7, 7, 7, 7, 7, 7})), Regimes(6));
}

TEST(Regimes, AreTwoWhereTheMachineChanged) {
  EXPECT_EQ(regimes_of(points_of({100, 102, 101, 99, 300, 303, 298})), (digits("0000111")));
}

TEST(Regimes, AreTwoEvenIfTheRatesHaveNoNoise) {
  EXPECT_EQ(regimes_of(points_of({100, 100, 100, 300, 300, 300, 300})), (digits("1110000")));
}

TEST(Regimes, DoNotDependOnTheOrderOfTheTrials) {
  EXPECT_EQ(regimes_of(points_of({303, 101, 100, 298, 102, 300, 99})), (digits("1001010")));
}

TEST(Regimes, DoNotDependOnTheUnit) {
  for (const double scale : {0.01, 1.0, 1e6}) {
    EXPECT_EQ(regimes_of(points_of({100 * scale, 102 * scale, 99 * scale, 300 * scale, 303 * scale,
                                    298 * scale, 301 * scale})),
              (digits("1110000")));
  }
}

TEST(Regimes, AreNumberedByFallingShare) {
  EXPECT_EQ(regimes_of(points_of({100, 101, 99, 600, 601, 602, 603, 604, 200, 201, 202, 203})),
            (digits("222000001111")));
}

TEST(Regimes, OfTheSameShareAreNumberedFromTheFastest) {
  EXPECT_EQ(regimes_of(points_of({100, 101, 99, 600, 601, 602, 200, 201, 202})),
            (digits("222000111")));
}

TEST(Regimes, NeedThreeTrialsWhereNothingWasProbed) {
  EXPECT_EQ(number_of_regimes(points_of({100, 101, 99, 100, 102, 98, 101, 30, 30.2, 29.9})), 2);
  EXPECT_EQ(number_of_regimes(points_of({100, 101, 99, 100, 102, 98, 101, 100, 30.2, 29.9})), 1);
}

TEST(Regimes, NeedASixthOfTheTrials) {
  std::vector<double> rates(17, 100);
  rates.insert(rates.end(), 3, 30);
  EXPECT_EQ(number_of_regimes(points_of(rates)), 1) << "3 of 20 trials";
  rates.front() = 30;
  EXPECT_EQ(number_of_regimes(points_of(rates)), 2) << "4 of 20 trials";
}

TEST(Regimes, AreNotMadeByTrialsThatDisagreeWithEachOther) {
  EXPECT_EQ(number_of_regimes(points_of({100, 101, 99, 100, 102, 98, 101, 70, 45, 20})), 1);
}

TEST(Regimes, KeepTheirOutliers) {
  EXPECT_EQ(regimes_of(points_of({100, 101, 99, 1, 102, 300, 303, 900, 298, 301, 302})),
            (digits("11111000000")));
}

TEST(Regimes, AreOneWhenTheirMediansDifferByLessThanAFifth) {
  EXPECT_EQ(number_of_regimes(points_of({100, 100.1, 100.2, 119, 119.1, 119.2})), 1);
  EXPECT_EQ(number_of_regimes(points_of({100, 100.1, 100.2, 121, 121.1, 121.2})), 2);
}

TEST(Regimes, CanConsistOfTrialsThatDeliveredNothing) {
  EXPECT_EQ(regimes_of(points_of({0, 0, 0, 0, 0, 0})), Regimes(6));
  EXPECT_EQ(regimes_of(points_of({0, 0, 0, 100, 101, 99, 100})), (digits("1110000")));
  EXPECT_EQ(number_of_regimes(points_of({0, 101, 100, 98, 102, 99})), 1);
}

// Too noisy for the throughput alone to separate: the gap is not quite twice as wide as the wider
// group.
const std::vector<double> noisy_rates{100, 105, 110, 114, 145, 150, 155, 162};

TEST(Regimes, AreEasierToTellApartWhenTheProbesAgree) {
  EXPECT_EQ(number_of_regimes(points_of(noisy_rates)), 1);
  EXPECT_EQ(regimes_of(probed(noisy_rates, {440, 450, 430, 445, 100, 102, 98, 101})),
            (digits("11110000")));
}

TEST(Regimes, AreNoEasierToTellApartWhenTheSlowerOneHasTheShorterProbes) {
  EXPECT_EQ(number_of_regimes(probed(noisy_rates, {100, 102, 98, 101, 440, 450, 430, 445})), 1);
}

TEST(Regimes, AreNoEasierToTellApartWhenTheProbesAreTheSame) {
  EXPECT_EQ(number_of_regimes(probed(noisy_rates, {100, 102, 98, 101, 99, 103, 100, 100})), 1);
  EXPECT_EQ(number_of_regimes(probed(noisy_rates, std::vector<double>(8, 100))), 1);
}

TEST(Regimes, IgnoreAllProbesWhenOneIsMissing) {
  Points points = probed(noisy_rates, {440, 450, 430, 445, 100, 102, 98, 101});
  points.back().core_to_core_ns.reset();
  EXPECT_EQ(number_of_regimes(points), 1);
}

TEST(Regimes, AreToldApartByClearThroughputWhateverTheProbesAre) {
  const std::vector<double> rates{100, 102, 101, 99, 300, 303, 298, 301};
  const Regimes two = digits("11110000");
  EXPECT_EQ(regimes_of(probed(rates, {100, 102, 98, 101, 99, 103, 100, 100})), two);
  EXPECT_EQ(regimes_of(probed(rates, {100, 102, 98, 101, 440, 450, 430, 445})), two);
}

TEST(Regimes, AreNotMadeByProbesAlone) {
  EXPECT_EQ(number_of_regimes(probed({100, 101, 99, 102, 100, 101, 99, 98},
                                     {440, 450, 430, 445, 100, 102, 98, 101})),
            1);
}

TEST(Regimes, NeedOnlyTwoTrialsWhenTheirProbesAgree) {
  EXPECT_EQ(regimes_of(probed({100, 101, 99, 100, 102, 98, 101, 100, 30.2, 29.9},
                              {100, 102, 98, 101, 100, 99, 101, 103, 450, 445})),
            (digits("0000000011")));
  EXPECT_EQ(number_of_regimes(probed({100, 101, 99, 100, 102, 98, 101, 100, 30.2, 29.9},
                                     {100, 102, 98, 101, 100, 99, 101, 103, 102, 101})),
            1)
      << "their probes are like those of the others";
  EXPECT_EQ(number_of_regimes(probed({100, 101, 99, 100, 102, 98, 101, 100, 101, 29.9},
                                     {100, 102, 98, 101, 100, 99, 101, 103, 100, 445})),
            1)
      << "one slow trial is an outlier, whatever its probe";
}

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  // The engine is the same everywhere; the library's distributions need not be.
  double uniform() { return (static_cast<double>(engine_() >> 11) + 0.5) * 0x1p-53; }
  double exponential() { return -std::log(uniform()); }
  double normal() {
    const double radius = std::sqrt(-2 * std::log(uniform()));
    return radius * std::cos(2 * std::numbers::pi * uniform());
  }
  /// Student's t, with three degrees of freedom.
  double heavy_tailed() {
    const double squares = std::pow(normal(), 2) + std::pow(normal(), 2) + std::pow(normal(), 2);
    return normal() / std::sqrt(squares / 3);
  }

 private:
  std::mt19937_64 engine_;
};

/// The noise of one regime: the logarithm of a trial's rate minus that of the regime's.
struct Noise {
  std::string_view name;
  double (*draw)(Random&);
};

const Noise normal_15{"normal, 15 %", [](Random& random) { return 0.15 * random.normal(); }};
const Noise skewed_50{"exponential, 50 %",
                      [](Random& random) { return -std::log1p(0.5 * random.exponential()); }};

// Slow outliers are ordinary. Where the noise is exponential or lognormal, it is the part by which
// a trial took longer.
const std::vector<Noise> noises{
    {"normal, 1 %", [](Random& random) { return 0.01 * random.normal(); }},
    {"normal, 5 %", [](Random& random) { return 0.05 * random.normal(); }},
    normal_15,
    {"exponential, 15 %", [](Random& random) { return -std::log1p(0.15 * random.exponential()); }},
    skewed_50,
    {"lognormal, 30 %",
     [](Random& random) { return -std::log1p(0.3 * std::exp(0.8 * random.normal())); }},
    {"Student's t, 5 %", [](Random& random) { return 0.05 * random.heavy_tailed(); }},
    {"Student's t, 15 %", [](Random& random) { return 0.15 * random.heavy_tailed(); }},
    {"uniform, 0.75 to 1.25",
     [](Random& random) { return std::log(0.75 + 0.5 * random.uniform()); }},
    {"uniform, 1 to 4", [](Random& random) { return std::log(1 + 3 * random.uniform()); }},
};

/// More outliers than the method promises to tolerate: one trial in seven.
const Noise many_outliers{"1 in 7 up to twice as long", [](Random& random) {
                            return random.uniform() * 7 < 1 ? -std::log1p(random.uniform())
                                                            : 0.01 * random.normal();
                          }};

/// How the probes of one regime relate to its throughput. Takes the logarithm of a trial's rate
/// relative to the regime's, and returns the logarithm of the trial's probe.
struct Probes {
  std::string_view name;
  double (*draw)(Random&, double log_rate);
};

const Probes no_probes{"no probes", nullptr};
const std::vector<Probes> probe_kinds{
    {"probes 15 %", [](Random& random, double) { return 0.15 * random.normal(); }},
    {"probes of 2",
     [](Random& random, double) {
       return 0.1 * random.normal() + (random.uniform() < 0.5 ? 0 : std::log(4));
     }},
    {"probes alike",
     [](Random& random, double log_rate) { return 0.05 * random.normal() - log_rate; }},
};

RegimePoint point(double log_rate) { return {.messages_per_second = 1e8 * std::exp(log_rate)}; }

/// The logarithm by which an outlier's rate is lower: it is 1.1 to 20 times slower.
double outlier(Random& random) { return -0.1 * std::pow(30, random.uniform()); }

/// How often one regime is taken for several, 0 to 1.
double false_splits(const Noise& noise, std::size_t outliers, const Probes& probes,
                    std::size_t samples, std::size_t sets) {
  Random random(samples);
  double split = 0;
  for (std::size_t set = 0; set < sets; ++set) {
    Points points;
    for (std::size_t i = 0; i < samples; ++i) {
      const double log_rate = noise.draw(random) + (i < outliers ? outlier(random) : 0);
      points.push_back(point(log_rate));
      if (probes.draw != nullptr) {
        points.back().core_to_core_ns = 100 * std::exp(probes.draw(random, log_rate));
      }
    }
    if (number_of_regimes(points) > 1) ++split;
  }
  return split / static_cast<double>(sets);
}

TEST(Regimes, AreHardlyEverMadeOfNoise) {
  for (const Noise& noise : noises) {
    for (const std::size_t outliers : {0U, 1U, 2U}) {
      for (const std::size_t samples : {6U, 8U, 10U, 20U, 40U, 100U}) {
        // Five hundred sets determine a rate of 0.01 to within 0.01.
        EXPECT_LE(false_splits(noise, outliers, no_probes, samples, 500), 0.02)
            << noise.name << ", " << outliers << " outliers, " << samples << " samples";
      }
    }
  }
}

/// The regimes of a synthetic series, the slowest first.
struct Change {
  std::vector<double> factors;  ///< rates of the regimes, relative to each other
  double noise;                 ///< normal, standard deviation of a rate's logarithm
  double probe_factor = 1;      ///< how much longer the first regime's probes are; no probes if 1
  double probe_noise = 0;
};

/// How often every sample is assigned to its own regime, 0 to 1. The first regime has `share` of
/// the samples, and the others have equal parts of the rest.
double found(const Change& change, double share, std::size_t samples, std::size_t sets) {
  Random random(samples);
  double right = 0;
  for (std::size_t set = 0; set < sets; ++set) {
    Points points;
    const auto first = static_cast<std::size_t>(std::lround(share * static_cast<double>(samples)));
    std::vector<std::size_t> truth;
    for (std::size_t i = 0; i < samples; ++i) {
      const std::size_t others = change.factors.size() - 1;
      truth.push_back(i < first ? 0 : 1 + (i - first) * others / (samples - first));
      points.push_back(
          point(std::log(change.factors[truth.back()]) + change.noise * random.normal()));
      if (change.probe_factor > 1) {
        const double slow = i < first ? std::log(change.probe_factor) : 0;
        points.back().core_to_core_ns = 100 * std::exp(slow + change.probe_noise * random.normal());
      }
    }
    const Regimes regimes = regimes_of(points);
    bool same = std::ranges::max(regimes) + 1 == change.factors.size();
    for (std::size_t i = 0; i + 1 < samples; ++i) {
      same &= (truth[i] == truth[i + 1]) == (regimes[i] == regimes[i + 1]);
    }
    if (same) ++right;
  }
  return right / static_cast<double>(sets);
}

TEST(Regimes, AreFoundIfTheyDifferByAFactorOfTwoOrMore) {
  for (const double factor : {2.0, 5.0}) {
    for (const std::size_t samples : {10U, 20U, 40U}) {
      for (const double share : {0.3, 0.5, 0.7}) {
        EXPECT_GE(found({.factors = {1, factor}, .noise = 0.03}, share, samples, 200), 0.98)
            << factor << ' ' << samples << ' ' << share;
      }
    }
  }
  EXPECT_GE(found({.factors = {1, 2, 6}, .noise = 0.03}, 1.0 / 3, 30, 200), 0.98);
}

// The next two tests take minutes: they print the tables in PERFORMANCE.md, "Appendix", anew.
TEST(Regimes, DISABLED_FalseSplitRecord) {
  constexpr std::size_t kSets = 20'000;
  const std::vector<std::size_t> numbers{6, 7, 8, 9, 10, 12, 15, 20, 30, 40, 60, 100};
  const auto print = [](std::string_view name, const std::vector<double>& values) {
    std::cout << fmt::format("{:<32}", name);
    for (const double value : values) std::cout << fmt::format("{:5.2f}", value);
    std::cout << '\n' << std::flush;
  };
  const auto rates = [&](const Noise& noise, std::size_t outliers, const Probes& probes) {
    std::vector<double> row;
    for (const std::size_t samples : numbers) {
      row.push_back(100 * false_splits(noise, outliers, probes, samples, kSets));
    }
    return row;
  };
  std::cout << fmt::format("{:<32}{:5}\n", "samples", fmt::join(numbers, ""));
  for (const Noise& noise : noises) print(noise.name, rates(noise, 0, no_probes));
  for (const std::size_t outliers : {1U, 2U}) {
    std::vector<double> most(numbers.size());
    for (const Noise& noise : noises) {
      std::ranges::transform(most, rates(noise, outliers, no_probes), most.begin(),
                             [](double a, double b) { return std::max(a, b); });
    }
    print(outliers == 1 ? "the worst of these, 1 outlier" : "the worst of these, 2 outliers", most);
  }
  for (const Probes& probes : probe_kinds) {
    for (const Noise* noise : {&normal_15, &skewed_50}) {
      print(fmt::format("{}, {}", noise->name, probes.name), rates(*noise, 0, probes));
    }
  }
  print(many_outliers.name, rates(many_outliers, 0, no_probes));
}

TEST(Regimes, DISABLED_PowerRecord) {
  constexpr std::size_t kSets = 5'000;
  for (const Change& change : std::vector<Change>{{{1, 1.5}, 0.03},
                                                  {{1, 2}, 0.03},
                                                  {{1, 5}, 0.03},
                                                  {{1, 1.3}, 0.03},
                                                  {{1, 1.5}, 0.06},
                                                  {{1, 2}, 0.1},
                                                  {{1, 1.5}, 0.03, 2, 0.06},
                                                  {{1, 2}, 0.03, 2, 0.06},
                                                  {{1, 1.5}, 0.06, 2, 0.06},
                                                  {{1, 2}, 0.1, 4, 0.15}}) {
    std::string name = fmt::format("{} times, {:.0f} %", change.factors.back(), 100 * change.noise);
    if (change.probe_factor > 1) {
      name +=
          fmt::format("; probes {} times, {:.0f} %", change.probe_factor, 100 * change.probe_noise);
    }
    std::cout << fmt::format("{:<36}", name);
    for (const std::size_t samples : {10U, 20U, 40U}) {
      for (const double share : {0.5, 0.3, 0.2}) {
        std::cout << fmt::format("{:6.1f}", 100 * found(change, share, samples, kSets));
      }
    }
    std::cout << '\n' << std::flush;
  }
  for (const std::size_t samples : {10U, 15U, 30U}) {
    const Change three{.factors = {1, 2, 6}, .noise = 0.03};
    std::cout << fmt::format("1, 2 and 6 times, 3 %, a third each of {}: {:.1f}\n", samples,
                             100 * found(three, 1.0 / 3, samples, kSets));
  }
}

struct Recorded {
  std::string seen;  ///< what was seen in the series, as recorded_rates.txt explains
  std::string name;  ///< the other words that precede the rates in the line
  Points trials;
};

std::vector<Recorded> recorded() {
  std::ifstream file(RINGMPSC_TEST_DATA_DIR "/recorded_rates.txt");
  std::vector<Recorded> all;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream words(line);
    Recorded one;
    std::string cpus, producers, batch, time;
    words >> one.seen >> cpus >> producers >> batch >> time;
    for (const std::string* const word : {&cpus, &producers, &batch, &time}) {
      one.name += (one.name.empty() ? "" : " ") + *word;
    }
    std::vector<double> rates;
    for (double rate = 0; words >> rate;) rates.push_back(rate);
    one.trials = points_of(rates);
    all.push_back(std::move(one));
  }
  return all;
}

TEST(RecordedRegimes, AreOneInNearlyEveryWindowOfASeriesThatDidNotChange) {
  std::size_t series = 0;
  for (const Recorded& one : recorded()) {
    if (one.seen != "one") continue;
    ++series;
    for (const std::size_t length : {10U, 20U, 40U}) {
      std::size_t split = 0;
      const std::size_t windows = one.trials.size() + 1 - length;
      for (std::size_t first = 0; first < windows; ++first) {
        if (number_of_regimes(std::span(one.trials).subspan(first, length)) > 1) ++split;
      }
      EXPECT_LE(static_cast<double>(split) / static_cast<double>(windows), 0.01)
          << one.name << ", windows of " << length;
    }
  }
  EXPECT_EQ(series, 46);
}

Points recorded_trials(std::string_view seen, std::string_view name) {
  for (const Recorded& one : recorded()) {
    if (one.seen == seen && one.name == name) return one.trials;
  }
  ADD_FAILURE() << "no record of " << name;
  return {};
}

TEST(RecordedRegimes, AreTwoWhereTheCpuBecameFaster) {
  const Regimes regimes = regimes_of(recorded_trials("step", "same 4 1 04:06:29"));
  Regimes expected(40, 0);
  expected.resize(60, 1);
  EXPECT_EQ(regimes, expected);
}

TEST(RecordedRegimes, AreTwoWhereTheCpusMovedApart) {
  const Regimes regimes = regimes_of(recorded_trials("moved", "near 1 1 04:08:19"));
  ASSERT_EQ(regimes.size(), 60);
  EXPECT_EQ(std::ranges::max(regimes), 1);
  EXPECT_EQ(std::ranges::count(std::span(regimes).first(41), 0), 41);
  EXPECT_EQ(std::ranges::count(std::span(regimes).last(15), 1), 15);
}

TEST(RecordedRegimes, AreTwoWhereSeriesOfNearAndFarCpusAreJoined) {
  const Points near = recorded_trials("moved", "near 1 1 04:08:19");
  const Points far = recorded_trials("one", "near 1 1 04:07:46");
  for (const std::size_t length : {10U, 20U, 40U}) {
    for (const std::size_t tenths : {3U, 5U, 7U}) {
      const std::size_t fast = length * tenths / 10;
      Regimes expected(fast, tenths < 5 ? 1 : 0);
      expected.resize(length, tenths < 5 ? 0 : 1);
      Points joined(near.begin(), near.begin() + static_cast<std::ptrdiff_t>(fast));
      joined.insert(joined.end(), far.begin(),
                    far.begin() + static_cast<std::ptrdiff_t>(length - fast));
      EXPECT_EQ(regimes_of(joined), expected) << fast << " near of " << length;
    }
  }
}

}  // namespace
}  // namespace bench::analysis
