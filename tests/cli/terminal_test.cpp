// What a person sees on a terminal while something is measured.

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "cli/process.hpp"
#include "scratch_directory.hpp"

namespace bench::testing {
namespace {

/// A terminal that keeps every row.
class Screen {
 public:
  Screen(const std::string& written, std::size_t columns) {
    for (std::size_t i = 0; i < written.size(); ++i) {
      const char c = written[i];
      if (c == '\r') {
        column_ = 0;
      } else if (c == '\n') {
        rows_.emplace_back();
      } else if (c == '\x1b') {
        const std::size_t end = written.find_first_of("mK", i);
        if (written[end] == 'K') rows_.back().resize(std::min(rows_.back().size(), column_));
        i = end;
      } else {
        if (column_ == columns) {
          rows_.emplace_back();
          column_ = 0;
          wrapped_ = true;
        }
        rows_.back().resize(std::max(rows_.back().size(), column_ + 1));
        rows_.back()[column_++] = c;
      }
    }
  }

  [[nodiscard]] const std::vector<std::string>& rows() const { return rows_; }
  [[nodiscard]] bool wrapped() const { return wrapped_; }

 private:
  std::vector<std::string> rows_{""};
  std::size_t column_ = 0;
  bool wrapped_ = false;
};

TEST(Terminal, HasEveryMessageOnARowOfItsOwnBesideTheProgress) {
  const Outcome outcome = run({.arguments = {"--trials", "3", "--warmup", "0", "--duration", "20ms",
                                             "--log-level", "debug"},
                               .terminal = 200});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_NE(outcome.err.find("] trial 1 of 3"), std::string::npos) << outcome.err;
  const Screen screen(outcome.err, 200);
  std::size_t messages = 0;
  for (const std::string& row : screen.rows()) {
    if (row.find("debug") == std::string::npos) continue;
    ++messages;
    EXPECT_TRUE(row.starts_with("ringmpsc-bench: debug: ")) << row;
    EXPECT_EQ(row.find('['), std::string::npos) << row;
  }
  EXPECT_EQ(messages, 3U) << outcome.err;
  EXPECT_EQ(screen.rows().back(), "") << "the progress is gone at the end";
  // It is drawn again below a message, and not only with the next trial.
  const std::size_t message = outcome.err.find("debug");
  const std::string after = outcome.err.substr(outcome.err.find('\n', message) + 1, 30);
  EXPECT_NE(after.find('['), std::string::npos) << after;
}

using Terminals = InScratchDirectory;

TEST_F(Terminals, ShowTheTimeLeftOfALongNameAndNeverWrapTheProgress) {
  const std::string sweep = make("mine.json", R"({
    "description": "d", "fixed": {"trials": 4, "duration": "5ms", "warmup": 0},
    "axes": {"queue": ["ringmpsc"], "producers": [1, 2], "consume": ["verify"],
             "wait": ["yielding"], "placement": ["near"], "ring_bits": [10]}})");
  for (const unsigned columns : {80U, 60U, 35U, 20U}) {
    const Outcome outcome =
        run({.arguments = {"sweep", sweep, "--log-level", "warn", "--output", "-"},
             .terminal = columns});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_NE(outcome.err.find(" s left"), std::string::npos) << columns << ": " << outcome.err;
    EXPECT_FALSE(Screen(outcome.err, columns).wrapped()) << columns << ": " << outcome.err;
  }
}

TEST_F(Terminals, ThatAreNarrowShowPagesThatFitThem) {
  const std::string result = path("r.json");
  ASSERT_EQ(bench({"--trials", "6", "--warmup", "0", "--duration", "5ms", "--queue",
                   "ringmpsc,mutex-ring", "--output", result, "-q"})
                .exit_code,
            0);
  const Outcome outcome = run({.arguments = {"show", result}, .environment = {{"COLUMNS", "30"}}});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  std::istringstream lines(outcome.out);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 30U) << outcome.out;
}

}  // namespace
}  // namespace bench::testing
