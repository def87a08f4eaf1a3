// Every caveat is short: three rows at most at 80 columns, however many series it is about.

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "analysis/caveats.hpp"
#include "unit/present/page_text.hpp"
#include "unit/result_document.hpp"

namespace bench::testing {
namespace {

using results::Caveat;
using results::CaveatCode;

/// How many rows each caveat of the page has, and their text.
std::vector<std::string> caveats_of(const std::string& page) {
  std::vector<std::string> all;
  std::istringstream lines(page);
  bool within = false;
  for (std::string line; std::getline(lines, line);) {
    const bool begins = line.starts_with("  caveat ");
    within = begins || (within && line.starts_with("        "));
    if (begins) all.emplace_back();
    if (within) all.back() += line + "\n";
  }
  return all;
}

void expect_three_rows(const results::Document& document, std::size_t caveats) {
  const std::vector<std::string> all = caveats_of(shown(document));
  EXPECT_EQ(all.size(), caveats) << shown(document);
  for (const std::string& caveat : all) EXPECT_LE(std::ranges::count(caveat, '\n'), 3) << caveat;
}

/// A series that has every caveat that is found in samples, with large numbers.
std::vector<std::vector<Caveat>> doubtful_caveats() {
  std::vector<std::vector<Caveat>> each;
  const auto add = [&each](auto change) {
    results::Series series = document().series[0];
    series.spec.producers = 128;
    series.samples.assign(10, sample(4'000'000, 0.1, {2'000'000, 2'000'000}));
    series.summary->messages_per_second.ci95 = {{40e6, 40e6}};
    change(series);
    for (const Caveat& caveat : analysis::series_caveats(series)) each.push_back({caveat});
  };
  add([](results::Series& series) { series.spec.consume = workload::Consume::count; });
  add([](results::Series& series) {
    series.placement.oversubscribed = true;
    series.placement.producer_cpus.assign(128, 0);
    for (unsigned i = 0; i < 64; ++i) series.placement.producer_cpus[i] = i;
  });
  add([](results::Series& series) {
    series.placement.oversubscribed = true;
    series.placement.policy = machine::PlacementPolicy::explicit_cpus;
  });
  add([](results::Series& series) {
    series.placement.policy = machine::PlacementPolicy::none;
    series.placement.pinned = false;
  });
  add([](results::Series& series) { series.placement.pinned = false; });
  add([](results::Series& series) { series.samples.resize(5); });
  add([](results::Series& series) { series.samples.resize(1); });
  add([](results::Series& series) {
    for (workload::Sample& one : series.samples) one.seconds = 0.0001;
  });
  add([](results::Series& series) {
    for (workload::Sample& one : series.samples) one.events.preemptions = 12'345;
  });
  add([](results::Series& series) { series.summary->messages_per_second.ci95 = {{1, 400e6}}; });
  add([](results::Series& series) {
    series.summary->regimes.assign(6, regime(1.2345e6, 100));
    series.summary->regimes[1].messages_per_second.median = 1.2345e9;
    series.summary->messages_per_second.median.reset();
  });
  add([](results::Series& series) {
    series.summary->regimes.assign(6, regime(1.2345e6, 100));
    series.summary->regimes[1].messages_per_second.median = 1.2345e9;
    series.summary->messages_per_second.median.reset();
    for (workload::Sample& one : series.samples) one.throttled_s = 0.1;
  });
  add([](results::Series& series) {
    series.repeated = {.trials = 30'000, .stopped_s = 1e6};
    for (workload::Sample& one : series.samples) one.stopped_s = 10'000;
  });
  add([](results::Series& series) {
    series.spec.rate = 1;
    for (auto* const percentile :
         {&series.latency->p50_ns, &series.latency->p90_ns, &series.latency->p99_ns,
          &series.latency->p99_9_ns, &series.latency->p99_99_ns}) {
      percentile->reset();
    }
  });
  each.push_back({analysis::batch_clamped(1'000'000'000, 1'048'576)});
  each.push_back({analysis::batch_clamped(1'000'000, 65'536)});
  return each;
}

results::Series with(results::Series series, const std::vector<Caveat>& caveats) {
  series.caveats = caveats;
  return series;
}

TEST(Caveats, OfASweepTakeThreeRowsAtMost) {
  for (const std::vector<Caveat>& caveats : doubtful_caveats()) {
    for (const bool all_have_it : {false, true}) {
      results::Document sweep = document();
      sweep.sweep = results::Sweep{.name = "mine", .axes = {}, .trials = 2};
      sweep.sweep->axes = {{.key = "queue", .values = {}},
                           {.key = "idle_producers", .values = {"127"}}};
      const results::Series like = sweep.series.front();
      sweep.series.clear();
      for (unsigned i = 0; i < 11; ++i) {
        const std::string queue = "moodycamel-concurrent-" + std::to_string(i);
        sweep.sweep->axes[0].values.push_back(queue);
        const bool has = all_have_it || i % 2 == 1;
        sweep.series.push_back(with(like, has ? caveats : std::vector<Caveat>()));
        sweep.series.back().parameters = {{.key = "queue", .value = queue},
                                          {.key = "idle_producers", .value = "127"}};
        if (i == 1) {
          for (Caveat& caveat : sweep.series.back().caveats) caveat.text += ".";
        }
      }
      expect_three_rows(sweep, 1);
    }
  }
}

TEST(Caveats, OfElevenQueuesTakeThreeRowsAtMost) {
  for (const std::vector<Caveat>& caveats : doubtful_caveats()) {
    results::Document many = document();
    const results::Series like = many.series.front();
    many.series.clear();
    for (unsigned i = 0; i < 11; ++i) {
      many.series.push_back(with(like, i == 4 ? std::vector<Caveat>() : caveats));
      many.series.back().name = "moodycamel-concurrent-" + std::to_string(i);
    }
    expect_three_rows(many, 1);
  }
}

TEST(Caveats, OfTheMachineTakeThreeRowsAtMost) {
  results::Document doubtful = document();
  doubtful.host.virtualization = "VMware";
  doubtful.host.governor = "conservative";
  doubtful.host.turbo = true;
  doubtful.host.cpu_quota = 127.5;
  doubtful.activity = {.foreign_cpu_share = 0.99, .steal_share = 0.99};
  doubtful.probes.core_to_core = {{.from = 1023,
                                   .to = 1022,
                                   .shared = machine::Distance::same_l3,
                                   .p10_ns = 9000,
                                   .p50_ns = 9999,
                                   .p90_ns = 9999,
                                   .readings = 3}};
  // The longest reason of tick_clock.cpp.
  doubtful.clock = results::Clock{
      .name = "monotonic",
      .overhead_ns = 1000,
      .resolution_ns = 8,
      .why_not_tsc = "the TSC could not be calibrated: readings of both clocks were too far apart"};
  doubtful.complete = false;
  doubtful.tool.sanitizer = "address";
  doubtful.caveats = analysis::document_caveats(doubtful);
  expect_three_rows(doubtful, 8);

  doubtful.activity.throttling = {
      .periods = 1'000'000, .throttled_periods = 1'000'000, .seconds = 123'456};
  doubtful.series.front().spec.producers = 128;
  doubtful.failure = results::Failure{.kind = results::FailureKind::no_progress,
                                      .series = "moodycamel-concurrent",
                                      .queue = "moodycamel-concurrent",
                                      .trial = "trial 100000 of 100000",
                                      .reason = "no message got on for 10 s",
                                      .threads = {}};
  doubtful.caveats = analysis::document_caveats(doubtful);
  expect_three_rows(doubtful, 8);
}

}  // namespace
}  // namespace bench::testing
