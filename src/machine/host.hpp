// The facts about the machine that measured. A fact that the system does not report is null and is
// never guessed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "machine/topology.hpp"

namespace bench::machine {

struct HostFacts {
  std::optional<std::string> hostname;
  std::optional<std::string> cpu_model;
  TopologyFacts topology;
  std::vector<CacheFacts> caches;
  std::optional<std::uint64_t> memory_bytes;
  /// CPU seconds per second that a control group allows this process; null if there is no such
  /// limit, or if it is not known.
  std::optional<double> cpu_quota;
  std::optional<std::string> microcode;  ///< revision on the first CPU
  std::optional<std::string> kernel;     ///< name, release and architecture
  /// Options on the kernel's command line that change what is measured, copied as written
  /// (isolcpus=..., nohz_full=..., mitigations=..., ...). Empty if there are none.
  std::optional<std::vector<std::string>> boot_options;
  std::optional<std::string> virtualization;  ///< the hypervisor, or "none" if that is certain
  std::optional<std::string> governor;        ///< frequency governor of the first CPU
  std::optional<bool> turbo;                  ///< frequencies above the nominal one are allowed
  std::optional<bool> smt;                    ///< more than one CPU per core is in use
  std::optional<std::string> transparent_hugepages;  ///< always, madvise or never
  std::optional<bool> numa_balancing;                ///< the kernel moves pages to follow threads
  std::optional<std::string> clocksource;            ///< the clock that the kernel keeps time by
  std::optional<double> load_average;                ///< over the minute before it was read

  friend bool operator==(const HostFacts&, const HostFacts&) = default;
};

/// The name of this host.
[[nodiscard]] std::optional<std::string> hostname();

/// Looks for /proc and /sys under `root`.
[[nodiscard]] HostFacts host_facts(const Topology& topology,
                                   const std::filesystem::path& root = "/");

}  // namespace bench::machine
