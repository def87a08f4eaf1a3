// Verdicts for tests.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "results/verdict_report.hpp"
#include "unit/result_document.hpp"

namespace bench::testing {

/// A series of a duel of two blocks.
[[nodiscard]] inline results::JudgedSeries judged(std::string name, results::Verdict verdict,
                                                  double ratio) {
  results::JudgedSeries series;
  series.name = std::move(name);
  series.parameters = {{.key = "producers", .value = "2"}};
  series.verdict = verdict;
  series.ratio = ratio;
  series.interval = results::Interval{.lo = ratio * 0.98, .hi = ratio * 1.02};
  series.detectable = 0.06;
  if (verdict == results::Verdict::inconclusive) series.why = "the interval is too wide";
  for (results::JudgedSide* const side : {&series.base, &series.candidate}) {
    side->spec = document().series[0].spec;
    side->placement = document().series[0].placement;
    side->messages_per_second = side == &series.base ? 100e6 : 100e6 * ratio;
    side->verification = {.sent = 5'000'000, .received = 5'000'000};
  }
  series.blocks = {{.order = results::BlockOrder::baab,
                    .base = {100e6, 101e6},
                    .candidate = {100e6 * ratio, 101e6 * ratio},
                    .core_to_core_before_ns = 110.5,
                    .core_to_core_after_ns = std::nullopt,
                    .marks = {results::Disturbance::steal}},
                   {.order = results::BlockOrder::abba,
                    .base = {99e6, 100e6},
                    .candidate = {99e6 * ratio, 100e6 * ratio}}};
  return series;
}

/// A duel with a series of each verdict, and one that only the candidate knows.
[[nodiscard]] inline results::VerdictReport verdicts() {
  using results::Verdict;
  results::VerdictReport report;
  report.created_utc = "2026-01-31T12:00:00Z";
  report.command_line = "ringmpsc-bench duel base/ringmpsc-bench candidate/ringmpsc-bench";
  report.seed = 9'007'199'254'740'991;
  report.rule = "a rule";
  report.budget_s = 100;
  report.seconds = 12.5;
  report.base = {
      .name = "base/ringmpsc-bench", .arguments = {"--batch", "1"}, .tool = document().tool};
  report.candidate = {
      .name = "candidate/ringmpsc-bench", .arguments = {}, .files = {}, .tool = document().tool};
  report.candidate.tool.commit = "fedcba9";
  report.host = document().host;
  report.activity = document().activity;
  report.probes = document().probes;
  report.differences = {{.kind = results::DifferenceKind::build,
                         .field = "flags",
                         .base = "-O3",
                         .candidate = "-O2"}};
  report.unmatched = {{.name = "queue=new", .known_to = results::KnownTo::candidate, .why = "no"}};
  report.caveats = {{results::CaveatCode::virtualized, "a hypervisor"}};
  report.series = {judged("producers=1", Verdict::regressed, 0.9),
                   judged("producers=2", Verdict::no_change, 1.001),
                   judged("producers=4", Verdict::inconclusive, 0.97),
                   judged("producers=8", Verdict::improved, 1.2)};
  return report;
}

/// The same for documents that were measured at different times.
[[nodiscard]] inline results::VerdictReport verdicts_of_runs() {
  results::VerdictReport report = verdicts();
  report.evidence = results::Evidence::runs;
  report.command_line = "ringmpsc-bench compare --base a.json --candidate b.json";
  report.budget_s.reset();
  report.seconds.reset();
  report.activity.reset();
  report.probes.reset();
  report.base = {.name = "base", .arguments = {}, .files = {"a.json"}, .tool = document().tool};
  report.candidate = {
      .name = "candidate", .arguments = {}, .files = {"b.json"}, .tool = document().tool};
  report.base.label = document().label;
  report.base.notes = document().notes;
  for (results::JudgedSeries& series : report.series) {
    series.blocks.clear();
    for (results::JudgedSide* const side : {&series.base, &series.candidate}) {
      side->runs = {{.file = 0,
                     .samples = 9,
                     .left_out = 1,
                     .messages_per_second = *side->messages_per_second,
                     .core_to_core_ns = 250}};
    }
  }
  return report;
}

}  // namespace bench::testing
