// Runs a simulated program many times, each time with another interleaving and other visible
// values.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <ostream>
#include <source_location>
#include <string>
#include <utility>

#include "model/model_atomic.hpp"

namespace ringmpsc::model {

struct Outcome {
  rl::test_result_e result;
  std::uint64_t executions;
  std::string history;  ///< the failed execution, event by event
};

template <class Program>
Outcome run(rl::test_params params) {
  rl::ostringstream history;  // a standard stream would allocate from the simulated heap
  std::ostream no_progress(nullptr);
  params.output_stream = &history;
  params.progress_stream = &no_progress;
  rl::simulate<Program>(params);
  return {.result = params.test_result,
          .executions = params.stop_iteration,
          .history = history.str().c_str()};
}

/// Runs executions with random switches between threads and random choices of the visible value.
template <class Program>
Outcome simulate_at_random(std::uint64_t executions) {
  rl::test_params params;
  params.search_type = rl::random_scheduler_type;
  params.iteration_count = executions;
  return run<Program>(params);
}

/// Runs every execution with at most `switches` preemptions (switches away from a thread that could
/// have gone on) and with every choice among the two newest visible values.
template <class Program>
Outcome simulate_all(unsigned switches) {
  rl::test_params params;
  params.search_type = rl::fair_context_bound_scheduler_type;
  params.context_bound = switches;
  return run<Program>(params);
}

/// Expects that no execution fails: none of `executions` random ones, and none with at most
/// `switches` preemptions.
template <class Program>
void expect_success(std::uint64_t executions, unsigned switches) {
  for (const auto& [search, outcome] :
       {std::pair{"random executions", simulate_at_random<Program>(executions)},
        std::pair{"executions of the exhaustive search", simulate_all<Program>(switches)}}) {
    ::testing::Test::RecordProperty(search, std::to_string(outcome.executions));
    EXPECT_EQ(outcome.result, rl::test_result_success) << search << '\n' << outcome.history;
  }
}

/// Expects that the program fails with the result `expected` on a core with one order weakened.
template <class Program>
void expect_failure(const Weakening& weaker, rl::test_result_e expected) {
  constexpr std::uint64_t kMostExecutions = 100'000;
  weakening = weaker;
  const Outcome outcome = simulate_at_random<Program>(kMostExecutions);
  weakening.reset();
  ::testing::Test::RecordProperty("executions", std::to_string(outcome.executions));
  EXPECT_EQ(outcome.result, expected) << outcome.history;
}

/// Lets the other threads run. A value that this thread has already seen replaced stays replaced.
inline void yield(std::source_location where = std::source_location::current()) {
  rl::yield(1, at(where));
}

}  // namespace ringmpsc::model
