#include "cli/sweep_series.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/settings.hpp"
#include "cli/sweep_axes.hpp"
#include "cli/values.hpp"
#include "results/series_names.hpp"

namespace bench::cli {
namespace {

using measure::BadRequest;
using results::SweepEntry;
using results::SweepFile;
using results::SweepPart;

constexpr double kLeastLimitSeconds = 1;
constexpr double kMostLimitSeconds = 1000.0 * 3600;
constexpr double kLeastSurveySeconds = 0.1;
constexpr double kMostSurveySeconds = 3600;

/// One value of each axis.
using Combination = std::vector<const AxisValue*>;

/// For each axis the values that are meant, or nothing where all are.
using Selection = std::vector<std::optional<std::vector<AxisValue>>>;

Selection selection_of(const std::vector<SweepEntry>& entries, const std::vector<SweepAxis>& axes,
                       unsigned cpus) {
  Selection selection(axes.size());
  for (const SweepEntry& entry : entries) {
    const auto axis = std::ranges::find(axes, entry.key, &SweepAxis::key);
    if (axis == axes.end()) {
      std::vector<std::string> keys(axes.size());
      std::ranges::transform(axes, keys.begin(), &SweepAxis::key);
      throw BadRequest(fmt::format("{}: not an axis of this sweep: {}", entry.place,
                                   suggestion(entry.key, keys)));
    }
    selection[static_cast<std::size_t>(axis - axes.begin())] =
        values_of(*axis->setting, entry, cpus);
  }
  return selection;
}

bool selects(const Selection& selection, const Combination& combination) {
  for (std::size_t i = 0; i < combination.size(); ++i) {
    if (selection[i] && !contains(*selection[i], *combination[i])) return false;
  }
  return true;
}

std::vector<Selection> exclusions_of(const SweepPart& part, const std::vector<SweepAxis>& axes,
                                     unsigned cpus) {
  std::vector<Selection> exclusions;
  for (const std::vector<SweepEntry>& entries : part.exclude) {
    if (entries.empty()) {
      throw BadRequest(fmt::format("{}[{}]: empty, which would exclude everything",
                                   place_in(part, "exclude"), exclusions.size()));
    }
    exclusions.push_back(selection_of(entries, axes, cpus));
  }
  return exclusions;
}

/// A part of the file with its axes read.
struct Part {
  const SweepPart* written;
  std::vector<SweepAxis> axes;
};

/// Refuses to keep series with a value that the sweep does not have.
void check_only(const std::vector<SweepEntry>& only, const std::vector<SweepAxis>& all,
                unsigned cpus) {
  const Selection kept = selection_of(only, all, cpus);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!kept[i]) continue;
    for (const AxisValue& value : *kept[i]) {
      if (contains(all[i].values, value)) continue;
      std::vector<std::string> there(all[i].values.size());
      std::ranges::transform(all[i].values, there.begin(), &AxisValue::text);
      throw BadRequest(fmt::format("{} {}: the sweep has only {}", value.place, value.text,
                                   fmt::join(there, ", ")));
    }
  }
}

/// Whether the part has each of these axes.
bool has_axes(const Part& part, const std::vector<SweepEntry>& entries) {
  return std::ranges::all_of(entries, [&](const SweepEntry& entry) {
    return std::ranges::find(part.axes, entry.key, &SweepAxis::key) != part.axes.end();
  });
}

/// All combinations of the axes' values; the last axis varies fastest.
std::vector<Combination> product(const std::vector<SweepAxis>& axes) {
  std::vector<Combination> combinations = {{}};
  for (const SweepAxis& axis : axes) {
    std::vector<Combination> longer;
    for (const Combination& combination : combinations) {
      for (const AxisValue& value : axis.values) {
        longer.push_back(combination);
        longer.back().push_back(&value);
      }
    }
    combinations = std::move(longer);
  }
  return combinations;
}

void check_known(const std::vector<std::string>& unknown, std::string_view place,
                 std::span<const std::string_view> keys) {
  if (unknown.empty()) return;
  const std::vector<std::string> known(keys.begin(), keys.end());
  throw BadRequest(fmt::format("{}{}: no such key: {}", place, unknown.front(),
                               suggestion(unknown.front(), known)));
}

void check_keys(const SweepPart& part) {
  check_known(part.unknown, place_in(part, ""), results::kPartKeys);
  for (const SweepEntry& entry : part.fixed) {
    if (std::ranges::find(part.axes, entry.key, &SweepEntry::key) != part.axes.end()) {
      throw BadRequest(fmt::format("{}: is an axis too; give it once", entry.place));
    }
    // The trials of all parts are interleaved.
    constexpr std::array<std::string_view, 3> kOfAllParts = {"trials", "warmup", "seed"};
    if (!part.place.empty() && entry.place.starts_with(part.place) &&
        std::ranges::find(kOfAllParts, entry.key) != kOfAllParts.end()) {
      throw BadRequest(fmt::format(
          "{}: holds for the whole sweep; give it under fixed, outside of the parts", entry.place));
    }
  }
  const auto names = [&](std::string_view key) {
    return std::ranges::find(part.fixed, key, &SweepEntry::key) != part.fixed.end() ||
           std::ranges::find(part.axes, key, &SweepEntry::key) != part.axes.end();
  };
  if (names("preset") && names("ring_bits")) {
    throw BadRequest(fmt::format(
        "{}: a preset sets ring_bits; give one of them",
        part.place.empty() ? "ring_bits, preset" : part.place + " has ring_bits and preset"));
  }
}

/// The parts of the file with their axes read.
std::vector<Part> parts_of(const SweepFile& file, unsigned cpus) {
  check_known(file.unknown, "", results::kSweepKeys);
  if (file.parts.empty()) {
    throw BadRequest("parts: empty; give at least one, like {\"axes\": {\"batch\": [1, 256]}}");
  }
  std::vector<Part> parts;
  for (const SweepPart& part : file.parts) {
    check_keys(part);
    parts.push_back({.written = &part, .axes = axes_of(part, cpus)});
  }
  return parts;
}

/// Adds the series of a part to the sweep.
void add_series(const Part& part, const SweepChoice& choice, unsigned cpus,
                measure::SweepRequest& sweep) {
  RequestDraft fixed;
  fixed.request.spec.metrics = choice.metrics;
  for (const SweepEntry& entry : part.written->fixed) {
    read_setting(setting_of(entry, false), entry.values.front(), fixed);
  }
  const std::vector<SweepAxis>& axes = part.axes;
  const std::vector<Selection> exclusions = exclusions_of(*part.written, axes, cpus);
  if (!has_axes(part, choice.only)) return;
  const Selection kept = selection_of(choice.only, axes, cpus);
  for (const Combination& combination : product(axes)) {
    const auto selects_it = [&](const Selection& one) { return selects(one, combination); };
    if (std::ranges::any_of(exclusions, selects_it) || !selects_it(kept)) continue;
    measure::SweepRequest::Series series;
    RequestDraft draft = fixed;
    for (std::size_t i = 0; i < axes.size(); ++i) {
      const AxisValue& value = *combination[i];
      axes[i].setting->read(draft, value.place, value.text);
      series.parameters.push_back({.key = axes[i].key, .value = value.text});
    }
    try {
      series.request = std::move(draft).finish();
      sweep.series.push_back(std::move(series));
    } catch (const BadRequest& error) {
      measure::leave_out(sweep, std::move(series.parameters), error);
    }
  }
}

/// Refuses series of two parts that could not be told apart.
void check_that_names_differ(const measure::SweepRequest& sweep) {
  std::set<std::string> names;
  for (const measure::SweepRequest::Series& series : sweep.series) {
    const std::string name = results::series_name(series.parameters);
    if (names.insert(name).second) continue;
    throw BadRequest(fmt::format(
        "parts: two of them have the series {}; give each an axis that tells them apart, like "
        "\"pattern\": [\"stream\"], or exclude it from one",
        name));
  }
}

}  // namespace

measure::SweepRequest sweep_series(const SweepFile& file, unsigned cpus, const std::string& name,
                                   const SweepChoice& choice) {
  const std::vector<Part> parts = parts_of(file, cpus);
  measure::SweepRequest sweep{.name = file.name.empty() ? name : file.name};
  if (const auto& limit = file.time_limit) {
    const double limit_s =
        parse_duration(limit->place, limit->text, kLeastLimitSeconds, kMostLimitSeconds);
    if (choice.given.empty()) sweep.time_limit_s = limit_s;
  }
  if (const auto& time = file.core_to_core) {
    sweep.core_to_core_s =
        parse_duration(time->place, time->text, kLeastSurveySeconds, kMostSurveySeconds);
  }
  std::vector<std::vector<SweepAxis>> axes;
  std::ranges::transform(parts, std::back_inserter(axes), &Part::axes);
  const std::vector<SweepAxis> all = axes_of_all(axes);
  check_only(choice.only, all, cpus);
  for (const Setting& setting : request_settings()) {
    const bool given = std::ranges::count(choice.given, setting.key()) > 0;
    sweep.may_leave_out = sweep.may_leave_out || (given && setting.axis);
  }
  for (const SweepAxis& axis : all) {
    const bool given = std::ranges::count(choice.given, axis.key) > 0;
    if (given && !axis.all) sweep.named.push_back(axis.key);
    results::Axis& shown = sweep.axes.emplace_back(results::Axis{.key = axis.key, .values = {}});
    for (const AxisValue& value : axis.values) shown.values.push_back(value.text);
  }
  for (const Part& part : parts) add_series(part, choice, cpus, sweep);
  if (sweep.series.empty() && sweep.left_out.empty()) {
    throw BadRequest(choice.only.empty() ? "exclude: excludes every series"
                                         : "--only: the sweep excludes every such series");
  }
  check_that_names_differ(sweep);
  return sweep;
}

}  // namespace bench::cli
