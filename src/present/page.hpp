// Lines of text for a terminal: labels with wrapped text beside them, and rows of tables.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "present/console.hpp"

namespace bench::present {

/// Text that may be coloured; its width is that of the plain text.
class Page {
 public:
  explicit Page(const Style& style);

  static constexpr std::string_view kBold = "1";
  static constexpr std::string_view kRed = "1;31";
  static constexpr std::string_view kGreen = "32";
  static constexpr std::string_view kYellow = "33";

  void headline(std::string_view text) { text_ += painted(text, kBold) + "\n"; }
  /// A row of a table, as it is but for the blanks at its end.
  void row(std::string text);
  /// A label and what it says, wrapped beside it.
  void line(std::string_view label, std::string_view text, std::string_view paint = {});

  [[nodiscard]] std::size_t width() const noexcept { return width_; }
  /// Columns that a line has beside its label.
  [[nodiscard]] std::size_t room() const noexcept { return width_ - kLabelColumns - 2; }
  /// As escape sequences show it, if there are to be any.
  [[nodiscard]] std::string painted(std::string_view text, std::string_view paint) const;
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  static constexpr std::size_t kLabelColumns = 12;

  bool color_;
  std::size_t width_;
  std::string text_;
};

}  // namespace bench::present
