// How much memory may still be taken, whoever sets the limit.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace bench::machine {

struct MemoryLimit {
  std::uint64_t available_bytes = UINT64_MAX;
  /// Who says so, like "MemAvailable" or "the limit of cgroup /ci".
  std::string source = "no limit is known";
};

/// The tightest of: the system's available memory, the limits of this process's control groups
/// (version 1 and 2, each less what is used and not reclaimable) and of the process itself
/// (RLIMIT_AS, RLIMIT_DATA, less what it has). `root` is where /proc and /sys are looked for.
[[nodiscard]] MemoryLimit memory_limit(const std::filesystem::path& root = "/");

}  // namespace bench::machine
