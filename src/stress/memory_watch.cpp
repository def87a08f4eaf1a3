#include "stress/memory_watch.hpp"

#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "ringmpsc/detail/platform.hpp"

#if defined(RINGMPSC_SANITIZED)
#include <sanitizer/allocator_interface.h>
#elif defined(__GLIBC__)
#include <malloc.h>
#endif

namespace bench::stress {
namespace {

std::optional<std::uint64_t> allocated_bytes() {
#if defined(RINGMPSC_SANITIZED)
  return __sanitizer_get_current_allocated_bytes();
#elif defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 33)
  const auto heap = mallinfo2();
  return heap.uordblks + heap.hblkhd;
#else
  return std::nullopt;
#endif
}

}  // namespace

MemoryUse memory_use() {
  MemoryUse use{.allocated = allocated_bytes(), .mapped = {}, .resident = {}};
  std::ifstream statm("/proc/self/statm");
  std::uint64_t pages = 0;
  std::uint64_t resident = 0;
  const long page = sysconf(_SC_PAGESIZE);
  if (page > 0 && statm >> pages >> resident) {
    use.mapped = pages * static_cast<std::uint64_t>(page);
    use.resident = resident * static_cast<std::uint64_t>(page);
  }
  return use;
}

bool Growth::grows(std::uint64_t value) noexcept {
  least_ = seen_ == 0 ? value : std::min(least_, value);
  if (++seen_ < kRounds) return false;
  seen_ = 0;
  if (!first_) first_ = least_;
  const bool more = last_ && least_ >= *last_ + kRounds * least_a_round_;
  grown_ = more ? grown_ + 1 : 0;
  last_ = least_;
  return grown_ >= kWindows;
}

}  // namespace bench::stress
