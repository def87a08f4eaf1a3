// The machine's processors as hwloc reports them. This is a claim, not a measurement.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct hwloc_topology;

namespace bench::machine {

/// The number of objects of each kind; null where the system does not report it.
struct TopologyFacts {
  std::optional<unsigned> packages;
  std::optional<unsigned> numa_nodes;
  std::optional<unsigned> l3;
  std::optional<unsigned> cores;
  std::optional<unsigned> pus;
  std::optional<unsigned> allowed_pus;  ///< CPUs that this process may use

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

/// The closest part of the machine that two CPUs share. The closest comes first.
enum class Distance : std::uint8_t { same_core, same_l3, same_package, apart };

inline constexpr std::array kDistanceNames = {
    std::pair{std::string_view{"core"}, Distance::same_core},
    std::pair{std::string_view{"l3"}, Distance::same_l3},
    std::pair{std::string_view{"package"}, Distance::same_package},
    std::pair{std::string_view{"machine"}, Distance::apart},
};

/// One object of the tree that hwloc reports.
struct TopologyNode {
  unsigned depth = 0;  ///< 0 is the machine; its children have 1
  std::string kind;    ///< hwloc's name, like "Package", "L3Cache" or "PU"
  std::optional<unsigned> os_index;
  std::optional<std::uint64_t> size_bytes;  ///< for caches and memory
  bool allowed = true;  ///< this process may use a CPU in it (or, for memory, near it)

  friend bool operator==(const TopologyNode&, const TopologyNode&) = default;
};

/// One CPU (a PU in hwloc's terms) that this process may use, identified by the OS's number.
struct Cpu {
  unsigned os_index = 0;
  unsigned core = 0;          ///< logical number of its core
  unsigned rank_in_core = 0;  ///< 0 for the core's first CPU, 1 for the next SMT sibling, ...
};

/// The processors of a machine. Loaded once; any thread may read it.
class Topology {
 public:
  /// This machine, with the CPUs that the process's cgroup and affinity mask (taskset) allow.
  /// Throws CannotMeasure.
  Topology();
  /// An invented machine for tests, from hwloc's synthetic description, like
  /// "package:2 l3:2 core:4 pu:2". Only the CPUs in `allowed` may be used, or all CPUs if `allowed`
  /// is empty.
  static Topology synthetic(const std::string& description,
                            const std::vector<unsigned>& allowed = {});

  [[nodiscard]] TopologyFacts facts() const;
  /// One entry for each kind of cache, the smallest level first.
  [[nodiscard]] std::vector<CacheFacts> caches() const;
  /// The CPUs that may be used, in the order of their cores, siblings side by side. Never empty.
  [[nodiscard]] const std::vector<Cpu>& allowed_cpus() const noexcept { return allowed_; }
  /// The whole tree: each object comes before its children, and memory before the cores beside it.
  [[nodiscard]] std::vector<TopologyNode> tree() const;
  [[nodiscard]] bool allows(unsigned cpu) const noexcept;
  /// The distance between two allowed CPUs.
  [[nodiscard]] Distance distance(unsigned a, unsigned b) const;
  [[nodiscard]] std::optional<unsigned> numa_node_of(unsigned cpu) const;
  [[nodiscard]] unsigned numa_nodes() const;

  /// For calls to hwloc within src/machine.
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
