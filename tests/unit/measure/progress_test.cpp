// The progress line fits every terminal and keeps what people look for.

#include "measure/progress.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>

#include "results/series_names.hpp"

namespace bench::measure {
namespace {

const std::string kLongName = "queue=moodycamel-concurrent producers=16 batch=64k consume=verify";

std::string line_of(std::size_t columns, const std::string& name) {
  return progress_line(0.5, 1234.2, "trial 3 of 10", name, columns);
}

bool holds(const std::string& line, const std::string& part) {
  return line.find(part) != std::string::npos;
}

TEST(ProgressLine, ShowsTheWholeWhereThereIsRoom) {
  EXPECT_EQ(line_of(200, "ringmpsc"),
            "[############............] trial 3 of 10, ringmpsc, 1235 s left");
  EXPECT_EQ(line_of(200, ""), "[############............] trial 3 of 10, 1235 s left");
  EXPECT_EQ(progress_line(0, std::nullopt, "pair 1 of 6", "", 80),
            "[........................] pair 1 of 6");
}

TEST(ProgressLine, ShortensTheNameAndNeitherTheBarNorTheTimeLeft) {
  const std::string line = line_of(80, kLongName);
  EXPECT_EQ(line.size(), 79U);
  EXPECT_TRUE(line.starts_with("[############............] trial 3 of 10, queue=")) << line;
  EXPECT_TRUE(line.ends_with("=verify, 1235 s left")) << line;
  EXPECT_TRUE(holds(line, "...")) << line;
}

TEST(ProgressLine, FitsAnyWidthAndShowsTheTimeLeftToTheLast) {
  for (const std::string& name : {std::string(), std::string("ringmpsc"), kLongName}) {
    for (std::size_t columns = 0; columns < 200; ++columns) {
      const std::string line = line_of(columns, name);
      EXPECT_LT(line.size(), std::max<std::size_t>(columns, 1)) << line;
      if (columns >= 20) {
        EXPECT_TRUE(holds(line, "1235 s left")) << columns << ": " << line;
      }
      // A part of a bar would look like another one.
      EXPECT_EQ(holds(line, "["), holds(line, "############............] ")) << line;
    }
  }
  EXPECT_FALSE(holds(line_of(40, ""), "[")) << "the bar goes first";
  EXPECT_TRUE(holds(line_of(40, ""), "trial 3 of 10"));
}

TEST(Abbreviated, KeepsBothEnds) {
  EXPECT_EQ(results::abbreviated("ringmpsc", 8), "ringmpsc");
  EXPECT_EQ(results::abbreviated("ringmpsc", 7), "ri...sc");
  EXPECT_EQ(results::abbreviated("ringmpsc", 6), "ri...c");
  EXPECT_EQ(results::abbreviated("ringmpsc", 2), "..");
  EXPECT_EQ(results::abbreviated("ringmpsc", 0), "");
}

}  // namespace
}  // namespace bench::measure
