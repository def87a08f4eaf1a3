// Turns a sweep file into the requests of its series. Those of each part are the product of its
// axes' values without what is excluded.
#pragma once

#include <string>
#include <vector>

#include "measure/plan.hpp"
#include "results/sweep_file.hpp"

namespace bench::cli {

/// What the command line chooses of a sweep.
struct SweepChoice {
  /// For each of these axes, the values of the series to keep. A series without such an axis is not
  /// kept. Empty keeps all series.
  std::vector<results::SweepEntry> only = {};
  /// The keys that flags changed in the file. With any of them, the file's time limit no longer
  /// holds. With one that could be an axis, combinations that cannot be measured are left out; the
  /// file itself must exclude them.
  std::vector<std::string> given = {};
  bool metrics = false;  ///< also count commits, refusals and polls
};

/// `cpus` is how many CPUs this process may use, for values like "1..2*cpus". `name` is the sweep's
/// name if the file gives none. Throws measure::BadRequest; its message begins with the place in
/// the file, like "axes.producers[2] 300: ...".
[[nodiscard]] measure::SweepRequest sweep_series(const results::SweepFile& file, unsigned cpus,
                                                 const std::string& name,
                                                 const SweepChoice& choice = {});

}  // namespace bench::cli
