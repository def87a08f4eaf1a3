#include "measure/placed_alike.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace bench::measure {
namespace {

/// The series' placement as the sweep names it; null if the sweep does not vary it.
const std::string* named_placement(const PlannedSeries& series) {
  const auto found = std::ranges::find(series.parameters, "placement", &results::Parameter::key);
  return found == series.parameters.end() ? nullptr : &found->value;
}

}  // namespace

bool PlacedAlike::leaves_out(const PlannedSeries& series,
                             const std::vector<PlannedSeries>& earlier) {
  const std::string* const own = named_placement(series);
  if (own == nullptr) return false;
  const auto alike = std::ranges::find_if(earlier, [&](const PlannedSeries& other) {
    return named_placement(other) != nullptr && other.spec == series.spec &&
           same_cpus(other.placement, series.placement);
  });
  if (alike == earlier.end()) return false;
  const std::string& measured = *named_placement(*alike);
  const auto known = std::ranges::find_if(
      pairs_, [&](const Pair& pair) { return pair.left_out == *own && pair.measured == measured; });
  if (known == pairs_.end()) {
    pairs_.push_back({.left_out = *own, .measured = measured, .series = 1});
  } else {
    ++known->series;
  }
  return true;
}

std::vector<std::string> PlacedAlike::lines() const {
  std::vector<std::string> lines(pairs_.size());
  std::ranges::transform(pairs_, lines.begin(), [](const Pair& pair) {
    return fmt::format("placement={} ({} series): here it is on the same CPUs as placement={}",
                       pair.left_out, pair.series, pair.measured);
  });
  return lines;
}

}  // namespace bench::measure
