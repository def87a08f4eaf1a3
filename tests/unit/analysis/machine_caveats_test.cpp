// Tests that caveats about the machine come from evidence and from nothing else.

#include "analysis/machine_caveats.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "analysis/caveats.hpp"
#include "analysis/summary.hpp"
#include "unit/result_document.hpp"

namespace bench::analysis {
namespace {

using results::Caveat;
using results::CaveatCode;

std::vector<CaveatCode> codes(const std::vector<Caveat>& caveats) {
  std::vector<CaveatCode> all(caveats.size());
  std::ranges::transform(caveats, all.begin(), &Caveat::code);
  return all;
}

bool has(const std::vector<CaveatCode>& all, CaveatCode code) {
  return std::ranges::find(all, code) != all.end();
}

results::Probes probed(machine::Distance shared, double ns) {
  return {.core_to_core = {{.from = 2,
                            .to = 3,
                            .shared = shared,
                            .p10_ns = ns,
                            .p50_ns = ns,
                            .p90_ns = ns,
                            .readings = 1}},
          .seconds = 0.1,
          .share_of_time = 0.01};
}

using Codes = std::vector<CaveatCode>;

TEST(MachineCaveats, AreAbsentWhereNothingIsKnown) {
  EXPECT_EQ(codes(machine_caveats({}, {})), Codes{});
  EXPECT_EQ(codes(activity_caveats({})), Codes{});
}

TEST(MachineCaveats, ReportCoresOfOneCacheThatAreAsSlowAsDistantOnes) {
  const auto caveats = machine_caveats({}, probed(machine::Distance::same_l3, 500));
  ASSERT_EQ(codes(caveats), Codes{CaveatCode::topology_contradicted});
  for (const char* const part : {"CPUs 2 and 3", "L3", "500 ns"}) {
    EXPECT_NE(caveats[0].text.find(part), std::string::npos) << caveats[0].text;
  }
}

TEST(MachineCaveats, AreAbsentWhereTheProbeAgreesWithTheReportedTopology) {
  EXPECT_EQ(codes(machine_caveats({}, probed(machine::Distance::same_l3, 100))), Codes{});
  EXPECT_EQ(codes(machine_caveats({}, probed(machine::Distance::same_package, 500))), Codes{});
}

TEST(MachineCaveats, WarnOfAGovernorOrTurboThatChangesTheFrequency) {
  machine::HostFacts host;
  host.governor = "performance";
  host.turbo = false;
  EXPECT_EQ(codes(machine_caveats(host, {})), Codes{});
  host.governor = "powersave";
  EXPECT_EQ(codes(machine_caveats(host, {})), Codes{CaveatCode::frequency_scaling});
  host.governor.reset();
  host.turbo = true;
  EXPECT_EQ(codes(machine_caveats(host, {})), Codes{CaveatCode::frequency_scaling});
}

TEST(MachineCaveats, ReportTheCpuTimeThatOthersAndTheHypervisorTook) {
  EXPECT_EQ(codes(activity_caveats({.foreign_cpu_share = 0.04, .steal_share = 0.005})), Codes{});
  const auto caveats = activity_caveats({.foreign_cpu_share = 0.25, .steal_share = 0.02});
  EXPECT_EQ(codes(caveats), (Codes{CaveatCode::foreign_load, CaveatCode::steal}));
  EXPECT_NE(caveats[0].text.find("25 %"), std::string::npos) << caveats[0].text;
  EXPECT_NE(caveats[1].text.find("2.0 %"), std::string::npos) << caveats[1].text;
}

/// A series of ten trials. The last `slow` of them are four times as slow, with round trips between
/// the cores that take four times as long.
results::Series moved(std::size_t slow) {
  results::Series series = testing::document().series[0];
  series.samples.clear();
  for (std::size_t i = 0; i < 10; ++i) {
    const bool far = i >= 10 - slow;
    const std::uint64_t messages = (far ? 1'000'000 : 4'000'000) + i * 1000;
    auto sample = testing::sample(messages, 0.1, {messages / 2, messages - messages / 2});
    sample.core_to_core = {{.cpu = 0, .before_ns = far ? 400 : 100, .after_ns = far ? 400 : 100}};
    series.samples.push_back(sample);
  }
  assign_regimes(series.samples);
  series.summary = summarize(series.samples, series.spec, 1);
  return series;
}

TEST(RegimeSummaries, HaveTheirOwnMediansAndSharesInsteadOfOneMedianOverAll) {
  const results::Series series = moved(4);
  const results::Summary& summary = *series.summary;
  ASSERT_EQ(summary.regimes.size(), 2U);
  EXPECT_EQ(summary.messages_per_second.median, std::nullopt);
  EXPECT_EQ(summary.messages_per_second.ci95, std::nullopt);
  EXPECT_EQ(summary.bytes_per_second, std::nullopt);
  EXPECT_EQ(summary.regimes[0].samples, 6U);
  EXPECT_DOUBLE_EQ(summary.regimes[0].share, 0.6);
  EXPECT_NEAR(*summary.regimes[0].messages_per_second.median, 40e6, 1e6);
  EXPECT_TRUE(summary.regimes[0].messages_per_second.ci95.has_value());
  EXPECT_NEAR(*summary.regimes[0].core_to_core_ns, 100, 1e-9);
  EXPECT_NEAR(*summary.regimes[1].messages_per_second.median, 10e6, 1e6);
  EXPECT_NEAR(*summary.regimes[1].core_to_core_ns, 400, 1e-9);
  EXPECT_DOUBLE_EQ(summary.messages_per_second.min, series.samples[6].messages_per_second());
  EXPECT_TRUE(has(codes(series_caveats(series)), CaveatCode::regimes));
}

TEST(RegimeSummaries, AreASingleOneWhereNothingChanged) {
  const results::Series series = moved(0);
  EXPECT_EQ(series.summary->regimes.size(), 1U);
  EXPECT_TRUE(series.summary->messages_per_second.median.has_value());
  EXPECT_FALSE(has(codes(series_caveats(series)), CaveatCode::regimes));
}

TEST(SeriesCaveats, ReportPreemptedThreadsUnlessTheyShareCpus) {
  results::Series series = moved(0);
  EXPECT_FALSE(has(codes(series_caveats(series)), CaveatCode::preempted));
  for (auto& sample : series.samples) sample.events.preemptions = 30;  // in 0.1 s, over 3 threads
  EXPECT_TRUE(has(codes(series_caveats(series)), CaveatCode::preempted));
  for (auto& sample : series.samples) sample.events.waited_s = 0.001;  // of 0.3 s of threads
  EXPECT_FALSE(has(codes(series_caveats(series)), CaveatCode::preempted)) << "they lost no time";
  for (auto& sample : series.samples) sample.events.waited_s = 0.03;
  EXPECT_TRUE(has(codes(series_caveats(series)), CaveatCode::preempted));
  series.placement.oversubscribed = true;
  EXPECT_FALSE(has(codes(series_caveats(series)), CaveatCode::preempted));
}

TEST(ClockNotInvariant, IsReportedForTimesThatTheTscDidNotTake) {
  results::Document document = testing::document();
  EXPECT_FALSE(has(codes(document_caveats(document)), CaveatCode::clock_not_invariant));
  document.clock->why_not_tsc = "the kernel keeps time by hpet instead";
  EXPECT_TRUE(has(codes(document_caveats(document)), CaveatCode::clock_not_invariant));
  document.clock.reset();
  EXPECT_FALSE(has(codes(document_caveats(document)), CaveatCode::clock_not_invariant));
}

}  // namespace
}  // namespace bench::analysis
