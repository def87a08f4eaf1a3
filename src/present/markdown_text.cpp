#include "present/markdown_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstddef>

#include "present/printable.hpp"
#include "results/series_names.hpp"

namespace bench::present {
namespace {

constexpr std::size_t kLongestName = 300;
constexpr std::size_t kLongestText = 2'000;

bool word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '"' || c == '[';
}

/// Whether the character at `i` is shown as it is wherever it stands in a line.
bool is_plain(std::string_view text, std::size_t i) {
  const char c = text[i];
  if (static_cast<unsigned char>(c) >= 0x80 || std::isalnum(static_cast<unsigned char>(c)) != 0) {
    return true;
  }
  // Two of these begin what becomes a link without any brackets.
  if (c == ':') return text.substr(i + 1, 2) != "//";
  // A milestone of GitLab is %1.
  if (c == '%') return i + 1 == text.size() || !word_character(text[i + 1]);
  if (c == '.') return i == 0 || (text[i - 1] != 'w' && text[i - 1] != 'W');
  return std::string_view(" ,;/=+-()'\"").find(c) != std::string_view::npos;
}

/// The text as Markdown and HTML show it. A character reference is never taken for markup.
std::string referenced(std::string_view text) {
  std::string shown;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_plain(text, i)) {
      shown += text[i];
    } else {
      shown += fmt::format("&#{};", static_cast<unsigned>(text[i]));
    }
  }
  return shown;
}

}  // namespace

std::string as_code(std::string_view text) {
  return fmt::format("<code>{}</code>",
                     referenced(results::abbreviated(printable(text), kLongestName)));
}

std::string as_text(std::string_view text) {
  constexpr std::string_view kMentioning = "@#!~$%&^*";
  const std::string whole = results::abbreviated(printable(text), kLongestText);
  std::string shown;
  std::size_t begin = 0;
  for (std::size_t i = 0; i + 1 < whole.size(); ++i) {
    if (kMentioning.find(whole[i]) == std::string_view::npos || !word_character(whole[i + 1])) {
      continue;
    }
    shown += referenced(std::string_view(whole).substr(begin, i - begin));
    shown += fmt::format("<code>&#{};</code>", static_cast<unsigned>(whole[i]));
    begin = i + 1;
  }
  return shown + referenced(std::string_view(whole).substr(begin));
}

}  // namespace bench::present
