// The page of a stress.

#include "present/stress_page.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "unit/present/page_text.hpp"
#include "unit/stress_report.hpp"

namespace bench::testing {
namespace {

std::string page_of(const results::StressReport& report) {
  return present::render(report, {.color = false, .width = 100});
}

TEST(StressPage, SaysWhatWasDoneAndWhatNeverCame) {
  const std::string page = page_of(stress_report());
  for (const char* const text :
       {"passed", "812 rounds in 60 s", "1,234,567,890 messages", "rings   tiny-ring",
        "events  crowd", "more producers than may be registered", "NEVER",
        "crowd; give it more time", "12.00 MB resident", "per producer"}) {
    EXPECT_NE(page.find(text), std::string::npos) << text << "\n" << page;
  }
  EXPECT_EQ(page.find("FAILED"), std::string::npos) << page;
}

TEST(StressPage, SaysFirstWhatFailedAndHowToRepeatIt) {
  const std::string page = page_of(failed_stress());
  for (const char* const text :
       {"FAILED", "round 813: no thread got on for 10 s", "--seed 99 --same-round",
        "consumer: waiting for messages, after 12 messages",
        "producer 0: waiting for room at message 8 of life 1, after 8 messages",
        "producer 1: waiting for room at message 2 of life 3, after 9 messages"}) {
    EXPECT_NE(page.find(text), std::string::npos) << text << "\n" << page;
  }
  EXPECT_EQ(page.find("passed"), std::string::npos) << page;
}

TEST(StressPage, HasALineForManyThreadsThatDidTheSame) {
  results::StressReport report = failed_stress();
  std::vector<results::ThreadReport>& threads = report.failure->threads;
  for (int i = 2; i < 100; ++i) {
    threads.push_back({.thread = "producer " + std::to_string(i),
                       .doing = i < 99 ? "waiting for room" : "within a push",
                       .messages = 9,
                       .at = "message 8 of life " + std::to_string(i)});
  }
  const std::string page = page_of(report);
  for (const char* const text :
       {"producers 0 to 98: waiting for room, after 8 to 9 messages",
        "producer 99: within a push at message 8 of life 99, after 9 messages"}) {
    EXPECT_NE(page.find(text), std::string::npos) << text << "\n" << page;
  }
}

}  // namespace
}  // namespace bench::testing
