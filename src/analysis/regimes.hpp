// Regimes: clusters of the samples of one series between which the machine changed and not the
// program. A hypervisor that moves CPUs closer together or further apart makes two of one series,
// and one median over both describes neither.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace bench::analysis {

/// What is known of the machine during one trial. Finite and at least 0.
struct RegimePoint {
  double messages_per_second = 0;
  std::optional<double> core_to_core_ns =
      std::nullopt;  ///< Round trip between its CPUs, if it was probed.
};

/// One slow trial is an outlier, and two may be two outliers: it takes three that agree to make a
/// regime, or two whose probes agree as well.
inline constexpr std::size_t kFewestInRegime = 3;
inline constexpr std::size_t kFewestInProbedRegime = 2;

/// A regime has at least a sixth of the trials: what is rarer are outliers of the others, and on a
/// shared machine there are always some.
inline constexpr std::size_t kMostRegimes = 6;

/// Neighbouring regimes whose medians differ by a smaller factor are one: what a reader would do
/// with either figure is the same.
inline constexpr double kSmallestRegimeRatio = 1.2;

/// The regime of each point: 0 is the one with the most points (of two as large, the faster), then
/// by falling share. All 0 where nothing changed, and of fewer than six points. The order of the
/// points does not matter.
///
/// Throughput decides. Probes, which count if every point has one and the slower regime has the
/// longer round trips, only make a split easier. For the method, how often noise is split and how
/// often regimes are found, see regimes.cpp.
[[nodiscard]] std::vector<unsigned> regimes_of(std::span<const RegimePoint> points);

}  // namespace bench::analysis
