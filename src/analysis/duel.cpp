#include "analysis/duel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "analysis/statistics.hpp"
#include "analysis/verdict.hpp"

namespace bench::analysis {
namespace {

// A ratio r is excluded once a bet against it has won enough. For deviations y_1, y_2, ... that are
// symmetric about zero given those before, exp(l S - l^2 V / 2) with S = sum of y and V = sum of
// y^2 is a supermartingale for every l (V. de la Pena, "A General Class of Exponential Inequalities
// for Martingales and Ratios", Annals of Probability 27, 1999). So is its mean over l from a normal
// distribution of variance 1 / kPrior (H. Robbins, "Statistical Methods Related to the Law of the
// Iterated Logarithm", Annals of Mathematical Statistics 41, 1970):
//
//   sqrt(kPrior / (V + kPrior)) exp(S^2 / (2 (V + kPrior)))
//
// By Ville's inequality it ever reaches 1 / a with a probability of at most a, however often one
// looks and whenever one stops. The ratios at which it has not reached 1 / a are the interval, one
// of a confidence sequence (S. Howard, A. Ramdas, J. McAuliffe, J. Sekhon, "Time-uniform,
// Nonparametric, Nonasymptotic Confidence Sequences", Annals of Statistics 49, 2021). With K
// series, a is the risk divided by K (Bonferroni), so that the risk holds for all intervals
// together.
//
// The deviations are cut off at kClip times their scale, so that a block in which the machine
// changed counts little; that keeps their symmetry. The scale of a block is the larger of two,
// neither of which depends on the order that was drawn for it: how far trials of one side are
// apart, in that block and in those before, and how far the ratios of the blocks before are from
// their median. The second is the larger one where processes differ more than trials of one
// process. A block's marks do not depend on the order either.

/// For some dozens of blocks: with one series, the interval is within 5 % of the narrowest from 20
/// to 200.
constexpr double kPrior = 4;
constexpr double kClip = 2.5;
/// Differences of less are those of the clock.
constexpr double kSmallestScale = 1e-4;
/// A larger change than a factor of e^20 is none that could be told.
constexpr double kFarthest = 20;

/// Of a trial that received nothing, one message a second is as good as any.
double log_rate(double messages_per_second) {
  return std::log(std::clamp(messages_per_second, 1.0, 1e18));
}

struct Deviation {
  double log_ratio = 0;
  double scale = 1;
  double weight = 1;
};

/// How far the ratios are from their median: a standard deviation where they are normal, of which
/// four fifths lie within 1.28. A fifth of them may be outliers.
double spread_of(const std::vector<double>& log_ratios) {
  constexpr std::size_t kFewest = 5;
  if (log_ratios.size() < kFewest) return 0;
  const double center = median(log_ratios);
  std::vector<double> apart(log_ratios.size());
  std::ranges::transform(log_ratios, apart.begin(),
                         [=](double value) { return std::abs(value - center); });
  return quantile(apart, 0.8) / 1.2816;
}

std::vector<Deviation> deviations_of(std::span<const results::Block> blocks) {
  std::vector<Deviation> all;
  std::vector<double> apart;   // trials of one side from each other
  std::vector<double> before;  // ratios of the blocks so far
  std::size_t marked = 0;
  for (const results::Block& block : blocks) {
    const double a1 = log_rate(block.base[0]);
    const double a2 = log_rate(block.base[1]);
    const double b1 = log_rate(block.candidate[0]);
    const double b2 = log_rate(block.candidate[1]);
    apart.push_back(std::abs(a1 - a2));
    apart.push_back(std::abs(b1 - b2));
    marked += block.marks.empty() ? 0 : 1;
    const bool light = !block.marks.empty() && 2 * marked <= all.size() + 1;
    // The median of |d|, for a normal difference d of two trials, is 0.954 of a trial's standard
    // deviation, and a block's ratio of two means of two trials each has that deviation too.
    constexpr double kMedianOfDifference = 0.954;
    all.push_back({.log_ratio = (b1 + b2 - a1 - a2) / 2,
                   .scale = std::max(
                       {median(apart) / kMedianOfDifference, spread_of(before), kSmallestScale}),
                   .weight = light ? kWeightOfMarked : 1});
    before.push_back(all.back().log_ratio);
  }
  return all;
}

/// The sums of the deviations from one log ratio.
struct Sums {
  double s = 0;
  double v = 0;
  double slope = 0;  ///< how fast s falls where the log ratio rises
};

Sums sums_at(std::span<const Deviation> all, double log_ratio) {
  Sums sums;
  for (const Deviation& one : all) {
    const double y = (one.log_ratio - log_ratio) / one.scale;
    const double cut = one.weight * std::clamp(y, -kClip, kClip);
    sums.s += cut;
    sums.v += cut * cut;
    if (std::abs(y) < kClip) sums.slope += one.weight / one.scale;
  }
  return sums;
}

double log_of_bet(const Sums& sums) {
  return sums.s * sums.s / (2 * (sums.v + kPrior)) - std::log1p(sums.v / kPrior) / 2;
}

/// Where `holds`, which is true at `from`, ends in the direction of `step`; nothing if nowhere
/// near.
template <class Holds>
std::optional<double> end_of(double from, double step, Holds holds) {
  double in = from;
  double out = from + step;
  for (; holds(out); step *= 2, out = from + step) {
    if (std::abs(step) > kFarthest) return std::nullopt;
    in = out;
  }
  constexpr int kHalvings = 50;
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = (in + out) / 2;
    (holds(middle) ? in : out) = middle;
  }
  return in;
}

/// The log ratio from which the deviations add up to nothing. It lies among the blocks' own.
double estimate(std::span<const Deviation> all) {
  const auto [least, most] = std::ranges::minmax(all, {}, &Deviation::log_ratio);
  double lo = least.log_ratio;
  double hi = most.log_ratio;
  constexpr int kHalvings = 50;
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = (lo + hi) / 2;
    (sums_at(all, middle).s > 0 ? lo : hi) = middle;
  }
  return (lo + hi) / 2;
}

/// What would be detected 4 times in 5 after so many blocks like these.
std::optional<double> detectable(std::span<const Deviation> all, double center, double most_lost,
                                 const DuelRule& rule, std::size_t blocks) {
  const Sums seen = sums_at(all, center);
  if (seen.slope <= 0) return std::nullopt;
  const double more = static_cast<double>(blocks) / static_cast<double>(all.size());
  const double v = std::max(seen.v * more, 1.0);
  const double slope = seen.slope * more;
  const double reach = std::sqrt((v + kPrior) * (std::log1p(v / kPrior) + 2 * most_lost));
  constexpr double kFourInFive = 0.8416;  // quantile of the normal distribution
  const double beyond = (reach + kFourInFive * std::sqrt(v)) / slope;
  return 1 - (1 - rule.margin) * std::exp(-beyond);
}

}  // namespace

DuelJudgement judge(std::span<const results::Block> blocks, const DuelRule& rule,
                    std::size_t most_blocks) {
  DuelJudgement judgement;
  if (blocks.empty()) return judgement;
  const std::vector<Deviation> all = deviations_of(blocks);
  const double center = estimate(all);
  judgement.ratio = std::exp(center);
  const double most_lost = std::log(static_cast<double>(rule.series) / rule.risk);
  const auto holds = [&](double log_ratio) {
    return log_of_bet(sums_at(all, log_ratio)) < most_lost;
  };
  const double step = all.back().scale / 8;
  const auto lo = end_of(center, -step, holds);
  const auto hi = end_of(center, step, holds);
  judgement.detectable =
      detectable(all, center, most_lost, rule, std::max(most_blocks, blocks.size()));
  if (!lo || !hi) return judgement;
  judgement.interval = results::Interval{.lo = std::exp(*lo), .hi = std::exp(*hi)};
  judgement.verdict = verdict_of(*judgement.interval, rule.margin);
  return judgement;
}

std::string describe(const DuelRule& rule) {
  return fmt::format(
      "A series is regressed if its interval lies wholly below {:.4g}, improved if wholly above "
      "{:.4g}, and has no change if wholly between; until then it is inconclusive. The intervals "
      "are "
      "those of a confidence sequence for symmetric deviations (de la Pena 1999, Robbins 1970, "
      "Howard et al. 2021), divided over the series after Bonferroni: with {:.4g} % confidence all "
      "of "
      "them hold their true ratios, whenever the duel stops. A block in whose middle the machine "
      "changed "
      "is marked and has {:.2g} of another's weight, whatever it says, unless most are marked.",
      1 - rule.margin, 1 + rule.margin, 100 * (1 - rule.risk), kWeightOfMarked);
}

}  // namespace bench::analysis
