// What else happened during a measurement: other processes' use of the CPUs, time that a hypervisor
// took away, and what the scheduler did to the measuring threads.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "machine/control_groups.hpp"
#include "machine/topology.hpp"

namespace bench::machine {

/// CPU time in seconds. The first three count from the start of the machine, over the CPUs that
/// this process may use, and are null where the system does not report them.
struct CpuTimes {
  std::optional<double> busy_s;   ///< something ran: user, nice, system and interrupts
  std::optional<double> steal_s;  ///< ready to run while the hypervisor ran something else
  std::optional<double> total_s;  ///< all time, idle time included
  double own_s = 0;  ///< used by this process and those of its children that have ended
  std::optional<Throttling> throttling = std::nullopt;  ///< since the group was made
};

/// Looks for /proc under `root`.
[[nodiscard]] CpuTimes cpu_times(const Topology& topology, const std::filesystem::path& root = "/");

/// Shares of the allowed CPUs' time, 0 to 1, as exact as the kernel's accounting (a tick of 4 to
/// 10 ms for each CPU).
struct Activity {
  std::optional<double> foreign_cpu_share;  ///< used by other processes and the kernel
  std::optional<double> steal_share;        ///< taken by the hypervisor
  /// What a CPU quota did to this process's group; null if there is no quota.
  std::optional<Throttling> throttling = std::nullopt;

  friend bool operator==(const Activity&, const Activity&) = default;
};

/// The shares are null if less than one second of CPU time has passed: the kernel's ticks are too
/// coarse to tell shares of less.
[[nodiscard]] Activity activity_between(const CpuTimes& before, const CpuTimes& after);

/// What the scheduler has done to a thread since the thread started.
struct ThreadEvents {
  std::optional<std::uint64_t> preemptions;  ///< involuntary context switches
  std::optional<std::uint64_t> migrations;   ///< moves to another CPU; few kernels report them
  std::optional<double> waited_s = {};       ///< ready to run while others had the CPU

  friend bool operator==(const ThreadEvents&, const ThreadEvents&) = default;
};

/// The calling thread's events. Makes a few system calls, so it does not belong on the data path.
[[nodiscard]] ThreadEvents events_of_this_thread();

/// What happened between `before` and `after`. A value is null if it is null in either of them.
[[nodiscard]] ThreadEvents operator-(const ThreadEvents& after, const ThreadEvents& before);

/// The events of two threads together. A value is null if it is null in either of them.
[[nodiscard]] ThreadEvents operator+(const ThreadEvents& a, const ThreadEvents& b);

}  // namespace bench::machine
