// One side of a duel: a program that runs trials when it is asked to.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "machine/placement.hpp"
#include "measure/child.hpp"
#include "measure/interrupt.hpp"
#include "measure/supervisor.hpp"
#include "results/document.hpp"
#include "results/worker_protocol.hpp"
#include "workload/spec.hpp"

namespace bench::measure {

/// What every function of an Opponent throws after an interrupt. The worker is then of no more use.
struct Interrupted {};

/// Every function throws machine::CannotMeasure if the program fails in any way: it ends, says
/// nothing for kPatience, takes too long, or says what it should not. The message names the side,
/// the program, what it did and what was expected.
class Opponent {
 public:
  /// Starts the program as a worker, and waits for its hello. `side` is what people call it.
  Opponent(std::string side, std::string program, Interrupt& interrupt);

  [[nodiscard]] const results::Tool& tool() const noexcept { return tool_; }

  /// Why the worker does not know the spec, or how it would run another one; empty if it knows it.
  /// Sets `keeps_order` to what the queue promises.
  [[nodiscard]] std::string unknown(workload::Spec& spec, const machine::Placement& placement,
                                    bool& keeps_order);

  /// Runs one trial, until its end, and returns its sample or its failure. `series` names what it
  /// is a trial of, in messages.
  [[nodiscard]] TrialOutcome trial(const workload::Spec& spec, const machine::Placement& placement,
                                   const std::string& series);

  /// How long a worker may say nothing. In a trial that takes longer it says that it still runs.
  static constexpr std::chrono::milliseconds kPatience{4000};

 private:
  [[noreturn]] void fail(const std::string& what);
  /// What it did instead of answering, which was to end. `heard` is what was heard of it last.
  [[noreturn]] void fail_at_end(std::string_view awaited, Child::Heard heard);
  /// The next line; `awaited` is what it should be.
  [[nodiscard]] const std::string& next_line(std::string_view awaited);
  /// The answer, within `most_s` seconds in which the worker says that it still runs.
  [[nodiscard]] results::WorkerAnswer answer_to(const results::WorkerRequest& request,
                                                std::string_view awaited, double most_s);

  std::string side_;
  std::string program_;
  Interrupt& interrupt_;
  Child child_;
  results::Tool tool_;
  std::uint64_t requests_ = 0;
};

}  // namespace bench::measure
