#include "present/core_to_core.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "present/blocks.hpp"
#include "present/quantity.hpp"

namespace bench::present {
namespace {

using results::PairProbe;

std::string_view shared_part(machine::Distance distance) {
  switch (distance) {
    case machine::Distance::same_core:
      return "one core";
    case machine::Distance::same_l3:
      return "one L3";
    case machine::Distance::same_package:
      return "one package";
    default:
      return "apart";
  }
}

std::string quickest_to_slowest(std::vector<PairProbe> pairs) {
  std::ranges::sort(pairs, {}, &PairProbe::p50_ns);
  const PairProbe& quickest = pairs.front();
  const PairProbe& slowest = pairs.back();
  if (pairs.size() == 1) {
    return fmt::format("{:.0f} ns between CPUs {} and {}", quickest.p50_ns, quickest.from,
                       quickest.to);
  }
  return fmt::format(
      "{:.0f} ns (CPUs {} and {}) to {:.0f} ns (CPUs {} and {}), median {:.0f} ns; {} pairs",
      quickest.p50_ns, quickest.from, quickest.to, slowest.p50_ns, slowest.from, slowest.to,
      pairs[pairs.size() / 2].p50_ns, grouped(pairs.size()));
}

}  // namespace

void show_core_to_core(Page& page, const results::Survey& survey) {
  const std::vector<PairProbe>& all = survey.probes.core_to_core;
  page.headline("core to core: round trips of a cache line, by the closest thing that CPUs share");
  if (all.empty()) {
    page.line("", survey.pairs == 0 ? "there is one CPU, so there is no pair to measure"
                                    : "no pair could be measured");
    return;
  }
  for (const auto& [word, distance] : machine::kDistanceNames) {
    std::vector<PairProbe> pairs;
    std::ranges::copy_if(all, std::back_inserter(pairs),
                         [&](const PairProbe& pair) { return pair.shared == distance; });
    if (!pairs.empty()) page.line(shared_part(distance), quickest_to_slowest(std::move(pairs)));
  }
  if (all.size() < survey.pairs) {
    page.line(
        "",
        fmt::format("{} of {} pairs were measured; {}", grouped(all.size()), grouped(survey.pairs),
                    survey.complete ? "there was no time for more" : "it was interrupted"));
  }
}

}  // namespace bench::present
