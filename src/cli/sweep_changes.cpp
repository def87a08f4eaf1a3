#include "cli/sweep_changes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ranges>
#include <string>
#include <utility>

#include "cli/settings.hpp"
#include "cli/sweep_axes.hpp"
#include "cli/sweep_series.hpp"
#include "cli/values.hpp"
#include "machine/topology.hpp"
#include "results/series_names.hpp"
#include "workload/queue_table.hpp"

namespace bench::cli {
namespace {

using measure::BadRequest;
using results::SweepEntry;
using results::SweepFile;
using results::SweepPart;
using results::SweepValue;

/// Settings of which a request has one.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kRivals = {
    {{"duration", "messages"}, {"preset", "ring_bits"}, {"placement", "cpus"}}};

/// The words between the commas, without the blanks around them.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (const auto part : text | std::views::split(',')) {
    words.emplace_back(without_blanks(std::string_view(part.begin(), part.end())));
  }
  if (words.empty()) words.emplace_back();
  return words;
}

/// What "all" means: every queue that is built in, ours first. Those that cannot do what a series
/// asks for are left out of the plan.
std::vector<std::string> all_queues() {
  std::vector<std::string> names;
  for (const workload::QueueEntry& queue : workload::queue_table()) {
    if (queue.start != nullptr && queue.kind != workload::QueueKind::limit) {
      names.emplace_back(queue.name);
    }
  }
  return names;
}

SweepEntry entry_of_flag(const Setting& setting, std::string_view flag, std::string_view value) {
  SweepEntry entry{.key = setting.key(), .place = std::string(flag), .values = {}};
  std::vector<std::string> texts = {std::string(value)};
  if (setting.axis) texts = words_of(value);
  if (setting.key() == "queue" && value == "all") {
    entry.place = fmt::format("{} {}", flag, value);
    entry.all = true;
    texts = all_queues();
  }
  for (std::string& text : texts) {
    entry.values.push_back({.text = std::move(text), .place = entry.place});
  }
  return entry;
}

std::vector<SweepEntry>::iterator entry_of(std::vector<SweepEntry>& entries, std::string_view key) {
  return std::ranges::find(entries, key, &SweepEntry::key);
}

/// Takes a setting out of a part. An axis makes room for `successor`, if that may be one.
void take_out(SweepPart& part, std::string_view key, const SweepEntry& successor) {
  std::erase_if(part.fixed, [key](const SweepEntry& entry) { return entry.key == key; });
  const auto axis = entry_of(part.axes, key);
  if (axis == part.axes.end()) return;
  if (setting_of(successor, false).axis) {
    *axis = successor;
  } else {
    part.axes.erase(axis);
  }
  std::erase_if(part.exclude, [key](std::vector<SweepEntry>& entries) {
    return entry_of(entries, key) != entries.end();
  });
}

/// The setting of which a request cannot have this one too; empty if there is none.
std::string_view rival_of(std::string_view key) {
  for (const auto& [one, other] : kRivals) {
    if (key == one) return other;
    if (key == other) return one;
  }
  return {};
}

/// Whether the part has the setting, or one that excludes it.
bool concerns(SweepPart& part, std::string_view key) {
  const auto has = [&part](std::string_view wanted) {
    return entry_of(part.fixed, wanted) != part.fixed.end() ||
           entry_of(part.axes, wanted) != part.axes.end();
  };
  return has(key) || has(rival_of(key));
}

void change(SweepPart& part, const SweepEntry& given, unsigned cpus) {
  if (const std::string_view rival = rival_of(given.key); !rival.empty()) {
    take_out(part, rival, given);
  }
  std::erase_if(part.fixed, [&](const SweepEntry& fixed) { return fixed.key == given.key; });
  if (const auto axis = entry_of(part.axes, given.key); axis != part.axes.end()) {
    *axis = given;
  } else {
    // Only an axis can have a range, even one of a single number.
    const bool axis_only = given.values.front().text.contains("..");
    (axis_only || count_values(given, cpus) > 1 ? part.axes : part.fixed).push_back(given);
  }
}

}  // namespace

void add_setting_flags(Flags& flags, std::vector<SweepEntry>& given,
                       const std::map<std::string_view, const char*>& other) {
  for (const Setting& setting : request_settings()) {
    const auto note = [&given, &setting](std::string_view flag, std::string_view value) {
      given.push_back(entry_of_flag(setting, flag, value));
    };
    const std::string key = setting.key();
    // A sweep does not find rates itself.
    std::string_view description =
        key == "rate" ? "For one-way: messages/s of all producers" : setting.description;
    if (const auto own = other.find(key); own != other.end()) description = own->second;
    const char* const group = description.empty() ? Flags::kHidden : setting.group;
    flags.add(group, setting.flag, setting.value_name, std::string(description), note,
              setting.axis || setting.list ? Repeated::comma : Repeated::never);
  }
}

std::vector<SweepEntry> read_only(std::string_view flag, std::string_view text) {
  std::vector<SweepEntry> entries;
  for (std::string& word : words_of(text)) {
    if (const std::size_t equals = word.find('='); equals != std::string::npos) {
      std::string key(without_blanks(std::string_view(word).substr(0, equals)));
      std::ranges::replace(key, '-', '_');  // as a flag has it
      word = without_blanks(std::string(word, equals + 1));
      if (entry_of(entries, key) != entries.end()) {
        throw BadRequest(fmt::format("{} {}: names {} twice; give its values once, like {}=A,B",
                                     flag, text, results::typed(key), results::typed(key)));
      }
      entries.push_back(
          {.key = key, .place = fmt::format("{} {}", flag, results::typed(key)), .values = {}});
    }
    if (entries.empty() || entries.back().key.empty() || word.empty()) {
      throw BadRequest(fmt::format("{} {}: must be like producers=1,4,batch=1", flag,
                                   text.empty() ? "''" : text));
    }
    entries.back().values.push_back({.text = std::move(word), .place = entries.back().place});
  }
  return entries;
}

void check_given(const std::vector<SweepEntry>& given, unsigned cpus) {
  for (const SweepEntry& entry : given) static_cast<void>(count_values(entry, cpus));
  for (const auto& [one, other] : kRivals) {
    const auto first = std::ranges::find(given, one, &SweepEntry::key);
    const auto second = std::ranges::find(given, other, &SweepEntry::key);
    if (first != given.end() && second != given.end()) {
      throw BadRequest(fmt::format("{} and {} exclude each other; give one of them", first->place,
                                   second->place));
    }
  }
}

void change(SweepFile& file, const std::vector<SweepEntry>& given, unsigned cpus) {
  for (const SweepEntry& entry : given) {
    const auto concerned = [&](SweepPart& part) { return concerns(part, entry.key); };
    const bool anywhere = std::ranges::any_of(file.parts, concerned);
    for (SweepPart& part : file.parts) {
      if (!anywhere || concerned(part)) change(part, entry, cpus);
    }
  }
}

std::string_view SweepChanges::any() const {
  if (!settings.empty()) return settings.front().place;
  if (!only.empty()) return "--only";
  return metrics ? "--metrics" : "";
}

measure::SweepRequest requested_sweep(const LoadedSweep& loaded, const SweepChanges& changes) {
  const auto cpus = static_cast<unsigned>(machine::this_machine().allowed_cpus().size());
  check_given(changes.settings, cpus);
  SweepFile file = loaded.file;
  SweepChoice choice{.only = changes.only, .metrics = changes.metrics};
  for (const SweepEntry& entry : changes.settings) choice.given.push_back(entry.key);
  try {
    change(file, changes.settings, cpus);
    return sweep_series(file, cpus, loaded.name, choice);
  } catch (const BadRequest& error) {
    throw BadRequest(fmt::format("{}: {}", loaded.path, error.what()));
  }
}

measure::Plan planned_sweep(measure::SweepRequest sweep, const std::string& file) {
  try {
    return measure::make_plan(std::move(sweep), machine::this_machine());
  } catch (const BadRequest& error) {
    throw BadRequest(fmt::format("{}: {}", file, error.what()));
  }
}

}  // namespace bench::cli
