// Shortens names where people read them in little space.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace bench::results {

/// The text or, if it has more than `most` characters, its beginning and its end with "..." between
/// them. Names of series differ at either end.
[[nodiscard]] inline std::string abbreviated(std::string_view text, std::size_t most) {
  constexpr std::string_view kGap = "...";
  if (text.size() <= most) return std::string(text);
  const std::size_t kept = most - std::min(most, kGap.size());
  const std::size_t end = kept / 2;
  return std::string(text.substr(0, kept - end))
      .append(kGap.substr(0, most - kept))
      .append(text.substr(text.size() - end));
}

}  // namespace bench::results
