// What the command line changes in a sweep: flags that replace settings of its file, and the choice
// of a part of its series.
#pragma once

#include <map>
#include <string_view>
#include <vector>

#include "cli/flags.hpp"
#include "cli/sweep_files.hpp"
#include "measure/plan.hpp"
#include "results/sweep_file.hpp"

namespace bench::cli {

/// Adds every setting as a flag of the command sweep. A setting that may be an axis takes several
/// values, separated by commas. Each flag that is given becomes an entry, whose place is the flag.
///
/// `other` describes some of them, by their keys, in the command's own words; without a word they
/// are read and not in the help.
void add_setting_flags(Flags& flags, std::vector<results::SweepEntry>& given,
                       const std::map<std::string_view, const char*>& other = {});

/// Reads text like "producers=1,4,batch=1": a value without a key is one more value of the key
/// before it. Throws measure::BadRequest.
[[nodiscard]] std::vector<results::SweepEntry> read_only(std::string_view flag,
                                                         std::string_view text);

/// Throws measure::BadRequest for a value that no sweep could have, and for flags that exclude each
/// other; its message begins with a flag. `cpus` is as in sweep_series().
void check_given(const std::vector<results::SweepEntry>& given, unsigned cpus);

/// Makes the sweep as if its file had said what the flags say. Values for an axis replace the
/// axis's; those for another setting replace or add it, as an axis if there are several. A setting
/// that the file has and that excludes a given one (duration and messages, preset and ring_bits,
/// placement and cpus) is taken out. Of a sweep with parts, those change that have the setting or
/// one that excludes it; where none has, all change. Call check_given() before.
void change(results::SweepFile& file, const std::vector<results::SweepEntry>& given, unsigned cpus);

/// All that a command line changes.
struct SweepChanges {
  std::vector<results::SweepEntry> settings;
  std::vector<results::SweepEntry> only;
  bool metrics = false;

  /// The flag that changes anything; empty if there is none.
  [[nodiscard]] std::string_view any() const;
};

/// The request for a sweep with these changes. Throws measure::BadRequest; its message names the
/// sweep's file, or a flag.
[[nodiscard]] measure::SweepRequest requested_sweep(const LoadedSweep& loaded,
                                                    const SweepChanges& changes);

/// Makes the plan. Some mistakes in a sweep file come to light only here; their messages name the
/// `file`, as those of the others do.
[[nodiscard]] measure::Plan planned_sweep(measure::SweepRequest sweep, const std::string& file);

}  // namespace bench::cli
