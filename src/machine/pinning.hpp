// Binds threads and their memory, and reads back from the system where they are.
#pragma once

#include <optional>

namespace bench::machine {

/// Binds the calling thread strictly to one CPU. False if the system refuses.
[[nodiscard]] bool bind_this_thread(unsigned cpu) noexcept;

struct CpuOfThread {
  /// The CPU that the thread is bound to or, if it is unbound, the CPU that it runs on now. Null if
  /// the system does not report it.
  std::optional<unsigned> cpu;
  bool pinned = false;
};

/// Where the calling thread is, as the system reports it.
[[nodiscard]] CpuOfThread cpu_of_this_thread() noexcept;

/// Binds memory that the calling thread allocates from now on to the NUMA node of `cpu`. Returns
/// the node that the system then reports. Null on a machine with one node, where there is nothing
/// to bind, and if the system refuses: memory then lies where it is first touched.
std::optional<unsigned> bind_memory_near(unsigned cpu) noexcept;

}  // namespace bench::machine
