#include "cli/measurement.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "analysis/requirements.hpp"
#include "cli/series_files.hpp"
#include "machine/cannot_measure.hpp"
#include "machine/topology.hpp"
#include "measure/interrupt.hpp"
#include "measure/progress.hpp"
#include "measure/run.hpp"
#include "measure/saturation.hpp"
#include "results/document.hpp"

namespace bench::cli {
namespace {

/// Rounded for people: 17 s, 4.5 min.
std::string about(double seconds) {
  if (seconds < 120) return fmt::format("{:.{}f} s", seconds, seconds < 10 ? 1 : 0);
  return fmt::format("{:.1f} min", seconds / 60);
}

/// Returns a callback that announces how long a plan of many series will take.
measure::Announce announcement(const measure::Plan& plan) {
  return [&plan](double seconds) {
    std::size_t there = 0;
    if (plan.earlier) {
      for (const results::Series& series : plan.earlier->series) there += series.samples.size();
    }
    const bool too_long = plan.time_limit_s && seconds > *plan.time_limit_s;
    spdlog::info(
        "{} series, {} trial{} each{}: about {}{}", plan.series.size(), plan.trials,
        plan.trials == 1 ? "" : "s",
        there == 0 ? std::string() : fmt::format(", {} of them already run", there), about(seconds),
        too_long ? fmt::format(", and the sweep's time limit is {}", about(*plan.time_limit_s))
                 : std::string());
  };
}

void say_left_out(const measure::Plan& plan) {
  for (const std::string& what : plan.left_out) spdlog::info("left out {}", what);
}

results::Document measured(const measure::Plan& plan, const OutputOptions& options,
                           const std::string& command_line, measure::Interrupt& interrupt,
                           const measure::Announce& announce = {}) {
  measure::Progress progress(!options.quiet);
  return measure::run(plan, machine::this_machine(), command_line, interrupt, progress, announce);
}

/// Delivers the result and returns the exit code. After an interrupt it ends the process itself.
int finish(results::Document document, const Gate& gate, const OutputOptions& options,
           measure::Interrupt& interrupt) {
  interrupt.release();
  document.requirements = analysis::judge(gate.requirements, document.series);
  options.labels.write_to(document);
  const auto& failure = document.failure;
  const auto measured = [](const results::Series& series) { return !series.samples.empty(); };
  if (failure && failure->kind == results::FailureKind::cannot_measure &&
      std::ranges::none_of(document.series, measured)) {
    spdlog::error("{}: {}", failure->series, failure->reason);
    std::_Exit(3);
  }
  int code = deliver(document, options, interrupt.signal());
  // Whoever asks after an interrupt, or for a result that was not written, gets that answer.
  if (!lets_pass(gate, document) && code == 0) code = 1;
  // An abandoned trial's threads may still use memory that an ordinary exit would destroy.
  if (interrupt.signal() || failure) std::_Exit(code);
  return code;
}

measure::Plan plan_of(const measure::Request& request) {
  return measure::make_plan(request, machine::this_machine());
}

}  // namespace

int carry_out(measure::Request request, const Gate& gate, const OutputOptions& options,
              const std::string& command_line) {
  // Before signals are only noted: it may take long.
  static_cast<void>(machine::this_machine());
  measure::Interrupt interrupt;
  if (request.up_to_saturation) {
    const measure::Plan overloading = plan_of(measure::overloaded(request));
    check(gate, overloading);
    check_series_files_of_curve(options);
    const results::Document overload = measured(overloading, options, command_line, interrupt);
    if (interrupt.signal()) {
      spdlog::error("Interrupted while finding the saturation rate; no curve was measured");
      std::_Exit(exit_code(true, {}, interrupt.signal()));
    }
    const auto all_right = [](const results::Series& series) { return verified(series); };
    // A curve measured after this would hide what went wrong here.
    if (overload.failure || !std::ranges::all_of(overload.series, all_right)) {
      return finish(overload, {}, options, interrupt);  // it is not what the gate is for
    }
    request.rates = measure::rates_up_to_saturation(overload);
    if (request.rates.empty()) throw machine::CannotMeasure("--rate auto: no message came through");
    request.spec.rate = request.rates.front().per_second;
  }
  const measure::Plan plan = plan_of(request);
  check(gate, plan);
  check_series_files(options, plan);
  say_left_out(plan);
  const measure::Announce announce = plan.sweep ? announcement(plan) : measure::Announce();
  return finish(measured(plan, options, command_line, interrupt, announce), gate, options,
                interrupt);
}

int carry_out(const measure::Plan& plan, const Gate& gate, const OutputOptions& options,
              const std::string& command_line) {
  check(gate, plan);
  check_series_files(options, plan);
  measure::Interrupt interrupt;
  say_left_out(plan);
  return finish(measured(plan, options, command_line, interrupt, announcement(plan)), gate, options,
                interrupt);
}

}  // namespace bench::cli
