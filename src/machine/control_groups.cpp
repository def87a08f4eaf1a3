#include "machine/control_groups.hpp"

#include <unistd.h>

#include <fstream>
#include <system_error>
#include <utility>

#include "machine/proc_files.hpp"

namespace bench::machine {
namespace {

namespace fs = std::filesystem;

void add_with_ancestors(std::vector<ControlGroup>& groups, const fs::path& mount,
                        const fs::path& group, unsigned version) {
  std::error_code error;
  if (!fs::is_directory(mount, error)) return;
  for (fs::path at = group.relative_path();; at = at.parent_path()) {
    groups.push_back(
        {.directory = mount / at, .name = "/" + at.generic_string(), .version = version});
    if (at.empty()) return;
  }
}

/// The group below `mount` that lists this process; null if none does.
std::optional<fs::path> found_below(const fs::path& mount) {
  const auto lists_this_process = [](const fs::path& directory) {
    std::ifstream in(directory / "cgroup.procs");
    for (long process = 0; in >> process;) {
      if (process == getpid()) return true;
    }
    return false;
  };
  if (lists_this_process(mount)) return fs::path();
  // A group may vanish during the search, or be unreadable.
  std::error_code error;
  constexpr auto kSkip = fs::directory_options::skip_permission_denied;
  fs::recursive_directory_iterator at(mount, kSkip, error);
  for (const fs::recursive_directory_iterator end; !error && at != end; at.increment(error)) {
    std::error_code gone;
    if (at->is_directory(gone) && lists_this_process(at->path())) {
      return at->path().lexically_relative(mount);
    }
  }
  return std::nullopt;
}

/// "QUOTA PERIOD" in version 2, with "max" for none; two files in version 1, with -1 for none.
std::optional<double> quota_of(const ControlGroup& group) {
  std::optional<std::uint64_t> quota;
  std::optional<std::uint64_t> period;
  if (group.version == 2) {
    const auto line = first_line(group.directory / "cpu.max");
    quota = number_in(line);
    if (quota) period = number_in(line->substr(line->find(' ') + 1));
  } else {
    quota = number_in(first_line(group.directory / "cpu.cfs_quota_us"));
    period = number_in(first_line(group.directory / "cpu.cfs_period_us"));
  }
  if (!quota || !period || *period == 0) return std::nullopt;
  return static_cast<double>(*quota) / static_cast<double>(*period);
}

}  // namespace

std::optional<std::vector<ControlGroup>> control_groups(const std::string& controller,
                                                        const fs::path& root) {
  const fs::path mounts = root / "sys/fs/cgroup";
  // Version 2 is mounted at the first place or, beside version 1, at the second.
  const std::vector<fs::path> unified = {mounts, mounts / "unified"};
  std::vector<ControlGroup> groups;
  std::ifstream in(root / "proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {  // ID:CONTROLLERS:PATH
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const fs::path group = line.substr(second + 1);
    if (controllers == ",,") {
      for (const fs::path& mount : unified) add_with_ancestors(groups, mount, group, 2);
    } else if (controllers.contains("," + controller + ",")) {
      add_with_ancestors(groups, mounts / controller, group, 1);
    }
  }
  if (in.is_open()) return groups;
  for (const auto& [mount, version] :
       {std::pair(mounts / controller, 1U), std::pair(unified[1], 2U), std::pair(mounts, 2U)}) {
    if (const auto group = found_below(mount)) {
      add_with_ancestors(groups, mount, *group, version);
      return groups;
    }
  }
  return std::nullopt;
}

std::optional<CpuQuota> cpu_quota(const fs::path& root) {
  std::optional<CpuQuota> tightest;
  const auto groups = control_groups("cpu", root);
  if (!groups) return std::nullopt;
  for (const ControlGroup& group : *groups) {
    const auto cpus = quota_of(group);
    if (cpus && (!tightest || *cpus < tightest->cpus)) tightest = {.cpus = *cpus, .group = group};
  }
  return tightest;
}

std::optional<Throttling> throttling(const CpuQuota& quota) {
  const fs::path file = quota.group.directory / "cpu.stat";
  const auto periods = number_in(value_of(file, "nr_periods"));
  const auto throttled = number_in(value_of(file, "nr_throttled"));
  const bool second = quota.group.version == 2;
  const auto time = number_in(value_of(file, second ? "throttled_usec" : "throttled_time"));
  if (!periods || !throttled || !time) return std::nullopt;
  return Throttling{.periods = *periods,
                    .throttled_periods = *throttled,
                    .seconds = static_cast<double>(*time) * (second ? 1e-6 : 1e-9)};
}

std::optional<Throttling> throttling() {
  static const std::optional<CpuQuota> quota = cpu_quota();
  return quota ? throttling(*quota) : std::nullopt;
}

std::optional<Throttling> since(const std::optional<Throttling>& before,
                                const std::optional<Throttling>& after) noexcept {
  if (!before || !after || after->periods < before->periods) return std::nullopt;
  return Throttling{.periods = after->periods - before->periods,
                    .throttled_periods = after->throttled_periods - before->throttled_periods,
                    .seconds = after->seconds - before->seconds};
}

}  // namespace bench::machine
