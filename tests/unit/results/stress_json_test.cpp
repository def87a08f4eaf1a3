// Tests that a stress is written as its schema promises, and read as it is written.

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <variant>

#include "results/json.hpp"
#include "schema/schema.hpp"
#include "unit/json_places.hpp"
#include "unit/stress_report.hpp"

namespace bench::testing {
namespace {

using nlohmann::json;
using results::StressReport;

TEST(StressJson, IsValidAndNeedsEachOfItsKeys) {
  for (const StressReport& report : {stress_report(), failed_stress()}) {
    const json written = json::parse(results::to_json(report));
    EXPECT_EQ(complaints(schema("stress"), written), "");
    for (const auto& [key, value] : written.items()) {
      json less = written;
      less.erase(key);
      EXPECT_NE(complaints(schema("stress"), less), "") << key;
    }
  }
}

TEST(StressJson, IsReadAsItWasWritten) {
  for (const StressReport& report : {stress_report(), failed_stress()}) {
    const auto read = results::any_from_json(results::to_json(report));
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(std::get<StressReport>(*read), report);
  }
}

TEST(StressJson, IsReadFromBeforeItSaidAtWhichMessageThreadsWere) {
  StressReport report = failed_stress();
  json before = json::parse(results::to_json(report));
  for (json& thread : before["failure"]["threads"]) EXPECT_EQ(thread.erase("at"), 1U);
  for (results::ThreadReport& thread : report.failure->threads) thread.at.clear();
  const auto read = results::any_from_json(before.dump());
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(std::get<StressReport>(*read), report);
}

TEST(StressJson, IsNoResultOfAMeasurement) {
  const auto read = results::from_json(results::to_json(stress_report()));
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().find("command stress"), std::string::npos) << read.error();
}

}  // namespace
}  // namespace bench::testing
