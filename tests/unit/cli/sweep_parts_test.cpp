// Sweeps of several parts: their series, the flags that change them, and the messages about
// mistakes in them.

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <utility>
#include <vector>

#include "cli/sweep_changes.hpp"
#include "measure/plan.hpp"
#include "schema/schema.hpp"
#include "unit/cli/sweep_text.hpp"

namespace bench::testing {
namespace {

const std::string kParts = sweep(
    R"("core_to_core": "20s", "fixed": {"trials": 3, "duration": "50ms", "payload": 64},
       "parts": [
         {"axes": {"pattern": ["stream"], "producers": [1, 2], "batch": [1, 256]},
          "exclude": [{"producers": 2, "batch": 256}]},
         {"fixed": {"duration": "200ms"},
          "axes": {"pattern": ["one-way"], "rate": ["10k", "1M"]}}])");

TEST(SweepParts, HaveTheSeriesOfTheirOwnAxes) {
  const auto request = series_of(kParts);
  EXPECT_EQ(names(request),
            (Given{"pattern=stream producers=1 batch=1", "pattern=stream producers=1 batch=256",
                   "pattern=stream producers=2 batch=1", "pattern=one-way rate=10k",
                   "pattern=one-way rate=1M"}));
  std::vector<std::string> axes;
  for (const results::Axis& axis : request.axes) axes.push_back(axis.key);
  EXPECT_EQ(axes, (Given{"pattern", "producers", "batch", "rate"}));
  EXPECT_EQ(request.axes[0].values, (Given{"stream", "one-way"}));
  EXPECT_EQ(request.core_to_core_s, 20.0);
  EXPECT_EQ(complaints(schema("sweep"), nlohmann::json::parse(kParts)), "");
}

TEST(SweepParts, HaveWhatTheFileFixesUnlessTheySetItThemselves) {
  for (const auto& series : series_of(kParts).series) {
    const bool scheduled = series.request.spec.pattern == workload::Pattern::one_way;
    EXPECT_EQ(series.request.spec.duration_s, scheduled ? 0.2 : 0.05);
    EXPECT_EQ(series.request.spec.payload_bytes, 64U);
    EXPECT_EQ(series.request.trials, 3U);
  }
  const auto own_axis = series_of(sweep(
      R"("fixed": {"batch": 4}, "parts": [{"axes": {"batch": [1, 2]}},
                                          {"axes": {"pattern": ["stream"]}}])"));
  EXPECT_EQ(names(own_axis), (Given{"batch=1", "batch=2", "pattern=stream"}));
  EXPECT_EQ(own_axis.series[2].request.spec.batch, 4U);
}

TEST(SweepParts, ArePlannedAsOneSweep) {
  const auto plan =
      measure::make_plan(series_of(kParts), machine::Topology::synthetic("core:4 pu:1"));
  ASSERT_EQ(plan.series.size(), 5U);
  EXPECT_EQ(plan.series[4].name, "pattern=one-way rate=1M");
  EXPECT_EQ(plan.sweep->axes.size(), 4U);
  EXPECT_EQ(plan.core_to_core_s, 20.0);
  // Only some parts vary the placement.
  const auto placed = measure::make_plan(series_of(sweep(R"("parts": [{"axes": {"batch": [1]}},
                                   {"axes": {"placement": ["near", "far"], "batch": [1]}}])")),
                                         machine::Topology::synthetic("core:2 pu:1"));
  ASSERT_EQ(placed.series.size(), 2U);
  EXPECT_EQ(placed.series[1].name, "placement=near batch=1");
}

TEST(SweepParts, AreChangedByFlagsWhereTheyHaveTheSetting) {
  EXPECT_EQ(names(series_with({"--rate", "5k"}, kParts)).back(), "pattern=one-way rate=5k");
  EXPECT_EQ(names(series_with({"--batch", "8"}, kParts)).front(),
            "pattern=stream producers=1 batch=8");
  EXPECT_EQ(series_with({"--batch", "8"}, kParts).series.back().request.spec.batch, 256U)
      << "the default, which means nothing there";
  for (const auto& series : series_with({"--payload", "8"}, kParts).series) {
    EXPECT_EQ(series.request.spec.payload_bytes, 8U) << "each part has what the file fixes";
  }
  for (const auto& series : series_with({"--duration", "7ms"}, kParts).series) {
    EXPECT_EQ(series.request.spec.duration_s, 0.007);
  }
  for (const auto& series : series_with({"--wait", "yielding"}, kParts).series) {
    EXPECT_EQ(series.request.spec.wait, workload::Wait::yielding) << "no part has it";
  }
  for (const auto& series : series_with({"--messages", "9"}, kParts).series) {
    EXPECT_EQ(series.request.spec.messages_per_producer, 9U);
  }
}

TEST(SweepParts, AreCutToTheSeriesThatHaveTheAxes) {
  const auto part = [](const std::string& only) {
    return names(series_of(kParts, {.only = cli::read_only("--only", only)}));
  };
  EXPECT_EQ(part("pattern=one-way"),
            (Given{"pattern=one-way rate=10k", "pattern=one-way rate=1M"}));
  EXPECT_EQ(part("rate=10k"), (Given{"pattern=one-way rate=10k"}));
  EXPECT_EQ(part("batch=1"),
            (Given{"pattern=stream producers=1 batch=1", "pattern=stream producers=2 batch=1"}));
  const auto mistake = [&](const std::string& only) -> std::string {
    try {
      static_cast<void>(part(only));
    } catch (const measure::BadRequest& error) {
      return error.what();
    }
    return "no mistake";
  };
  EXPECT_EQ(mistake("batch=1,rate=10k"), "--only: the sweep excludes every such series");
  EXPECT_EQ(mistake("rate=7k"), "--only rate 7k: the sweep has only 10k, 1M");
  EXPECT_EQ(mistake("pattern=round-trip"),
            "--only pattern round-trip: the sweep has only stream, one-way");
  EXPECT_EQ(
      mistake("wait=yielding"),
      "--only wait: not an axis of this sweep: must be one of pattern, producers, batch, rate");
}

TEST(SweepParts, LeaveNoAxisThatNoSeriesHas) {
  const auto curve =
      measure::make_plan(series_of(kParts, {.only = cli::read_only("--only", "rate=10k")}),
                         machine::Topology::synthetic("core:4 pu:1"));
  ASSERT_EQ(curve.sweep->axes.size(), 2U);
  EXPECT_EQ(curve.sweep->axes[0].key, "pattern");
  EXPECT_EQ(curve.sweep->axes[0].values, Given{"one-way"});
  EXPECT_EQ(curve.sweep->axes[1].values, Given{"10k"});
}

TEST(SweepParts, AreNamedByTheMessagesAboutThem) {
  const std::vector<std::pair<std::string, Given>> mistakes = {
      {R"("parts": [])", {"parts: empty"}},
      {R"("parts": {})", {"parts: must be a list"}},
      {R"("parts": [7])", {"parts[0]: must be an object"}},
      {R"("parts": [{"axes": {"batch": [1]}}], "axes": {"batch": [1]})", {"axes: ", "move it"}},
      {R"("parts": [{"axes": {"batch": [1]}}], "exclude": [])", {"exclude: ", "move it"}},
      {R"("parts": [{"axes": {"batch": [1]}}, {"fixed": {}}])", {"parts[1].axes: missing"}},
      {R"("parts": [{"axis": {"batch": [1]}, "axes": {"batch": [1]}}])",
       {"parts[0].axis: no such key", "did you mean axes?"}},
      {R"("parts": [{"axes": {"batch": [1, "x"]}}])", {"parts[0].axes.batch[1] x"}},
      {R"("parts": [{"axes": {"batch": [1]}, "exclude": [{}]}])", {"parts[0].exclude[0]: empty"}},
      {R"("parts": [{"fixed": {"trials": 3}, "axes": {"batch": [1]}}])",
       {"parts[0].fixed.trials: holds for the whole sweep", "outside of the parts"}},
      {R"("parts": [{"axes": {"batch": [1]}}, {"axes": {"batch": [2, 1]}}])",
       {"parts: two of them have the series batch=1"}},
      {R"("parts": [{"fixed": {"preset": "default", "ring_bits": 4}, "axes": {"batch": [1]}}])",
       {"parts[0] has ring_bits and preset: a preset sets ring_bits"}},
      {R"("core_to_core": "20", "axes": {"batch": [1]})", {"core_to_core 20", "a unit"}},
      {R"("core_to_core": "1us", "axes": {"batch": [1]})", {"core_to_core 1us"}},
  };
  for (const auto& [text, named] : mistakes) {
    const std::string said = mistake_in(sweep(text));
    for (const std::string& part : named) {
      EXPECT_NE(said.find(part), std::string::npos) << part << " not in: " << said << "\n" << text;
    }
  }
}

}  // namespace
}  // namespace bench::testing
