#include "cli/values.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <ranges>

#include "measure/plan.hpp"
#include "present/quantity.hpp"

namespace bench::cli {
namespace {

using measure::BadRequest;
using present::grouped;

std::string range_text(std::uint64_t low, std::uint64_t high) {
  if (high == std::numeric_limits<std::uint64_t>::max()) {
    return fmt::format("must be at least {}", grouped(low));
  }
  return fmt::format("must be between {} and {}", grouped(low), grouped(high));
}

/// Restricted Damerau-Levenshtein distance: the typing mistakes between two words.
std::size_t mistakes(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, changed});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

/// A number and its unit, in what the units are multiples of. Nothing if the text is anything else.
std::optional<double> with_unit(std::string_view text,
                                std::span<const std::pair<std::string_view, double>> units) {
  double value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  const auto found = std::ranges::find(units, unit, &std::pair<std::string_view, double>::first);
  if (error != std::errc{} || found == units.end() || !std::isfinite(value)) return std::nullopt;
  return value * found->second;
}

}  // namespace

std::uint64_t parse_number(std::string_view flag, std::string_view text, std::uint64_t low,
                           std::uint64_t high, std::string_view note) {
  std::string_view digits = text;
  std::uint64_t factor = 1;
  if (!digits.empty()) {
    switch (digits.back()) {
      case 'k':
        factor = 1'000;
        break;
      case 'M':
        factor = 1'000'000;
        break;
      case 'G':
        factor = 1'000'000'000;
        break;
      default:
        break;
    }
    if (factor != 1) digits.remove_suffix(1);
  }
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool number = end == digits.data() + digits.size() && !digits.empty();
  // A number that is too large to hold counts as out of range; other text is not a number.
  const bool too_large = number && (error == std::errc::result_out_of_range ||
                                    value > std::numeric_limits<std::uint64_t>::max() / factor);
  const bool negative = digits.size() > 1 && digits.front() == '-' &&
                        digits.find_first_not_of("0123456789", 1) == std::string_view::npos;
  const std::string explained = note.empty() ? std::string() : fmt::format(" ({})", note);
  if (too_large || negative) {
    throw BadRequest(fmt::format("{} {}: {}{}", flag, text, range_text(low, high), explained));
  }
  if (!number || error != std::errc{}) {
    throw BadRequest(fmt::format(
        "{} {}: not a whole number; {}{}; k, M and G stand for thousands, millions, billions", flag,
        text.empty() ? "''" : text, range_text(low, high), explained));
  }
  value *= factor;
  if (value < low || value > high) {
    throw BadRequest(fmt::format("{} {}: {}{}", flag, text, range_text(low, high), explained));
  }
  return value;
}

double parse_duration(std::string_view flag, std::string_view text, double low, double high) {
  constexpr std::array kUnits = {
      std::pair{std::string_view{"ms"}, 0.001}, std::pair{std::string_view{"s"}, 1.0},
      std::pair{std::string_view{"m"}, 60.0}, std::pair{std::string_view{"h"}, 3600.0}};
  const auto seconds = with_unit(text, kUnits);
  if (!seconds) {
    throw BadRequest(
        fmt::format("{} {}: must be a number and a unit (ms, s, m or h), like 300ms or 1.5s", flag,
                    text.empty() ? "''" : text));
  }
  if (*seconds < low || *seconds > high) {
    throw BadRequest(
        fmt::format("{} {}: must be between {} ms and {} h", flag, text, low * 1e3, high / 3600));
  }
  return *seconds;
}

double parse_time_ns(std::string_view flag, std::string_view text, double low, double high) {
  constexpr std::array kUnits = {
      std::pair{std::string_view{"ns"}, 1.0}, std::pair{std::string_view{"us"}, 1e3},
      std::pair{std::string_view{"ms"}, 1e6}, std::pair{std::string_view{"s"}, 1e9}};
  const auto ns = with_unit(text, kUnits);
  if (!ns) {
    throw BadRequest(
        fmt::format("{} {}: must be a number and a unit (ns, us, ms or s), like 300ns or 1.5us",
                    flag, text.empty() ? "''" : text));
  }
  if (*ns < low || *ns > high) {
    throw BadRequest(
        fmt::format("{} {}: must be between {} ns and {} s", flag, text, low, high / 1e9));
  }
  return *ns;
}

double parse_rate(std::string_view flag, std::string_view text, double low, double high) {
  constexpr std::array kUnits = {
      std::pair{std::string_view{""}, 1.0}, std::pair{std::string_view{"k"}, 1e3},
      std::pair{std::string_view{"M"}, 1e6}, std::pair{std::string_view{"G"}, 1e9}};
  const auto rate = with_unit(text, kUnits);
  if (!rate) {
    throw BadRequest(
        fmt::format("{} {}: must be a number, with k, M or G for thousands, millions or billions, "
                    "like 500M or 1.5G",
                    flag, text.empty() ? "''" : text));
  }
  if (*rate < low || *rate > high) {
    throw BadRequest(fmt::format("{} {}: must be between {} and {}", flag, text, low, high));
  }
  return *rate;
}

std::vector<std::string_view> parse_names(std::string_view flag, std::string_view text,
                                          std::span<const std::string_view> choices) {
  std::vector<std::string_view> names = {kAllNames};
  names.insert(names.end(), choices.begin(), choices.end());
  std::vector<std::string_view> chosen;
  for (const auto part : text | std::views::split(',')) {
    const std::string_view word(part.begin(), part.end());
    chosen.push_back(names[parse_choice(flag, word, names)]);
    if (std::ranges::count(chosen, chosen.back()) > 1) {
      throw BadRequest(fmt::format("{} {}: names {} twice", flag, text, word));
    }
  }
  if (chosen.empty()) static_cast<void>(parse_choice(flag, text, names));
  if (chosen.size() > 1 && std::ranges::find(chosen, kAllNames) != chosen.end()) {
    throw BadRequest(fmt::format("{} {}: all includes the others; give it alone", flag, text));
  }
  return chosen;
}

std::string_view without_blanks(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

std::string_view nearest(std::string_view text, std::span<const std::string_view> choices) {
  std::string_view best;
  // A word with mistakes in more than a third of its letters is another word, not a mistyped one.
  std::size_t fewest = std::max<std::size_t>(1, text.size() / 3) + 1;
  for (const std::string_view choice : choices) {
    // An abbreviation counts as one mistake.
    const bool begins = text.size() >= 3 && choice.starts_with(text);
    const std::size_t count = begins ? 1 : mistakes(text, choice);
    if (count < fewest) {
      fewest = count;
      best = choice;
    }
  }
  return best;
}

std::size_t parse_choice(std::string_view flag, std::string_view text,
                         std::span<const std::string_view> choices) {
  const auto found = std::ranges::find(choices, text);
  if (found != choices.end()) return static_cast<std::size_t>(found - choices.begin());
  const std::string_view meant = nearest(text, choices);
  throw BadRequest(fmt::format(
      "{} {}: must be one of {}{}", flag, text.empty() ? "''" : text, fmt::join(choices, ", "),
      meant.empty() ? std::string() : fmt::format(" (did you mean {}?)", meant)));
}

}  // namespace bench::cli
