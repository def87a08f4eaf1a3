#include "cli/sweep_series.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/settings.hpp"
#include "cli/values.hpp"
#include "ringmpsc/config.hpp"

namespace bench::cli {
namespace {

using measure::BadRequest;
using results::SweepEntry;
using results::SweepFile;
using results::SweepValue;

constexpr double kLeastLimitSeconds = 1;
constexpr double kMostLimitSeconds = 1000.0 * 3600;

/// One value of an axis, and the request that it makes when nothing else is set.
struct Value {
  std::string text;
  std::string place;
  RequestDraft alone;
};

struct Axis {
  std::string key;
  const Setting* setting;
  std::vector<Value> values;
};

std::string suggestion(std::string_view key, std::span<const std::string> known) {
  const std::vector<std::string_view> views(known.begin(), known.end());
  const std::string_view meant = nearest(key, views);
  return meant.empty() ? fmt::format("must be one of {}", fmt::join(known, ", "))
                       : fmt::format("did you mean {}?", meant);
}

const Setting& setting_of(const SweepEntry& entry, bool axis) {
  std::vector<std::string> known;
  for (const Setting& setting : request_settings()) {
    if (setting.key() == entry.key && (setting.axis || !axis)) return setting;
    if (setting.key() == entry.key) {
      throw BadRequest(
          fmt::format("{}: holds for the whole sweep; give it under fixed", entry.place));
    }
    if (setting.axis || !axis) known.push_back(setting.key());
  }
  throw BadRequest(fmt::format("{}: no such {}: {}", entry.place, axis ? "axis" : "key",
                               suggestion(entry.key, known)));
}

/// Reads a value of any setting into the draft.
void read(const Setting& setting, const SweepValue& value, RequestDraft& draft) {
  setting.read(draft, value.place, value.text);
  if (!draft.request.rates.empty() || draft.request.up_to_saturation) {
    throw BadRequest(
        fmt::format("{} {}: must be one rate; give several as an axis", value.place, value.text));
  }
  const std::vector<std::string>& queues = draft.request.queues;
  if (queues.size() > 1 || queues.front() == "all") {
    throw BadRequest(
        fmt::format("{} {}: must be one queue; give several as an axis", value.place, value.text));
  }
}

/// One end of a range like "1..2*cpus": a number, cpus, or a number times cpus.
std::uint64_t range_end(const SweepValue& value, std::string_view text, unsigned cpus) {
  constexpr std::string_view kCpus = "cpus";
  std::uint64_t factor = 1;
  if (!text.ends_with(kCpus)) {
    return parse_number(value.place, text, ringmpsc::kMinProducers, ringmpsc::kMaxProducers);
  }
  text.remove_suffix(kCpus.size());
  if (!text.empty()) {
    if (!text.ends_with('*')) {
      throw BadRequest(fmt::format("{} {}: must be like 1..2*cpus", value.place, value.text));
    }
    text.remove_suffix(1);
    factor = parse_number(value.place, text, 1, ringmpsc::kMaxProducers);
  }
  // However many CPUs a machine has, a channel cannot have more producers than this.
  return std::min<std::uint64_t>(factor * cpus, ringmpsc::kMaxProducers);
}

/// Writes out a range of producers: its first number, doubled again and again, and its last.
std::vector<SweepValue> written_out(const Setting& setting, const SweepValue& value,
                                    unsigned cpus) {
  const std::size_t dots = value.text.find("..");
  if (setting.key() != "producers" || dots == std::string::npos) return {value};
  const std::string_view text = value.text;
  const std::uint64_t last = range_end(value, text.substr(dots + 2), cpus);
  std::vector<SweepValue> numbers;
  for (std::uint64_t n = range_end(value, text.substr(0, dots), cpus); n < last; n *= 2) {
    numbers.push_back({.text = std::to_string(n), .place = value.place});
  }
  numbers.push_back({.text = std::to_string(last), .place = value.place});
  return numbers;
}

bool same(const RequestDraft& a, const RequestDraft& b) {
  return a.request.spec == b.request.spec && a.request.queues == b.request.queues &&
         a.request.policy == b.request.policy && a.ring_bits == b.ring_bits;
}

std::vector<Value> values_of(const Setting& setting, const SweepEntry& entry, unsigned cpus) {
  std::vector<Value> values;
  for (const SweepValue& written : entry.values) {
    for (SweepValue& one : written_out(setting, written, cpus)) {
      RequestDraft alone;
      read(setting, one, alone);
      const auto there = std::ranges::find_if(
          values, [&](const Value& other) { return same(other.alone, alone); });
      if (there != values.end()) {
        throw BadRequest(fmt::format("{} {}: {} is already given at {}", written.place,
                                     written.text, one.text, there->place));
      }
      values.push_back(
          {.text = std::move(one.text), .place = std::move(one.place), .alone = std::move(alone)});
    }
  }
  return values;
}

std::vector<Axis> axes_of(const SweepFile& file, unsigned cpus) {
  if (file.axes.empty()) {
    throw BadRequest("axes: missing or empty; name what varies, like \"producers\": [1, 2, 4]");
  }
  std::vector<Axis> axes;
  std::size_t series = 1;
  for (const SweepEntry& entry : file.axes) {
    const Setting& setting = setting_of(entry, true);
    if (entry.values.empty()) throw BadRequest(entry.place + ": empty; give at least one value");
    axes.push_back(
        {.key = entry.key, .setting = &setting, .values = values_of(setting, entry, cpus)});
    series *= axes.back().values.size();
    if (series > kMostSweepSeries) {
      throw BadRequest(
          fmt::format("axes: more than {} series; give fewer values, or make two "
                      "sweeps of it",
                      kMostSweepSeries));
    }
  }
  return axes;
}

/// What one entry of `exclude` leaves out: for each axis the values that it matches, or nothing if
/// it does not name the axis.
using Exclusion = std::vector<std::optional<std::vector<Value>>>;

std::vector<Exclusion> exclusions_of(const SweepFile& file, const std::vector<Axis>& axes,
                                     unsigned cpus) {
  std::vector<std::string> keys(axes.size());
  std::ranges::transform(axes, keys.begin(), &Axis::key);
  std::vector<Exclusion> exclusions;
  for (const std::vector<SweepEntry>& entries : file.exclude) {
    if (entries.empty()) {
      throw BadRequest(
          fmt::format("exclude[{}]: empty, which would exclude everything", exclusions.size()));
    }
    Exclusion exclusion(axes.size());
    for (const SweepEntry& entry : entries) {
      const auto axis = std::ranges::find(axes, entry.key, &Axis::key);
      if (axis == axes.end()) {
        throw BadRequest(fmt::format("{}: not an axis of this sweep: {}", entry.place,
                                     suggestion(entry.key, keys)));
      }
      exclusion[static_cast<std::size_t>(axis - axes.begin())] =
          values_of(*axis->setting, entry, cpus);
    }
    exclusions.push_back(std::move(exclusion));
  }
  return exclusions;
}

using Combination = std::vector<const Value*>;  ///< one value of each axis

bool excluded(const Combination& combination, const Exclusion& exclusion) {
  for (std::size_t i = 0; i < combination.size(); ++i) {
    if (!exclusion[i]) continue;
    const auto matches = [&](const Value& value) {
      return same(value.alone, combination[i]->alone);
    };
    if (std::ranges::none_of(*exclusion[i], matches)) return false;
  }
  return true;
}

/// All combinations of the axes' values; the last axis varies fastest.
std::vector<Combination> product(const std::vector<Axis>& axes) {
  std::vector<Combination> combinations = {{}};
  for (const Axis& axis : axes) {
    std::vector<Combination> longer;
    for (const Combination& combination : combinations) {
      for (const Value& value : axis.values) {
        longer.push_back(combination);
        longer.back().push_back(&value);
      }
    }
    combinations = std::move(longer);
  }
  return combinations;
}

void check_keys(const SweepFile& file) {
  if (!file.unknown.empty()) {
    const std::vector<std::string> known(results::kSweepKeys.begin(), results::kSweepKeys.end());
    throw BadRequest(fmt::format("{}: no such key: {}", file.unknown.front(),
                                 suggestion(file.unknown.front(), known)));
  }
  if (file.description.empty()) {
    throw BadRequest("description: missing or empty; say in a sentence when to use the sweep");
  }
  for (const SweepEntry& entry : file.fixed) {
    if (std::ranges::find(file.axes, entry.key, &SweepEntry::key) != file.axes.end()) {
      throw BadRequest(fmt::format("{}: is an axis too; give it once", entry.place));
    }
  }
  const auto names = [&](std::string_view key) {
    return std::ranges::find(file.fixed, key, &SweepEntry::key) != file.fixed.end() ||
           std::ranges::find(file.axes, key, &SweepEntry::key) != file.axes.end();
  };
  if (names("preset") && names("ring_bits")) {
    throw BadRequest("ring_bits, preset: a preset sets ring_bits; give one of them");
  }
}

}  // namespace

measure::SweepRequest sweep_series(const SweepFile& file, unsigned cpus, const std::string& name) {
  check_keys(file);
  std::optional<double> time_limit_s;
  if (const auto& limit = file.time_limit) {
    time_limit_s = parse_duration(limit->place, limit->text, kLeastLimitSeconds, kMostLimitSeconds);
  }
  RequestDraft fixed;
  for (const SweepEntry& entry : file.fixed) {
    read(setting_of(entry, false), entry.values.front(), fixed);
  }
  const std::vector<Axis> axes = axes_of(file, cpus);
  const std::vector<Exclusion> exclusions = exclusions_of(file, axes, cpus);

  measure::SweepRequest sweep{.name = file.name.empty() ? name : file.name,
                              .axes = {},
                              .series = {},
                              .time_limit_s = time_limit_s};
  for (const Axis& axis : axes) {
    results::Axis& shown = sweep.axes.emplace_back(results::Axis{.key = axis.key, .values = {}});
    for (const Value& value : axis.values) shown.values.push_back(value.text);
  }
  for (const Combination& combination : product(axes)) {
    if (std::ranges::any_of(exclusions, std::bind_front(excluded, combination))) continue;
    measure::SweepRequest::Series series;
    RequestDraft draft = fixed;
    std::string place;
    for (std::size_t i = 0; i < axes.size(); ++i) {
      const Value& value = *combination[i];
      axes[i].setting->read(draft, value.place, value.text);
      series.parameters.push_back({.key = axes[i].key, .value = value.text});
      place += fmt::format("{}{}={}", i == 0 ? "" : " ", axes[i].key, value.text);
    }
    try {
      series.request = std::move(draft).finish();
    } catch (const BadRequest& error) {
      throw BadRequest(fmt::format("{}: {} (or exclude it)", place, error.what()));
    }
    sweep.series.push_back(std::move(series));
  }
  if (sweep.series.empty()) throw BadRequest("exclude: excludes every series");
  return sweep;
}

}  // namespace bench::cli
