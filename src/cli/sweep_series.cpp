#include "cli/sweep_series.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>
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
  bool of_range;  ///< it came out of a range like 1..8
  RequestDraft alone;
};

struct Axis {
  std::string key;
  const Setting* setting;
  std::vector<Value> values;
  bool all;  ///< nobody named the values: those of which no series can be measured are left out
};

std::string suggestion(std::string_view key, std::span<const std::string> known) {
  const std::vector<std::string_view> views(known.begin(), known.end());
  const std::string_view meant = nearest(key, views);
  return meant.empty() ? fmt::format("must be one of {}", fmt::join(known, ", "))
                       : fmt::format("did you mean {}?", meant);
}

/// Reads a value of any setting into the draft.
void read(const Setting& setting, const SweepValue& value, RequestDraft& draft) {
  setting.read(draft, value.place, value.text);
  if (draft.request.up_to_saturation) {
    throw BadRequest(fmt::format(
        "{} auto: a sweep has the rates that it names; latency --rate auto finds them itself",
        value.place));
  }
  if (!draft.request.rates.empty()) {
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

/// Each value once. What a range gives may be there already, since nobody knows its numbers
/// beforehand; what is written twice is a mistake.
std::vector<Value> values_of(const Setting& setting, const SweepEntry& entry, unsigned cpus) {
  std::vector<Value> values;
  for (const SweepValue& written : entry.values) {
    for (SweepValue& one : written_out(setting, written, cpus)) {
      RequestDraft alone;
      read(setting, one, alone);
      const bool of_range = one.text != written.text;
      const auto there = std::ranges::find_if(
          values, [&](const Value& other) { return same(other.alone, alone); });
      if (there == values.end()) {
        values.push_back({.text = std::move(one.text),
                          .place = std::move(one.place),
                          .of_range = of_range,
                          .alone = std::move(alone)});
      } else if (!of_range && !there->of_range) {
        throw BadRequest(fmt::format("{} {}: is already given at {}", written.place, written.text,
                                     there->place));
      } else {
        there->of_range = there->of_range && of_range;
      }
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
    axes.push_back({.key = entry.key,
                    .setting = &setting,
                    .values = values_of(setting, entry, cpus),
                    .all = entry.all});
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

/// One value of each axis.
using Combination = std::vector<const Value*>;

/// For each axis the values that are meant, or nothing where all are.
using Selection = std::vector<std::optional<std::vector<Value>>>;

Selection selection_of(const std::vector<SweepEntry>& entries, const std::vector<Axis>& axes,
                       unsigned cpus) {
  Selection selection(axes.size());
  for (const SweepEntry& entry : entries) {
    const auto axis = std::ranges::find(axes, entry.key, &Axis::key);
    if (axis == axes.end()) {
      std::vector<std::string> keys(axes.size());
      std::ranges::transform(axes, keys.begin(), &Axis::key);
      throw BadRequest(fmt::format("{}: not an axis of this sweep: {}", entry.place,
                                   suggestion(entry.key, keys)));
    }
    selection[static_cast<std::size_t>(axis - axes.begin())] =
        values_of(*axis->setting, entry, cpus);
  }
  return selection;
}

bool contains(const std::vector<Value>& values, const Value& value) {
  return std::ranges::any_of(values,
                             [&](const Value& other) { return same(other.alone, value.alone); });
}

bool selects(const Selection& selection, const Combination& combination) {
  for (std::size_t i = 0; i < combination.size(); ++i) {
    if (selection[i] && !contains(*selection[i], *combination[i])) return false;
  }
  return true;
}

std::vector<Selection> exclusions_of(const SweepFile& file, const std::vector<Axis>& axes,
                                     unsigned cpus) {
  std::vector<Selection> exclusions;
  for (const std::vector<SweepEntry>& entries : file.exclude) {
    if (entries.empty()) {
      throw BadRequest(
          fmt::format("exclude[{}]: empty, which would exclude everything", exclusions.size()));
    }
    exclusions.push_back(selection_of(entries, axes, cpus));
  }
  return exclusions;
}

/// The part that the command line asks for. A value that the sweep does not have is refused.
Selection part_of(const std::vector<SweepEntry>& only, const std::vector<Axis>& axes,
                  unsigned cpus) {
  const Selection part = selection_of(only, axes, cpus);
  for (std::size_t i = 0; i < axes.size(); ++i) {
    if (!part[i]) continue;
    for (const Value& value : *part[i]) {
      if (contains(axes[i].values, value)) continue;
      std::vector<std::string> there(axes[i].values.size());
      std::ranges::transform(axes[i].values, there.begin(), &Value::text);
      throw BadRequest(fmt::format("{} {}: the sweep has only {}", value.place, value.text,
                                   fmt::join(there, ", ")));
    }
  }
  return part;
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

std::size_t count_values(const SweepEntry& entry, unsigned cpus) {
  return values_of(setting_of(entry, false), entry, cpus).size();
}

measure::SweepRequest sweep_series(const SweepFile& file, unsigned cpus, const std::string& name,
                                   const SweepChoice& choice) {
  check_keys(file);
  measure::SweepRequest sweep{.name = file.name.empty() ? name : file.name};
  if (const auto& limit = file.time_limit) {
    const double limit_s =
        parse_duration(limit->place, limit->text, kLeastLimitSeconds, kMostLimitSeconds);
    if (choice.given.empty()) sweep.time_limit_s = limit_s;
  }
  RequestDraft fixed;
  fixed.request.spec.metrics = choice.metrics;
  for (const SweepEntry& entry : file.fixed) {
    read(setting_of(entry, false), entry.values.front(), fixed);
  }
  const std::vector<Axis> axes = axes_of(file, cpus);
  const std::vector<Selection> exclusions = exclusions_of(file, axes, cpus);
  const Selection part = part_of(choice.only, axes, cpus);
  for (const Setting& setting : request_settings()) {
    const bool given = std::ranges::count(choice.given, setting.key()) > 0;
    sweep.may_leave_out = sweep.may_leave_out || (given && setting.axis);
  }
  for (const Axis& axis : axes) {
    const bool given = std::ranges::count(choice.given, axis.key) > 0;
    if (given && !axis.all) sweep.named.push_back(axis.key);
    results::Axis& shown = sweep.axes.emplace_back(results::Axis{.key = axis.key, .values = {}});
    for (const Value& value : axis.values) shown.values.push_back(value.text);
  }

  for (const Combination& combination : product(axes)) {
    const auto selects_it = [&](const Selection& one) { return selects(one, combination); };
    if (std::ranges::any_of(exclusions, selects_it) || !selects_it(part)) continue;
    measure::SweepRequest::Series series;
    RequestDraft draft = fixed;
    for (std::size_t i = 0; i < axes.size(); ++i) {
      const Value& value = *combination[i];
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
  if (sweep.series.empty() && sweep.left_out.empty()) {
    throw BadRequest(choice.only.empty() ? "exclude: excludes every series"
                                         : "--only: the sweep excludes every such series");
  }
  return sweep;
}

}  // namespace bench::cli
