// Answers sched_getaffinity(2) where a sandbox refuses it. hwloc 2.9 takes every error for a mask
// that is too small, and asks again with a larger one for ever.

#include <sched.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "machine/placement.hpp"
#include "machine/proc_files.hpp"

namespace bench::machine {
namespace {

/// The thread's CPUs as /proc shows them or, where it is hidden, all that there are.
std::vector<unsigned> cpus_by_other_means(pid_t thread) {
  const std::string who = thread == 0 ? "thread-self" : std::to_string(thread);
  const auto list = value_of(std::filesystem::path("/proc") / who / "status", "Cpus_allowed_list");
  if (list) {
    if (auto cpus = parse_cpu_list(*list)) return std::move(*cpus);
  }
  const long configured = std::max(1L, sysconf(_SC_NPROCESSORS_CONF));
  std::vector<unsigned> all(static_cast<std::size_t>(configured));
  for (unsigned cpu = 0; cpu < all.size(); ++cpu) all[cpu] = cpu;
  return all;
}

}  // namespace
}  // namespace bench::machine

/// Takes the place of the C library's function in the whole program, hwloc included.
extern "C" int sched_getaffinity(pid_t thread, std::size_t size, cpu_set_t* mask) noexcept {
  auto* const bytes = reinterpret_cast<unsigned char*>(mask);
  const long written =
      syscall(SYS_sched_getaffinity, thread, std::min<std::size_t>(size, INT_MAX), mask);
  if (written >= 0) {
    std::memset(bytes + written, 0, size - static_cast<std::size_t>(written));
    return 0;
  }
  if (errno == EINVAL || errno == EFAULT || errno == ESRCH) return -1;
  try {
    const std::vector<unsigned> cpus = bench::machine::cpus_by_other_means(thread);
    if (std::ranges::max(cpus) >= size * CHAR_BIT) {
      errno = EINVAL;  // as the system says it of a mask that is too small
      return -1;
    }
    std::memset(bytes, 0, size);
    for (const unsigned cpu : cpus) CPU_SET_S(cpu, size, mask);
    return 0;
  } catch (...) {
    return -1;
  }
}
