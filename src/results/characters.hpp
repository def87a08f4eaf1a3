// Where a text of UTF-8 may be cut.
#pragma once

#include <cstddef>
#include <string_view>

namespace bench::results {

/// Whether the byte is not the first of a character.
[[nodiscard]] constexpr bool continues_character(char byte) noexcept {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

/// The largest number of bytes, at most `most`, after which no character is cut in two.
[[nodiscard]] constexpr std::size_t whole_characters(std::string_view text,
                                                     std::size_t most) noexcept {
  if (text.size() <= most) return text.size();
  while (most > 0 && continues_character(text[most])) --most;
  return most;
}

}  // namespace bench::results
