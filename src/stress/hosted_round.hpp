// A round with the thread on which it is made, settled and destroyed.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "stress/positions.hpp"
#include "stress/round.hpp"
#include "stress/round_plan.hpp"

namespace bench::stress {

/// That thread is the round's own, for two reasons. A queue whose destructor hangs or crashes then
/// ends the round and not the program. And what the thread's allocations leave in its cache goes
/// with it, so that the memory between two rounds tells of what they left behind.
///
/// After a hang or a crash it must be abandoned, which is never to destroy it.
class HostedRound {
 public:
  /// Starts the round. Throws std::system_error.
  explicit HostedRound(const RoundPlan& plan);
  HostedRound(const HostedRound&) = delete;
  HostedRound& operator=(const HostedRound&) = delete;
  ~HostedRound();

  /// True once the round is over and destroyed.
  [[nodiscard]] bool over_within(std::chrono::nanoseconds time);
  /// Tells the producers to end.
  void stop();

  struct State {
    std::vector<Position::State> positions;  ///< of the threads, while they run
    std::vector<std::string> hints;
    std::optional<int> crash;  ///< the signal
    bool failed = false;
    std::string fault;
  };
  [[nodiscard]] State state() const;

  struct Outcome {
    std::string fault;  ///< empty if the round passed
    Happened happened{};
    std::uint64_t received = 0;
  };
  /// Call it once the round is over. Throws what kept the round from being made.
  [[nodiscard]] const Outcome& outcome() const;

 private:
  void host(const RoundPlan& plan) noexcept;
  void run(const RoundPlan& plan);

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable over_changed_;
  Round* round_ = nullptr;  // while its threads run
  bool over_ = false;
  Outcome outcome_;
  std::exception_ptr thrown_;
  std::atomic<int> crash_{0};
  std::thread thread_;
};

}  // namespace bench::stress
