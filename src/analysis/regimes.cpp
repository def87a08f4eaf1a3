#include "analysis/regimes.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>

#include "analysis/statistics.hpp"

namespace bench::analysis {
namespace {

// Two groups are two regimes if the gap between them is large compared with their widths: J. C.
// Dunn, "Well-Separated Clusters and Optimal Fuzzy Partitions", Journal of Cybernetics 4 (1974).
// Gap and widths are those of the groups' cores, so that outliers affect neither: a core is the
// shortest interval that holds four fifths of a group, after P. Rousseeuw and A. Leroy, "A Robust
// Scale Estimator Based on the Shortest Half", Statistica Neerlandica 42 (1988). All of this is
// done on logarithms.
//
// The points are sorted by throughput and first cut at the widest gaps that leave enough points for
// a regime on either side. Then neighbours that are not two regimes are joined, those across the
// narrowest gap first, until no such neighbours are left.
//
// One regime was split in at most 0.92 % of 20,000 sets without probes, 1.97 % with probes, and
// 9.56 % with one outlier in seven trials (PERFORMANCE.md, "Appendix").

/// The gap must be this many widths of the wider core, divided by the square root of the number of
/// points: 4.1 widths for 8 points and 1.8 for 40, because few points can lie close together by
/// chance. It is the smallest multiple of 0.5 with which no kind of noise without probes is split
/// in more than 1 % of the sets, one outlier in seven trials excepted (PERFORMANCE.md, "Appendix").
constexpr double kSeparation = 11.5;

/// Where the probes are separated by the whole required gap, this part of it is enough for the
/// throughput.
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
  std::vector<double> probes;  ///< empty unless every point has a probe
};

/// Less than one message a second counts as one, and no round trip takes less than 1 ns.
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

/// The bounds of the groups before any are joined: 0, each cut, the number of points.
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

/// Of the cuts that do not separate two regimes, the one across the narrowest gap; bounds.end() if
/// every cut separates two.
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
  // Of two groups of the same size the faster comes first; it lies higher on the ladder.
  std::ranges::sort(groups, std::ranges::greater(),
                    [](auto group) { return std::pair(group.size(), group.data()); });
  for (unsigned regime = 0; regime < groups.size(); ++regime) {
    for (const std::size_t point : groups[regime]) regimes[point] = regime;
  }
  return regimes;
}

}  // namespace bench::analysis
