#include "present/printable.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

#include "results/characters.hpp"

namespace bench::present {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

struct Character {
  std::size_t bytes = 0;  ///< 0 if there is no character of UTF-8
  std::uint32_t code = 0;
};

/// The first character of a text that is not empty, as RFC 3629 defines it.
Character first_character(std::string_view text) noexcept {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return {.bytes = 1, .code = lead};
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC0 || lead > 0xF4 || text.size() < bytes) return {};
  std::uint32_t code = lead & (0x7FU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if (!results::continues_character(text[i])) return {};
    code = code << 6U | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  constexpr std::array<std::uint32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < kLeast[bytes] || surrogate || code > 0x10FFFF) return {};
  return {.bytes = bytes, .code = code};
}

bool is_shown(std::uint32_t code) noexcept {
  const bool control = code < 0x20 || (code >= 0x7F && code < 0xA0);
  const bool separates_lines = code == 0x2028 || code == 0x2029;
  const bool turns = code == 0x061C || code == 0x200E || code == 0x200F ||
                     (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
  const bool no_character = (code & 0xFFFEU) == 0xFFFE;
  return !control && !separates_lines && !turns && !no_character;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const Character next = first_character(text);
    const std::size_t bytes = next.bytes == 0 ? 1 : next.bytes;
    if (next.code == '\n' || next.code == '\r' || next.code == '\t') {
      shown += ' ';
    } else if (next.bytes > 0 && is_shown(next.code)) {
      shown += text.substr(0, bytes);
    } else {
      shown += kReplacement;
    }
    text.remove_prefix(bytes);
  }
  return shown;
}

}  // namespace bench::present
