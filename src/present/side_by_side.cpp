#include "present/side_by_side.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "present/blocks.hpp"
#include "present/latency_table.hpp"
#include "present/marks.hpp"
#include "present/quantity.hpp"
#include "present/series_words.hpp"
#include "results/series_names.hpp"

namespace bench::present {
namespace {

using results::Series;

/// The cells of a series: its median, and its interval or a remark in its place.
struct Figure {
  std::string median;
  std::string interval;
};

/// If there are several regimes, takes the one with the most trials, and says how many there are.
Figure figure(const Series& series) {
  const results::ThroughputSummary& rate = leading(*series.summary);
  const double median = rate.median.value_or(0);
  const bool trips = series.spec.pattern == workload::Pattern::round_trip && median > 0;
  Figure figure;
  figure.median = trips ? fmt::format("{:.1f} ns", 1e9 / median) : si(median);
  if (const std::size_t regimes = series.summary->regimes.size(); regimes > 1) {
    figure.interval = fmt::format("1 of {} regimes", regimes);
  } else if (rate.ci95) {
    figure.interval =
        trips ? fmt::format("{:.1f} to {:.1f}", 1e9 / rate.ci95->hi, 1e9 / rate.ci95->lo)
              : fmt::format("{} to {}", si(rate.ci95->lo), si(rate.ci95->hi));
  }
  return figure;
}

std::string_view unit_of(const Series& series) {
  return series.spec.pattern == workload::Pattern::round_trip ? "round trip" : "messages/s";
}

std::string compared(const Series& series, std::string_view reference) {
  const auto found =
      std::ranges::find(series.comparisons, reference, &results::Comparison::reference);
  if (found == series.comparisons.end()) return "";
  std::string ratio = ratio_text(found->ratio);
  if (!found->ci95) return ratio;
  return fmt::format("{} [{}, {}]", ratio, ratio_text(found->ci95->lo),
                     ratio_text(found->ci95->hi));
}

constexpr std::size_t kTableColumns = 76;

/// A row with a bar for each series.
void show_rows(Page& page, const std::vector<Series>& all) {
  constexpr std::size_t kNameColumns = 22;
  const double bar_cells = static_cast<double>(
      std::min<std::size_t>(10, page.width() - std::min(page.width(), kTableColumns)));
  double most = 0;
  for (const Series& series : all) {
    if (series.summary) most = std::max(most, leading(*series.summary).median.value_or(0));
  }
  const Series& reference = all.front();
  const std::string name = results::abbreviated(reference.name, kNameColumns - 10);
  page.row(fmt::format("  {:<22} {:>8}  {:<18} {:<22}", unit_of(reference), "median", "95 % CI",
                       fmt::format("x {} (>1 faster)", name)));
  for (const Series& series : all) {
    if (!series.summary) continue;
    const auto [median, interval] = figure(series);
    const double rate = leading(*series.summary).median.value_or(0);
    const double part = most > 0 ? rate / most : 0;
    const auto cells = static_cast<std::size_t>(std::lround(part * bar_cells));
    page.row(fmt::format("  {:<22} {:>8}  {:<18} {:<21} {}",
                         results::abbreviated(series.name, kNameColumns), median, interval,
                         &series == &reference ? "1" : compared(series, reference.name),
                         std::string(cells, '#')));
  }
}

/// The same below each other, for a page that is too narrow for the rows.
void show_list(Page& page, const std::vector<Series>& all) {
  const Series& reference = all.front();
  page.headline(fmt::format("{}, median and 95 % interval", unit_of(reference)));
  for (const Series& series : all) {
    if (!series.summary) continue;
    const auto [median, interval] = figure(series);
    page.row("  " + series.name);
    page.line("", interval.empty() ? median : fmt::format("{}, {}", median, interval));
    if (&series == &reference) continue;
    const std::string ratio = compared(series, reference.name);
    if (!ratio.empty()) page.line("", "x " + ratio);
  }
}

/// Shows the figures of the series, and each compared with the first.
void show_table(Page& page, const std::vector<Series>& all) {
  page.width() < kTableColumns ? show_list(page, all) : show_rows(page, all);
  const Series& reference = all.front();
  const auto with_reference = [&](const Series& series) {
    return !compared(series, reference.name).empty();
  };
  if (std::ranges::any_of(all, with_reference)) show_meaning_of_ratios(page, reference.name);
  // Every comparison with another series than the first is one with the machine's limit.
  for (const Series& series : all) {
    for (const results::Comparison& comparison : series.comparisons) {
      if (comparison.reference == reference.name) continue;
      page.line("",
                fmt::format("{} reaches {} of the speed of {}, the machine's limit", series.name,
                            compared(series, comparison.reference), comparison.reference));
    }
  }
}

/// Shows one caveat of each kind, and names the other series that have one of this kind.
void show_caveats_of_all(Page& page, const std::vector<Series>& all) {
  std::map<results::CaveatCode, std::vector<const Series*>> with;
  const auto of = [](const Series& series, results::CaveatCode code) {
    return *std::ranges::find(series.caveats, code, &results::Caveat::code);
  };
  for (const Series& series : all) {
    for (const results::Caveat& caveat : series.caveats) with[caveat.code].push_back(&series);
  }
  const auto name = [names = short_titles(all), first = all.data()](const Series* series) {
    return names[static_cast<std::size_t>(series - first)];
  };
  std::vector<results::Caveat> told;
  for (const auto& [code, those] : with) {
    results::Caveat caveat = of(*those.front(), code);
    const bool shared =
        those.size() == all.size() &&
        std::ranges::all_of(those, [&](const Series* other) { return of(*other, code) == caveat; });
    if (!shared) {
      caveat.text = fmt::format("{}: {}", example(those.size(), all.size(), name(those.front())),
                                caveat.text);
    }
    told.push_back(std::move(caveat));
  }
  show_caveats(page, told);
}

}  // namespace

void show_side_by_side(Page& page, const results::Document& document) {
  const std::vector<Series>& all = document.series;
  const Series& first = all.front();
  page.headline(setting(first.spec));
  // On a schedule, all queues that keep up have the same rate: the schedule's.
  if (first.spec.pattern != workload::Pattern::one_way) show_table(page, all);
  if (first.spec.latency) show_latencies(page, document, Marks({}));
  show_verification(page, all);
  page.line("trials", trials(first) + ", interleaved");
  page.line("how", how(first.spec));
  page.line("where", where(first));
  show_caveats_of_all(page, all);
}

}  // namespace bench::present
