// Plans which CPU each thread of a trial runs on.
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
  far,            ///< producers on the cores most distant from the consumer first
  smt,            ///< producers on the consumer's SMT siblings first
  none,           ///< every thread wherever the kernel puts it
  explicit_cpus,  ///< threads on the CPUs that the user named
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
  /// A null CPU leaves the choice to the kernel.
  std::optional<unsigned> consumer_cpu;
  std::vector<std::optional<unsigned>> producer_cpus;
  /// Two or more threads share a CPU, or there are more threads than CPUs for the kernel to choose
  /// from.
  bool oversubscribed = false;

  friend bool operator==(const Placement&, const Placement&) = default;
};

/// Assigns producers to CPUs in the policy's order, and starts again from the first CPU if there
/// are more producers. The consumer counts as the first thread of its CPU, so that no two CPUs
/// differ by more than one thread. Precondition: `policy` is not explicit_cpus.
[[nodiscard]] Placement plan_placement(const Topology& topology, PlacementPolicy policy,
                                       unsigned producers);

/// Gives the first CPU to the consumer and the others to the producers, starting again from the
/// first of these if there are more producers. If there is only one CPU, all threads share it.
/// Refuses CPUs that this process may not use.
[[nodiscard]] std::expected<Placement, std::string> plan_explicit(const Topology& topology,
                                                                  const std::vector<unsigned>& cpus,
                                                                  unsigned producers);

/// Parses numbers and ranges like "3,0-2" and keeps their order. The error names the wrong part.
[[nodiscard]] std::expected<std::vector<unsigned>, std::string> parse_cpu_list(
    std::string_view text);

}  // namespace bench::machine
