#include "analysis/side_differences.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "analysis/machine_caveats.hpp"
#include "results/difference.hpp"
#include "workload/spec.hpp"

namespace bench::analysis {
namespace {

using results::DifferenceKind;
using results::Field;
using results::SideDifference;

/// A balloon driver and firmware change the memory that a machine reports a little.
constexpr double kSameMemory = 1.05;

/// The name of a machine says nothing of it; that of a container is often random.
constexpr std::string_view kNameOfMachine = "hostname";

/// What else the machine did while a document was measured.
constexpr std::string_view kForeignField = "foreign CPU share";
constexpr std::string_view kStealField = "steal share";
constexpr std::string_view kThrottledField = "throttled";
constexpr std::string_view kStoppedField = "stopped";
constexpr std::array kDisturbedFields = {kForeignField, kStealField, kThrottledField,
                                         kStoppedField};

/// What one document says of some fields.
struct Said {
  const std::string* file = nullptr;
  std::vector<Field> fields;
};

using SaidOfSide = std::vector<Said>;

/// The values of one field on one side, each with the first file that has it.
using Values = std::vector<std::pair<std::string, std::string>>;

Values values_of(const SaidOfSide& side, const std::string& key) {
  Values values;
  for (const Said& said : side) {
    const auto field = std::ranges::find(said.fields, key, &Field::key);
    std::string value = field == said.fields.end() ? "null" : field->value;
    if (std::ranges::find(values, value, &Values::value_type::first) == values.end()) {
      values.emplace_back(std::move(value), *said.file);
    }
  }
  return values;
}

/// A single value, or several with their files.
std::string in_words(const Values& values) {
  if (values.size() == 1) return values.front().first;
  std::vector<std::string> words;
  words.reserve(values.size());
  for (const auto& [value, file] : values) words.push_back(fmt::format("{} ({})", value, file));
  return fmt::format("{}", fmt::join(words, ", "));
}

/// The fields that not all documents agree in.
std::vector<SideDifference> disagreements(DifferenceKind kind, const SaidOfSide& base,
                                          const SaidOfSide& candidate) {
  std::vector<std::string> keys;
  std::set<std::string> known;
  for (const SaidOfSide* const side : {&base, &candidate}) {
    for (const Said& said : *side) {
      for (const Field& field : said.fields) {
        if (known.insert(field.key).second) keys.push_back(field.key);
      }
    }
  }
  std::vector<SideDifference> found;
  for (const std::string& key : keys) {
    const Values there = values_of(base, key);
    const Values here = values_of(candidate, key);
    if (there.size() == 1 && here.size() == 1 && there.front().first == here.front().first) {
      continue;
    }
    found.push_back(
        {.kind = kind, .field = key, .base = in_words(there), .candidate = in_words(here)});
  }
  return found;
}

SaidOfSide said_of(const DocumentsOfSide& side, const auto& fields_of) {
  SaidOfSide said;
  said.reserve(side.size());
  for (const NamedDocument& named : side) {
    said.push_back({.file = &named.file, .fields = fields_of(named.document)});
  }
  return said;
}

std::vector<SideDifference> of_documents(DifferenceKind kind, const DocumentsOfSide& base,
                                         const DocumentsOfSide& candidate, const auto& fields_of) {
  return disagreements(kind, said_of(base, fields_of), said_of(candidate, fields_of));
}

machine::HostFacts comparable(machine::HostFacts host, std::optional<std::uint64_t> memory) {
  host.load_average.reset();
  if (host.memory_bytes && memory) {
    const auto here = static_cast<double>(*host.memory_bytes);
    const auto there = static_cast<double>(*memory);
    if (std::max(here, there) <= kSameMemory * std::min(here, there)) host.memory_bytes = memory;
  }
  return host;
}

/// Whether a caveat of the document or of any of its series says so.
bool has_caveat(const results::Document& document, results::CaveatCode code) {
  const auto says = [code](const std::vector<results::Caveat>& caveats) {
    return std::ranges::find(caveats, code, &results::Caveat::code) != caveats.end();
  };
  return says(document.caveats) ||
         std::ranges::any_of(document.series, says, &results::Series::caveats);
}

struct Disturbed {
  std::string_view field;
  bool is = false;
  std::string value;
};

Disturbed by_share(std::string_view field, std::optional<double> share, double from) {
  const bool is = share && *share >= from;
  const std::string percent = fmt::format("{:.0f} %", 100 * from);
  const std::string value = !share ? "unknown" : is ? percent + " or more" : "less than " + percent;
  return {.field = field, .is = is, .value = value};
}

Disturbed by_sight(std::string_view field, bool is) {
  return {.field = field, .is = is, .value = is ? "yes" : "no"};
}

std::vector<Disturbed> disturbed(const results::Document& document) {
  const machine::Activity& activity = document.activity;
  const bool stopped_by_quota =
      analysis::throttled(activity) || has_caveat(document, results::CaveatCode::throttled);
  return {by_share(kForeignField, activity.foreign_cpu_share, kForeignShare),
          by_share(kStealField, activity.steal_share, kStealShare),
          by_sight(kThrottledField, stopped_by_quota),
          by_sight(kStoppedField, has_caveat(document, results::CaveatCode::stopped))};
}

/// The fields of what disturbed some document. What disturbed none is no difference, known or not.
std::vector<SideDifference> of_disturbances(const DocumentsOfSide& base,
                                            const DocumentsOfSide& candidate) {
  std::set<std::string_view> met;
  for (const DocumentsOfSide* const side : {&base, &candidate}) {
    for (const NamedDocument& named : *side) {
      for (const Disturbed& one : disturbed(named.document)) {
        if (one.is) met.insert(one.field);
      }
    }
  }
  return of_documents(
      DifferenceKind::machine, base, candidate, [&met](const results::Document& document) {
        std::vector<Field> fields;
        for (Disturbed& one : disturbed(document)) {
          if (!met.contains(one.field)) continue;
          fields.push_back({.key = std::string(one.field), .value = std::move(one.value)});
        }
        return fields;
      });
}

std::vector<Field> fields_of_build(results::Tool tool) {
  tool.commit.clear();
  return results::fields(tool);
}

/// How a series was measured. Unbound threads run on any CPU, so that theirs say nothing.
std::vector<Field> method_of(const results::Series& series, const results::Document& document) {
  std::vector<Field> fields = results::fields(series.spec);
  results::ObservedPlacement placement = series.placement;
  if (!placement.pinned) {
    placement.consumer_cpu.reset();
    placement.producer_cpus.clear();
  }
  for (Field& field : results::fields(placement)) fields.push_back(std::move(field));
  // Of a sweep: as planned. Else each trial is one sample unless the measurement ended early.
  std::optional<std::size_t> trials;
  if (document.sweep) {
    trials = document.sweep->trials;
  } else if (document.complete) {
    trials = series.samples.size();
  }
  if (trials) fields.push_back({.key = "trials", .value = std::to_string(*trials)});
  return fields;
}

SaidOfSide methods_of(const std::vector<SeriesOfRun>& runs, const DocumentsOfSide& side) {
  SaidOfSide said;
  said.reserve(runs.size());
  for (const SeriesOfRun& run : runs) {
    const NamedDocument& named = side[run.file];
    said.push_back({.file = &named.file, .fields = method_of(*run.series, named.document)});
  }
  return said;
}

/// A document that ended early does not tell its trials, which is no difference.
void fill_in_trials(SaidOfSide& base, SaidOfSide& candidate) {
  const auto told = [](const Said& one) {
    return std::ranges::find(one.fields, "trials", &Field::key);
  };
  std::vector<Said*> all;
  for (SaidOfSide* const side : {&base, &candidate}) {
    for (Said& one : *side) all.push_back(&one);
  }
  const auto tells = [&](const Said* one) { return told(*one) != one->fields.end(); };
  const auto first = std::ranges::find_if(all, tells);
  if (first == all.end()) return;
  const Field trials = *told(**first);
  for (Said* const one : all) {
    if (!tells(one)) one->fields.push_back(trials);
  }
}

/// Differences of method, each once, with the series that it concerns unless it concerns all.
std::vector<SideDifference> of_methods(const DocumentsOfSide& base,
                                       const DocumentsOfSide& candidate,
                                       const std::vector<MatchedSeries>& matched) {
  struct Found {
    SideDifference difference;
    std::string first;
    std::size_t series = 0;
  };
  std::vector<Found> all;
  for (const MatchedSeries& series : matched) {
    SaidOfSide there = methods_of(series.base, base);
    SaidOfSide here = methods_of(series.candidate, candidate);
    fill_in_trials(there, here);
    for (SideDifference& difference : disagreements(DifferenceKind::method, there, here)) {
      const auto same = std::ranges::find(all, difference, &Found::difference);
      if (same == all.end()) {
        all.push_back({.difference = std::move(difference), .first = series.name, .series = 1});
      } else {
        ++same->series;
      }
    }
  }
  std::vector<SideDifference> differences;
  for (auto& [difference, first, series] : all) {
    if (series == 1 && matched.size() > 1) difference.field += " of " + first;
    if (series > 1 && series < matched.size()) {
      difference.field += fmt::format(" of {} and {} more", first, series - 1);
    }
    differences.push_back(std::move(difference));
  }
  return differences;
}

}  // namespace

std::vector<results::SideDifference> build_differences(const results::Tool& base,
                                                       const results::Tool& candidate) {
  const std::string nowhere;
  const auto said = [&](const results::Tool& tool) {
    return SaidOfSide{{.file = &nowhere, .fields = fields_of_build(tool)}};
  };
  return disagreements(DifferenceKind::build, said(base), said(candidate));
}

std::vector<results::SideDifference> side_differences(const DocumentsOfSide& base,
                                                      const DocumentsOfSide& candidate,
                                                      const std::vector<MatchedSeries>& matched) {
  const std::optional<std::uint64_t> memory = base.front().document.host.memory_bytes;
  std::vector<SideDifference> all = of_documents(
      DifferenceKind::machine, base, candidate, [memory](const results::Document& document) {
        return results::fields(comparable(document.host, memory));
      });
  for (auto& found : of_disturbances(base, candidate)) all.push_back(std::move(found));
  for (auto& found : of_documents(
           DifferenceKind::build, base, candidate,
           [](const results::Document& document) { return fields_of_build(document.tool); })) {
    all.push_back(std::move(found));
  }
  for (auto& found : of_methods(base, candidate, matched)) all.push_back(std::move(found));
  return all;
}

bool forbids_verdicts(const results::SideDifference& difference) noexcept {
  switch (difference.kind) {
    case DifferenceKind::machine:
      return difference.field != kNameOfMachine;
    case DifferenceKind::build:
      return difference.field != "version";
    case DifferenceKind::method:
      break;
  }
  return true;
}

std::string why_no_verdicts(const std::vector<results::SideDifference>& differences) {
  const auto word = [](const SideDifference& difference) -> std::string_view {
    switch (difference.kind) {
      case DifferenceKind::machine:
        return std::ranges::find(kDisturbedFields, difference.field) == kDisturbedFields.end()
                   ? "machines"
                   : "disturbances";
      case DifferenceKind::build:
        return "builds";
      case DifferenceKind::method:
        break;
    }
    return "methods";
  };
  std::vector<std::string_view> kinds;
  for (const SideDifference& difference : differences) {
    if (!forbids_verdicts(difference)) continue;
    const std::string_view kind = word(difference);
    if (std::ranges::find(kinds, kind) == kinds.end()) kinds.push_back(kind);
  }
  if (kinds.empty()) return {};
  return fmt::format("the {} differ: not a regression but a comparison",
                     fmt::join(kinds, " and the "));
}

}  // namespace bench::analysis
