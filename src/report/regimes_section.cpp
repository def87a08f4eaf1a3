#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "analysis/statistics.hpp"
#include "present/quantity.hpp"
#include "report/sections.hpp"

namespace bench::report {
namespace {

constexpr std::size_t kFewestRounds = 3;

/// What one round of trials saw, over all series.
struct Round {
  std::vector<double> relative;  ///< each trial's rate over the median of its series
  std::vector<double> probes_ns;
  std::uint64_t preemptions = 0;
  bool knows_preemptions = true;
  double throttled_s = 0;
  bool knows_throttling = true;
  double stopped_s = 0;
};

void add_probes(const workload::Sample& sample, std::vector<double>& probes) {
  for (const workload::CoreToCore& probe : sample.core_to_core) {
    for (const std::optional<double>& ns : {probe.before_ns, probe.after_ns}) {
      if (ns) probes.push_back(*ns);
    }
  }
}

std::map<unsigned, Round> rounds_of(const results::Document& document) {
  std::map<unsigned, Round> rounds;
  for (const results::Series& series : document.series) {
    std::vector<double> rates;
    for (const workload::Sample& sample : series.samples) {
      if (!sample.cut_short && sample.seconds > 0) rates.push_back(sample.messages_per_second());
    }
    const double middle = rates.empty() ? 0 : analysis::median(rates);
    for (const workload::Sample& sample : series.samples) {
      if (sample.cut_short) continue;
      Round& round = rounds[sample.round];
      if (middle > 0) round.relative.push_back(sample.messages_per_second() / middle);
      add_probes(sample, round.probes_ns);
      round.preemptions += sample.events.preemptions.value_or(0);
      round.knows_preemptions = round.knows_preemptions && sample.events.preemptions;
      round.throttled_s += sample.throttled_s.value_or(0);
      round.knows_throttling = round.knows_throttling && sample.throttled_s;
      round.stopped_s += sample.stopped_s;
    }
  }
  return rounds;
}

std::string share_text(const std::optional<double>& share) {
  return share ? fmt::format("{:.1f} %", 100 * *share) : std::string("unknown");
}

std::string activity_text(const machine::Activity& activity) {
  return fmt::format("other processes used {} of the CPUs, a hypervisor took {}",
                     share_text(activity.foreign_cpu_share), share_text(activity.steal_share));
}

Table table_of(const std::string& title, const std::map<unsigned, Round>& rounds) {
  Table table{
      .title = title,
      .columns = {{.title = "round"},
                  {.title = "rate over the series' median"},
                  {.title = "cache line's round trip over its median"},
                  {.title = "round trip"},
                  {.title = "preemptions"},
                  {.title = "throttled"},
                  {.title = "stopped"}},
      .rows = {},
      .chart = Chart{.x_title = "round of trials", .y_title = "over the median", .log_y = true},
      .folded = false};
  std::vector<double> all;
  for (const auto& [number, round] : rounds) {
    if (!round.probes_ns.empty()) all.push_back(analysis::median(round.probes_ns));
  }
  const double middle = all.empty() ? 0 : analysis::median(all);
  for (const auto& [number, round] : rounds) {
    std::vector<Cell> row = {
        {.text = fmt::format("{}", number + 1), .value = static_cast<double>(number + 1)}};
    if (round.relative.empty()) {
      row.push_back({});
    } else {
      const double rate = analysis::median(round.relative);
      const auto [least, most] = std::ranges::minmax(round.relative);
      row.push_back({.text = present::ratio_text(rate),
                     .value = rate,
                     .interval = results::Interval{.lo = least, .hi = most}});
    }
    if (round.probes_ns.empty() || middle <= 0) {
      row.push_back({});
      row.push_back({.text = "not probed"});
    } else {
      const double ns = analysis::median(round.probes_ns);
      row.push_back({.text = present::ratio_text(ns / middle), .value = ns / middle});
      row.push_back({.text = fmt::format("{:.4g} ns", ns)});
    }
    row.push_back({.text = round.knows_preemptions ? present::grouped(round.preemptions)
                                                   : std::string("unknown")});
    row.push_back({.text = round.knows_throttling ? present::duration(round.throttled_s)
                                                  : std::string("no quota")});
    row.push_back({.text = present::duration(round.stopped_s)});
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace

Section regimes_section(const Basis& basis) {
  Section section{.id = "regimes", .title = "Did the machine change meanwhile?", .blocks = {}};
  for (const analysis::MachineRuns& machine : basis.evidence.machines) {
    for (const auto& [file, document] : machine.results) {
      const std::map<unsigned, Round> rounds = rounds_of(document);
      if (rounds.size() < kFewestRounds) continue;
      section.blocks.emplace_back(
          table_of(fmt::format("{} ({}): {}", machine.name, file, activity_text(document.activity)),
                   rounds));
    }
  }
  if (!section.blocks.empty()) {
    section.blocks.insert(
        section.blocks.begin(),
        Paragraph{.text = "The rounds of trials in the order of time. Where all rates rise or fall "
                          "together, it was the machine and not the queue; the bars go from the "
                          "slowest series to the quickest. Probes are round trips of a cache line "
                          "that were measured around the trials."});
  }
  return section;
}

}  // namespace bench::report
