// The command compare: verdicts on results that were measured at different times.

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "analysis/comparison.hpp"
#include "analysis/matching.hpp"
#include "analysis/side_differences.hpp"
#include "cli/command.hpp"
#include "cli/flags.hpp"
#include "cli/kept_documents.hpp"
#include "cli/output.hpp"
#include "cli/values.hpp"
#include "cli/verdict_output.hpp"
#include "measure/origin.hpp"
#include "measure/plan.hpp"
#include "results/json.hpp"

namespace bench::cli {
namespace {

using analysis::DocumentsOfSide;
using measure::BadRequest;
using results::DifferenceKind;

constexpr const char* kCompareFooter =
    R"(FILEs are JSON that run or sweep wrote, each the result of a run of its own, or
reports, whose results count one by one; - is stdin. A run is the unit of
evidence: measure each side five times, in turns if you can; a single series
needs three, ten need five. Fewer runs show no change, and a difference only
beyond a factor of 10. On a shared machine, duel finds more in less time.

If the machines, what else they did (other processes, steal, a quota, a stop),
builds or methods of the documents differ, series are compared but none is
regressed or improved. --strict refuses to compare them.

Exit status: 0 no series regressed; 1 a series regressed, or a document says
that a message was lost, duplicated, reordered or corrupted, or that the queue
failed; 2 invalid request, a FILE that cannot be read, or what --strict refuses;
3 no series has a ratio, or the output could not be written.

Examples:
  ringmpsc-bench compare --base main-*.json --candidate branch-*.json
  ringmpsc-bench compare --base a.json --candidate b.json --strict machine,build
  ringmpsc-bench compare --base a*.json --candidate b*.json --markdown note.md)";

struct CompareOptions {
  VerdictOptions verdict;
  std::vector<std::string> base;
  std::vector<std::string> candidate;
  std::vector<DifferenceKind> strict;
};

/// The kinds of differences that a list names.
std::vector<DifferenceKind> read_strict(std::string_view flag, std::string_view list) {
  const auto words = std::views::keys(results::kDifferenceKindNames);
  const std::vector<std::string_view> choices(words.begin(), words.end());
  std::vector<DifferenceKind> kinds;
  for (const std::string_view chosen : parse_names(flag, list, choices)) {
    for (const auto& [word, kind] : results::kDifferenceKindNames) {
      if (chosen == kAllNames || chosen == word) kinds.push_back(kind);
    }
  }
  return kinds;
}

void check_files(const CompareOptions& options) {
  struct Named {
    std::string_view flag;
    const std::string* path;
    std::filesystem::path file;
  };
  std::vector<Named> all;
  for (const auto& [flag, paths] :
       {std::pair{std::string_view{"--base"}, &options.base},
        std::pair{std::string_view{"--candidate"}, &options.candidate}}) {
    if (paths->empty()) throw BadRequest(fmt::format("{}: needs at least one FILE", flag));
    for (const std::string& path : *paths) {
      if (path.empty()) throw BadRequest(fmt::format("{} '': needs a file name, or -", flag));
      all.push_back(
          {.flag = flag, .path = &path, .file = whole_path(path == "-" ? "/dev/stdin" : path)});
    }
  }
  std::ranges::sort(all, {}, [](const Named& one) { return std::pair(one.file, one.flag); });
  const auto twice = std::ranges::adjacent_find(all, {}, &Named::file);
  if (twice == all.end()) return;
  const Named& again = *std::next(twice);
  throw BadRequest(
      twice->flag == again.flag
          ? fmt::format("{} {}: given twice; each FILE is a run of its own", again.flag,
                        *again.path)
          : fmt::format("{} {}: is also a --base; a result cannot be compared with itself",
                        again.flag, *again.path));
}

DocumentsOfSide documents_of(std::string_view flag, const std::vector<std::string>& paths) {
  DocumentsOfSide documents;
  for (const std::string& path : paths) {
    const std::string before = fmt::format("{} ", flag);
    for (KeptDocument& one : kept_documents(path, before)) {
      if (auto* const result = std::get_if<results::Document>(&one.document)) {
        documents.push_back({.file = std::move(one.name), .document = std::move(*result)});
      } else if (!one.enclosed) {
        throw BadRequest(
            fmt::format("{}{}: {}", before, one.name, results::from_json(one.json).error()));
      }
    }
  }
  if (documents.empty()) {
    throw BadRequest(
        fmt::format("{}: the report carries no result of run, sweep or latency", flag));
  }
  return documents;
}

/// Whether both have the same messages and seconds in every sample, as no two measurements do.
bool same_samples(const results::Series& one, const results::Series& other) {
  const auto measured = [](const workload::Sample& sample) {
    return sample.messages > 0 && sample.seconds > 0;
  };
  return std::ranges::any_of(one.samples, measured) &&
         std::ranges::equal(one.samples, other.samples,
                            [](const workload::Sample& a, const workload::Sample& b) {
                              return a.messages == b.messages && a.seconds == b.seconds;
                            });
}

/// A copy of a result is no further run, even if something was changed in it.
void refuse_copies(const DocumentsOfSide& base, const DocumentsOfSide& candidate) {
  struct Known {
    const std::string* file;
    const results::Series* series;
  };
  for (const analysis::MatchedSeries& matched : analysis::match(base, candidate).series) {
    std::vector<Known> known;
    for (const auto& [runs, side] :
         {std::pair{&matched.base, &base}, std::pair{&matched.candidate, &candidate}}) {
      for (const analysis::SeriesOfRun& run : *runs) {
        const Known one{.file = &(*side)[run.file].file, .series = run.series};
        const auto same = std::ranges::find_if(
            known, [&](const Known& other) { return same_samples(*one.series, *other.series); });
        if (same != known.end()) {
          throw BadRequest(
              fmt::format("{}: {} has the same samples as in {}; each FILE is a run of its own",
                          *one.file, matched.name, *same->file));
        }
        known.push_back(one);
      }
    }
  }
}

std::string_view word_of(DifferenceKind kind) {
  return std::ranges::find(results::kDifferenceKindNames, kind,
                           &workload::Named<DifferenceKind>::second)
      ->first;
}

/// Refuses differences that the user does not allow, and names each.
void refuse_differences(const results::VerdictReport& report,
                        const std::vector<DifferenceKind>& strict) {
  std::size_t refused = 0;
  for (const results::SideDifference& difference : report.differences) {
    if (std::ranges::find(strict, difference.kind) == strict.end() ||
        !analysis::forbids_verdicts(difference)) {
      continue;
    }
    ++refused;
    spdlog::error("--strict {}: {} is {} in the base and {} in the candidate",
                  word_of(difference.kind), difference.field, difference.base,
                  difference.candidate);
  }
  if (refused > 0) {
    throw BadRequest(fmt::format("--strict: the documents differ in {} {}; nothing was compared",
                                 refused, refused == 1 ? "thing" : "things"));
  }
}

int execute_compare(Arguments arguments, const std::string& command_line) {
  Flags flags("ringmpsc-bench compare",
              "Compares results that were measured at different times, and says of each\n"
              "series whether the candidate is slower than the base.",
              kCompareFooter);
  CompareOptions options;
  constexpr const char* kGroup = "Documents";
  flags.add_list(kGroup, "--base", "FILE", "The results to compare with", options.base);
  flags.add_list(kGroup, "--candidate", "FILE", "The results to judge", options.candidate);
  flags.add(
      kGroup, "--strict", "WHAT", "Refuse what differs in: machine, build, method or all",
      [&options](auto flag, auto value) { options.strict = read_strict(flag, value); },
      Repeated::comma);
  if (const auto help = read(flags, options.verdict, std::move(arguments))) return show(*help);
  check_files(options);
  refuse_inputs(options.verdict, options.base);
  refuse_inputs(options.verdict, options.candidate);
  prepare(options.verdict);
  const DocumentsOfSide base = documents_of("--base", options.base);
  const DocumentsOfSide candidate = documents_of("--candidate", options.candidate);
  refuse_copies(base, candidate);
  results::VerdictReport report = analysis::compare_runs(base, candidate, options.verdict.margin);
  refuse_differences(report, options.strict);
  report.created_utc = measure::now_utc();
  report.command_line = command_line;
  return deliver(report, options.verdict, std::nullopt);
}

}  // namespace

const Command kCompare{.name = "compare",
                       .summary = "verdicts on results measured at different times",
                       .execute = execute_compare};

}  // namespace bench::cli
