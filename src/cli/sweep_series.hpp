// Turns a sweep file into the requests of its series, which are the product of the axes' values
// without what is excluded.
#pragma once

#include <cstddef>
#include <string>

#include "measure/plan.hpp"
#include "results/sweep_file.hpp"

namespace bench::cli {

inline constexpr std::size_t kMostSweepSeries = 10'000;

/// `cpus` is how many CPUs this process may use, for values like "1..2*cpus". `name` is the sweep's
/// name if the file gives none. Throws measure::BadRequest; its message begins with the place in
/// the file, like "axes.producers[2] 300: ...".
[[nodiscard]] measure::SweepRequest sweep_series(const results::SweepFile& file, unsigned cpus,
                                                 const std::string& name);

}  // namespace bench::cli
