// Binding threads and their memory, and asking back what came of it.
#pragma once

#include <optional>

namespace bench::machine {

/// Binds the calling thread strictly to one CPU. False if the system refuses.
[[nodiscard]] bool bind_this_thread(unsigned cpu) noexcept;

struct CpuOfThread {
  /// The CPU it is bound to or, unbound, the one it runs on now; null if the system does not tell.
  std::optional<unsigned> cpu;
  bool pinned = false;
};

/// Of the calling thread, as the system has it.
[[nodiscard]] CpuOfThread cpu_of_this_thread() noexcept;

/// Binds what the calling thread allocates from now on to the NUMA node of `cpu`, and says which
/// that is as the system has it. Null on machines with one node, where there is nothing to bind,
/// and where the system refuses: memory then lies where it is first touched.
std::optional<unsigned> bind_memory_near(unsigned cpu) noexcept;

}  // namespace bench::machine
