#include "cli/label.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "cli/values.hpp"
#include "measure/plan.hpp"
#include "results/characters.hpp"

namespace bench::cli {
namespace {

using measure::BadRequest;

// A label heads columns, and a note is one line of a page.
constexpr std::size_t kLongestLabel = 60;
constexpr std::size_t kLongestKey = 40;
constexpr std::size_t kLongestNote = 200;

/// In characters and not in bytes, as people count.
std::size_t length_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char byte) { return !results::continues_character(byte); }));
}

/// What was given, or its beginning, in quotes.
std::string shown(std::string_view given) {
  constexpr std::size_t kShownBytes = 60;
  if (given.size() <= kShownBytes) return fmt::format("'{}'", given);
  return fmt::format("'{}...'", given.substr(0, results::whole_characters(given, kShownBytes)));
}

void refuse_longer(std::string_view flag, std::string_view given, std::string_view part,
                   std::string_view name, std::size_t most) {
  if (length_of(part) <= most) return;
  throw BadRequest(fmt::format("{} {}: the {} has {} characters; give {} at most", flag,
                               shown(given), name, length_of(part), most));
}

std::string read_label(std::string_view flag, std::string_view value) {
  const std::string_view label = without_blanks(value);
  if (label.empty()) {
    throw BadRequest(
        fmt::format("{} {}: needs a name of the machine, like 'old server'", flag, shown(value)));
  }
  refuse_longer(flag, value, label, "label", kLongestLabel);
  return std::string(label);
}

void read_note(std::vector<results::Note>& notes, std::string_view flag, std::string_view value) {
  const std::size_t equals = value.find('=');
  if (equals == std::string_view::npos) {
    throw BadRequest(fmt::format("{} {}: needs a key and a value, like 'price=120 EUR a month'",
                                 flag, shown(value)));
  }
  const std::string_view key = without_blanks(value.substr(0, equals));
  const std::string_view text = without_blanks(value.substr(equals + 1));
  if (key.empty()) {
    throw BadRequest(
        fmt::format("{} {}: there is no key before the =; say what it is, like 'price=120'", flag,
                    shown(value)));
  }
  if (text.empty()) {
    throw BadRequest(fmt::format(
        "{} '{}': there is no value after the =; give one, or leave the note out", flag, value));
  }
  refuse_longer(flag, value, key, "key", kLongestKey);
  refuse_longer(flag, value, text, "value", kLongestNote);
  const auto same = std::ranges::find(notes, key, &results::Note::key);
  if (same != notes.end()) {
    throw BadRequest(fmt::format("{} {}: {} is already '{}'; give each key once", flag,
                                 shown(value), key, same->value));
  }
  notes.push_back({.key = std::string(key), .value = std::string(text)});
}

}  // namespace

std::string_view LabelOptions::any() const noexcept {
  return !label.empty() ? "--label" : !notes.empty() ? "--note" : "";
}

void add_label_flags(Flags& flags, LabelOptions& options) {
  flags.add("Output", "--label", "NAME", "What to call this machine, like 'old server'",
            [&options](auto flag, auto value) { options.label = read_label(flag, value); });
  flags.add(
      "Output", "--note", "KEY=VALUE", "What else is known of it, like price=120; repeatable",
      [&options](auto flag, auto value) { read_note(options.notes, flag, value); }, Repeated::all);
}

}  // namespace bench::cli
