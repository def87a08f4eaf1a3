// Reports of the command stress for tests.
#pragma once

#include "results/stress_report.hpp"
#include "unit/result_document.hpp"

namespace bench::testing {

/// A stress that passed, in which one of the shapes never came.
[[nodiscard]] inline results::StressReport stress_report() {
  results::StressReport report;
  report.created_utc = "2026-01-31T12:00:00Z";
  report.command_line = "ringmpsc-bench stress";
  report.tool = document().tool;
  report.host = document().host;
  report.seed = 7;
  report.duration_s = 60;
  report.seconds = 60.02;
  report.rounds = 812;
  report.messages = 1'234'567'890;
  report.queues = {
      {.name = "ringmpsc", .order = "per producer", .rounds = 812, .messages = 1'234'567'890}};
  report.coverage = {{.shape = "tiny-ring",
                      .group = "rings",
                      .meaning = "rings of 2 or 4 slots",
                      .drawn = 400,
                      .rounds = 400,
                      .times = 400},
                     {.shape = "crowd",
                      .group = "events",
                      .meaning = "more producers than may be registered",
                      .drawn = 0,
                      .rounds = 0,
                      .times = 0}};
  report.memory = {.resident_first = 12'000'000,
                   .resident_last = 12'500'000,
                   .resident_most = 80'000'000,
                   .allocated_first = 1'000'000,
                   .allocated_last = 1'000'200};
  return report;
}

/// The same until a round hung.
[[nodiscard]] inline results::StressReport failed_stress() {
  results::StressReport report = stress_report();
  report.complete = false;
  report.duration_s.reset();
  report.rounds_asked = 1000;
  report.failure = {
      .kind = results::StressFailureKind::no_progress,
      .round = 813,
      .seed = 99,
      .queue = "ringmpsc",
      .reason = "no thread got on for 10 s",
      .command = "ringmpsc-bench stress --seed 99 --same-round",
      .plan = "ringmpsc, 2 threads, 2^3 slots",
      .shapes = {"tiny-ring", "push"},
      .threads = {{.thread = "consumer", .doing = "waiting for messages", .messages = 12},
                  {.thread = "producer 0",
                   .doing = "waiting for room",
                   .messages = 8,
                   .at = "message 8 of life 1"},
                  {.thread = "producer 1",
                   .doing = "waiting for room",
                   .messages = 9,
                   .at = "message 2 of life 3"}}};
  return report;
}

}  // namespace bench::testing
