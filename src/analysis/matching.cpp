#include "analysis/matching.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <map>
#include <set>
#include <span>
#include <string_view>
#include <utility>

#include "results/difference.hpp"
#include "workload/queue_table.hpp"

namespace bench::analysis {
namespace {

using results::Field;
using results::KnownTo;
using results::Series;

/// Says how long a series is measured, not what.
constexpr std::array<std::string_view, 2> kLengths = {"duration_s", "messages_per_producer"};
constexpr std::array<std::string_view, 3> kMethods = {"consume", "metrics", "layout"};

bool is_one_of(std::string_view key, std::span<const std::string_view> keys) {
  return std::ranges::find(keys, key) != keys.end();
}

/// What a series measures, in words that are equal for equal series.
std::string identity(const Series& series, bool with_length, bool with_method) {
  std::string text = fmt::format("placement={}", name(series.placement.policy));
  for (const auto& [key, value] : results::fields(series.spec)) {
    if (!with_length && is_one_of(key, kLengths)) continue;
    if (!with_method && is_one_of(key, kMethods)) continue;
    text += fmt::format(" {}={}", key, value);
  }
  return text;
}

/// The series of both sides that have one identity. Only in pointers: they are of the documents.
using Group = MatchedSeries;

bool on_both_sides(const Group& group) { return !group.base.empty() && !group.candidate.empty(); }

const Series& first_of(const Group& group) {
  return *(group.base.empty() ? group.candidate : group.base).front().series;
}

bool of_one_length(const Group& group) {
  for (const auto& side : {group.base, group.candidate}) {
    std::set<std::size_t> files;
    for (const SeriesOfRun& run : side) {
      if (!files.insert(run.file).second) return false;
    }
  }
  return true;
}

/// Groups by identity, in the order in which identities are met.
class Groups {
 public:
  void add(const std::string& of, bool base, const SeriesOfRun& run) {
    const auto [place, added] = places_.try_emplace(of, groups_.size());
    if (added) groups_.push_back({.name = run.series->name, .base = {}, .candidate = {}});
    Group& group = groups_[place->second];
    (base ? group.base : group.candidate).push_back(run);
  }

  void add(const std::string& of, const Group& group) {
    for (const SeriesOfRun& run : group.base) add(of, true, run);
    for (const SeriesOfRun& run : group.candidate) add(of, false, run);
  }

  [[nodiscard]] std::vector<Group> take() { return std::move(groups_); }

 private:
  std::map<std::string, std::size_t> places_;
  std::vector<Group> groups_;
};

std::vector<Group> grouped(const DocumentsOfSide& base, const DocumentsOfSide& candidate) {
  Groups groups;
  for (const bool of_base : {true, false}) {
    const DocumentsOfSide& side = of_base ? base : candidate;
    for (std::size_t file = 0; file < side.size(); ++file) {
      for (const Series& series : side[file].document.series) {
        groups.add(identity(series, false, true), of_base, {.file = file, .series = &series});
      }
    }
  }
  return groups.take();
}

/// Splits groups in which a document has several series.
std::vector<Group> by_length(const std::vector<Group>& groups) {
  Groups split;
  for (const Group& group : groups) {
    const bool one = of_one_length(group);
    const auto add = [&](bool base, const SeriesOfRun& run) {
      split.add(identity(*run.series, !one, true), base, run);
    };
    for (const SeriesOfRun& run : group.base) add(true, run);
    for (const SeriesOfRun& run : group.candidate) add(false, run);
  }
  return split.take();
}

/// Joins groups that are on one side only and that differ in method alone.
std::vector<Group> joined_by_method(const std::vector<Group>& groups) {
  Groups lone;
  for (const Group& group : groups) {
    if (!on_both_sides(group)) lone.add(identity(first_of(group), false, false), group);
  }
  std::map<const Series*, Group> joined;
  std::set<const Series*> members;
  for (const Group& group : lone.take()) {
    if (!on_both_sides(group) || !of_one_length(group)) continue;
    joined.emplace(&first_of(group), group);
    for (const auto& side : {group.base, group.candidate}) {
      for (const SeriesOfRun& run : side) members.insert(run.series);
    }
  }
  std::vector<Group> result;
  for (const Group& group : groups) {
    const Series* const first = &first_of(group);
    if (const auto found = joined.find(first); found != joined.end()) {
      result.push_back(found->second);
    } else if (!members.contains(first)) {
      result.push_back(group);
    }
  }
  return result;
}

/// What the series differs in from one of the same name on the other side.
std::string why_alone(const Series& series, const DocumentsOfSide& others, std::string_view side) {
  for (const NamedDocument& other : others) {
    for (const Series& namesake : other.document.series) {
      if (namesake.name != series.name) continue;
      std::vector<std::string> different;
      if (series.placement.policy != namesake.placement.policy) {
        different.push_back(fmt::format("placement {} for {}", name(namesake.placement.policy),
                                        name(series.placement.policy)));
      }
      const std::vector<Field> ours = results::fields(series.spec);
      const std::vector<Field> theirs = results::fields(namesake.spec);
      for (std::size_t i = 0; i < ours.size(); ++i) {
        if (ours[i] == theirs[i] || is_one_of(ours[i].key, kLengths)) continue;
        different.push_back(
            fmt::format("{} {} for {}", ours[i].key, theirs[i].value, ours[i].value));
      }
      if (different.empty()) continue;
      return fmt::format("the {}'s series of that name has {}", side, fmt::join(different, ", "));
    }
  }
  return fmt::format("no document of the {} has it", side);
}

/// Gives series of one name the fields of their specs that tell them apart.
void tell_apart(std::vector<MatchedSeries>& matched) {
  std::map<std::string, std::vector<MatchedSeries*>> of_name;
  for (MatchedSeries& series : matched) of_name[series.name].push_back(&series);
  for (const auto& [shared_name, namesakes] : of_name) {
    if (namesakes.size() < 2) continue;
    std::vector<std::vector<Field>> specs;
    for (const MatchedSeries* const one : namesakes) {
      specs.push_back(results::fields(first_of(*one).spec));
      specs.back().push_back(
          {.key = "placement", .value = std::string(name(first_of(*one).placement.policy))});
    }
    for (std::size_t field = 0; field < specs.front().size(); ++field) {
      const bool same = std::ranges::all_of(
          specs, [&](const std::vector<Field>& spec) { return spec[field] == specs[0][field]; });
      if (same) continue;
      for (std::size_t i = 0; i < namesakes.size(); ++i) {
        namesakes[i]->name += fmt::format(" {}={}", specs[i][field].key, specs[i][field].value);
      }
    }
  }
}

/// What went wrong with the messages of the series, for each document.
std::vector<std::string> faults_in(const Group& group, const DocumentsOfSide& base,
                                   const DocumentsOfSide& candidate) {
  std::vector<std::string> faults;
  const auto add = [&faults](const std::vector<SeriesOfRun>& runs, const DocumentsOfSide& side) {
    for (const SeriesOfRun& run : runs) {
      if (verified(*run.series)) continue;
      const workload::Verification& seen = run.series->verification;
      faults.push_back(fmt::format(
          "{}: {} sent, {} received: {} lost, {} duplicated, {} reordered, {} corrupted",
          side[run.file].file, seen.sent, seen.received, seen.lost, seen.duplicated, seen.reordered,
          seen.corrupted));
    }
  };
  add(group.base, base);
  add(group.candidate, candidate);
  return faults;
}

}  // namespace

Matched match(const DocumentsOfSide& base, const DocumentsOfSide& candidate) {
  Matched matched;
  for (Group& group : joined_by_method(by_length(grouped(base, candidate)))) {
    const Series& first = first_of(group);
    const auto leave_out = [&](KnownTo known_to, std::string why) {
      matched.unmatched.push_back({.name = group.name,
                                   .known_to = known_to,
                                   .why = std::move(why),
                                   .faults = faults_in(group, base, candidate)});
      matched.unmatched_series.push_back(&first);
    };
    if (workload::is_limit(first.spec)) {
      if (!faults_in(group, base, candidate).empty()) {
        leave_out(KnownTo::neither, "it is a limit of the machine and no queue");
      }
    } else if (first.spec.pattern == workload::Pattern::one_way) {
      leave_out(KnownTo::neither, "its schedule sets its rate, so that there is none to compare");
    } else if (!on_both_sides(group)) {
      const bool of_base = !group.base.empty();
      leave_out(
          of_base ? KnownTo::base : KnownTo::candidate,
          of_base ? why_alone(first, candidate, "candidate") : why_alone(first, base, "base"));
    } else if (!of_one_length(group)) {
      leave_out(KnownTo::neither, "a document has it twice");
    } else {
      matched.series.push_back(std::move(group));
    }
  }
  tell_apart(matched.series);
  return matched;
}

}  // namespace bench::analysis
