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
  std::optional<std::string> kernel;          ///< name, release and architecture
  std::optional<std::string> virtualization;  ///< the hypervisor, or "none" where that is certain
  std::optional<std::string> governor;        ///< of the first CPU's frequency
  std::optional<bool> smt;                    ///< more than one CPU a core in use
  std::optional<std::string> transparent_hugepages;  ///< always, madvise or never

  friend bool operator==(const HostFacts&, const HostFacts&) = default;
};

/// `root` is where /proc and /sys are looked for.
[[nodiscard]] HostFacts host_facts(const Topology& topology,
                                   const std::filesystem::path& root = "/");

}  // namespace bench::machine
