// Lines of text for a terminal: labels with wrapped text beside them, and rows of tables. Whatever
// the text holds, nothing but the colours of the page reaches the terminal as a command.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "present/console.hpp"

namespace bench::present {

/// Text that may be coloured. Its width is that of the plain text, without escape sequences. Every
/// text is made printable() first.
class Page {
 public:
  explicit Page(const Style& style);

  static constexpr std::string_view kBold = "1";
  static constexpr std::string_view kRed = "1;31";
  static constexpr std::string_view kGreen = "32";
  static constexpr std::string_view kYellow = "33";

  void headline(std::string_view text, std::string_view paint = kBold);
  /// Adds a row of a table, without the blanks at its end, however long it is.
  void row(std::string_view text, std::string_view paint = {});
  /// Adds a text at an indent, wrapped where it must be, with its later rows a little further in.
  void hanging(std::size_t indent, std::string_view text);
  /// Adds a label and a text, which is wrapped beside the label or, on a narrow page, below it.
  void line(std::string_view label, std::string_view text, std::string_view paint = {});

  [[nodiscard]] std::size_t width() const noexcept { return width_; }
  /// The columns that the text of a line has.
  [[nodiscard]] std::size_t room() const noexcept {
    return width_ - (narrow() ? 2 * kIndent : kIndent + kLabelColumns);
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  static constexpr std::size_t kIndent = 2;
  static constexpr std::size_t kLabelColumns = 12;
  /// Beside a label, a narrower page would have a word or two on a row.
  static constexpr std::size_t kLeastForLabels = 40;

  [[nodiscard]] bool narrow() const noexcept { return width_ < kLeastForLabels; }
  /// The text inside the escape sequences of `paint`, or as it is if the style has no colour.
  [[nodiscard]] std::string painted(std::string_view text, std::string_view paint) const;

  bool color_;
  std::size_t width_;
  std::string text_;
};

}  // namespace bench::present
