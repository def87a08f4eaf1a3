// Text from elsewhere does nothing to a terminal.

#include "present/printable.hpp"

#include <gtest/gtest.h>

#include <string>

#include "present/page.hpp"
#include "results/series_names.hpp"

namespace bench::testing {
namespace {

using present::printable;

const std::string kReplaced = "\xEF\xBF\xBD";

TEST(Printable, IsWhatNeedsNoChange) {
  const std::string fine = "ringmpsc {a|b} <c> & \"d\" ~ \xC3\xA9 \xE6\x97\xA5 \xF0\x9F\x98\x80";
  EXPECT_EQ(printable(fine), fine);
  EXPECT_EQ(printable(""), "");
}

TEST(Printable, HasNoControlCharacters) {
  EXPECT_EQ(printable("\x1b[31mred"), kReplaced + "[31mred");
  EXPECT_EQ(printable(std::string("a\0b", 3)), "a" + kReplaced + "b");
  EXPECT_EQ(printable("\x7f"), kReplaced);
  EXPECT_EQ(printable("\xC2\x9B"), kReplaced) << "the same as escape and a bracket";
  EXPECT_EQ(printable("\xC2\xA0"), "\xC2\xA0");
}

TEST(Printable, IsOneLine) {
  EXPECT_EQ(printable("a\nb\tc\r\n"), "a b c  ");
  EXPECT_EQ(printable("\xE2\x80\xA8"), kReplaced) << "a separator of lines";
}

TEST(Printable, KeepsTheDirectionOfWriting) {
  for (const char* const turns : {"\xE2\x80\xAE", "\xE2\x81\xA6", "\xE2\x80\x8F", "\xD8\x9C"}) {
    EXPECT_EQ(printable(turns), kReplaced);
  }
}

TEST(Printable, IsUtf8) {
  EXPECT_EQ(printable("\xFF"), kReplaced);
  EXPECT_EQ(printable("\x9B"), kReplaced) << "a control character of ISO 8859";
  EXPECT_EQ(printable("\xC3"), kReplaced) << "it ends too early";
  EXPECT_EQ(printable("\xC3("), kReplaced + "(");
  EXPECT_EQ(printable("\xC0\x9B"), kReplaced + kReplaced) << "longer than need be";
  EXPECT_EQ(printable("\xE0\x80\x9B"), kReplaced + kReplaced + kReplaced);
  EXPECT_EQ(printable("\xED\xA0\x80"), kReplaced + kReplaced + kReplaced) << "a surrogate";
  EXPECT_EQ(printable("\xF4\x90\x80\x80").size(), 4 * kReplaced.size()) << "beyond U+10FFFF";
  EXPECT_EQ(printable("\xEF\xBF\xBF"), kReplaced) << "U+FFFF, which XML does not have";
}

TEST(Page, MakesEveryTextPrintable) {
  for (const unsigned width : {20U, 80U}) {
    present::Page page({.color = false, .width = width});
    page.headline("\x1b");
    page.row("\x1b");
    page.hanging(2, "\x1b");
    page.line("\x1b", "\x1b");
    const std::string text = page.take();
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    std::size_t replaced = 0;
    for (std::size_t at = text.find(kReplaced); at != std::string::npos;
         at = text.find(kReplaced, at + 1)) {
      ++replaced;
    }
    EXPECT_EQ(replaced, 5U);
  }
}

TEST(Page, BreaksALongWordWithoutLosingAnyOfIt) {
  const std::string word = "abcdefghijklmnopqrstuvwxyz0123456789-\xE6\x97\xA5\xE6\x97\xA5-end";
  for (unsigned width = 20; width < 60; ++width) {
    present::Page page({.color = false, .width = width});
    page.hanging(2, word);
    page.line("", word);
    page.headline(word);
    std::string text = page.take();
    for (std::size_t at = 0; at < text.size();) {
      const std::string line = text.substr(at, text.find('\n', at) - at);
      EXPECT_LE(line.size(), width);
      EXPECT_EQ(printable(line), line) << "a character was cut";
      at += line.size() + 1;
    }
    std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
    EXPECT_EQ(text, std::string(word).append(word).append(word)) << width;
  }
}

TEST(SeriesNames, AreAbbreviatedBetweenCharacters) {
  std::string name;
  for (int i = 0; i < 20; ++i) name += "\xE6\x97\xA5";
  for (std::size_t most = 0; most < name.size(); ++most) {
    const std::string shorter = results::abbreviated(name, most);
    EXPECT_LE(shorter.size(), most);
    EXPECT_EQ(printable(shorter), shorter) << most;
  }
}

}  // namespace
}  // namespace bench::testing
