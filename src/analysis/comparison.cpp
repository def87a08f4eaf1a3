#include "analysis/comparison.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/runs.hpp"
#include "analysis/side_differences.hpp"
#include "analysis/statistics.hpp"
#include "analysis/summary.hpp"

namespace bench::analysis {
namespace {

using results::Caveat;
using results::CaveatCode;
using results::JudgedSeries;
using results::JudgedSide;
using results::Series;
using results::Verdict;

/// A trial that was cut short says nothing, nor does one in a time that nobody could measure.
bool is_evidence(const workload::Sample& sample) { return !sample.cut_short && sample.seconds > 0; }

Run run_of(const Series& series) {
  Run run;
  for (const workload::Sample& sample : series.samples) {
    if (!is_evidence(sample)) continue;
    run.push_back({.messages_per_second = sample.messages_per_second(),
                   .core_to_core_ns = core_to_core_ns(sample)});
  }
  return run;
}

/// The largest factor between two samples of a series in any document.
double spread_in(const DocumentsOfSide& side) {
  double spread = 1;
  for (const NamedDocument& named : side) {
    for (const Series& series : named.document.series) {
      if (series.spec.pattern == workload::Pattern::one_way) continue;
      std::vector<double> logs;
      for (const Observation& one : run_of(series)) logs.push_back(log_rate(one));
      if (logs.empty()) continue;
      const auto [least, most] = std::ranges::minmax(logs);
      spread = std::max(spread, std::exp(most - least));
    }
  }
  return spread;
}

/// A caveat of several documents is said once, as the first of them says it.
class Caveats {
 public:
  void add(const Caveat& caveat, const std::string& file) {
    const auto same = std::ranges::find(said_, caveat.code, &Said::code);
    if (same == said_.end()) {
      said_.push_back({.code = caveat.code, .text = caveat.text, .file = file, .documents = 1});
    } else if (same->last_file() != file) {
      ++same->documents;
      same->last = file;
    }
  }

  /// `of` is the number of documents that could have said it.
  [[nodiscard]] std::vector<Caveat> take(std::size_t of) const {
    std::vector<Caveat> caveats;
    caveats.reserve(said_.size());
    for (const Said& said : said_) {
      caveats.push_back({said.code, said.documents == of
                                        ? said.text
                                        : fmt::format("in {} of {} documents; {}: {}",
                                                      said.documents, of, said.file, said.text)});
    }
    return caveats;
  }

 private:
  struct Said {
    CaveatCode code;
    std::string text;
    std::string file;
    std::size_t documents = 0;
    std::string last = {};

    [[nodiscard]] const std::string& last_file() const { return last.empty() ? file : last; }
  };
  std::vector<Said> said_;
};

/// Whether a caveat holds for runs, too. These are about the median of one run, which is not judged
/// here, or are told of the whole document.
bool holds_for_runs(CaveatCode code) {
  constexpr std::array kOfOneRun = {CaveatCode::wide_interval, CaveatCode::few_samples,
                                    CaveatCode::regimes,       CaveatCode::few_messages,
                                    CaveatCode::interrupted,   CaveatCode::failed};
  return std::ranges::find(kOfOneRun, code) == kOfOneRun.end();
}

std::vector<Caveat> document_caveats(const DocumentsOfSide& base,
                                     const DocumentsOfSide& candidate) {
  Caveats all;
  std::vector<Caveat> own;
  for (const DocumentsOfSide* const side : {&base, &candidate}) {
    for (const auto& [file, document] : *side) {
      for (const Caveat& caveat : document.caveats) {
        if (holds_for_runs(caveat.code)) all.add(caveat, file);
      }
      if (document.failure) {
        own.push_back({CaveatCode::failed,
                       fmt::format("{}: {} of {} failed: {}; what was measured before counts.",
                                   file, document.failure->trial, document.failure->series,
                                   document.failure->reason)});
      } else if (!document.complete) {
        own.push_back({CaveatCode::interrupted,
                       fmt::format("{}: its measurement was interrupted; what was measured before "
                                   "counts.",
                                   file)});
      }
    }
  }
  std::vector<Caveat> caveats = all.take(base.size() + candidate.size());
  caveats.insert(caveats.begin(), own.begin(), own.end());
  return caveats;
}

/// The first failure of a queue. That a measurement could not go on is no fault of what was
/// measured.
std::optional<results::Failure> queue_failure(const DocumentsOfSide& base,
                                              const DocumentsOfSide& candidate) {
  for (const DocumentsOfSide* const side : {&base, &candidate}) {
    for (const auto& [file, document] : *side) {
      const auto& failure = document.failure;
      if (!failure || failure->kind == results::FailureKind::cannot_measure) continue;
      results::Failure named = *failure;
      named.trial = fmt::format("{}: {}", file, named.trial);
      return named;
    }
  }
  return std::nullopt;
}

/// Sums over the runs. Where some queue of the series promises order, only such a queue's late
/// messages are faults.
workload::Verification verification_of(const std::vector<SeriesOfRun>& runs, bool keeps_order) {
  workload::Verification sum;
  for (const SeriesOfRun& run : runs) {
    workload::Verification one = run.series->verification;
    if (keeps_order && !run.series->keeps_order) one.reordered = 0;
    sum += one;
  }
  return sum;
}

std::vector<Run> runs_of(const std::vector<SeriesOfRun>& series) {
  std::vector<Run> runs(series.size());
  std::ranges::transform(series, runs.begin(),
                         [](const SeriesOfRun& run) { return run_of(*run.series); });
  return runs;
}

JudgedSide judged_side(const std::vector<SeriesOfRun>& series,
                       std::vector<results::RunEvidence> evidence, bool keeps_order) {
  JudgedSide side;
  side.spec = series.front().series->spec;
  side.placement = series.front().series->placement;
  std::vector<double> rates;
  for (std::size_t i = 0; i < evidence.size(); ++i) {
    evidence[i].file = series[i].file;
    if (evidence[i].samples > 0) rates.push_back(evidence[i].messages_per_second);
  }
  if (!rates.empty()) side.messages_per_second = median(rates);
  side.runs = std::move(evidence);
  side.verification = verification_of(series, keeps_order);
  return side;
}

/// The place on the axes that both sides share; nowhere if they have not the same axes.
std::vector<results::Parameter> shared_place(const Series& base, const Series& candidate) {
  return base.parameters == candidate.parameters ? base.parameters
                                                 : std::vector<results::Parameter>();
}

JudgedSeries judged(const MatchedSeries& matched, const DocumentsOfSide& base,
                    const DocumentsOfSide& candidate, const RunsRule& rule) {
  JudgedRuns found = judge_runs(runs_of(matched.base), runs_of(matched.candidate), rule);
  JudgedSeries series;
  series.name = matched.name;
  const Series& first = *matched.base.front().series;
  series.parameters = shared_place(first, *matched.candidate.front().series);
  series.verdict = found.verdict;
  series.ratio = found.ratio;
  series.interval = found.interval;
  series.detectable = found.detectable;
  series.why = std::move(found.why);
  const auto keeps = [](const SeriesOfRun& run) { return run.series->keeps_order; };
  series.keeps_order =
      std::ranges::any_of(matched.base, keeps) || std::ranges::any_of(matched.candidate, keeps);
  series.base = judged_side(matched.base, std::move(found.base), series.keeps_order);
  series.candidate = judged_side(matched.candidate, std::move(found.candidate), series.keeps_order);
  Caveats caveats;
  const auto add = [&caveats](const std::vector<SeriesOfRun>& runs, const DocumentsOfSide& side) {
    for (const SeriesOfRun& run : runs) {
      for (const Caveat& caveat : run.series->caveats) {
        if (holds_for_runs(caveat.code)) caveats.add(caveat, side[run.file].file);
      }
    }
  };
  add(matched.base, base);
  add(matched.candidate, candidate);
  series.caveats = caveats.take(matched.base.size() + matched.candidate.size());
  return series;
}

/// The labels of all documents, each once, and their notes likewise.
void add_labels(const DocumentsOfSide& documents, results::Side& side) {
  std::vector<std::string> labels;
  for (const auto& [file, document] : documents) {
    if (!document.label.empty() && std::ranges::find(labels, document.label) == labels.end()) {
      labels.push_back(document.label);
    }
    for (const results::Note& note : document.notes) {
      if (std::ranges::find(side.notes, note) == side.notes.end()) side.notes.push_back(note);
    }
  }
  side.label = fmt::format("{}", fmt::join(labels, ", "));
}

results::Side side_of(std::string name, const DocumentsOfSide& documents) {
  results::Side side{.name = std::move(name), .tool = documents.front().document.tool};
  for (const NamedDocument& named : documents) side.files.push_back(named.file);
  add_labels(documents, side);
  return side;
}

constexpr const char* kRule =
    "A run is the unit of evidence: the median of the log rates of its samples. Sides are compared "
    "within regimes that both met, told apart by probes (a factor of {} between round trips); "
    "Student's intervals from the spread between runs, corrected for the number of series "
    "(Bonferroni). Of so few runs that a machine of two states would separate the sides more often "
    "than that allows ({} a side are enough; where one side has fewer, the other needs more), only "
    "a change beyond a factor of {:.3g} is claimed: more than single runs of one program were seen "
    "to differ by, and more "
    "than the samples of any run here do. Other machines, disturbances, builds or methods are "
    "compared and not judged.";

}  // namespace

results::VerdictReport compare_runs(const DocumentsOfSide& base, const DocumentsOfSide& candidate,
                                    double margin) {
  const Matched matched = match(base, candidate);
  results::VerdictReport report;
  report.evidence = results::Evidence::runs;
  report.margin = margin;
  report.failure = queue_failure(base, candidate);
  report.complete = !report.failure;
  report.base = side_of("base", base);
  report.candidate = side_of("candidate", candidate);
  report.host = base.front().document.host;
  report.differences = side_differences(base, candidate, matched.series);
  report.unmatched = matched.unmatched;
  report.caveats = document_caveats(base, candidate);
  const RunsRule rule{.margin = margin,
                      .error = (1 - report.confidence) /
                               static_cast<double>(std::max<std::size_t>(matched.series.size(), 1)),
                      .spread = std::max(spread_in(base), spread_in(candidate))};
  report.rule = fmt::format(kRule, kStratumGap, fewest_runs_a_side(rule.error),
                            std::max(rule.spread, kSpreadOfSingleRuns));
  const std::string why = why_no_verdicts(report.differences);
  for (const MatchedSeries& series : matched.series) {
    JudgedSeries one = judged(series, base, candidate, rule);
    if (!why.empty() && (one.verdict == Verdict::regressed || one.verdict == Verdict::improved)) {
      one.verdict = Verdict::inconclusive;
      one.why = why;
    }
    report.series.push_back(std::move(one));
  }
  return report;
}

}  // namespace bench::analysis
