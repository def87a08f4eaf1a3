// How long a cache line takes between CPUs that are close and between CPUs that are far, by what
// they share in the tree that the system reports.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "results/document.hpp"

namespace bench::analysis {

/// A part of the machine that CPUs share.
enum class SharedPart : std::uint8_t { core, l3, numa_node, package, machine };

/// All pairs of CPUs for which the same part is the smallest that both share.
struct RoundTrips {
  SharedPart shared = SharedPart::machine;
  /// The largest part within it that they do not share. None where no smaller part is reported, and
  /// for the CPUs of a core.
  std::optional<SharedPart> between;
  /// Median of the pairs' medians; none if no pair was measured.
  std::optional<double> median_ns;
  std::size_t measured = 0;  ///< pairs
  std::size_t pairs = 0;     ///< that there are among the allowed CPUs

  friend bool operator==(const RoundTrips&, const RoundTrips&) = default;
};

/// Every pair of allowed CPUs, by the smallest part that both share. The smallest part comes first.
/// Parts that the system does not report are left out, and so are NUMA nodes where a package or an
/// L3 cache has no more than one: they are then no part of their own.
[[nodiscard]] std::vector<RoundTrips> round_trips_by_part(const results::Survey& survey);

}  // namespace bench::analysis
