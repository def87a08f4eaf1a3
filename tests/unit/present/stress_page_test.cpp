// The page of a stress.

#include "present/stress_page.hpp"

#include <gtest/gtest.h>

#include <string>

#include "unit/present/page_text.hpp"
#include "unit/stress_report.hpp"

namespace bench::testing {
namespace {

std::string page_of(const results::StressReport& report) {
  return present::render(report, {.color = false, .width = 80});
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
        "producers 0 to 1: waiting for room, after 8 to 9 messages"}) {
    EXPECT_NE(page.find(text), std::string::npos) << text << "\n" << page;
  }
  EXPECT_EQ(page.find("passed"), std::string::npos) << page;
}

}  // namespace
}  // namespace bench::testing
