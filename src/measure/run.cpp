#include "measure/run.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "analysis/caveats.hpp"
#include "analysis/latency.hpp"
#include "analysis/summary.hpp"
#include "machine/activity.hpp"
#include "machine/host.hpp"
#include "machine/tick_clock.hpp"
#include "measure/deadline.hpp"
#include "measure/observed.hpp"
#include "measure/origin.hpp"
#include "measure/prober.hpp"
#include "measure/resume.hpp"
#include "measure/rounds.hpp"
#include "measure/survey.hpp"
#include "workload/queue_table.hpp"

namespace bench::measure {
namespace {

using std::chrono::duration;
using std::chrono::steady_clock;

/// The clock that messages are timed with, if any are.
std::optional<results::Clock> clock_of(const Plan& plan) {
  const auto timed = [](const PlannedSeries& series) { return series.spec.latency; };
  if (std::ranges::none_of(plan.series, timed)) return std::nullopt;
  const machine::TickClock& clock = machine::tick_clock_of_this_machine();
  return results::Clock{.name = std::string(clock.name()),
                        .overhead_ns = clock.overhead_ns(),
                        .resolution_ns = clock.resolution_ns(),
                        .why_not_tsc = clock.why_not_tsc()};
}

/// Summarizes each series and compares it with those that the plan names.
void finish(const Plan& plan, std::vector<results::Series>& all) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    results::Series& series = all[i];
    series.placement = observed(plan.series[i].placement, series.samples);
    analysis::assign_regimes(series.samples);
    series.latency = analysis::summarize_latency(series.samples, series.spec, plan.seed);
    // The histogram of the series has merged these.
    for (workload::Sample& sample : series.samples) sample.latency.reset();
    series.summary = analysis::summarize(series.samples, series.spec, plan.seed);
    for (const std::size_t other : plan.series[i].references) {
      if (auto one = analysis::compare(series, all[other], plan.seed)) {
        series.comparisons.push_back(std::move(*one));
      }
    }
    std::ranges::move(analysis::series_caveats(series), std::back_inserter(series.caveats));
  }
}

}  // namespace

results::Document run(const Plan& plan, const machine::Topology& topology,
                      const std::string& command_line, Interrupt& interrupt, Progress& progress,
                      const Announce& announce) {
  results::Document document;
  document.created_utc = now_utc();
  document.command_line = command_line;
  document.seed = plan.seed;
  document.sweep = plan.sweep;
  document.tool = this_tool();
  document.host = machine::host_facts(topology);
  document.clock = clock_of(plan);
  for (const PlannedSeries& planned : plan.series) {
    results::Series series;
    series.name = planned.name;
    series.parameters = planned.parameters;
    series.spec = planned.spec;
    series.caveats = planned.caveats;
    series.keeps_order = workload::find_queue(planned.spec.queue)->order != workload::kNoOrder;
    document.series.push_back(std::move(series));
  }

  Prober prober;
  double earlier_s = 0;
  if (plan.earlier) {
    take_over(*plan.earlier, document);
    prober.take_over(*plan.earlier);
    earlier_s = measured_seconds(*plan.earlier);
  }

  const bool surveys = plan.core_to_core_s && !document.survey;
  std::optional<double> announced_s;
  if (announce) {
    announced_s = rehearse(plan, document.series, interrupt, document.failure);
    const double survey_s = surveys ? survey_seconds(topology, plan.core_to_core_s) : 0;
    if (announced_s) announce(*announced_s + survey_s);
    progress.restart();
  }
  double spent_s = 0;
  if (surveys && !document.failure && !interrupt.requested()) {
    document.survey = survey_cpus(topology, plan.core_to_core_s, interrupt, progress);
    spent_s = document.survey->probes.seconds;
    progress.restart();
  }
  const machine::CpuTimes before = machine::cpu_times(topology);
  const auto begin = steady_clock::now();
  if (!document.failure) {
    const Deadline deadline(plan.time_limit_s, spent_s);
    document.failure =
        run_rounds(plan, document.series, announced_s, deadline, prober, interrupt, progress);
  }
  const duration<double> elapsed = steady_clock::now() - begin;
  document.activity = machine::activity_between(before, machine::cpu_times(topology));
  if (plan.earlier) {
    document.activity =
        joined(plan.earlier->activity, earlier_s, document.activity, elapsed.count());
  }
  document.probes = prober.probes(topology, earlier_s + elapsed.count());
  progress.clear();

  document.complete = !interrupt.signal() && !document.failure;
  finish(plan, document.series);
  document.caveats = analysis::document_caveats(document);
  return document;
}

}  // namespace bench::measure
