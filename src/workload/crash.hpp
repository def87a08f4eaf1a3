// Keeps a crash of a queue from taking along what was measured before it.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>

namespace bench::workload {

/// While it exists, a crash of the thread that made it (SIGSEGV, SIGABRT and the like)
/// is noted, and the thread stops where it is and never goes on. The supervisor then has some
/// seconds to write what was measured and to end the process. If it does not, because the thread
/// crashed while it held a lock of the allocator, the thread ends the process itself, with exit
/// code 1.
///
/// Does nothing in a build with a sanitizer, whose own report of a crash says more.
class CrashGuard {
 public:
  /// Throws std::bad_alloc.
  explicit CrashGuard(std::atomic<int>& signal);
  CrashGuard(const CrashGuard&) = delete;
  CrashGuard& operator=(const CrashGuard&) = delete;
  ~CrashGuard();

 private:
  static void on_signal(int signal) noexcept;

  /// A stack overflow leaves no room for the handler on the thread's own stack.
  std::unique_ptr<std::byte[]> stack_;
};

}  // namespace bench::workload
