// The control groups that this process is in: they limit its memory and its CPU time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace bench::machine {

struct ControlGroup {
  std::filesystem::path directory;
  std::string name;      ///< like "/ci/job"
  unsigned version = 2;  ///< of the files in the directory: 1 or 2
};

/// The groups of this process for a controller ("memory" or "cpu") and all their ancestors, whose
/// limits hold for it too. A container may hide its own group's path; the root that it shows is
/// that group. Null if the system does not tell.
///
/// Looks for /proc and /sys under `root`. Where /proc is hidden, it searches the groups for one
/// that lists this process.
[[nodiscard]] std::optional<std::vector<ControlGroup>> control_groups(
    const std::string& controller, const std::filesystem::path& root = "/");

/// The tightest limit on the CPU time of this process, as docker --cpus and Kubernetes set it.
struct CpuQuota {
  double cpus = 0;  ///< CPU seconds per second
  ControlGroup group;
};

/// Null if there is none, or if the system does not tell.
[[nodiscard]] std::optional<CpuQuota> cpu_quota(const std::filesystem::path& root = "/");

/// How often a quota stopped this process's group, since the group was made.
struct Throttling {
  std::uint64_t periods = 0;            ///< in which the group wanted to run
  std::uint64_t throttled_periods = 0;  ///< in which it used up its quota and was stopped
  double seconds = 0;                   ///< for which its CPUs were stopped, all of them together

  friend bool operator==(const Throttling&, const Throttling&) = default;
};

/// Null if the group does not count.
[[nodiscard]] std::optional<Throttling> throttling(const CpuQuota& quota);

/// The same for the quota that this process had when this was first called; null without one.
[[nodiscard]] std::optional<Throttling> throttling();

[[nodiscard]] std::optional<Throttling> since(const std::optional<Throttling>& before,
                                              const std::optional<Throttling>& after) noexcept;

}  // namespace bench::machine
