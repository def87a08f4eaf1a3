// Which CPU each thread of a trial is to run on.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "machine/topology.hpp"

namespace bench::machine {

enum class PlacementPolicy : std::uint8_t {
  near,           ///< producers on the consumer's closest cores: same L3, same package, then others
  far,            ///< on the most distant cores first
  smt,            ///< on the consumer's SMT siblings first
  none,           ///< wherever the kernel puts them
  explicit_cpus,  ///< on the CPUs that were named
};

inline constexpr std::array kPolicyNames = {
    std::pair{std::string_view{"near"}, PlacementPolicy::near},
    std::pair{std::string_view{"far"}, PlacementPolicy::far},
    std::pair{std::string_view{"smt"}, PlacementPolicy::smt},
    std::pair{std::string_view{"none"}, PlacementPolicy::none},
    std::pair{std::string_view{"explicit"}, PlacementPolicy::explicit_cpus},
};

[[nodiscard]] std::string_view name(PlacementPolicy policy) noexcept;

struct Placement {
  PlacementPolicy policy = PlacementPolicy::near;
  /// Null where the kernel is to choose.
  std::optional<unsigned> consumer_cpu;
  std::vector<std::optional<unsigned>> producer_cpus;
  /// Two threads or more share a CPU, or there are more threads than CPUs for the kernel to choose
  /// from.
  bool oversubscribed = false;

  friend bool operator==(const Placement&, const Placement&) = default;
};

/// Producers go to CPUs in the policy's order, and around again where there are more of them; the
/// consumer counts as its CPU's first thread, so that no two CPUs differ by more than one thread.
/// Precondition: `policy` is not explicit_cpus.
[[nodiscard]] Placement plan_placement(const Topology& topology, PlacementPolicy policy,
                                       unsigned producers);

/// The first CPU is the consumer's, the others are the producers', around again where there are
/// more of them; a single CPU is everybody's. Refuses CPUs that may not be used.
[[nodiscard]] std::expected<Placement, std::string> plan_explicit(const Topology& topology,
                                                                  const std::vector<unsigned>& cpus,
                                                                  unsigned producers);

/// Numbers and ranges like "3,0-2", in their order. What is wrong is named.
[[nodiscard]] std::expected<std::vector<unsigned>, std::string> parse_cpu_list(
    std::string_view text);

}  // namespace bench::machine
