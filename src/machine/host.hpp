// What is known of the machine that measured. Null where the system does not tell; never guessed.
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
  std::optional<std::string> microcode;  ///< of the first CPU
  std::optional<std::string> kernel;     ///< name, release and architecture
  /// Those of the kernel's command line that change what is measured, as they stand there
  /// (isolcpus=..., nohz_full=..., mitigations=..., ...); empty if there are none.
  std::optional<std::vector<std::string>> boot_options;
  std::optional<std::string> virtualization;  ///< the hypervisor, or "none" where that is certain
  std::optional<std::string> governor;        ///< of the first CPU's frequency
  std::optional<bool> turbo;                  ///< frequencies above the nominal one are allowed
  std::optional<bool> smt;                    ///< more than one CPU a core in use
  std::optional<std::string> transparent_hugepages;  ///< always, madvise or never
  std::optional<bool> numa_balancing;                ///< the kernel moves pages after threads
  std::optional<std::string> clocksource;            ///< what the kernel keeps time with
  std::optional<double> load_average;                ///< of the last minute, when this was asked

  friend bool operator==(const HostFacts&, const HostFacts&) = default;
};

/// `root` is where /proc and /sys are looked for.
[[nodiscard]] HostFacts host_facts(const Topology& topology,
                                   const std::filesystem::path& root = "/");

}  // namespace bench::machine
