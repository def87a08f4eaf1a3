#include "machine/memory_limit.hpp"

#include <sys/resource.h>
#include <sys/sysinfo.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "machine/control_groups.hpp"
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

/// A group's limit. "max" or a missing file means none; version 1 writes a number near 2^63
/// instead.
void tighten_by(const ControlGroup& group, MemoryLimit& limit) {
  const bool second = group.version == 2;
  const auto number = [&](const char* file) {
    return number_in(first_line(group.directory / file));
  };
  const auto most = number(second ? "memory.max" : "memory.limit_in_bytes");
  const auto used = number(second ? "memory.current" : "memory.usage_in_bytes");
  if (!most || !used || *most >= (std::uint64_t{1} << 62)) return;
  // Page cache is charged to the group, but is given up before anything fails.
  const auto cache = number_in(
      value_of(group.directory / "memory.stat", second ? "inactive_file" : "total_inactive_file"));
  tighten(limit, left(*most, left(*used, cache.value_or(0))),
          "the memory limit of control group " + group.name);
}

/// Where /proc is hidden, the system still says what is free. Other memory could be given up too,
/// but how much of it is not told.
void tighten_by_free_memory(MemoryLimit& limit) {
  struct sysinfo info{};
  if (sysinfo(&info) != 0) return;
  tighten(limit, (std::uint64_t{info.freeram} + info.bufferram) * info.mem_unit,
          "free memory, by sysinfo");
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
  } else if (root == "/") {
    tighten_by_free_memory(limit);
  }
  if (const auto groups = control_groups("memory", root)) {
    for (const ControlGroup& group : *groups) tighten_by(group, limit);
  } else {
    limit.groups_known = false;
  }
  const fs::path status = root / "proc/self/status";
  tighten_by_rlimit(limit, RLIMIT_AS, "RLIMIT_AS", number_in(value_of(status, "VmSize")));
  tighten_by_rlimit(limit, RLIMIT_DATA, "RLIMIT_DATA", number_in(value_of(status, "VmData")));
  return limit;
}

}  // namespace bench::machine
