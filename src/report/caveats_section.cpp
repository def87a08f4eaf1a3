#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "report/sections.hpp"

namespace bench::report {
namespace {

using results::Caveat;
using results::CaveatCode;

/// From what makes a figure wrong to what makes it vague. Codes that are not here come last.
constexpr std::array kWorstFirst = {CaveatCode::failed,
                                    CaveatCode::not_end_to_end,
                                    CaveatCode::interrupted,
                                    CaveatCode::unoptimized_build,
                                    CaveatCode::not_as_asked,
                                    CaveatCode::throttled,
                                    CaveatCode::stopped,
                                    CaveatCode::foreign_load,
                                    CaveatCode::steal,
                                    CaveatCode::regimes,
                                    CaveatCode::topology_contradicted,
                                    CaveatCode::unpinned,
                                    CaveatCode::oversubscribed,
                                    CaveatCode::preempted,
                                    CaveatCode::clock_not_invariant,
                                    CaveatCode::few_samples,
                                    CaveatCode::wide_interval};

std::size_t rank_of(CaveatCode code) {
  return static_cast<std::size_t>(std::ranges::find(kWorstFirst, code) - kWorstFirst.begin());
}

/// A kind of caveat, and what it is about.
struct Noted {
  CaveatCode code;
  std::string text;  ///< of the first
  std::set<std::string> texts = {};
  bool of_whole_documents = false;
  std::set<std::string> machines = {};
  std::vector<std::string> series = {};
};

class AllCaveats {
 public:
  void add(const std::string& machine, const Caveat& caveat, const std::string& series) {
    auto at = std::ranges::find(noted_, caveat.code, &Noted::code);
    if (at == noted_.end()) {
      at = noted_.insert(noted_.end(), {.code = caveat.code, .text = caveat.text});
    }
    at->texts.insert(caveat.text);
    at->machines.insert(machine);
    at->of_whole_documents = at->of_whole_documents || series.empty();
    if (series.empty() || std::ranges::find(at->series, series) != at->series.end()) return;
    at->series.push_back(series);
  }

  [[nodiscard]] std::vector<Noted> worst_first() && {
    std::ranges::sort(noted_, {}, [](const Noted& one) {
      return std::pair(rank_of(one.code), static_cast<std::size_t>(one.code));
    });
    return std::move(noted_);
  }

 private:
  std::vector<Noted> noted_;
};

/// Names as many as one reads.
std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 4;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kMost); ++i) {
    text += fmt::format("{}{}", i == 0 ? "" : "; ", names[i]);
  }
  if (names.size() > kMost) text += fmt::format("; and {} more", names.size() - kMost);
  return text;
}

}  // namespace

Section caveats_section(const Basis& basis) {
  AllCaveats all;
  for (const analysis::MachineRuns& machine : basis.evidence.machines) {
    for (const auto& [file, document] : machine.results) {
      for (const Caveat& caveat : document.caveats) all.add(machine.name, caveat, {});
      for (const results::Series& series : document.series) {
        for (const Caveat& caveat : series.caveats) all.add(machine.name, caveat, series.name);
      }
    }
    for (const auto& [file, report] : machine.topologies) {
      for (const Caveat& caveat : report.caveats) all.add(machine.name, caveat, {});
    }
  }
  for (const auto& [file, report] : basis.evidence.verdicts) {
    for (const Caveat& caveat : report.caveats) all.add(file, caveat, {});
    for (const results::JudgedSeries& series : report.series) {
      for (const Caveat& caveat : series.caveats) all.add(file, caveat, series.name);
    }
  }
  Section section{.id = "caveats", .title = "Read with care", .blocks = {}};
  Table table{.title = "Caveats, worst first",
              .columns = {{.title = "caveat", .is_number = false},
                          {.title = "what was seen", .is_number = false},
                          {.title = "where", .is_number = false},
                          {.title = "series", .is_number = false}},
              .rows = {}};
  for (const Noted& noted : std::move(all).worst_first()) {
    const std::vector<std::string> machines(noted.machines.begin(), noted.machines.end());
    table.rows.push_back(
        {{.text = std::string(results::name(noted.code))},
         {.text = noted.texts.size() == 1
                      ? noted.text
                      : fmt::format("{} (and {} like it)", noted.text, noted.texts.size() - 1)},
         {.text = listed(machines)},
         {.text = noted.of_whole_documents ? "all" : listed(noted.series)}});
  }
  if (!table.rows.empty()) section.blocks.emplace_back(std::move(table));
  return section;
}

}  // namespace bench::report
