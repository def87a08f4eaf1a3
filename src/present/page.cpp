#include "present/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace bench::present {
namespace {

/// Breaks the text between words; a word that is longer than a row gets a row to itself.
std::vector<std::string_view> wrapped(std::string_view text, std::size_t columns) {
  std::vector<std::string_view> rows;
  while (text.size() > columns) {
    std::size_t end = text.rfind(' ', columns);
    if (end == std::string_view::npos) end = std::min(text.find(' '), text.size());
    rows.push_back(text.substr(0, end));
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  if (!text.empty() || rows.empty()) rows.push_back(text);
  return rows;
}

}  // namespace

Page::Page(const Style& style) : color_(style.color), width_(std::max(style.width, kNarrowest)) {}

void Page::headline(std::string_view text) {
  for (const std::string_view row : wrapped(text, width_)) text_ += painted(row, kBold) + "\n";
}

void Page::hanging(std::size_t indent, std::string_view text) {
  const auto room_at = [this](std::size_t column) { return width_ - std::min(width_, column); };
  const std::string_view first = wrapped(text, room_at(indent)).front();
  text_ += fmt::format("{:{}}{}\n", "", indent, first);
  text.remove_prefix(std::min(text.size(), first.size() + 1));
  if (text.empty()) return;
  indent += kIndent;
  for (const std::string_view row : wrapped(text, room_at(indent))) {
    text_ += fmt::format("{:{}}{}\n", "", indent, row);
  }
}

void Page::row(std::string text) {
  text.resize(text.find_last_not_of(' ') + 1);
  text_ += text + "\n";
}

void Page::line(std::string_view label, std::string_view text, std::string_view paint) {
  if (narrow()) {
    if (!label.empty()) text_ += fmt::format("{:{}}{}\n", "", kIndent, label);
    for (const std::string_view row : wrapped(text, room())) {
      text_ += fmt::format("{:{}}{}\n", "", 2 * kIndent, painted(row, paint));
    }
    return;
  }
  std::string_view first = label;
  for (const std::string_view row : wrapped(text, room())) {
    text_ += fmt::format("{:{}}{:<{}}{}\n", "", kIndent, first, kLabelColumns, painted(row, paint));
    first = {};
  }
}

std::string Page::painted(std::string_view text, std::string_view paint) const {
  if (!color_ || paint.empty()) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", paint, text);
}

}  // namespace bench::present
