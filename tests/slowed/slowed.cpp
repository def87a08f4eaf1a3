// Enters the slowed queue into the table under the name of ours. The environment variable SLOWDOWN,
// like 7.5%, is the part of the time in which it stands still; without it, it never does.

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "machine/tick_clock.hpp"
#include "slowed/slowed_queue.hpp"

namespace bench::testing {
namespace {

constexpr int kInvalidRequest = 2;

/// SLOWDOWN as it is spelled. Ends the program if it is none: no command of it would be right.
std::string slowdown_in_environment() {
  const char* const variable = std::getenv("SLOWDOWN");
  if (variable == nullptr) return "0%";
  if (!slowdown_of(variable)) {
    fmt::print(stderr,
               "ringmpsc-bench: error: SLOWDOWN={}: must be a part of the time from 0% to 50%, "
               "like 7.5%\n",
               variable);
    std::_Exit(kInvalidRequest);
  }
  return variable;
}

const std::string kSlowdown = slowdown_in_environment();
const std::string kSlowedVersion = fmt::format("stands still {} of the time", kSlowdown);

Freeze<machine::TickClock> freeze() {
  const machine::TickClock& clock = machine::tick_clock_of_this_machine();
  const std::uint64_t period = clock.from_ns(Freeze<machine::TickClock>::kPeriodNs);
  return {clock, windows_of(slowdown_of(kSlowdown).value(), period)};
}

template <class M, workload::Layout L>
struct Slowed : SlowedQueue<M, machine::TickClock, L> {
  explicit Slowed(const workload::QueueOptions& options)
      : SlowedQueue<M, machine::TickClock, L>(options, freeze()) {}
};
template <class M>
using SlowedCelled = Slowed<M, workload::Layout::celled>;
template <class M>
using SlowedDense = Slowed<M, workload::Layout::dense>;

workload::QueueEntry entry() {
  // The sizes of the sweep `ci`, which it is made for: each size is a set of loops to compile.
  workload::QueueEntry entry =
      workload::our_channel::entry_in_layouts<SlowedCelled, SlowedDense, 8, 64>();
  entry.version = kSlowedVersion;
  return entry;
}

const workload::InTable kSlowed(entry());

}  // namespace
}  // namespace bench::testing
