// Reads the values of flags: numbers with k, M, G; durations with ms, s, m, h;
// times with ns, us, ms, s; and words. A message
// that refuses a value names the flag, the value and what would be right.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bench::cli {

/// A whole number from `low` to `high`; k, M and G stand for thousands, millions and billions.
/// `note` is added to the message that refuses a value.
[[nodiscard]] std::uint64_t parse_number(std::string_view flag, std::string_view text,
                                         std::uint64_t low, std::uint64_t high,
                                         std::string_view note = {});

/// Something a second from `low` to `high`, read from text like 500M or 1.5G.
[[nodiscard]] double parse_rate(std::string_view flag, std::string_view text, double low,
                                double high);

/// Seconds from `low` to `high`, read from text like 300ms, 1.5s, 2m or 2h.
[[nodiscard]] double parse_duration(std::string_view flag, std::string_view text, double low,
                                    double high);

/// Nanoseconds from `low` to `high`, read from text like 300ns, 1.5us, 2ms or 1s.
[[nodiscard]] double parse_time_ns(std::string_view flag, std::string_view text, double low,
                                   double high);

/// Stands for all names of a list.
inline constexpr std::string_view kAllNames = "all";

/// Names among `choices`, separated by commas and each given once; or kAllNames alone.
[[nodiscard]] std::vector<std::string_view> parse_names(std::string_view flag,
                                                        std::string_view text,
                                                        std::span<const std::string_view> choices);

/// The position of `text` among `choices`.
[[nodiscard]] std::size_t parse_choice(std::string_view flag, std::string_view text,
                                       std::span<const std::string_view> choices);

/// The same for an enum with a table of names.
template <class E, std::size_t N>
[[nodiscard]] E parse_named(std::string_view flag, std::string_view text,
                            const std::array<std::pair<std::string_view, E>, N>& names) {
  std::array<std::string_view, N> choices;
  for (std::size_t i = 0; i < N; ++i) choices[i] = names[i].first;
  return names[parse_choice(flag, text, choices)].second;
}

/// The text without the blanks at its ends.
[[nodiscard]] std::string_view without_blanks(std::string_view text);

/// The word among `choices` that `text` was probably meant to be; empty if none is near.
[[nodiscard]] std::string_view nearest(std::string_view text,
                                       std::span<const std::string_view> choices);

}  // namespace bench::cli
