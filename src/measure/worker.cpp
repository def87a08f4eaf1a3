#include "measure/worker.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <utility>

#include "machine/topology.hpp"
#include "measure/interrupt.hpp"
#include "measure/origin.hpp"
#include "measure/plan.hpp"
#include "measure/supervisor.hpp"
#include "results/file.hpp"
#include "results/worker_protocol.hpp"
#include "workload/queue_table.hpp"

namespace bench::measure {
namespace {

using results::WorkerAnswer;
using results::WorkerRequest;

/// How often a long trial says that it still runs.
constexpr std::chrono::seconds kSign{1};

bool say(const std::string& line) {
  const auto written = results::write_stdout(line + "\n");
  if (!written) spdlog::error("{}", written.error());
  return written.has_value();
}

/// Whether this program can run the spec, by what a command of the same settings would be told.
WorkerAnswer check(const WorkerRequest& request) {
  WorkerAnswer answer{.id = request.id};
  const auto queue = workload::find_queue(request.spec.queue);
  if (!queue) {
    answer.unknown = fmt::format("queue {}: this program has no such queue", request.spec.queue);
    return answer;
  }
  try {
    Request asked;
    asked.spec = request.spec;
    asked.queues = {request.spec.queue};
    asked.policy = machine::PlacementPolicy::none;
    const Plan plan = make_plan(asked, machine::this_machine());
    answer.spec = plan.series.front().spec;
    answer.keeps_order = queue->order != workload::kNoOrder;
  } catch (const BadRequest& refused) {
    answer.unknown = refused.what();
  }
  return answer;
}

WorkerAnswer run(const WorkerRequest& request) {
  // Signals end an idle worker at once, and a running trial is ended by them.
  Interrupt interrupt;
  auto said = std::chrono::steady_clock::now();
  const auto show = [&](double) {
    const auto now = std::chrono::steady_clock::now();
    if (now - said < kSign) return;
    said = now;
    if (!say(to_line(WorkerAnswer{.id = request.id, .running = true}))) std::_Exit(3);
  };
  TrialOutcome outcome = run_trial(request.spec, request.placement, "a trial", interrupt, show);
  if (interrupt.signal()) std::_Exit(128 + *interrupt.signal());
  if (outcome.sample) outcome.sample->latency.reset();
  return {.id = request.id,
          .sample = std::move(outcome.sample),
          .failure = std::move(outcome.failure),
          .verification = std::move(outcome.verification)};
}

}  // namespace

int serve_duel() {
  if (!say(to_line(results::WorkerHello{.tool = this_tool()}))) return 3;
  for (std::string line; std::getline(std::cin, line);) {
    const auto read = results::request_from_line(line);
    if (!read) {
      spdlog::error("worker: reads requests of a duel, one a line: {}", read.error());
      return 3;
    }
    WorkerAnswer answer{.id = read->id};
    if (!read->request) {
      answer.unknown = read->request.error();
    } else {
      answer = read->request->task == results::WorkerTask::check ? check(*read->request)
                                                                 : run(*read->request);
    }
    if (!say(to_line(answer))) std::_Exit(3);
    if (answer.failure) std::_Exit(0);
  }
  return 0;
}

}  // namespace bench::measure
