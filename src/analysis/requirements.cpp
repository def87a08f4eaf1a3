#include "analysis/requirements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "analysis/statistics.hpp"
#include "workload/queue_table.hpp"

namespace bench::analysis {
namespace {

using results::Interval;
using results::Judgement;
using results::Metric;
using results::Relation;
using results::Requirement;
using results::RequirementOutcome;
using results::Series;

/// The rate as the metric counts it: as bytes a second, or as the time of a round trip.
std::optional<double> converted(double messages_per_second, Metric metric,
                                const workload::Spec& spec) {
  switch (metric) {
    case Metric::bandwidth:
      return messages_per_second * static_cast<double>(spec.payload_bytes);
    case Metric::round_trip:
      if (messages_per_second <= 0) return std::nullopt;  // no message came back
      return 1e9 / messages_per_second;
    default:
      return messages_per_second;
  }
}

std::optional<Interval> interval_of(const results::ThroughputSummary& rate, Metric metric,
                                    const workload::Spec& spec) {
  if (!rate.ci95) return std::nullopt;
  const auto lo = converted(rate.ci95->lo, metric, spec);
  const auto hi = converted(rate.ci95->hi, metric, spec);
  if (!lo || !hi) return std::nullopt;
  return Interval{.lo = std::min(*lo, *hi), .hi = std::max(*lo, *hi)};
}

std::string too_few(std::size_t trials) {
  return fmt::format("{} {} too few for an interval; use --trials {} or more", trials,
                     trials == 1 ? "trial is" : "trials are", kFewestForInterval);
}

/// One interval over several regimes would describe none of them: each is judged by its own.
void judge_regimes(const Series& series, Judgement& judgement) {
  const std::vector<results::RegimeSummary>& regimes = series.summary->regimes;
  std::size_t met = 0;
  std::size_t missed = 0;
  for (const results::RegimeSummary& regime : regimes) {
    const RequirementOutcome outcome = outcome_of(
        judgement.requirement,
        interval_of(regime.messages_per_second, judgement.requirement.metric, series.spec));
    met += outcome == RequirementOutcome::met ? 1 : 0;
    missed += outcome == RequirementOutcome::missed ? 1 : 0;
  }
  if (met == regimes.size()) judgement.outcome = RequirementOutcome::met;
  if (missed == regimes.size()) judgement.outcome = RequirementOutcome::missed;
  judgement.why = fmt::format("the machine changed: of {} regimes, {} meet it, {} miss it",
                              regimes.size(), met, missed);
  const std::size_t unclear = regimes.size() - met - missed;
  if (unclear > 0) *judgement.why += fmt::format(", {} cannot tell", unclear);
}

void judge_rate(const Series& series, Judgement& judgement) {
  const results::Summary& summary = *series.summary;
  if (summary.regimes.size() > 1) return judge_regimes(series, judgement);
  const Metric metric = judgement.requirement.metric;
  const results::ThroughputSummary& rate = summary.messages_per_second;
  if (rate.median) judgement.value = converted(*rate.median, metric, series.spec);
  judgement.interval = interval_of(rate, metric, series.spec);
  judgement.outcome = outcome_of(judgement.requirement, judgement.interval);
  if (!rate.ci95) {
    judgement.why = too_few(series.samples.size());
  } else if (!judgement.interval) {
    judgement.why = "no message came back in some trials";
  }
}

/// The longest time has no interval: the longest of the next measurement is not bounded by this
/// one's, and resampling the trials can only repeat it or fall below it. But it happened.
void judge_max(const results::Latency& latency, Judgement& judgement) {
  const auto longest = static_cast<double>(latency.max_ns);
  judgement.value = longest;
  judgement.outcome = outcome_of(judgement.requirement, Interval{.lo = longest, .hi = longest});
  judgement.why = judgement.outcome == RequirementOutcome::met
                      ? fmt::format("for the {} messages that were timed; the next may differ",
                                    latency.histogram.count())
                      : "it happened";
}

struct Percentile {
  std::optional<std::uint64_t> ns;
  std::optional<Interval> ci95;
};

Percentile percentile_of(const results::Latency& latency, Metric metric) {
  switch (metric) {
    case Metric::p50:
      return {.ns = latency.p50_ns, .ci95 = latency.ci95.p50_ns};
    case Metric::p90:
      return {.ns = latency.p90_ns, .ci95 = latency.ci95.p90_ns};
    case Metric::p99:
      return {.ns = latency.p99_ns, .ci95 = latency.ci95.p99_ns};
    case Metric::p99_9:
      return {.ns = latency.p99_9_ns, .ci95 = latency.ci95.p99_9_ns};
    case Metric::p99_99:
      return {.ns = latency.p99_99_ns, .ci95 = latency.ci95.p99_99_ns};
    default:
      return {};
  }
}

/// Why a percentile that is known has no interval.
std::string no_interval(const Series& series) {
  if (series.samples.size() < kFewestForInterval) return too_few(series.samples.size());
  if (series.summary && series.summary->regimes.size() > 1) {
    return fmt::format("the machine changed: the times are of {} regimes together",
                       series.summary->regimes.size());
  }
  return "the times of its trials before an interrupt were kept only together";
}

void judge_times(const Series& series, Judgement& judgement) {
  if (!series.latency) {
    judgement.why = "no message was timed";
    return;
  }
  const results::Latency& latency = *series.latency;
  if (latency.load && latency.load->saturated) {
    judgement.why = "it did not keep up with its rate, so that its times show none of the queue";
    return;
  }
  if (judgement.requirement.metric == Metric::max) return judge_max(latency, judgement);
  const Percentile percentile = percentile_of(latency, judgement.requirement.metric);
  if (!percentile.ns) {
    judgement.why = "too few messages were timed to tell it; use more --trials or longer ones";
    return;
  }
  judgement.value = static_cast<double>(*percentile.ns);
  judgement.interval = percentile.ci95;
  judgement.outcome = outcome_of(judgement.requirement, percentile.ci95);
  if (!percentile.ci95) judgement.why = no_interval(series);
}

Judgement judged(const Requirement& requirement, const Series& series) {
  Judgement judgement{.requirement = requirement,
                      .series = series.name,
                      .outcome = RequirementOutcome::cannot_tell,
                      .value = std::nullopt,
                      .interval = std::nullopt,
                      .why = std::nullopt};
  if (series.samples.empty() || !series.summary) {
    judgement.why = "no trial was counted";
  } else if (requirement.metric <= Metric::round_trip) {
    judge_rate(series, judgement);
  } else {
    judge_times(series, judgement);
  }
  return judgement;
}

/// Whether the series measures the machine's limit, which is no queue.
bool is_limit(const Series& series) { return workload::is_limit(series.spec); }

}  // namespace

bool has_metric(const workload::Spec& spec, Metric metric) noexcept {
  switch (metric) {
    case Metric::throughput:
    case Metric::bandwidth:
      return true;
    case Metric::round_trip:
      return spec.pattern == workload::Pattern::round_trip;
    default:
      return spec.latency;
  }
}

RequirementOutcome outcome_of(const Requirement& requirement, const std::optional<Interval>& of) {
  using enum RequirementOutcome;
  if (!of) return cannot_tell;
  const double limit = requirement.limit;
  switch (requirement.relation) {
    case Relation::above:
      return of->lo > limit ? met : of->hi <= limit ? missed : cannot_tell;
    case Relation::at_least:
      return of->lo >= limit ? met : of->hi < limit ? missed : cannot_tell;
    case Relation::below:
      return of->hi < limit ? met : of->lo >= limit ? missed : cannot_tell;
    case Relation::at_most:
      return of->hi <= limit ? met : of->lo > limit ? missed : cannot_tell;
  }
  return cannot_tell;
}

std::vector<Judgement> judge(std::span<const Requirement> requirements,
                             std::span<const Series> all) {
  const bool any_queue = !std::ranges::all_of(all, is_limit);
  std::vector<Judgement> judgements;
  for (const Requirement& requirement : requirements) {
    for (const Series& series : all) {
      if (!has_metric(series.spec, requirement.metric)) continue;
      if (any_queue && is_limit(series)) continue;
      judgements.push_back(judged(requirement, series));
    }
  }
  return judgements;
}

}  // namespace bench::analysis
