// How much more memory this process may take, regardless of what sets the limit.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace bench::machine {

struct MemoryLimit {
  std::uint64_t available_bytes = UINT64_MAX;
  /// What sets the limit, like "the memory limit of control group /ci".
  std::string source = "no limit is known";
  /// Whether the system tells this process's control groups; if not, they may have a tighter limit.
  bool groups_known = true;
};

/// The tightest of these limits:
///
/// - the system's available memory or, where /proc is hidden, its free memory;
/// - the limits of this process's control groups (version 1 and 2), each minus the memory that is
///   used and not reclaimable;
/// - the limits of the process itself (RLIMIT_AS and RLIMIT_DATA), minus the memory that it has.
///
/// Looks for /proc and /sys under `root`.
[[nodiscard]] MemoryLimit memory_limit(const std::filesystem::path& root = "/");

}  // namespace bench::machine
