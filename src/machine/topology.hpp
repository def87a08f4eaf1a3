// The processors, as hwloc reports them: a claim, not a measurement.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

struct hwloc_topology;

namespace bench::machine {

/// How many of each there are; null where the system does not tell.
struct TopologyFacts {
  std::optional<unsigned> packages;
  std::optional<unsigned> numa_nodes;
  std::optional<unsigned> l3;
  std::optional<unsigned> cores;
  std::optional<unsigned> pus;
  std::optional<unsigned> allowed_pus;  ///< those that this process may use

  friend bool operator==(const TopologyFacts&, const TopologyFacts&) = default;
};

struct CacheFacts {
  unsigned level = 0;
  std::string kind;  ///< "data", "instruction" or "unified"
  unsigned count = 0;
  std::uint64_t size_bytes = 0;
  unsigned line_bytes = 0;

  friend bool operator==(const CacheFacts&, const CacheFacts&) = default;
};

/// The closest thing that two CPUs share, closest first.
enum class Distance : std::uint8_t { same_core, same_l3, same_package, apart };

/// One CPU (a PU in hwloc's words) that this process may use. Named by the OS's numbers.
struct Cpu {
  unsigned os_index = 0;
  unsigned core = 0;          ///< logical number of its core
  unsigned rank_in_core = 0;  ///< 0 for the core's first CPU, 1 for the next SMT sibling, ...
};

/// Loaded once; reading is safe from any thread.
class Topology {
 public:
  /// This machine, with the CPUs that its cgroup and its affinity mask (taskset) allow. Throws
  /// CannotMeasure.
  Topology();
  /// A machine made up from hwloc's synthetic description, like "package:2 l3:2 core:4 pu:2", for
  /// tests. Of its CPUs only `allowed` may be used; all, if it is empty.
  static Topology synthetic(const std::string& description,
                            const std::vector<unsigned>& allowed = {});

  [[nodiscard]] TopologyFacts facts() const;
  /// Each kind of cache once, the smallest level first.
  [[nodiscard]] std::vector<CacheFacts> caches() const;
  /// In the order of their cores, siblings side by side; never empty.
  [[nodiscard]] const std::vector<Cpu>& allowed_cpus() const noexcept { return allowed_; }
  [[nodiscard]] bool allows(unsigned cpu) const noexcept;
  /// Of two allowed CPUs.
  [[nodiscard]] Distance distance(unsigned a, unsigned b) const;
  [[nodiscard]] std::optional<unsigned> numa_node_of(unsigned cpu) const;
  [[nodiscard]] unsigned numa_nodes() const;

  /// For this room's own calls of hwloc.
  [[nodiscard]] hwloc_topology* handle() const noexcept { return handle_.get(); }

 private:
  struct Destroy {
    void operator()(hwloc_topology* topology) const noexcept;
  };
  using Handle = std::unique_ptr<hwloc_topology, Destroy>;

  explicit Topology(Handle handle) : handle_(std::move(handle)) {}
  void list_allowed(const void* bitmap);

  Handle handle_;
  std::vector<Cpu> allowed_;
};

/// The machine that this process runs on, loaded at the first call. Throws CannotMeasure.
[[nodiscard]] const Topology& this_machine();

}  // namespace bench::machine
