#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "present/blocks.hpp"
#include "present/quantity.hpp"
#include "present/verdict_words.hpp"
#include "report/forest.hpp"
#include "report/points.hpp"
#include "report/sections.hpp"
#include "workload/queue_table.hpp"

namespace bench::report {
namespace {

using analysis::MeanRatio;
using analysis::Work;

std::string_view at_work(Work work) {
  switch (work) {
    case Work::spsc:
      return "with one producer";
    case Work::mpsc:
      return "with several producers";
    case Work::round_trips:
      return "in round trips";
  }
  return {};
}

/// "N of M series match".
std::string matched_words(const MeanRatio& mean) {
  return fmt::format("geometric mean of {} of {} series that both have", mean.matched, mean.of);
}

/// "one run of A and 3 runs of B".
std::string runs_words(const std::string& machine, const std::string& base, const MeanRatio& mean) {
  const auto count = [](std::size_t runs) {
    return runs == 0   ? std::string("no run with all of them")
           : runs == 1 ? std::string("one run")
                       : fmt::format("{} runs", runs);
  };
  return mean.candidate_runs == mean.base_runs
             ? fmt::format("{} of each", count(mean.base_runs))
             : fmt::format("{} of {} and {} of {}", count(mean.candidate_runs), machine,
                           count(mean.base_runs), base);
}

/// A ratio of rates as people say it.
std::string sentence(const std::string& machine, const std::string& base, const MeanRatio& mean) {
  const std::string ratio = present::ratio_text(*mean.ratio);
  if (!mean.interval) {
    return fmt::format(
        "Cannot tell whether {} or {} is faster {}: {} cannot show how much runs differ. In what "
        "was measured, {} was {} times as fast ({}).",
        machine, base, at_work(mean.work), runs_words(machine, base, mean), machine, ratio,
        matched_words(mean));
  }
  const std::string interval = fmt::format("{} to {}", present::ratio_text(mean.interval->lo),
                                           present::ratio_text(mean.interval->hi));
  if (mean.interval->lo <= 1 && mean.interval->hi >= 1) {
    return fmt::format(
        "Cannot tell whether {} or {} is faster {}: {} was {} times as fast, and with 95 % "
        "confidence it is {} times as fast ({}; {}).",
        machine, base, at_work(mean.work), machine, ratio, interval, matched_words(mean),
        runs_words(machine, base, mean));
  }
  return fmt::format("{} is {} than {} {}: {} times as fast, with 95 % confidence {} ({}; {}).",
                     machine, *mean.ratio > 1 ? "faster" : "slower", base, at_work(mean.work),
                     ratio, interval, matched_words(mean), runs_words(machine, base, mean));
}

bool cannot_tell(const MeanRatio& mean) {
  return !mean.interval || (mean.interval->lo <= 1 && mean.interval->hi >= 1);
}

/// A reader takes in no more comparisons in sentences. More of them are a table.
constexpr std::size_t kMostInSentences = 3;

/// Which side of 1 the interval of each machine is on, in one sentence.
std::string counted(const std::string& base, Work work,
                    const std::vector<std::optional<results::Interval>>& intervals) {
  const auto count = [&](auto&& takes) { return std::ranges::count_if(intervals, takes); };
  const auto faster = count([](const auto& one) { return one && one->lo > 1; });
  const auto slower = count([](const auto& one) { return one && one->hi < 1; });
  return fmt::format(
      "{} machines were compared with {} {}, each by itself: {} faster, {} slower, and of {} it "
      "cannot be told.",
      intervals.size(), base, at_work(work), faster, slower,
      static_cast<std::ptrdiff_t>(intervals.size()) - faster - slower);
}

/// Each machine beside the first one, for each kind of work.
void add_ranking(const Basis& basis, std::vector<Block>& blocks) {
  const std::string& base = basis.reference->name;
  for (const auto& [words, work] : analysis::kWorkNames) {
    std::vector<RatioRow> rows;
    std::vector<std::optional<results::Interval>> intervals;
    for (const ComparedMachine& compared : basis.compared) {
      for (const MeanRatio& mean : compared.comparison.means) {
        if (mean.work != work || !mean.ratio) continue;
        rows.push_back(
            {.name = compared.machine->name,
             .ratio = *mean.ratio,
             .interval = mean.interval,
             .further = {fmt::format("{} of {}", mean.matched, mean.of),
                         fmt::format("{} and {}", mean.candidate_runs, mean.base_runs)}});
        intervals.push_back(mean.interval);
      }
    }
    if (rows.empty()) continue;
    blocks.emplace_back(Paragraph{.text = counted(base, work, intervals)});
    blocks.emplace_back(forest(fmt::format("Each machine over {} {}", base, at_work(work)),
                               fmt::format("geometric mean of the rates over those of {}", base),
                               {"machine", "series that both have", "runs of both"},
                               std::move(rows)));
  }
}

void add_comparisons(const Basis& basis, std::vector<Block>& blocks) {
  const bool many = basis.compared.size() > kMostInSentences;
  if (many) add_ranking(basis, blocks);
  bool few = false;
  for (const ComparedMachine& compared : basis.compared) {
    if (compared.comparison.means.empty()) {
      blocks.emplace_back(Paragraph{
          .text = fmt::format("{} and {} have no series in common, so that nothing of them can be "
                              "compared.",
                              compared.machine->name, basis.reference->name)});
    }
    for (const MeanRatio& mean : compared.comparison.means) {
      if (!mean.ratio) {
        blocks.emplace_back(
            Paragraph{.text = fmt::format(
                          "{} and {} cannot be compared {}: no trial of theirs has a figure.",
                          compared.machine->name, basis.reference->name, at_work(mean.work))});
        continue;
      }
      few = few || !mean.interval;
      if (many) continue;
      blocks.emplace_back(
          Paragraph{.text = sentence(compared.machine->name, basis.reference->name, mean),
                    .strong = !cannot_tell(mean)});
    }
  }
  if (few) {
    blocks.emplace_back(Paragraph{
        .text = "The next run on the same machine may be several times faster or slower, where it "
                "is shared. Measure each machine three times or more, and give all files to the "
                "report."});
  }
}

/// The fastest series of a kind of work.
const Point* fastest(const std::vector<Point>& points) {
  const Point* best = nullptr;
  double most = 0;
  for (const Point& point : points) {
    const auto rate = messages_per_second(point).value;
    if (rate && *rate > most) {
      most = *rate;
      best = &point;
    }
  }
  return best;
}

void add_fastest(const Basis& basis, std::vector<Block>& blocks) {
  for (const auto& [words, work] : analysis::kWorkNames) {
    const auto of_work = [work](const results::Series& series) {
      return analysis::work_of(series.spec) == work && !workload::is_limit(series.spec);
    };
    const std::vector<Point> points = points_of(basis.evidence, of_work);
    const Point* const best = fastest(points);
    if (best == nullptr) continue;
    const std::string where = place(*best, axes_of(points));
    const bool trips = work == Work::round_trips;
    const Cell cell = trips ? round_trip_ns(*best) : messages_per_second(*best);
    blocks.emplace_back(
        Paragraph{.text = fmt::format("{} {}: {}{} on {}{}{}.", trips ? "Shortest" : "Highest rate",
                                      trips ? "round trip" : at_work(work), cell.text,
                                      trips ? "" : " messages/s", best->machine->name,
                                      where.empty() ? "" : ", at ", where)});
  }
}

void add_verdicts(const Basis& basis, std::vector<Block>& blocks) {
  for (const auto& [file, report] : basis.evidence.verdicts) {
    blocks.emplace_back(Paragraph{
        .text = fmt::format("{} ({} against {}): {}.", file, present::side_text(report.candidate),
                            present::side_text(report.base), present::counted(report)),
        .strong = results::verdict(report) == results::Verdict::regressed});
  }
}

void add_stresses(const Basis& basis, std::vector<Block>& blocks) {
  for (const auto& [file, report] : basis.evidence.stresses) {
    blocks.emplace_back(Paragraph{
        .text =
            report.failure
                ? fmt::format("{}: the stress failed in round {}: {}.", file,
                              present::grouped(report.failure->round), report.failure->reason)
                : fmt::format("{}: {} rounds of stress with {} messages passed in {}.", file,
                              present::grouped(report.rounds), present::grouped(report.messages),
                              present::duration(report.seconds)),
        .strong = report.failure.has_value()});
  }
}

bool any_samples(const analysis::Evidence& evidence) {
  return std::ranges::any_of(evidence.machines, [](const analysis::MachineRuns& machine) {
    return std::ranges::any_of(machine.results, [](const analysis::NamedDocument& named) {
      return std::ranges::any_of(named.document.series, [](const results::Series& series) {
        return !series.samples.empty();
      });
    });
  });
}

}  // namespace

Section verdict_section(const Basis& basis) {
  Section section{.id = "verdict", .title = "Verdict", .blocks = {}};
  add_comparisons(basis, section.blocks);
  if (basis.compared.empty() && basis.reference != nullptr) add_fastest(basis, section.blocks);
  add_verdicts(basis, section.blocks);
  add_stresses(basis, section.blocks);
  if (section.blocks.empty() && basis.reference != nullptr && !any_samples(basis.evidence)) {
    section.blocks.emplace_back(
        Paragraph{.text = "Nothing was measured: no series of any document has a trial."});
  }
  return section;
}

}  // namespace bench::report
