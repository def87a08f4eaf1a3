// How series are named where people read them: in documents, on pages and in messages.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "results/characters.hpp"
#include "results/document.hpp"

namespace bench::results {

/// A key of a sweep, like ring_bits, as people type its flag: ring-bits.
[[nodiscard]] inline std::string typed(std::string_view key) {
  std::string name(key);
  std::ranges::replace(name, '_', '-');
  return name;
}

/// The name of the series at this place on the axes of a sweep: "ring-bits=4 queue=ringmpsc".
[[nodiscard]] inline std::string series_name(const std::vector<Parameter>& parameters) {
  std::string name;
  for (const auto& [key, value] : parameters) {
    if (!name.empty()) name += ' ';
    name.append(typed(key)).append("=").append(value);
  }
  return name;
}

/// The text or, if it has more than `most` bytes, its beginning and its end with "..." between
/// them. Names of series differ at either end.
[[nodiscard]] inline std::string abbreviated(std::string_view text, std::size_t most) {
  constexpr std::string_view kGap = "...";
  if (text.size() <= most) return std::string(text);
  const std::size_t kept = most - std::min(most, kGap.size());
  const std::size_t half = kept / 2;
  std::size_t end = text.size() - half;
  while (end < text.size() && continues_character(text[end])) ++end;
  return std::string(text.substr(0, whole_characters(text, kept - half)))
      .append(kGap.substr(0, most - kept))
      .append(text.substr(end));
}

}  // namespace bench::results
