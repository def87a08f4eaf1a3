#include "analysis/regimes.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>

#include "analysis/statistics.hpp"

namespace bench::analysis {
namespace {

// Two groups are two regimes if the gap between them is large beside their widths: J. C. Dunn,
// "Well-Separated Clusters and Optimal Fuzzy Partitions", Journal of Cybernetics 4 (1974). Gap and
// widths are those of the cores, so that outliers count for neither: a core is the shortest
// interval that holds four fifths of a group, after P. Rousseeuw and A. Leroy, "A Robust Scale
// Estimator Based on the Shortest Half", Statistica Neerlandica 42 (1988). All on logarithms.
//
// The points, in the order of their throughput, are first cut at the widest gaps that leave enough
// points for a regime on either side. Then neighbours that are not two regimes are joined, those
// across the narrowest gap first, until none are left.
//
// How often one regime was split, in per cent of 20,000 sets of independent samples, hence known to
// within 0.15. Noise is a part of the rate or, exponential and lognormal, what the trial took
// longer by; outliers are 1.1 to 20 times slower. (Tables: 2026-11-25; reproduce with
// unit_tests --gtest_also_run_disabled_tests --gtest_filter='Regimes.DISABLED_*Record'.)
//
//   samples                             6    7    8    9   10   12   15   20   30   40   60  100
//   normal, 1 %                      0.00 0.00 0.00 0.00 0.00 0.00 0.00 0.00 0.00 0.00 0.00 0.00
//   normal, 5 %                      0.00 0.00 0.00 0.00 0.00 0.00 0.00 0.00 0.00 0.00 0.00 0.00
//   normal, 15 %                     0.11 0.04 0.24 0.08 0.12 0.04 0.03 0.01 0.00 0.00 0.00 0.00
//   exponential, 15 %                0.11 0.07 0.32 0.27 0.33 0.19 0.32 0.24 0.40 0.08 0.15 0.12
//   exponential, 50 %                0.23 0.11 0.51 0.39 0.43 0.24 0.22 0.14 0.14 0.01 0.02 0.03
//   lognormal, 30 %                  0.13 0.10 0.37 0.28 0.23 0.09 0.19 0.13 0.19 0.01 0.01 0.01
//   Student's t, 5 %                 0.00 0.00 0.01 0.01 0.01 0.01 0.01 0.00 0.01 0.00 0.00 0.00
//   Student's t, 15 %                0.03 0.03 0.15 0.10 0.10 0.04 0.03 0.00 0.01 0.00 0.00 0.00
//   uniform, 0.75 to 1.25            0.36 0.22 0.77 0.74 0.92 0.36 0.27 0.11 0.03 0.01 0.01 0.01
//   uniform, 1 to 4                  0.32 0.21 0.83 0.72 0.78 0.43 0.38 0.24 0.11 0.06 0.06 0.01
//   the worst of these, 1 outlier    0.21 0.14 0.58 0.46 0.64 0.34 0.27 0.18 0.30 0.06 0.08 0.09
//   the worst of these, 2 outliers   0.12 0.09 0.38 0.30 0.41 0.27 0.22 0.18 0.32 0.07 0.08 0.08
//   normal, 15 %, probes 15 %        0.08 0.05 0.21 0.14 0.17 0.05 0.01 0.01 0.00 0.00 0.00 0.00
//   exponential, 50 %, probes 15 %   0.23 0.11 0.56 0.31 0.41 0.23 0.29 0.13 0.10 0.03 0.03 0.03
//   normal, 15 %, probes of 2        0.15 0.37 0.45 0.21 0.26 0.21 0.08 0.01 0.00 0.00 0.00 0.00
//   exponential, 50 %, probes of 2   0.29 0.86 1.00 0.60 0.69 0.43 0.34 0.15 0.14 0.02 0.05 0.02
//   normal, 15 %, probes alike       0.18 0.56 0.53 0.25 0.31 0.13 0.03 0.01 0.00 0.00 0.00 0.00
//   exponential, 50 %, probes alike  0.81 1.97 1.58 1.05 0.99 0.83 0.44 0.22 0.14 0.03 0.03 0.03
//   1 in 7 up to twice as long       0.18 0.34 0.68 0.84 1.16 2.02 3.97 2.83 9.56 2.85 4.00 1.32
//
// "Probes of 2": they are of two regimes while the throughput is of one. "Probes alike": they are
// longer by just the part that the throughput is lower by, and can be believed to be right. The
// last row is beyond what the method bears: where that many trials are outliers, a few of them lie
// close together by chance. Of 5,198 windows of 10, 20 and 40 trials of the recorded series that
// did not change (tests/data/recorded_rates.txt) none was split.
//
// How often two regimes, with normal noise in each, were told apart without a mistake, in per cent
// of 5,000 sets. Two trials make no regime without probes, which is why some are never found.
//
//   samples                                 10                20                40
//   share of the slower                     50    30    20    50    30    20    50    30    20
//   1.5 times, 3 %                        97.9  88.1   0.0 100.0  99.8  97.7 100.0 100.0 100.0
//   2 times, 3 %                         100.0  99.9   0.0 100.0 100.0 100.0 100.0 100.0 100.0
//   5 times, 3 %                         100.0 100.0   0.0 100.0 100.0 100.0 100.0 100.0 100.0
//   1.3 times, 3 %                        69.0  40.2   0.0  84.2  69.8  60.9  98.8  97.1  95.5
//   1.5 times, 6 %                        40.1  16.3   0.0  41.8  25.2  23.0  68.1  57.5  57.5
//   2 times, 10 %                         42.9  17.9   0.0  46.5  28.8  26.1  73.8  63.4  63.1
//   1.5 times, 3 %; probes 2 times, 6 %   99.9  97.1  77.2 100.0 100.0  99.9 100.0 100.0 100.0
//   2 times, 3 %; probes 2 times, 6 %    100.0 100.0  77.2 100.0 100.0 100.0 100.0 100.0 100.0
//   1.5 times, 6 %; probes 2 times, 6 %   93.5  70.8  73.1  97.9  96.2  90.9  96.9  97.0  97.0
//   2 times, 10 %; probes 4 times, 15 %   84.5  51.5  47.5  93.0  83.1  76.1  97.5  97.3  97.0
//
// Regimes of 1, 2 and 6 times the rate, a third each, noise 3 %: of 10 samples 99.9 %, of 15 or 30
// all.

/// How many times the wider core's width the gap must be, times the square root of the number of
/// points: 4.1 widths for 8 points, 1.8 for 40, since the widths of a few points are small by
/// chance. In steps of a half, the smallest with which no row without probes but the last exceeds
/// 1 %.
constexpr double kSeparation = 11.5;

/// The part of it that is asked of the throughput where the probes are separated by all of it.
constexpr double kPartIfProbesAgree = 1.0 / 3;

struct Core {
  double lo = 0;
  double hi = 0;
  [[nodiscard]] double width() const noexcept { return hi - lo; }
};

Core core_of(std::span<const double> ascending) {
  const std::size_t held = ascending.size() - ascending.size() / 5;
  Core best{.lo = ascending.front(), .hi = ascending[held - 1]};
  for (std::size_t i = held; i < ascending.size(); ++i) {
    const Core next{.lo = ascending[i + 1 - held], .hi = ascending[i]};
    if (next.width() < best.width()) best = next;
  }
  return best;
}

bool apart(std::span<const double> lower, std::span<const double> upper, double widths) {
  const Core below = core_of(lower);
  const Core above = core_of(upper);
  const double gap = above.lo - below.hi;
  return gap > 0 && gap >= widths * std::max(below.width(), above.width());
}

/// Logarithms of the points, in ascending order of throughput.
struct Ladder {
  std::vector<std::size_t> points;
  std::vector<double> rates;
  std::vector<double> probes;  ///< None unless every point has one.
};

/// Fewer than one message a second is as good as one, and no round trip takes less than 1 ns.
double logarithm(double value) { return std::log(std::max(value, 1.0)); }

Ladder ladder_of(std::span<const RegimePoint> points) {
  Ladder ladder;
  ladder.points.resize(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) ladder.points[i] = i;
  std::ranges::sort(ladder.points, {},
                    [&](std::size_t i) { return std::pair(points[i].messages_per_second, i); });
  const bool probed = std::ranges::all_of(
      points, [](const RegimePoint& point) { return point.core_to_core_ns.has_value(); });
  for (const std::size_t i : ladder.points) {
    ladder.rates.push_back(logarithm(points[i].messages_per_second));
    if (probed) ladder.probes.push_back(logarithm(*points[i].core_to_core_ns));
  }
  return ladder;
}

/// Whether [first, cut) and [cut, last) of the ladder are two regimes.
bool are_two(const Ladder& ladder, std::size_t first, std::size_t cut, std::size_t last) {
  const std::span rates(ladder.rates);
  const auto slow = rates.subspan(first, cut - first);
  const auto fast = rates.subspan(cut, last - cut);
  if (median(fast) - median(slow) < std::log(kSmallestRegimeRatio)) return false;

  const double widths = kSeparation / std::sqrt(static_cast<double>(rates.size()));
  const auto ascending_probes = [&](std::size_t from, std::size_t to) {
    std::vector<double> probes(std::next(ladder.probes.begin(), static_cast<std::ptrdiff_t>(from)),
                               std::next(ladder.probes.begin(), static_cast<std::ptrdiff_t>(to)));
    std::ranges::sort(probes);
    return probes;
  };
  const bool probes_agree = !ladder.probes.empty() && apart(ascending_probes(cut, last),
                                                            ascending_probes(first, cut), widths);
  const std::size_t fewest = probes_agree ? kFewestInProbedRegime : kFewestInRegime;
  if (std::min(slow.size(), fast.size()) < fewest) return false;
  return apart(slow, fast, probes_agree ? kPartIfProbesAgree * widths : widths);
}

/// Where the ladder is cut at most: 0, each cut, the number of points.
std::vector<std::size_t> widest_cuts(const Ladder& ladder) {
  const std::size_t size = ladder.points.size();
  const std::size_t share = (size + kMostRegimes - 1) / kMostRegimes;
  const std::size_t fewest =
      std::max(share, ladder.probes.empty() ? kFewestInRegime : kFewestInProbedRegime);
  const auto gap = [&](std::size_t i) { return ladder.rates[i] - ladder.rates[i - 1]; };
  std::vector<std::size_t> widest(size - 1);
  for (std::size_t i = 1; i < size; ++i) widest[i - 1] = i;
  std::ranges::sort(widest, {}, [&](std::size_t i) { return std::pair(-gap(i), i); });
  std::vector<std::size_t> bounds{0, size};
  for (const std::size_t i : widest) {
    const auto above = std::ranges::upper_bound(bounds, i);
    if (i - *std::prev(above) >= fewest && *above - i >= fewest) bounds.insert(above, i);
  }
  return bounds;
}

/// The cut across the narrowest gap of those that do not part two regimes; the end if all do.
std::vector<std::size_t>::iterator needless_cut(const Ladder& ladder,
                                                std::vector<std::size_t>& bounds) {
  auto narrowest = bounds.end();
  const auto gap = [&](auto cut) { return ladder.rates[*cut] - ladder.rates[*cut - 1]; };
  for (auto cut = std::next(bounds.begin()); std::next(cut) != bounds.end(); ++cut) {
    if (narrowest != bounds.end() && gap(cut) >= gap(narrowest)) continue;
    if (!are_two(ladder, *std::prev(cut), *cut, *std::next(cut))) narrowest = cut;
  }
  return narrowest;
}

}  // namespace

std::vector<unsigned> regimes_of(std::span<const RegimePoint> points) {
  std::vector<unsigned> regimes(points.size(), 0);
  if (points.size() < 2 * kFewestInRegime) return regimes;
  const Ladder ladder = ladder_of(points);
  std::vector<std::size_t> bounds = widest_cuts(ladder);
  for (auto cut = needless_cut(ladder, bounds); cut != bounds.end();
       cut = needless_cut(ladder, bounds)) {
    bounds.erase(cut);
  }

  std::vector<std::span<const std::size_t>> groups(bounds.size() - 1);
  for (std::size_t k = 0; k < groups.size(); ++k) {
    groups[k] = std::span(ladder.points).subspan(bounds[k], bounds[k + 1] - bounds[k]);
  }
  // Of two as large the faster first, which lies higher on the ladder.
  std::ranges::sort(groups, std::ranges::greater(),
                    [](auto group) { return std::pair(group.size(), group.data()); });
  for (unsigned regime = 0; regime < groups.size(); ++regime) {
    for (const std::size_t point : groups[regime]) regimes[point] = regime;
  }
  return regimes;
}

}  // namespace bench::analysis
