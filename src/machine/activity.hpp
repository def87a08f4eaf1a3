// What else went on while something was measured: other processes' use of the CPUs, time that a
// hypervisor took away, and what happened to the measuring threads.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "machine/topology.hpp"

namespace bench::machine {

/// CPU seconds since the machine and this process started, of the CPUs that may be used. Null where
/// the system does not tell.
struct CpuTimes {
  std::optional<double> busy_s;   ///< somebody ran: user, nice, system and interrupts
  std::optional<double> steal_s;  ///< ready to run, and the hypervisor ran something else
  std::optional<double> total_s;  ///< all of it, idle included
  double own_s = 0;               ///< of this process
};

/// `root` is where /proc is looked for.
[[nodiscard]] CpuTimes cpu_times(const Topology& topology, const std::filesystem::path& root = "/");

/// Shares of the allowed CPUs' time, 0 to 1, to within the kernel's accounting (a tick of 4 to 10
/// ms for each CPU).
struct Activity {
  std::optional<double> foreign_cpu_share;  ///< used by other processes and the kernel
  std::optional<double> steal_share;        ///< taken by the hypervisor

  friend bool operator==(const Activity&, const Activity&) = default;
};

/// Null where less CPU time has passed than the kernel's ticks can tell shares of: a second.
[[nodiscard]] Activity activity_between(const CpuTimes& before, const CpuTimes& after);

/// What the scheduler has done to a thread since it started.
struct ThreadEvents {
  std::optional<std::uint64_t> preemptions;  ///< involuntary context switches
  std::optional<std::uint64_t> migrations;   ///< moves to another CPU; few kernels tell

  friend bool operator==(const ThreadEvents&, const ThreadEvents&) = default;
};

/// Of the calling thread. A few system calls: not for the data path.
[[nodiscard]] ThreadEvents events_of_this_thread();

/// What has happened since `before`; null where either does not know.
[[nodiscard]] ThreadEvents operator-(const ThreadEvents& after, const ThreadEvents& before);

/// Of two threads together.
[[nodiscard]] ThreadEvents operator+(const ThreadEvents& a, const ThreadEvents& b);

}  // namespace bench::machine
