#include "analysis/machine_comparison.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <span>

#include "analysis/statistics.hpp"
#include "workload/queue_table.hpp"

namespace bench::analysis {
namespace {

using results::Series;

constexpr double kErrorOfInterval = 0.05;

Run observations(const Series& series) {
  Run run;
  for (const workload::Sample& sample : series.samples) {
    if (sample.cut_short || sample.seconds <= 0) continue;
    run.push_back({.messages_per_second = sample.messages_per_second()});
  }
  return run;
}

std::vector<const Series*> series_of(const std::vector<SeriesOfRun>& runs) {
  std::vector<const Series*> all;
  all.reserve(runs.size());
  for (const SeriesOfRun& one : runs) all.push_back(one.series);
  return all;
}

/// A run of which nothing was measured is none.
std::vector<Run> runs_of_series(const std::vector<SeriesOfRun>& series) {
  std::vector<Run> runs;
  runs.reserve(series.size());
  for (const SeriesOfRun& one : series) runs.push_back(observations(*one.series));
  std::erase_if(runs, [](const Run& run) { return run.empty(); });
  return runs;
}

/// The series of a kind of work on one side, with the runs that have each.
using Matches = std::vector<const MatchedSeries*>;

/// The mean of the logarithms over all series of each run, as one observation. Runs that have not
/// all of the series are left out: their mean would be another one.
std::vector<Run> mean_runs(const Matches& matches, std::size_t documents,
                           std::vector<SeriesOfRun> MatchedSeries::* side) {
  std::vector<double> sums(documents);
  std::vector<std::size_t> counts(documents);
  for (const MatchedSeries* const matched : matches) {
    for (const SeriesOfRun& one : matched->*side) {
      std::vector<double> logs;
      for (const Observation& seen : observations(*one.series)) logs.push_back(log_rate(seen));
      if (logs.empty()) continue;
      sums[one.file] += median(logs);
      ++counts[one.file];
    }
  }
  std::vector<Run> runs;
  for (std::size_t i = 0; i < documents; ++i) {
    if (counts[i] != matches.size()) continue;
    const double mean = sums[i] / static_cast<double>(counts[i]);
    runs.push_back({{.messages_per_second = std::exp(mean)}});
  }
  return runs;
}

MeanRatio mean_of(Work work, const Matches& matches, const MachineRuns& base,
                  const MachineRuns& candidate, const std::vector<SeriesRatio>& ratios) {
  MeanRatio mean{.work = work, .matched = matches.size()};
  double sum = 0;
  std::size_t count = 0;
  for (const SeriesRatio& one : ratios) {
    if (work_of(one.base.front()->spec) != work || !one.judged.ratio) continue;
    sum += std::log(*one.judged.ratio);
    ++count;
  }
  if (count > 0) mean.ratio = std::exp(sum / static_cast<double>(count));
  const auto there = mean_runs(matches, base.results.size(), &MatchedSeries::base);
  const auto here = mean_runs(matches, candidate.results.size(), &MatchedSeries::candidate);
  mean.base_runs = there.size();
  mean.candidate_runs = here.size();
  if (!enough_runs(there.size(), here.size(), kErrorOfInterval)) return mean;
  const JudgedRuns judged = judge_runs(there, here, {.error = kErrorOfInterval});
  mean.interval = judged.interval;
  // The interval's own middle: runs that lack a series are not in it.
  if (judged.interval) mean.ratio = judged.ratio;
  return mean;
}

/// How many series of this work were not matched. Their names do not tell: outside of a sweep,
/// every series is called by its queue.
std::size_t unmatched_of(Work work, const Matched& matched) {
  return static_cast<std::size_t>(
      std::ranges::count_if(matched.unmatched_series, [work](const Series* series) {
        return work_of(series->spec) == work && !workload::is_limit(series->spec);
      }));
}

}  // namespace

std::optional<Work> work_of(const workload::Spec& spec) noexcept {
  switch (spec.pattern) {
    case workload::Pattern::stream:
      return spec.producers == 1 ? Work::spsc : Work::mpsc;
    case workload::Pattern::round_trip:
      return Work::round_trips;
    case workload::Pattern::one_way:
      break;
  }
  return std::nullopt;
}

MachineComparison compare_machines(const MachineRuns& base, const MachineRuns& candidate) {
  const Matched matched = match(base.results, candidate.results);
  MachineComparison comparison;
  std::vector<const MatchedSeries*> judged;
  for (const MatchedSeries& series : matched.series) {
    if (work_of(series.base.front().series->spec)) judged.push_back(&series);
  }
  for (const MatchedSeries* const series : judged) {
    const std::vector<Run> there = runs_of_series(series->base);
    const std::vector<Run> here = runs_of_series(series->candidate);
    JudgedRuns found = judge_runs(there, here, {.error = kErrorOfInterval});
    if (!enough_runs(there.size(), here.size(), kErrorOfInterval)) found.interval.reset();
    comparison.series.push_back({.base = series_of(series->base),
                                 .candidate = series_of(series->candidate),
                                 .judged = std::move(found)});
  }
  for (const auto& [words, work] : kWorkNames) {
    Matches of_work;
    for (const MatchedSeries* const series : judged) {
      if (work_of(series->base.front().series->spec) == work) of_work.push_back(series);
    }
    if (of_work.empty()) continue;
    MeanRatio mean = mean_of(work, of_work, base, candidate, comparison.series);
    mean.of = mean.matched + unmatched_of(work, matched);
    comparison.means.push_back(mean);
  }
  return comparison;
}

}  // namespace bench::analysis
