// Turns a sweep file into the requests of its series, which are the product of the axes' values
// without what is excluded.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/settings.hpp"
#include "measure/plan.hpp"
#include "results/sweep_file.hpp"

namespace bench::cli {

inline constexpr std::size_t kMostSweepSeries = 10'000;

/// What the command line chooses of a sweep.
struct SweepChoice {
  /// For each of these axes, the values of the series to keep. Empty keeps all series.
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

/// The setting that an entry names. Throws measure::BadRequest where there is none, and for an
/// `axis` where the setting cannot be one.
[[nodiscard]] const Setting& setting_of(const results::SweepEntry& entry, bool axis);

/// How many values an entry has once its ranges are written out. Throws measure::BadRequest where a
/// value is not one of its setting, or is there twice.
[[nodiscard]] std::size_t count_values(const results::SweepEntry& entry, unsigned cpus);

}  // namespace bench::cli
