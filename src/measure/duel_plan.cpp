// Matches the series of both sides of a duel.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "measure/duel.hpp"
#include "results/series_names.hpp"

namespace bench::measure {
namespace {

using results::KnownTo;

/// A series of one side, by its place on the axes that both sides share.
struct Placed {
  std::string name;
  std::vector<results::Parameter> parameters;
  const PlannedSeries* series;
};

std::vector<Placed> placed_on_shared_axes(const Plan& plan,
                                          const std::vector<std::string>& varied) {
  std::vector<Placed> all;
  for (const PlannedSeries& series : plan.series) {
    Placed placed{.name = {}, .parameters = series.parameters, .series = &series};
    std::erase_if(placed.parameters, [&](const results::Parameter& parameter) {
      return std::ranges::find(varied, parameter.key) != varied.end();
    });
    placed.name = results::series_name(placed.parameters);
    if (placed.name.empty()) placed.name = series.spec.queue;
    if (std::ranges::find(all, placed.name, &Placed::name) != all.end()) {
      throw BadRequest(fmt::format(
          "{}: there are several such series, as the sides differ in {}; give one value of each in "
          "--base-args, --candidate-args or --only",
          placed.name, fmt::join(varied, ", ")));
    }
    all.push_back(std::move(placed));
  }
  return all;
}

/// What a side is asked for. A layout that nobody named is the choice of each executable.
workload::Spec asked(const PlannedSeries& series, double trial_s) {
  workload::Spec spec = series.spec;
  if (series.layout_chosen) spec.layout.reset();
  spec.duration_s = trial_s;
  spec.messages_per_producer.reset();
  return spec;
}

results::Unmatched left_out(const std::string& name, KnownTo known_to) {
  return {.name = name,
          .known_to = known_to,
          .why = "the other side's settings exclude it, or cannot be measured there"};
}

}  // namespace

DuelPlan match(const Plan& base, const Plan& candidate, const std::vector<std::string>& varied,
               double trial_s) {
  DuelPlan plan;
  plan.seed = base.seed;
  const std::vector<Placed> ours = placed_on_shared_axes(base, varied);
  const std::vector<Placed> theirs = placed_on_shared_axes(candidate, varied);
  for (const Placed& one : ours) {
    const auto other = std::ranges::find(theirs, one.name, &Placed::name);
    if (other == theirs.end()) {
      plan.unmatched.push_back(left_out(one.name, KnownTo::base));
      continue;
    }
    const auto scheduled = [](const Placed& side) {
      return side.series->spec.pattern == workload::Pattern::one_way;
    };
    if (scheduled(one) || scheduled(*other)) {
      plan.unmatched.push_back({.name = one.name,
                                .known_to = KnownTo::neither,
                                .why = "its rate is that of its schedule, and tells nothing"});
      continue;
    }
    plan.series.push_back(
        {.name = one.name,
         .parameters = one.parameters,
         .base = {.spec = asked(*one.series, trial_s), .placement = one.series->placement},
         .candidate = {.spec = asked(*other->series, trial_s),
                       .placement = other->series->placement},
         .caveats = other->series->caveats});
  }
  for (const Placed& other : theirs) {
    if (std::ranges::find(ours, other.name, &Placed::name) == ours.end()) {
      plan.unmatched.push_back(left_out(other.name, KnownTo::candidate));
    }
  }
  return plan;
}

}  // namespace bench::measure
