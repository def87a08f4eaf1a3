// The axes of a sweep: the values of a setting, with ranges written out.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/settings.hpp"
#include "results/sweep_file.hpp"

namespace bench::cli {

inline constexpr std::size_t kMostSweepSeries = 10'000;

/// One value of an axis, and the request that it makes when nothing else is set.
struct AxisValue {
  std::string text;
  std::string place;
  bool of_range;  ///< it came out of a range like 1..8
  RequestDraft alone;
};

struct SweepAxis {
  std::string key;
  const Setting* setting;
  std::vector<AxisValue> values;
  bool all;  ///< nobody named the values: those of which no series can be measured are left out
};

/// The setting that an entry names. Throws measure::BadRequest where there is none, and for an
/// `axis` where the setting cannot be one.
[[nodiscard]] const Setting& setting_of(const results::SweepEntry& entry, bool axis);

/// Reads a value of any setting into the draft. Throws measure::BadRequest.
void read_setting(const Setting& setting, const results::SweepValue& value, RequestDraft& draft);

/// Each value of an entry once, with its ranges written out. Throws measure::BadRequest where a
/// value is not one of its setting, or is written twice.
[[nodiscard]] std::vector<AxisValue> values_of(const Setting& setting,
                                               const results::SweepEntry& entry, unsigned cpus);

/// How many values an entry has once its ranges are written out. Throws as values_of() does.
[[nodiscard]] std::size_t count_values(const results::SweepEntry& entry, unsigned cpus);

/// Whether one of the values means the same, however it is written.
[[nodiscard]] bool contains(const std::vector<AxisValue>& values, const AxisValue& value);

/// The axes of a part of a sweep. Throws measure::BadRequest.
[[nodiscard]] std::vector<SweepAxis> axes_of(const results::SweepPart& part, unsigned cpus);

/// The axes of all parts together, in the order in which the parts name them.
[[nodiscard]] std::vector<SweepAxis> axes_of_all(const std::vector<std::vector<SweepAxis>>& parts);

/// The place of a key of a part, like parts[1].axes.
[[nodiscard]] std::string place_in(const results::SweepPart& part, std::string_view key);

/// The known word that a wrong one may mean, or all that are known, as the end of a message.
[[nodiscard]] std::string suggestion(std::string_view key, std::span<const std::string> known);

}  // namespace bench::cli
