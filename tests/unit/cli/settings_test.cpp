// No flag is forgotten: what it sets is written down, read back, and described by the schema.

#include "cli/settings.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <map>
#include <set>
#include <string>

#include "results/json.hpp"
#include "schema/schema.hpp"
#include "unit/result_document.hpp"

namespace bench::testing {
namespace {

/// A value for each flag other than its default.
const std::map<std::string, std::string, std::less<>> kOtherThanDefault = {
    {"--queue", "mutex-ring"},
    {"--producers", "3"},
    {"--idle-producers", "5"},
    {"--pattern", "round-trip"},
    {"--rate", "1k"},
    {"--ring-bits", "9"},
    {"--preset", "low-latency"},
    {"--layout", "celled"},
    {"--payload", "64"},
    {"--batch", "7"},
    {"--write", "copy"},
    {"--consume", "count"},
    {"--wait", "yielding"},
    {"--placement", "far"},
    {"--cpus", "0"},
    {"--duration", "7ms"},
    {"--messages", "9"},
    {"--trials", "3"},
    {"--warmup", "4"},
    {"--seed", "5"},
};

/// Flags that say which queues to measure, where, how often and in which order, but not what a
/// trial does.
const std::set<std::string, std::less<>> kNotOfATrial = {"--queue",  "--placement", "--cpus",
                                                         "--trials", "--warmup",    "--seed"};

std::string json_with(const workload::Spec& spec) {
  results::Document of_spec = document();
  of_spec.series[0].spec = spec;
  return results::to_json(of_spec);
}

TEST(Settings, OfATrialAreWrittenDownAndReadBack) {
  const workload::Spec usual;
  for (const cli::Setting& setting : cli::request_settings()) {
    SCOPED_TRACE(setting.flag);
    const auto value = kOtherThanDefault.find(setting.flag);
    ASSERT_NE(value, kOtherThanDefault.end()) << "give it a value in this test";
    cli::RequestDraft draft;
    setting.read(draft, setting.flag, value->second);
    const workload::Spec spec = std::move(draft).finish().spec;
    if (kNotOfATrial.contains(setting.flag)) {
      EXPECT_EQ(spec, usual);
      continue;
    }
    EXPECT_NE(spec, usual) << "the flag changes nothing";
    const std::string json = json_with(spec);
    EXPECT_NE(json, json_with(usual)) << "describe() in results/fields.hpp lacks it";
    const auto read = results::from_json(json);
    ASSERT_TRUE(read.has_value()) << read.error();
    EXPECT_EQ(read->series[0].spec, spec) << "describe() in results/fields.hpp lacks it";
    EXPECT_EQ(complaints(schema("result"), nlohmann::json::parse(json)), "")
        << "configs/schema/result.schema.json lacks it";
  }
}

}  // namespace
}  // namespace bench::testing
