#include "cli/sweep_axes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "cli/values.hpp"
#include "measure/plan.hpp"
#include "ringmpsc/config.hpp"

namespace bench::cli {
namespace {

using measure::BadRequest;
using results::SweepEntry;
using results::SweepPart;
using results::SweepValue;

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

/// Adds the values of an axis to the one with the same key, or as one more axis.
void add_axis(const SweepAxis& axis, std::vector<SweepAxis>& all) {
  const auto there = std::ranges::find(all, axis.key, &SweepAxis::key);
  if (there == all.end()) {
    all.push_back(axis);
    return;
  }
  for (const AxisValue& value : axis.values) {
    if (std::ranges::find(there->values, value.text, &AxisValue::text) == there->values.end()) {
      there->values.push_back(value);
    }
  }
}

}  // namespace

std::string suggestion(std::string_view key, std::span<const std::string> known) {
  const std::vector<std::string_view> views(known.begin(), known.end());
  const std::string_view meant = nearest(key, views);
  return meant.empty() ? fmt::format("must be one of {}", fmt::join(known, ", "))
                       : fmt::format("did you mean {}?", meant);
}

std::string place_in(const SweepPart& part, std::string_view key) {
  return fmt::format("{}{}{}", part.place, part.place.empty() ? "" : ".", key);
}

void read_setting(const Setting& setting, const SweepValue& value, RequestDraft& draft) {
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

// What a range gives may be there already, since nobody knows its numbers beforehand; what is
// written twice is a mistake.
std::vector<AxisValue> values_of(const Setting& setting, const SweepEntry& entry, unsigned cpus) {
  std::vector<AxisValue> values;
  for (const SweepValue& written : entry.values) {
    for (SweepValue& one : written_out(setting, written, cpus)) {
      RequestDraft alone;
      read_setting(setting, one, alone);
      const bool of_range = one.text != written.text;
      const auto there = std::ranges::find_if(
          values, [&](const AxisValue& other) { return same(other.alone, alone); });
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

bool contains(const std::vector<AxisValue>& values, const AxisValue& value) {
  return std::ranges::any_of(
      values, [&](const AxisValue& other) { return same(other.alone, value.alone); });
}

std::vector<SweepAxis> axes_of(const SweepPart& part, unsigned cpus) {
  if (part.axes.empty()) {
    throw BadRequest(
        fmt::format("{}: missing or empty; name what varies, like \"producers\": [1, 2, 4]",
                    place_in(part, "axes")));
  }
  std::vector<SweepAxis> axes;
  std::size_t series = 1;
  for (const SweepEntry& entry : part.axes) {
    const Setting& setting = setting_of(entry, true);
    if (entry.values.empty()) throw BadRequest(entry.place + ": empty; give at least one value");
    axes.push_back({.key = entry.key,
                    .setting = &setting,
                    .values = values_of(setting, entry, cpus),
                    .all = entry.all});
    series *= axes.back().values.size();
    if (series > kMostSweepSeries) {
      throw BadRequest(
          fmt::format("{}: more than {} series; give fewer values, or make two "
                      "sweeps of it",
                      place_in(part, "axes"), kMostSweepSeries));
    }
  }
  return axes;
}

std::vector<SweepAxis> axes_of_all(const std::vector<std::vector<SweepAxis>>& parts) {
  std::vector<SweepAxis> all;
  for (const std::vector<SweepAxis>& part : parts) {
    for (const SweepAxis& axis : part) add_axis(axis, all);
  }
  return all;
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

std::size_t count_values(const SweepEntry& entry, unsigned cpus) {
  return values_of(setting_of(entry, false), entry, cpus).size();
}

}  // namespace bench::cli
