#include "present/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "present/printable.hpp"
#include "results/characters.hpp"

namespace bench::present {
namespace {

std::string_view without_blanks_at_end(std::string_view text) {
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

/// Breaks the text between words, and a word that is longer than a row where the row ends.
std::vector<std::string_view> wrapped(std::string_view text, std::size_t columns) {
  std::vector<std::string_view> rows;
  while (text.size() > columns) {
    std::size_t end = text.rfind(' ', columns);
    const bool between_words = end != std::string_view::npos;
    if (!between_words) end = std::max<std::size_t>(1, results::whole_characters(text, columns));
    rows.push_back(text.substr(0, end));
    text.remove_prefix(std::min(text.size(), between_words ? end + 1 : end));
  }
  if (!text.empty() || rows.empty()) rows.push_back(text);
  return rows;
}

}  // namespace

Page::Page(const Style& style) : color_(style.color), width_(std::max(style.width, kNarrowest)) {}

void Page::headline(std::string_view text, std::string_view paint) {
  const std::string safe = printable(text);
  for (const std::string_view row : wrapped(safe, width_)) text_ += painted(row, paint) + "\n";
}

void Page::hanging(std::size_t indent, std::string_view text) {
  const std::string safe = printable(text);
  const auto rows_at = [this](std::size_t column, std::string_view from) {
    return wrapped(from, width_ - std::min(width_, column));
  };
  const std::vector<std::string_view> rows = rows_at(indent, safe);
  text_ += fmt::format("{:{}}{}\n", "", indent, rows.front());
  if (rows.size() == 1) return;
  indent += kIndent;
  const auto begin_of_rest = static_cast<std::size_t>(rows[1].data() - safe.data());
  for (const std::string_view row : rows_at(indent, std::string_view(safe).substr(begin_of_rest))) {
    text_ += fmt::format("{:{}}{}\n", "", indent, row);
  }
}

void Page::row(std::string_view text, std::string_view paint) {
  const std::string safe = printable(text);
  text_ += painted(without_blanks_at_end(safe), paint) + "\n";
}

void Page::line(std::string_view label, std::string_view text, std::string_view paint) {
  const std::string safe_label = printable(label);
  const std::string whole = printable(text);
  const std::string_view safe = without_blanks_at_end(whole);
  if (narrow()) {
    if (!label.empty()) text_ += fmt::format("{:{}}{}\n", "", kIndent, safe_label);
    for (const std::string_view row : wrapped(safe, room())) {
      text_ += fmt::format("{:{}}{}\n", "", 2 * kIndent, painted(row, paint));
    }
    return;
  }
  std::string_view first = safe_label;
  for (const std::string_view row : wrapped(safe, room())) {
    text_ += fmt::format("{:{}}{:<{}}{}\n", "", kIndent, first, kLabelColumns, painted(row, paint));
    first = {};
  }
}

std::string Page::painted(std::string_view text, std::string_view paint) const {
  if (!color_ || paint.empty()) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", paint, text);
}

}  // namespace bench::present
