#include "analysis/percentile_intervals.hpp"

#include <algorithm>
#include <functional>
#include <ranges>
#include <utility>

#include "analysis/statistics.hpp"

namespace bench::analysis {
namespace {

using workload::LatencyHistogram;

// One trial fewer is drawn than there are: for few trials it errs on the side of the wider
// interval, as does what is cut off (statistics.cpp). Of made-up sets of 6 to 20 trials whose
// levels differ by 5 % or less, the intervals up to p99 hold the truth in 94 to 98 %, those of
// p99.9 in 88 to 96 %. Where trials differ by 20 %, those of p99.9 do in 80 to 86 %
// (PERFORMANCE.md, "Appendix"). Nearly all intervals of p99.9 that miss lie below the truth: few
// trials rarely have the slowest that there is.

/// Neighbours put together, so that there are at most kMostGroups.
std::vector<LatencyHistogram> grouped_trials(TimesOfTrials trials) {
  const std::size_t groups = std::min(trials.size(), kMostGroups);
  std::vector<LatencyHistogram> merged(groups);
  for (std::size_t i = 0; i < trials.size(); ++i) {
    merged[i * groups / trials.size()].merge(trials[i]);
  }
  return merged;
}

/// How many times of each trial lie in a bucket of `all` or below it: a row of all trials for each
/// bucket, so that a resample's count is one pass over a row.
class CountsUpTo {
 public:
  CountsUpTo(std::span<const LatencyHistogram> trials, const LatencyHistogram& all)
      : trials_(trials.size()), counts_(trials.size() * all.buckets().size()) {
    for (std::size_t trial = 0; trial < trials_; ++trial) {
      auto next = trials[trial].buckets().begin();
      std::uint64_t seen = 0;
      for (std::size_t bucket = 0; bucket < all.buckets().size(); ++bucket) {
        if (next != trials[trial].buckets().end() && next->lowest == all.buckets()[bucket].lowest) {
          seen += (next++)->count;
        }
        counts_[bucket * trials_ + trial] = seen;
      }
    }
  }

  [[nodiscard]] std::uint64_t in(std::size_t bucket, std::span<const std::uint32_t> times) const {
    const std::uint64_t* const row = &counts_[bucket * trials_];
    std::uint64_t sum = 0;
    for (std::size_t trial = 0; trial < trials_; ++trial) sum += row[trial] * times[trial];
    return sum;
  }

 private:
  std::size_t trials_;
  std::vector<std::uint64_t> counts_;
};

}  // namespace

std::vector<std::optional<results::Interval>> percentile_intervals(
    TimesOfTrials trials, std::span<const double> percentiles, std::uint64_t seed) {
  std::vector<std::optional<results::Interval>> intervals(percentiles.size());
  if (trials.size() < kFewestForInterval) return intervals;
  const std::vector<LatencyHistogram> units = grouped_trials(trials);
  LatencyHistogram all;
  for (const LatencyHistogram& unit : units) all.merge(unit);
  const std::size_t buckets = all.buckets().size();
  if (buckets == 0) return intervals;
  const CountsUpTo counts(units, all);
  std::vector<std::vector<double>> found(percentiles.size());
  resample(
      units.size(), units.size() - 1, seed, kResamples, [&](std::span<const std::uint32_t> times) {
        const std::uint64_t total = counts.in(buckets - 1, times);
        if (total == 0) return;  // only trials in which no message was timed
        std::size_t bucket = 0;
        for (std::size_t i = 0; i < percentiles.size(); ++i) {
          const std::uint64_t rank = LatencyHistogram::rank_of(percentiles[i], total);
          bucket = *std::ranges::lower_bound(std::views::iota(bucket, buckets), rank,
                                             std::ranges::less(),
                                             [&](std::size_t at) { return counts.in(at, times); });
          found[i].push_back(static_cast<double>(all.highest_of(all.buckets()[bucket])));
        }
      });
  for (std::size_t i = 0; i < percentiles.size(); ++i) {
    intervals[i] = between_tails(std::move(found[i]), units.size());
  }
  return intervals;
}

}  // namespace bench::analysis
