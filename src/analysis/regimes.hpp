// Regimes: clusters of the samples of one series between which the machine changed and not the
// program. A hypervisor that moves CPUs closer together or further apart makes two regimes in one
// series, and one median over both describes neither.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace bench::analysis {

/// What is known about the machine during one trial. All values are finite and at least 0.
struct RegimePoint {
  double messages_per_second = 0;
  std::optional<double> core_to_core_ns =
      std::nullopt;  ///< round trip between the trial's CPUs, if it was probed
};

/// One slow trial is an outlier, and two may be two outliers. A regime takes three trials that
/// agree, or two whose probes agree as well.
inline constexpr std::size_t kFewestInRegime = 3;
inline constexpr std::size_t kFewestInProbedRegime = 2;

/// A regime has at least a sixth of the trials. Rarer trials are outliers of the other regimes, and
/// a shared machine always has some.
inline constexpr std::size_t kMostRegimes = 6;

/// Neighbouring regimes whose medians differ by a smaller factor are one, because a reader would
/// act the same on either figure.
inline constexpr double kSmallestRegimeRatio = 1.2;

/// The regime of each point. Regime 0 has the most points, and the others follow by falling share;
/// of two with the same share the faster comes first. All points have regime 0 where nothing
/// changed, and where there are fewer than six points. The order of the points does not matter.
///
/// Throughput decides. Probes only make a split easier; they count if every point has one and the
/// slower regime has the longer round trips. See regimes.cpp for the method, and PERFORMANCE.md,
/// "Appendix", for how often noise is split and how often regimes are found.
[[nodiscard]] std::vector<unsigned> regimes_of(std::span<const RegimePoint> points);

}  // namespace bench::analysis
