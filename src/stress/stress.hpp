// Runs rounds of random shape until the time is over, one fails, or the user has seen enough.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "results/stress_report.hpp"
#include "stress/round_plan.hpp"

namespace bench::stress {

struct StressOptions {
  std::uint64_t seed = 1;
  /// Each round has this seed, in place of one that follows from the round before.
  bool same_round = false;
  std::optional<double> duration_s;
  std::optional<std::uint64_t> rounds;
  Narrowing narrowing;
  /// The words on the command line that chose the queues, and those that narrow the rounds: for the
  /// command that repeats one.
  std::string queue_words;
  std::string narrowing_words;
};

/// What the user sees meanwhile, several times a second.
struct StressProgress {
  double seconds = 0;
  std::uint64_t rounds = 0;
  std::uint64_t messages = 0;
};

/// Whoever calls stress() tells it about signals, and the user about progress.
struct Surroundings {
  std::function<bool()> interrupted;  ///< a signal has arrived
  std::function<void(const StressProgress&)> show;
};

/// The result without what does not depend on the rounds: the tool, the host, the time and the
/// command line. After a failure, threads may still run: the process must end without destroying
/// what they use (std::_Exit). Throws machine::CannotMeasure if there are not enough threads or
/// there is not enough memory.
[[nodiscard]] results::StressReport stress(const StressOptions& options,
                                           const Surroundings& surroundings);

}  // namespace bench::stress
