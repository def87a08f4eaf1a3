#include "machine/memory_limit.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <string_view>

#include "machine/proc_files.hpp"

namespace bench::machine {
namespace {

namespace fs = std::filesystem;

void tighten(MemoryLimit& limit, std::uint64_t available, std::string source) {
  if (available < limit.available_bytes) limit = {available, std::move(source)};
}

std::uint64_t left(std::uint64_t limit, std::uint64_t used) {
  return limit - std::min(limit, used);
}

/// Where one version of control groups has its files, and what they are called.
struct CgroupFiles {
  fs::path mount;
  const char* limit;
  const char* used;
  const char* reclaimable_key;
};

/// Applies the limits of `group` and of all its ancestors, because a group's limits also hold for
/// its descendants. A container may hide its own group's path; the root that it shows is that
/// group.
void tighten_by_cgroup(MemoryLimit& limit, const CgroupFiles& files, const fs::path& group) {
  for (fs::path at = group.relative_path();; at = at.parent_path()) {
    const fs::path directory = files.mount / at;
    // "max" or a missing file means no limit. Version 1 writes a number near 2^63 instead.
    const auto most = number_in(first_line(directory / files.limit));
    const auto used = number_in(first_line(directory / files.used));
    if (most && used && *most < (std::uint64_t{1} << 62)) {
      // Page cache is charged to the group, but is given up before anything fails.
      const auto cache = number_in(value_of(directory / "memory.stat", files.reclaimable_key));
      tighten(limit, left(*most, left(*used, cache.value_or(0))),
              "the memory limit of control group /" + at.generic_string());
    }
    if (at.empty()) return;
  }
}

void tighten_by_cgroups(MemoryLimit& limit, const fs::path& root) {
  std::ifstream in(root / "proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {  // ID:CONTROLLERS:PATH
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const fs::path group = line.substr(second + 1);
    if (controllers == ",,") {
      // Version 2 is mounted at the first place or, beside version 1, at the second.
      for (const char* const mount : {"sys/fs/cgroup", "sys/fs/cgroup/unified"}) {
        tighten_by_cgroup(limit, {root / mount, "memory.max", "memory.current", "inactive_file"},
                          group);
      }
    } else if (controllers.find(",memory,") != std::string::npos) {
      tighten_by_cgroup(limit,
                        {root / "sys/fs/cgroup/memory", "memory.limit_in_bytes",
                         "memory.usage_in_bytes", "total_inactive_file"},
                        group);
    }
  }
}

void tighten_by_rlimit(MemoryLimit& limit, __rlimit_resource resource, const char* name,
                       const std::optional<std::uint64_t>& used_kib) {
  rlimit own{};
  if (getrlimit(resource, &own) != 0 || own.rlim_cur == RLIM_INFINITY) return;
  tighten(limit, left(own.rlim_cur, used_kib.value_or(0) * 1024),
          std::string("the process's limit ") + name);
}

}  // namespace

MemoryLimit memory_limit(const fs::path& root) {
  MemoryLimit limit;
  if (const auto kib = number_in(value_of(root / "proc/meminfo", "MemAvailable"))) {
    tighten(limit, *kib * 1024, "MemAvailable in /proc/meminfo");
  }
  tighten_by_cgroups(limit, root);
  const fs::path status = root / "proc/self/status";
  tighten_by_rlimit(limit, RLIMIT_AS, "RLIMIT_AS", number_in(value_of(status, "VmSize")));
  tighten_by_rlimit(limit, RLIMIT_DATA, "RLIMIT_DATA", number_in(value_of(status, "VmData")));
  return limit;
}

}  // namespace bench::machine
