#include "cli/values.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

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
  double value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  const auto* const found =
      std::ranges::find(kUnits, unit, &std::pair<std::string_view, double>::first);
  if (error != std::errc{} || found == kUnits.end() || !std::isfinite(value)) {
    throw BadRequest(
        fmt::format("{} {}: must be a number and a unit (ms, s, m or h), like 300ms or 1.5s", flag,
                    text.empty() ? "''" : text));
  }
  const double seconds = value * found->second;
  if (seconds < low || seconds > high) {
    throw BadRequest(
        fmt::format("{} {}: must be between {} ms and {} h", flag, text, low * 1e3, high / 3600));
  }
  return seconds;
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
