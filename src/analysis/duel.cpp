#include "analysis/duel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "analysis/statistics.hpp"
#include "analysis/verdict.hpp"

namespace bench::analysis {
namespace {

// For deviations y_1, ..., y_n that are symmetric about zero, S / sqrt(V) with S = sum of y and V =
// sum of y^2 has a mean of 0, a variance of 1 and tails that are hardly ever thicker than those of
// the normal distribution, whatever the distribution of the y (B. Efron, "Student's t-Test under
// Symmetry Conditions", Journal of the American Statistical Association 64, 1969). So a ratio is
// excluded at a look where the deviations from it have S^2 / V of at least z^2, with z the normal
// quantile of half of the look's risk; the ratios that are left are the interval. After fewer than
// z^2 blocks, none is excluded. A look's risk is its share of the risk divided by the K series, so
// that the risk holds for all intervals at all looks together (Bonferroni).
//
// The deviations are cut off at kClip times their scale, so that a block in which the machine
// changed counts little; that keeps their symmetry. The scale of a block is the larger of two,
// neither of which depends on the order that was drawn for it: how far trials of one side are
// apart, in that block and in those before, and how far the ratios of the blocks before are from
// their median. The second is the larger one where processes differ more than trials of one
// process. A block's marks do not depend on the order either.

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

/// Beyond which a normal deviate lies with the probability `tail`, in standard deviations.
double normal_quantile(double tail) {
  double lo = 0;
  double hi = 40;
  constexpr int kHalvings = 50;
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = (lo + hi) / 2;
    (std::erfc(middle / std::numbers::sqrt2) / 2 > tail ? lo : hi) = middle;
  }
  return hi;
}

/// How many standard deviations a look's interval reaches to either side.
double reach_of(const Look& look, const DuelRule& rule) {
  const double risk = rule.risk * look.share_of_risk / static_cast<double>(rule.series);
  return normal_quantile(risk / 2);
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
std::optional<double> detectable(std::span<const Deviation> all, double center,
                                 const DuelRule& rule, std::size_t blocks) {
  const Sums seen = sums_at(all, center);
  if (seen.slope <= 0) return std::nullopt;
  const double more = static_cast<double>(blocks) / static_cast<double>(all.size());
  const double v = std::max(seen.v * more, 1.0);
  const double slope = seen.slope * more;
  constexpr double kFourInFive = 0.8416;  // quantile of the normal distribution
  const double beyond = (reach_of(kLooks.back(), rule) + kFourInFive) * std::sqrt(v) / slope;
  return 1 - (1 - rule.margin) * std::exp(-beyond);
}

}  // namespace

DuelJudgement judge(std::span<const results::Block> blocks, const DuelRule& rule, const Look& look,
                    std::size_t most_blocks) {
  DuelJudgement judgement;
  if (blocks.empty()) return judgement;
  const std::vector<Deviation> all = deviations_of(blocks);
  const double center = estimate(all);
  judgement.ratio = std::exp(center);
  const double reach = reach_of(look, rule);
  const auto holds = [&](double log_ratio) {
    const Sums sums = sums_at(all, log_ratio);
    return sums.s * sums.s <= reach * reach * sums.v;
  };
  const double step = all.back().scale / 8;
  const auto lo = end_of(center, -step, holds);
  const auto hi = end_of(center, step, holds);
  judgement.detectable = detectable(all, center, rule, std::max(most_blocks, blocks.size()));
  if (!lo || !hi) return judgement;
  judgement.interval = results::Interval{.lo = std::exp(*lo), .hi = std::exp(*hi)};
  judgement.verdict = verdict_of(*judgement.interval, rule.margin);
  return judgement;
}

std::string describe(const DuelRule& rule) {
  return fmt::format(
      "A series is regressed if its interval lies wholly below {:.4g}, improved if wholly above "
      "{:.4g}, and has no change if wholly between; until then it is inconclusive. The duel looks "
      "at its blocks after 1/64, 1/32, ... 1/2 of its budget and at its end, with ever larger "
      "shares of the risk (group-sequential, after Lan and DeMets 1983), by tests for symmetric "
      "deviations (Efron 1969), and the risk is divided over the series after Bonferroni: with "
      "{:.4g} % confidence all intervals hold their true ratios. A block in whose middle the "
      "machine changed is marked and has {:.2g} of another's weight, whatever it says, unless most "
      "are marked.",
      1 - rule.margin, 1 + rule.margin, 100 * (1 - rule.risk), kWeightOfMarked);
}

}  // namespace bench::analysis
