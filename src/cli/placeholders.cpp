#include "cli/placeholders.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "cli/values.hpp"
#include "measure/plan.hpp"
#include "present/printable.hpp"

namespace bench::cli {
namespace {

using measure::BadRequest;

struct Placeholder {
  std::string_view name;
  std::optional<std::string> PlaceholderValues::* value;
  std::string_view why_none;  ///< why it may have no value, and what to do
};

constexpr std::array kPlaceholders = {
    Placeholder{"hostname", &PlaceholderValues::hostname, "the host has no name"},
    Placeholder{"date", &PlaceholderValues::date, "the result does not say when it was made"},
    Placeholder{"time", &PlaceholderValues::time, "the result does not say when it was made"},
    Placeholder{"label", &PlaceholderValues::label,
                "there is no label, which run, sweep, latency and topology take with --label"},
    Placeholder{"series", &PlaceholderValues::series,
                "only a file of the format hgrm has one series"},
};

constexpr std::string_view kKnown =
    "{hostname}, {date}, {time}, {label} and {series} are known, and {{ stands for a brace";

/// A part of a file's name that leads to no other folder and does nothing to a terminal.
std::string in_file_name(std::string_view value) {
  std::string text(value);
  std::ranges::replace_if(
      text, [](char c) { return c == '/' || (c >= 0 && c < ' ') || c == '\x7f'; }, '-');
  // What is left of what cannot be shown.
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  text = present::printable(text);
  for (std::size_t at = 0; (at = text.find(kReplacement, at)) != std::string::npos;) {
    text.replace(at, kReplacement.size(), "-");
  }
  for (std::size_t i = 0; i < text.size() && text[i] == '.'; ++i) text[i] = '-';
  return text;
}

std::string value_of(std::string_view flag, std::string_view name, std::string_view word,
                     const PlaceholderValues& values) {
  std::array<std::string_view, kPlaceholders.size()> names;
  std::ranges::transform(kPlaceholders, names.begin(), &Placeholder::name);
  const auto* const found = std::ranges::find(kPlaceholders, word, &Placeholder::name);
  if (found == kPlaceholders.end()) {
    const std::string_view meant = nearest(word, names);
    throw BadRequest(fmt::format(
        "{} {}: there is no placeholder {{{}}}{}; {}", flag, name, word,
        meant.empty() ? std::string() : fmt::format(" (did you mean {{{}}}?)", meant), kKnown));
  }
  const std::optional<std::string>& value = values.*found->value;
  if (!value) {
    throw BadRequest(
        fmt::format("{} {}: {{{}}} has no value: {}", flag, name, word, found->why_none));
  }
  return in_file_name(*value);
}

}  // namespace

PlaceholderValues placeholder_values(std::string_view created_utc, std::string_view hostname,
                                     std::string_view label) {
  const auto unless_empty = [](std::string_view text) {
    return text.empty() ? std::nullopt : std::optional<std::string>(text);
  };
  const std::size_t t = created_utc.find('T');
  std::string time(t == std::string_view::npos ? "" : created_utc.substr(t + 1));
  std::erase_if(time, [](char c) { return c == ':' || c == 'Z'; });
  return {.hostname = unless_empty(hostname),
          .date = unless_empty(created_utc.substr(0, t)),
          .time = unless_empty(time),
          .label = unless_empty(label),
          .series = {}};
}

std::string filled_in(std::string_view flag, std::string_view name,
                      const PlaceholderValues& values) {
  std::string text;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool doubled = i + 1 < name.size() && name[i + 1] == c;
    if (c != '{' || doubled) {
      text += c;
      i += (c == '{' || c == '}') && doubled ? 1 : 0;
      continue;
    }
    const std::size_t end = name.find('}', i);
    if (end == std::string_view::npos) {
      throw BadRequest(fmt::format("{} {}: there is a {{ without a }}; {}", flag, name, kKnown));
    }
    text += value_of(flag, name, name.substr(i + 1, end - i - 1), values);
    i = end;
  }
  return text;
}

}  // namespace bench::cli
