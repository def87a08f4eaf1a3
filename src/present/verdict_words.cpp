#include "present/verdict_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <tuple>

#include "present/blocks.hpp"
#include "present/printable.hpp"
#include "present/quantity.hpp"
#include "results/fields.hpp"
#include "results/series_names.hpp"

namespace bench::present {
namespace {

using results::JudgedSeries;
using results::Verdict;
using results::VerdictReport;

constexpr double kMostPercent = 999.95;  // from there on, ratios are easier to read

std::size_t count_of(const VerdictReport& report, Verdict verdict) {
  return static_cast<std::size_t>(
      std::ranges::count(report.series, verdict, &JudgedSeries::verdict));
}

std::string totals(const VerdictReport& report) {
  return fmt::format("{} of {} series regressed, {} improved, {} no change, {} inconclusive",
                     count_of(report, Verdict::regressed), report.series.size(),
                     count_of(report, Verdict::improved), count_of(report, Verdict::no_change),
                     count_of(report, Verdict::inconclusive));
}

/// What the totals do not tell.
std::string besides(const VerdictReport& report) {
  std::string text;
  const auto is_faulty = [](const auto& series) { return !verified(series); };
  const auto faulty = std::ranges::count_if(report.series, is_faulty) +
                      std::ranges::count_if(report.unmatched, is_faulty);
  if (faulty > 0) text += fmt::format("; messages went wrong in {} series", faulty);
  if (report.failure) {
    text += "; the measurement failed";
  } else if (!report.complete) {
    text += "; interrupted";
  }
  if (report.series.empty()) text += "; nothing was compared";
  return text;
}

/// The change in per cent without its unit; 0 has no sign.
std::string signed_percent(double ratio) {
  const double value = 100 * (ratio - 1);
  const int decimals = std::abs(value) < 0.995 ? 2 : 1;
  if (std::abs(value) < 0.005) return "0";
  return fmt::format("{:+.{}f}", value, decimals);
}

std::string times(double ratio) { return "x" + ratio_text(ratio); }

/// "none" stands for an empty value.
std::string_view value_or_none(const std::string& value) {
  return value.empty() ? std::string_view("none") : std::string_view(value);
}

/// Two builds on one machine have one label.
bool labels_differ(const VerdictReport& report) {
  return report.base.label != report.candidate.label;
}

std::string found_text(double detectable) {
  return fmt::format("a slowdown of {} would be called regressed 4 times in 5",
                     percent(detectable));
}

}  // namespace

std::string verdict_word(Verdict verdict) {
  std::string word(results::word_of(verdict));
  std::ranges::replace(word, '_', ' ');
  return word;
}

std::vector<const JudgedSeries*> worst_first(const VerdictReport& report) {
  std::vector<const JudgedSeries*> all(report.series.size());
  std::ranges::transform(report.series, all.begin(), [](const JudgedSeries& one) { return &one; });
  // The last are in the order of the report, which is that of their addresses.
  std::ranges::sort(all, {}, [](const JudgedSeries* series) {
    return std::tuple(verified(*series), series->verdict, !series->ratio, series->ratio.value_or(0),
                      series);
  });
  return all;
}

std::string counted(const VerdictReport& report) { return totals(report) + besides(report); }

std::string verdict_line(const VerdictReport& report) {
  return fmt::format("verdict: {} ({}){}", verdict_word(verdict(report)), totals(report),
                     besides(report));
}

std::string percent(double part) { return fmt::format("{:.3g} %", 100 * part); }

std::string change_text(const std::optional<double>& ratio) {
  if (!ratio) return "";
  return 100 * (*ratio - 1) < kMostPercent ? signed_percent(*ratio) + "%" : times(*ratio);
}

std::string change_text(const std::optional<results::Interval>& interval) {
  if (!interval) return "";
  const auto [lo, hi] = *interval;
  if (100 * (std::max(lo, hi) - 1) < kMostPercent) {
    return fmt::format("{} to {}%", signed_percent(lo), signed_percent(hi));
  }
  return fmt::format("{} to {}", times(lo), times(hi));
}

std::string change_in_words(const JudgedSeries& series) {
  if (!series.ratio) return "no evidence";
  std::string text = change_text(series.ratio);
  if (series.interval) text += fmt::format(" ({})", change_text(series.interval));
  if (series.base.messages_per_second && series.candidate.messages_per_second) {
    text += fmt::format(", from {} to {} messages/s", rate_text(series.base),
                        rate_text(series.candidate));
  }
  return text;
}

std::string rate_text(const results::JudgedSide& side) {
  return side.messages_per_second ? si(*side.messages_per_second) : "-";
}

std::string reason_text(const JudgedSeries& series) {
  const std::string why = series.why.empty() ? "no reason is known" : series.why;
  return series.detectable ? fmt::format("{}; {}", why, found_text(*series.detectable)) : why;
}

std::string_view remedy(results::Evidence evidence) noexcept {
  return evidence == results::Evidence::duel ? "a longer --budget, or a machine with less to do"
                                             : "more runs of each side, or a duel";
}

std::string detectable_text(const VerdictReport& report) {
  const JudgedSeries* least = nullptr;
  const JudgedSeries* most = nullptr;
  std::size_t unknown = 0;
  for (const JudgedSeries& series : report.series) {
    if (!series.detectable) {
      ++unknown;
      continue;
    }
    if (least == nullptr || *series.detectable < *least->detectable) least = &series;
    if (most == nullptr || *series.detectable > *most->detectable) most = &series;
  }
  if (most == nullptr) return unknown == 0 ? "" : "it is not known which slowdowns would be found";
  const std::string lowest = percent(*least->detectable);
  const std::string highest = percent(*most->detectable);
  const std::string range = lowest == highest ? lowest
                                              : fmt::format("{} ({}) to {} ({})", lowest,
                                                            least->name, highest, most->name);
  const std::string others =
      unknown == 0 ? "" : fmt::format("; it is not known of {} series", unknown);
  return fmt::format("the smallest slowdown that would be called regressed 4 times in 5: {}{}",
                     range, others);
}

std::vector<std::string> faults_of(const JudgedSeries& series) {
  if (verified(series)) return {};
  std::vector<std::string> lines;
  const auto add = [&](std::string_view which, const results::JudgedSide& side) {
    workload::Verification counts = side.verification;
    if (!series.keeps_order) counts.reordered = 0;
    if (counts.passed()) return;
    lines.push_back(fmt::format("{}: {}", which, fault_text(side.verification)));
    for (const workload::FaultyMessage& message : side.verification.first) {
      lines.push_back(fmt::format("{}: {}", which, words(message)));
    }
  };
  add("base", series.base);
  add("candidate", series.candidate);
  return lines;
}

std::string reason_text(const results::Unmatched& unmatched) {
  const std::string side =
      unmatched.known_to == results::KnownTo::neither
          ? "neither side knows it"
          : fmt::format("only the {} knows it", results::word_of(unmatched.known_to));
  return unmatched.why.empty() ? side : fmt::format("{}: {}", side, unmatched.why);
}

std::string difference_text(const results::SideDifference& difference) {
  return fmt::format("{}: {}: {} in the base, {} in the candidate",
                     results::word_of(difference.kind), difference.field,
                     value_or_none(difference.base), value_or_none(difference.candidate));
}

std::string marked_text(const VerdictReport& report) {
  std::size_t blocks = 0;
  std::size_t marked = 0;
  std::array<std::size_t, results::kDisturbanceNames.size()> by_kind{};
  std::size_t samples = 0;
  std::size_t left_out = 0;
  for (const JudgedSeries& series : report.series) {
    blocks += series.blocks.size();
    for (const results::Block& block : series.blocks) {
      marked += block.marks.empty() ? 0 : 1;
      for (std::size_t i = 0; i < by_kind.size(); ++i) {
        const auto kind = results::kDisturbanceNames[i].second;
        by_kind[i] += std::ranges::find(block.marks, kind) == block.marks.end() ? 0 : 1;
      }
    }
    for (const results::JudgedSide* const side : {&series.base, &series.candidate}) {
      for (const results::RunEvidence& run : side->runs) {
        samples += run.samples;
        left_out += run.left_out;
      }
    }
  }
  std::vector<std::string> said;
  if (blocks > 0) {
    std::vector<std::string> kinds;
    for (std::size_t i = 0; i < by_kind.size(); ++i) {
      if (by_kind[i] == 0) continue;
      kinds.push_back(
          fmt::format("{} {}", grouped(by_kind[i]), results::kDisturbanceNames[i].first));
    }
    said.push_back(fmt::format(
        "{} of {} block{} marked{}{}", grouped(marked), grouped(blocks), plural(blocks),
        kinds.empty() ? "" : ", in which the machine changed: ", fmt::join(kinds, ", ")));
  }
  if (samples + left_out > 0) {
    said.push_back(
        fmt::format("{} of {} samples left out", grouped(left_out), grouped(samples + left_out)));
  }
  return fmt::format("{}", fmt::join(said, "; "));
}

std::string side_text(const results::Side& side) {
  std::string text = side.label.empty() ? side.name : side.label;
  for (const std::string& argument : side.arguments) text += " " + argument;
  if (!side.files.empty()) text += fmt::format(": {}", fmt::join(side.files, ", "));
  return text;
}

SideHeads side_heads(const VerdictReport& report, std::size_t most_bytes) {
  const auto head = [&](const results::Side& side, std::string_view role) {
    return labels_differ(report) && !side.label.empty()
               ? results::abbreviated(printable(side.label), most_bytes)
               : std::string(role);
  };
  return {.base = head(report.base, "base"), .candidate = head(report.candidate, "candidate")};
}

std::string from_side_to_side(const VerdictReport& report) {
  const auto named = [&](const results::Side& side) {
    return labels_differ(report) && !side.label.empty() ? fmt::format(" ({})", side.label)
                                                        : std::string();
  };
  return fmt::format("from the base{} to the candidate{}", named(report.base),
                     named(report.candidate));
}

std::string tool_text(const results::Tool& tool) {
  return fmt::format("{} {}, commit {}, {} {}", value_or_none(tool.name),
                     value_or_none(tool.version), value_or_none(tool.commit),
                     value_or_none(tool.compiler), tool.flags);
}

std::string time_taken(const VerdictReport& report) {
  if (!report.seconds) return "";
  const std::string took = duration(*report.seconds);
  return report.budget_s ? fmt::format("{} of at most {}", took, duration(*report.budget_s)) : took;
}

std::vector<results::Series> named(const std::vector<const JudgedSeries*>& all) {
  std::vector<results::Series> names(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    names[i].name = all[i]->name;
    names[i].parameters = all[i]->parameters;
    names[i].caveats = all[i]->caveats;
  }
  return names;
}

}  // namespace bench::present
