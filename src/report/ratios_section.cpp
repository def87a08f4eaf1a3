#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "present/spec_words.hpp"
#include "present/verdict_words.hpp"
#include "report/forest.hpp"
#include "report/points.hpp"
#include "report/sections.hpp"

namespace bench::report {
namespace {

std::string x_title(const std::string& candidate, const std::string& base) {
  return fmt::format("rate of {} over that of {}", candidate, base);
}

std::string rate_of(const analysis::MachineRuns& machine,
                    const std::vector<const results::Series*>& runs) {
  return messages_per_second({.machine = &machine, .runs = runs, .settings = {}}).text;
}

void add_machines(const Basis& basis, std::vector<Block>& blocks) {
  for (const ComparedMachine& compared : basis.compared) {
    std::vector<RatioRow> ratios;
    for (const analysis::SeriesRatio& one : compared.comparison.series) {
      if (!one.judged.ratio) continue;
      ratios.push_back({.name = present::title(*one.base.front()),
                        .ratio = *one.judged.ratio,
                        .interval = one.judged.interval,
                        .further = {rate_of(*basis.reference, one.base),
                                    rate_of(*compared.machine, one.candidate)}});
    }
    if (ratios.empty()) continue;
    blocks.emplace_back(Paragraph{
        .text = fmt::format(
            "{} compared with {}. Each interval holds the true ratio with 95 % "
            "confidence (Student's interval from the spread between runs): of twenty, one "
            "may not. Where there is none, the runs are too few to show how much runs "
            "differ.",
            compared.machine->name, basis.reference->name)});
    std::string title = fmt::format("{} over {}: {} matched series", compared.machine->name,
                                    basis.reference->name, ratios.size());
    blocks.emplace_back(
        forest(std::move(title), x_title(compared.machine->name, basis.reference->name),
               {"series", basis.reference->name, compared.machine->name}, std::move(ratios)));
  }
}

void add_duels(const Basis& basis, std::vector<Block>& blocks) {
  for (const auto& [file, report] : basis.evidence.verdicts) {
    std::vector<RatioRow> ratios;
    for (const results::JudgedSeries& series : report.series) {
      if (!series.ratio) continue;
      ratios.push_back(
          {.name = series.name,
           .ratio = *series.ratio,
           .interval = series.interval,
           .further = {present::rate_text(series.base), present::rate_text(series.candidate)}});
    }
    if (ratios.empty()) continue;
    blocks.emplace_back(Paragraph{.text = fmt::format("{}: {}", file, report.rule)});
    constexpr std::size_t kLongestHead = 60;
    const present::SideHeads heads = present::side_heads(report, kLongestHead);
    blocks.emplace_back(forest(fmt::format("{}: {} over {}", file, heads.candidate, heads.base),
                               x_title(heads.candidate, heads.base),
                               {"series", heads.base, heads.candidate}, std::move(ratios)));
  }
}

/// What the reference of a comparison is, where it is not the same as the series.
std::string reference_words(const results::Document& document, const results::Series& series,
                            const std::string& reference) {
  const auto found = std::ranges::find(document.series, reference, &results::Series::name);
  if (found == document.series.end() || found->parameters.size() != series.parameters.size()) {
    return reference;
  }
  results::Series different = *found;
  different.parameters.clear();
  for (std::size_t i = 0; i < found->parameters.size(); ++i) {
    if (found->parameters[i] == series.parameters[i]) continue;
    different.parameters.push_back(found->parameters[i]);
  }
  return present::title(different);
}

/// The queues of each document, compared within the same rounds.
void add_queues(const Basis& basis, std::vector<Block>& blocks) {
  for (const analysis::MachineRuns& machine : basis.evidence.machines) {
    for (const auto& [file, document] : machine.results) {
      std::vector<RatioRow> ratios;
      for (const results::Series& series : document.series) {
        for (const results::Comparison& one : series.comparisons) {
          if (one.ratio <= 0) continue;
          ratios.push_back({.name = fmt::format("{} over {}", present::title(series),
                                                reference_words(document, series, one.reference)),
                            .ratio = one.ratio,
                            .interval = one.ci95,
                            .further = {}});
        }
      }
      if (ratios.empty()) continue;
      Table table = forest(
          fmt::format("{}: series of {} compared within the same rounds", machine.name, file),
          "rate of the first over that of the other", {"series"}, std::move(ratios));
      blocks.emplace_back(
          Paragraph{.text = fmt::format(
                        "Series that ran in the same rounds of {}: each ratio is the median of "
                        "the rounds' quotients, with a bootstrap interval of its own.",
                        file)});
      blocks.emplace_back(std::move(table));
    }
  }
}

}  // namespace

Section ratios_section(const Basis& basis) {
  Section section{.id = "ratios", .title = "Ratios", .blocks = {}};
  add_machines(basis, section.blocks);
  add_duels(basis, section.blocks);
  add_queues(basis, section.blocks);
  if (!section.blocks.empty()) {
    section.blocks.insert(
        section.blocks.begin(),
        Paragraph{.text = "A ratio is one rate over another: above 1 is faster, and of round trips "
                          "shorter."});
  }
  return section;
}

}  // namespace bench::report
