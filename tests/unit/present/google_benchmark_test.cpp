// Programs that read Google Benchmark's JSON find the same keys in ours, with the same meaning.

#include "present/google_benchmark.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "unit/result_document.hpp"

namespace bench::testing {
namespace {

using Json = nlohmann::ordered_json;
using Keys = std::vector<std::string>;

Json exported(const results::Document& document) {
  return Json::parse(present::to_google_benchmark(document));
}

Keys keys_of(const Json& object) {
  Keys keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

const std::string short_name = "ringmpsc/producers:2";

/// The keys and their order are those of libbenchmark 1.7.1, without mhz_per_cpu, which is unknown.
TEST(GoogleBenchmark, HasTheKeysOfTheOriginal) {
  const Json json = exported(document());
  EXPECT_EQ(keys_of(json), (Keys{"context", "benchmarks"}));
  EXPECT_EQ(keys_of(json["context"]),
            (Keys{"date", "host_name", "executable", "num_cpus", "cpu_scaling_enabled", "caches",
                  "load_avg", "library_build_type"}));
  EXPECT_EQ(keys_of(json["context"]["caches"][0]), (Keys{"type", "level", "size", "num_sharing"}));
  EXPECT_EQ(keys_of(json["benchmarks"][0]),
            (Keys{"name", "family_index", "per_family_instance_index", "run_name", "run_type",
                  "repetitions", "repetition_index", "threads", "iterations", "real_time",
                  "cpu_time", "time_unit", "bytes_per_second", "items_per_second"}));
  EXPECT_EQ(keys_of(json["benchmarks"][2]),
            (Keys{"name", "family_index", "per_family_instance_index", "run_name", "run_type",
                  "repetitions", "threads", "aggregate_name", "aggregate_unit", "iterations",
                  "real_time", "cpu_time", "time_unit", "bytes_per_second", "items_per_second"}));
}

TEST(GoogleBenchmark, TellsWhereItWasMeasured) {
  const Json context = exported(document())["context"];
  EXPECT_EQ(context["date"], "2026-01-31T12:00:00+00:00");
  EXPECT_EQ(context["host_name"], "host");
  EXPECT_EQ(context["executable"], "ringmpsc-bench");
  EXPECT_EQ(context["num_cpus"], 4);
  EXPECT_EQ(context["cpu_scaling_enabled"], false);
  EXPECT_EQ(context["caches"],
            Json::parse(R"([{"type": "Data", "level": 1, "size": 32768, "num_sharing": 2}])"));
  EXPECT_EQ(context["load_avg"], Json::parse("[0.25]"));
  EXPECT_EQ(context["library_build_type"], "release");
}

TEST(GoogleBenchmark, DoesNotGuessWhatIsUnknown) {
  results::Document bare = document();
  bare.host = {};
  bare.caveats = {{results::CaveatCode::unoptimized_build, "slow"}};
  const Json context = exported(bare)["context"];
  EXPECT_EQ(context["host_name"], "");
  EXPECT_EQ(context["num_cpus"], 0);
  EXPECT_FALSE(context.contains("cpu_scaling_enabled"));
  EXPECT_EQ(context["caches"], Json::array());
  EXPECT_EQ(context["load_avg"], Json::array());
  EXPECT_EQ(context["library_build_type"], "debug");
  bare.host.governor = "powersave";
  EXPECT_EQ(exported(bare)["context"]["cpu_scaling_enabled"], true);
}

TEST(GoogleBenchmark, HasARepetitionForEachSample) {
  const results::Document two = document();
  const Json benchmarks = exported(two)["benchmarks"];
  ASSERT_EQ(benchmarks.size(), 6U);
  for (const std::size_t i : {0U, 1U}) {
    const Json& entry = benchmarks[i];
    const workload::Sample& sample = two.series[0].samples[i];
    EXPECT_EQ(entry["name"], short_name);
    EXPECT_EQ(entry["run_name"], short_name);
    EXPECT_EQ(entry["run_type"], "iteration");
    EXPECT_EQ(entry["repetitions"], 2);
    EXPECT_EQ(entry["repetition_index"], i);
    EXPECT_EQ(entry["threads"], 3);
    EXPECT_EQ(entry["iterations"], sample.messages);
    EXPECT_DOUBLE_EQ(entry["real_time"].get<double>(), 1e9 / sample.messages_per_second());
    EXPECT_EQ(entry["cpu_time"], entry["real_time"]);
    EXPECT_EQ(entry["time_unit"], "ns");
    EXPECT_DOUBLE_EQ(entry["items_per_second"].get<double>(), sample.messages_per_second());
    EXPECT_DOUBLE_EQ(entry["bytes_per_second"].get<double>(), 8 * sample.messages_per_second());
  }
}

/// The numbers are those of three repetitions and their aggregates, as libbenchmark 1.7.1 (Debian
/// 12) wrote them with --benchmark_format=json.
TEST(GoogleBenchmark, AggregatesLikeTheOriginal) {
  constexpr std::uint64_t kIterations = 132991962;
  results::Document three = document();
  three.series[0].samples.clear();
  for (const double ns : {5.5518510208804295e-01, 5.1591710482407849e-01, 5.1997692913398574e-01}) {
    three.series[0].samples.push_back(sample(kIterations, ns * kIterations / 1e9, {kIterations}));
  }
  struct Expected {
    std::string name;
    std::string unit;
    double real_time;
    double items_per_second;
  };
  const std::array expected = {
      Expected{"mean", "time", 5.3035971201536891e-01, 1.8875530669187455e+09},
      Expected{"median", "time", 5.1997692913398563e-01, 1.9231622481125960e+09},
      Expected{"stddev", "time", 2.1595035020861835e-02, 7.5164867025089964e+07},
      Expected{"cv", "percentage", 4.0717713905531430e-02, 3.9821326532445314e-02}};
  const Json benchmarks = exported(three)["benchmarks"];
  ASSERT_EQ(benchmarks.size(), 7U);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const Json& entry = benchmarks[3 + i];
    EXPECT_EQ(entry["name"], short_name + "_" + expected[i].name);
    EXPECT_EQ(entry["run_name"], short_name);
    EXPECT_EQ(entry["run_type"], "aggregate");
    EXPECT_EQ(entry["aggregate_name"], expected[i].name);
    EXPECT_EQ(entry["aggregate_unit"], expected[i].unit);
    EXPECT_EQ(entry["repetitions"], 3);
    EXPECT_EQ(entry["iterations"], 3);
    const auto expect_near = [&](const char* key, double value) {
      EXPECT_NEAR(entry[key].get<double>() / value, 1, 1e-9) << key << " " << expected[i].name;
    };
    expect_near("real_time", expected[i].real_time);
    expect_near("cpu_time", expected[i].real_time);
    expect_near("items_per_second", expected[i].items_per_second);
    expect_near("bytes_per_second",
                expected[i].items_per_second * (expected[i].name == "cv" ? 1 : 8));
  }
}

TEST(GoogleBenchmark, TakesTheMeanOfTheMiddleTwoAsTheMedian) {
  const Json benchmarks = exported(document())["benchmarks"];
  EXPECT_EQ(benchmarks[3]["aggregate_name"], "median");
  EXPECT_DOUBLE_EQ(benchmarks[3]["items_per_second"].get<double>(), 40e6);
}

TEST(GoogleBenchmark, NamesTheQueueAndWhatDiffersFromTheDefaults) {
  results::Document one = document();
  results::Series& series = one.series[0];
  const auto name = [&] { return exported(one)["benchmarks"][0]["run_name"].get<std::string>(); };
  EXPECT_EQ(name(), "ringmpsc/producers:2");
  series.spec.producers = 1;
  EXPECT_EQ(name(), "ringmpsc");
  series.name = "batch=1 preset=low-latency queue=mutex-ring";
  series.spec.queue = "mutex-ring";
  series.spec.preset = "low-latency";
  series.spec.ring_bits = 12;
  series.spec.batch = 1;
  series.spec.duration_s = 0.05;
  series.spec.wait = workload::Wait::yielding;
  series.placement.policy = machine::PlacementPolicy::far;
  EXPECT_EQ(name(), "mutex-ring/ring-bits:12/batch:1/wait:yielding/duration:0.05s/placement:far");
  series.spec = {};
  series.placement.policy = machine::PlacementPolicy::near;
  series.spec.pattern = workload::Pattern::one_way;
  series.spec.batch = 1;
  series.spec.rate = 1e6;
  series.spec.latency = true;
  EXPECT_EQ(name(), "ringmpsc/pattern:one-way/rate:1000000");
  series.spec.pattern = workload::Pattern::round_trip;
  series.spec.rate.reset();
  EXPECT_EQ(name(), "ringmpsc/pattern:round-trip/timed:true");
}

TEST(GoogleBenchmark, GivesEverySeriesAUniqueAndReproducibleName) {
  results::Document several = document();
  several.series.resize(5, several.series[0]);
  several.series[1].spec.wait = workload::Wait::yielding;
  several.series[2].placement.policy = machine::PlacementPolicy::far;
  several.series[3].spec.payload_bytes = 64;
  several.series[4].spec.metrics = true;
  several.series[4].spec.duration_s.reset();
  several.series[4].spec.messages_per_producer = 7;
  several.series.push_back(several.series[0]);
  several.series.push_back(several.series[0]);
  const Json benchmarks = exported(several)["benchmarks"];
  std::set<std::string> names;
  for (const Json& entry : benchmarks) names.insert(entry["run_name"]);
  EXPECT_EQ(names.size(), several.series.size());
  EXPECT_TRUE(names.contains(short_name));
  EXPECT_TRUE(names.contains(short_name + "/series:5"));
  EXPECT_TRUE(names.contains(short_name + "/payload:64"));
  EXPECT_TRUE(names.contains(short_name + "/messages:7/metrics:true"));
  EXPECT_EQ(benchmarks[6]["family_index"], 1);
}

/// A document of round trips that were timed, and of messages on a schedule.
results::Document timed(workload::Pattern pattern) {
  results::Document timed = document();
  timed.series[0].spec.latency = true;
  timed.series[0].spec.pattern = pattern;
  if (pattern == workload::Pattern::round_trip) timed.series[0].latency->load.reset();
  return timed;
}

TEST(GoogleBenchmark, ReportsTheMedianTimeOfMessagesThatWereTimed) {
  for (const auto pattern : {workload::Pattern::round_trip, workload::Pattern::one_way}) {
    results::Document slower = timed(pattern);
    const Json benchmarks = exported(slower)["benchmarks"];
    ASSERT_EQ(benchmarks.size(), 1U) << "times are known for the series, not for each sample";
    const Json& entry = benchmarks[0];
    EXPECT_EQ(entry["run_type"], "iteration");
    EXPECT_EQ(entry["repetitions"], 1);
    EXPECT_EQ(entry["iterations"], 4);
    EXPECT_EQ(entry["real_time"], 100.0);
    EXPECT_EQ(entry["cpu_time"], 100.0);
    EXPECT_EQ(entry["time_unit"], "ns");
    EXPECT_EQ(entry["p50_ns"], 100);
    EXPECT_EQ(entry["p90_ns"], 200);
    EXPECT_EQ(entry["p99_ns"], 300);
    EXPECT_EQ(entry["p99_9_ns"], 3000);
    EXPECT_EQ(entry["p99_99_ns"], 3000);
    EXPECT_EQ(entry["max_ns"], 3001);
    // A gate sees a queue that became slower, although the schedule keeps its rate.
    slower.series[0].latency->p50_ns = 150;
    EXPECT_EQ(exported(slower)["benchmarks"][0]["real_time"], 150.0);
  }
}

TEST(GoogleBenchmark, HasTheRatesOfASchedule) {
  const Json entry = exported(timed(workload::Pattern::one_way))["benchmarks"][0];
  EXPECT_EQ(entry["offered_rate"], 1e6);
  EXPECT_EQ(entry["achieved_rate"], 999'999.0);
  EXPECT_EQ(entry["items_per_second"], 999'999.0);
  const Json trips = exported(timed(workload::Pattern::round_trip))["benchmarks"][0];
  EXPECT_FALSE(trips.contains("offered_rate"));
  EXPECT_DOUBLE_EQ(trips["items_per_second"].get<double>(), 40e6);
}

TEST(GoogleBenchmark, HasNoTimeOfASaturatedSeries) {
  results::Document full = timed(workload::Pattern::one_way);
  full.series[0].latency->load->saturated = true;
  const Json benchmarks = exported(full)["benchmarks"];
  ASSERT_EQ(benchmarks.size(), 1U);
  EXPECT_FALSE(benchmarks[0].contains("real_time"));
  EXPECT_FALSE(benchmarks[0].contains("time_unit"));
  EXPECT_EQ(benchmarks[0]["run_type"], "aggregate") << "compare.py reads the time of all others";
  EXPECT_FALSE(benchmarks[0].contains("p50_ns"));
  EXPECT_EQ(benchmarks[0]["error_occurred"], true);
  EXPECT_EQ(benchmarks[0]["error_message"],
            "saturated: 1000000 messages/s were due and 999999 were achieved");
  EXPECT_EQ(benchmarks[0]["achieved_rate"], 999'999.0);
}

TEST(GoogleBenchmark, HasNoEntryWhereNothingWasTimed) {
  results::Document interrupted = timed(workload::Pattern::round_trip);
  interrupted.series[0].latency.reset();
  EXPECT_EQ(exported(interrupted)["benchmarks"], Json::array());
}

TEST(GoogleBenchmark, KeepsTheFractionsOfTimes) {
  results::Document quick = document();
  quick.series[0].samples[0].messages = 300'000'000;
  quick.series[0].samples[0].seconds = 0.1;
  EXPECT_DOUBLE_EQ(exported(quick)["benchmarks"][0]["real_time"].get<double>(), 1.0 / 3);
}

TEST(GoogleBenchmark, LeavesOutSamplesWithoutMessagesAndAggregatesOfOneSample) {
  results::Document few = document();
  few.series[0].samples[0].messages = 0;
  const Json one = exported(few)["benchmarks"];
  ASSERT_EQ(one.size(), 1U);
  EXPECT_EQ(one[0]["repetitions"], 1);
  EXPECT_EQ(one[0]["iterations"], 5'000'000);
  few.series[0].samples.clear();
  EXPECT_EQ(exported(few)["benchmarks"], Json::array());
}

TEST(GoogleBenchmark, ShowsASeriesThatFailedAsAnError) {
  results::Document faulty = document();
  faulty.series[0].verification.received = 7'999'999;
  faulty.series[0].verification.lost = 1;
  const Json benchmarks = exported(faulty)["benchmarks"];
  ASSERT_EQ(benchmarks.size(), 2U) << "a failed series has no aggregates";
  EXPECT_EQ(benchmarks[0]["error_occurred"], true);
  EXPECT_EQ(benchmarks[0]["error_message"],
            "8000000 sent, 7999999 received: 1 lost, 0 duplicated, 0 reordered, 0 corrupted");
}

results::Failure failure_in(const results::Series& series) {
  return {.kind = results::FailureKind::no_progress,
          .series = series.name,
          .queue = series.spec.queue,
          .trial = "trial 3 of 10",
          .reason = "no message got on for 10 s",
          .threads = {}};
}

TEST(GoogleBenchmark, ShowsWhereTheMeasurementFailedAsAnError) {
  results::Document failed = document();
  failed.series.push_back(failed.series[0]);
  failed.series[1].name = "other";
  failed.failure = failure_in(failed.series[1]);
  const Json benchmarks = exported(failed)["benchmarks"];
  ASSERT_EQ(benchmarks.size(), 6U + 2U) << "a failed series has no aggregates";
  EXPECT_FALSE(benchmarks[0].contains("error_occurred"));
  EXPECT_EQ(benchmarks[7]["error_occurred"], true);
  EXPECT_EQ(benchmarks[7]["error_message"], "trial 3 of 10: no message got on for 10 s");
  EXPECT_TRUE(benchmarks[7].contains("real_time"));
}

TEST(GoogleBenchmark, HasAnEntryForASeriesThatFailedBeforeItsFirstSample) {
  for (results::Document failed : {document(), timed(workload::Pattern::round_trip)}) {
    failed.series[0].samples.clear();
    failed.series[0].latency.reset();
    failed.failure = failure_in(failed.series[0]);
    failed.series[0].verification.lost = 1;
    const Json benchmarks = exported(failed)["benchmarks"];
    ASSERT_EQ(benchmarks.size(), 1U);
    EXPECT_EQ(benchmarks[0]["error_occurred"], true);
    EXPECT_EQ(benchmarks[0]["error_message"],
              "trial 3 of 10: no message got on for 10 s; 8000000 sent, 8000000 received: 1 lost, "
              "0 duplicated, 0 reordered, 0 corrupted");
    EXPECT_FALSE(benchmarks[0].contains("real_time"));
    EXPECT_EQ(benchmarks[0]["run_type"], "aggregate") << "compare.py reads the time of all others";
  }
}

}  // namespace
}  // namespace bench::testing
