// The page of a sweep of several parts has tables of its own for each, and then the round trips
// between the CPUs.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "unit/present/page_text.hpp"
#include "unit/result_document.hpp"

namespace bench::testing {
namespace {

results::PairProbe probed(unsigned from, unsigned to, machine::Distance shared, double ns) {
  return {.from = from,
          .to = to,
          .shared = shared,
          .p10_ns = ns - 1,
          .p50_ns = ns,
          .p90_ns = ns + 1,
          .readings = 9};
}

/// Streams with two batches, round trips and a curve of two rates; all near, if `far` is not set.
results::Document machine_sweep(bool far) {
  results::Document all = document();
  const results::Series like = all.series[0];
  all.series.clear();
  std::vector<std::string> placements = {"near"};
  if (far) placements.emplace_back("far");
  all.sweep =
      results::Sweep{.name = "mine",
                     .axes = {{.key = "pattern", .values = {"stream", "round-trip", "one-way"}},
                              {.key = "producers", .values = {"1", "2", "4"}},
                              {.key = "placement", .values = placements},
                              {.key = "batch", .values = {"1", "256"}},
                              {.key = "rate", .values = {"10k", "1M"}}},
                     .trials = 2};
  const auto add = [&](workload::Pattern pattern, std::vector<results::Parameter> parameters) {
    results::Series& series = all.series.emplace_back(like);
    series.spec.pattern = pattern;
    series.spec.latency = pattern == workload::Pattern::one_way;
    series.spec.duration_s = series.spec.latency ? 0.2 : 0.1;
    if (!series.spec.latency) series.latency.reset();
    series.comparisons.clear();
    series.parameters = std::move(parameters);
    series.name = "series " + std::to_string(all.series.size());
  };
  for (const std::string producers : {"1", "2", "4"}) {
    for (const std::string& placement : placements) {
      for (const std::string batch : {"1", "256"}) {
        add(workload::Pattern::stream, {{"pattern", "stream"},
                                        {"producers", producers},
                                        {"placement", placement},
                                        {"batch", batch}});
      }
    }
  }
  for (const std::string& placement : placements) {
    add(workload::Pattern::round_trip, {{"pattern", "round-trip"}, {"placement", placement}});
  }
  for (const std::string& placement : placements) {
    for (const std::string rate : {"10k", "1M"}) {
      add(workload::Pattern::one_way,
          {{"pattern", "one-way"}, {"placement", placement}, {"rate", rate}});
    }
  }
  return all;
}

TEST(SweepParts, HaveTablesOfTheirOwnAxes) {
  const std::string text = shown(machine_sweep(true));
  const std::size_t one = text.find("\npattern stream, batch 1\n  producers  placement near ");
  const std::size_t many = text.find("\npattern stream, batch 256\n  producers  placement near ");
  const std::size_t trips = text.find("\npattern round-trip\n  placement\n       near     25 ns");
  const std::size_t curve = text.find("\npattern one-way\n  placement  rate      p50");
  for (const std::size_t at : {one, many, trips, curve}) EXPECT_NE(at, std::string::npos) << text;
  EXPECT_LT(one, many);
  EXPECT_LT(many, trips);
  EXPECT_LT(trips, curve);
  EXPECT_TRUE(has(text, "\n       near   10k   100 ns")) << text;
  EXPECT_TRUE(has(text, "or as the time of a round")) << text;
  EXPECT_TRUE(has(text, "2 of 100 ms or 200 ms for each series")) << text;
}

TEST(SweepParts, DoNotNameAnAxisOnWhichAllAreAlike) {
  const std::string text = shown(machine_sweep(false));
  EXPECT_TRUE(has(text, "\npattern stream\n  producers  batch 1 ")) << text;
  EXPECT_TRUE(has(text, "\npattern one-way\n  rate      p50")) << text;
  EXPECT_TRUE(has(text, "placement near\n")) << "all series have it: " << text;
}

TEST(SweepParts, FitEveryWidth) {
  for (unsigned width = 20; width <= 130; ++width) {
    const std::string text = shown(machine_sweep(true), width);
    EXPECT_TRUE(has(text, "25 ns")) << text;
    EXPECT_TRUE(has(text, "10k")) << text;
  }
}

TEST(CoreToCore, IsSummedUpByWhatTheCpusShare) {
  using machine::Distance;
  results::Document surveyed = machine_sweep(false);
  surveyed.survey->pairs = 6;
  surveyed.survey->probes.core_to_core = {
      probed(0, 1, Distance::same_core, 30),     probed(0, 2, Distance::same_package, 200),
      probed(0, 3, Distance::same_package, 180), probed(1, 2, Distance::same_package, 230),
      probed(1, 3, Distance::same_package, 190), probed(2, 3, Distance::same_core, 33)};
  const std::string text = shown(surveyed, 130);
  EXPECT_TRUE(has(text, "\ncore to core: round trips of a cache line")) << text;
  EXPECT_TRUE(has(text, "one core    30 ns (CPUs 0 and 1) to 33 ns (CPUs 2 and 3)")) << text;
  EXPECT_TRUE(has(text,
                  "one package 180 ns (CPUs 0 and 3) to 230 ns (CPUs 1 and 2), median 200 ns; "
                  "4 pairs\n"))
      << text;
  EXPECT_FALSE(has(text, "one L3")) << text;
  EXPECT_FALSE(has(text, "pairs were measured")) << text;
  surveyed.survey->pairs = 10'000;
  EXPECT_TRUE(has(shown(surveyed, 130), "6 of 10,000 pairs were measured; there was no time"));
  surveyed.survey->complete = false;
  EXPECT_TRUE(has(shown(surveyed, 130), "6 of 10,000 pairs were measured; it was interrupted"));
}

TEST(CoreToCore, IsNotShownOfWhatWasNotSurveyed) {
  results::Document bare = machine_sweep(false);
  bare.survey->probes.core_to_core.clear();
  EXPECT_TRUE(has(shown(bare), "no pair could be measured")) << shown(bare);
  bare.survey->pairs = 0;
  EXPECT_TRUE(has(shown(bare), "there is one CPU")) << shown(bare);
  bare.survey.reset();
  EXPECT_FALSE(has(shown(bare), "core to core")) << shown(bare);
}

}  // namespace
}  // namespace bench::testing
