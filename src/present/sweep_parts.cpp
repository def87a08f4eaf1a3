#include "present/sweep_parts.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace bench::present {
namespace {

using results::Axis;
using results::Parameter;
using results::Series;

std::vector<std::string_view> keys_of(const Series& series) {
  std::vector<std::string_view> keys(series.parameters.size());
  std::ranges::transform(series.parameters, keys.begin(), &Parameter::key);
  return keys;
}

/// The axes of the sweep that these series have, with the values that they have. An axis whose
/// values are none of the sweep's, as in an edited document, keeps the sweep's.
std::vector<Axis> axes_of(const std::vector<Series>& part, const std::vector<Axis>& all) {
  std::vector<Axis> axes;
  for (const Axis& axis : all) {
    const auto is_here = [&](const Parameter& one) { return one.key == axis.key; };
    if (std::ranges::none_of(part.front().parameters, is_here)) continue;
    Axis own{.key = axis.key, .values = {}};
    for (const std::string& value : axis.values) {
      const Parameter wanted{.key = axis.key, .value = value};
      const auto has_it = [&](const Series& series) {
        return std::ranges::find(series.parameters, wanted) != series.parameters.end();
      };
      if (std::ranges::any_of(part, has_it)) own.values.push_back(value);
    }
    if (own.values.empty()) own.values = axis.values;
    axes.push_back(std::move(own));
  }
  return axes;
}

/// Moves the axes with one value into the heading, if others are left.
void take_heading(const std::vector<Axis>& all, SweepPart& part) {
  std::vector<Axis>& axes = part.document.sweep->axes;
  const auto varies = [](const Axis& axis) { return axis.values.size() > 1; };
  const auto tells_apart = [&](const Axis& axis) {
    return !varies(axis) && varies(*std::ranges::find(all, axis.key, &Axis::key));
  };
  for (const Axis& axis : axes) {
    if (tells_apart(axis)) part.heading.push_back({axis.key, axis.values.front()});
  }
  if (static_cast<std::size_t>(std::ranges::count_if(axes, tells_apart)) < axes.size()) {
    std::erase_if(axes, tells_apart);
  }
}

}  // namespace

std::vector<SweepPart> parts_of(const results::Document& document) {
  std::vector<SweepPart> parts;
  for (const Series& series : document.series) {
    const auto same = std::ranges::find_if(parts, [&](const SweepPart& part) {
      return keys_of(part.document.series.front()) == keys_of(series);
    });
    SweepPart& part = same != parts.end() ? *same : parts.emplace_back();
    part.document.series.push_back(series);
    part.document.series.back().samples.clear();  // no table shows them, and they are many
  }
  for (SweepPart& part : parts) {
    const std::vector<Axis>& all = document.sweep->axes;
    std::vector<Axis> own = axes_of(part.document.series, all);
    part.document.sweep = document.sweep;
    if (parts.size() == 1 && own.size() == all.size()) continue;  // it is one product
    part.document.sweep->axes = std::move(own);
    take_heading(all, part);
  }
  return parts;
}

}  // namespace bench::present
