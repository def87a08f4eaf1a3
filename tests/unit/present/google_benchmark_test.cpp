// Programs that read Google Benchmark's JSON find the same keys in ours, with the same meaning.

#include "present/google_benchmark.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "unit/json_places.hpp"
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

TEST(GoogleBenchmark, HasNoEntryOfASaturatedSeriesButSaysWhy) {
  results::Document full = timed(workload::Pattern::one_way);
  full.series[0].latency->load->saturated = true;
  full.series.push_back(timed(workload::Pattern::round_trip).series[0]);
  const Json json = exported(full);
  ASSERT_EQ(json["benchmarks"].size(), 1U) << "only the series that has a time";
  EXPECT_EQ(json["benchmarks"][0]["family_index"], 1);
  const Json errors = json["context"]["errors"];
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0]["name"], "ringmpsc/producers:2/pattern:one-way");
  EXPECT_EQ(errors[0]["error_message"],
            "saturated: 1000000 messages/s were due and 999999 were achieved");
}

TEST(GoogleBenchmark, SaysWhereTooFewMessagesWereTimed) {
  results::Document few = timed(workload::Pattern::round_trip);
  few.series[0].latency->p50_ns.reset();
  const Json json = exported(few);
  EXPECT_EQ(json["benchmarks"], Json::array());
  EXPECT_EQ(json["context"]["errors"][0]["error_message"],
            "too few messages were timed for a median");
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

TEST(GoogleBenchmark, SaysWhatFailedBeforeTheFirstSample) {
  for (results::Document failed : {document(), timed(workload::Pattern::round_trip)}) {
    failed.series[0].samples.clear();
    failed.series[0].latency.reset();
    failed.failure = failure_in(failed.series[0]);
    failed.series[0].verification.lost = 1;
    const Json json = exported(failed);
    EXPECT_EQ(json["benchmarks"], Json::array());
    const Json errors = json["context"]["errors"];
    ASSERT_EQ(errors.size(), 1U);
    EXPECT_TRUE(errors[0]["name"].get<std::string>().starts_with(short_name));
    EXPECT_EQ(errors[0]["error_message"],
              "trial 3 of 10: no message got on for 10 s; 8000000 sent, 8000000 received: 1 lost, "
              "0 duplicated, 0 reordered, 0 corrupted");
  }
}

/// What the dashboards' sources need, 2026-11: github-action-benchmark (src/extract.ts, googlecpp)
/// takes name, real_time, cpu_time, time_unit, iterations and threads of each entry, and Bencher
/// (bencher_adapter, cpp/google.rs) takes context.caches, a list of objects, and name, real_time
/// and time_unit of each entry. Bencher refuses the whole file if one of them has another type.
void expect_entry_for_dashboards(const Json& entry) {
  SCOPED_TRACE(entry.dump());
  const auto name = entry.value("name", "");
  EXPECT_FALSE(name.empty());
  EXPECT_LE(name.size(), 1024U) << "Bencher's longest name";
  for (const char* const time : {"real_time", "cpu_time"}) {
    ASSERT_TRUE(entry.contains(time)) << time;
    ASSERT_TRUE(entry[time].is_number()) << time;
    EXPECT_TRUE(std::isfinite(entry[time].get<double>())) << time;
    EXPECT_GE(entry[time].get<double>(), 0) << time;
  }
  EXPECT_EQ(entry.value("time_unit", ""), "ns");
  for (const char* const count : {"iterations", "threads", "repetitions"}) {
    ASSERT_TRUE(entry.contains(count)) << count;
    EXPECT_TRUE(entry[count].is_number_unsigned()) << count;
  }
  const bool aggregate = entry.value("run_type", "") == "aggregate";
  EXPECT_TRUE(aggregate || entry.value("run_type", "") == "iteration");
  EXPECT_EQ(entry.contains("aggregate_name"), aggregate);
  EXPECT_EQ(entry.contains("repetition_index"), !aggregate);
}

void expect_for_dashboards(const results::Document& document) {
  const std::string text = present::to_google_benchmark(document);
  const auto json = Json::parse(text, nullptr, false);
  ASSERT_FALSE(json.is_discarded()) << "NaN and Infinity are no JSON";
  ASSERT_TRUE(json["context"].contains("caches"));
  ASSERT_TRUE(json["context"]["caches"].is_array());
  for (const Json& cache : json["context"]["caches"]) EXPECT_TRUE(cache.is_object());
  ASSERT_TRUE(json["benchmarks"].is_array());
  for (const Json& entry : json["benchmarks"]) expect_entry_for_dashboards(entry);
  // Where a number is infinite or none, this JSON library writes null.
  const auto plain = nlohmann::json::parse(text);
  for (const auto& place : places(plain)) EXPECT_FALSE(plain[place].is_null()) << place.to_string();
}

/// Samples that have no time per message, or none that a double can hold.
std::vector<workload::Sample> samples_without_a_time() {
  return {sample(0, 0.1, {0, 0}),
          sample(5, 0, {2, 3}),
          sample(0, 0, {0, 0}),
          sample(5, 1e-320, {2, 3}),
          sample(5, 1e305, {2, 3}),
          sample(5, std::numeric_limits<double>::quiet_NaN(), {2, 3}),
          sample(5, std::numeric_limits<double>::infinity(), {2, 3})};
}

TEST(GoogleBenchmarkDashboards, ReadEveryEntryOfAnyDocument) {
  std::vector<results::Document> documents = {document(), timed(workload::Pattern::round_trip),
                                              timed(workload::Pattern::one_way)};
  const std::size_t well = documents.size();
  for (std::size_t i = 0; i < well; ++i) {
    results::Document bad = documents[i];
    bad.failure = failure_in(bad.series[0]);
    documents.push_back(bad);  // it failed after a few samples
    bad.series[0].latency.reset();
    bad.series[0].samples.clear();
    documents.push_back(bad);  // before the first
    bad = documents[i];
    bad.series[0].verification.lost = 1;
    documents.push_back(bad);
    bad = documents[i];
    bad.host = {};
    bad.series[0].samples = samples_without_a_time();
    documents.push_back(bad);
    bad.series[0].samples.clear();
    documents.push_back(bad);
    if (bad.series[0].latency->load) {
      bad.series[0].latency->load->saturated = true;
      documents.push_back(bad);
      bad.series[0].latency->load =
          results::OfferedLoad{.offered_rate = 1e308, .achieved_rate = 1e308, .saturated = false};
      documents.push_back(bad);  // times 8 bytes
    }
    bad.series[0].latency->p50_ns.reset();
    documents.push_back(bad);
    bad.series.clear();
    documents.push_back(bad);
  }
  results::Document extreme = document();  // each time is a number, and their squares are not
  extreme.series[0].samples = {sample(1, 1e200, {1, 0}), sample(1, 3e200, {1, 0})};
  documents.push_back(extreme);
  for (const results::Document& one : documents) expect_for_dashboards(one);
}

TEST(GoogleBenchmarkDashboards, GetAnIterationForEachSampleThatHasATimeAndTheAggregates) {
  for (const std::size_t count : {1U, 2U, 5U}) {
    results::Document one = document();
    one.series[0].samples = samples_without_a_time();
    for (std::size_t i = 0; i < count; ++i) {
      one.series[0].samples.push_back(sample(1000 + i, 0.1, {1000 + i, 0}));
    }
    std::vector<std::uint64_t> iterations;
    std::vector<std::string> aggregates;
    const Json benchmarks = exported(one)["benchmarks"];
    for (const Json& entry : benchmarks) {
      if (entry["run_type"] == "iteration") {
        EXPECT_TRUE(aggregates.empty()) << "the aggregates come last";
        EXPECT_EQ(entry["repetition_index"], iterations.size());
        iterations.push_back(entry["iterations"]);
      } else {
        aggregates.push_back(entry["aggregate_name"]);
      }
      EXPECT_EQ(entry["repetitions"], count);
    }
    ASSERT_EQ(iterations.size(), count);
    for (std::size_t i = 0; i < count; ++i) EXPECT_EQ(iterations[i], 1000 + i);
    EXPECT_EQ(aggregates, count == 1 ? Keys{} : (Keys{"mean", "median", "stddev", "cv"}));
  }
}

/// The same request, measured again elsewhere: all that a run finds out is different.
results::Document measured_again(results::Document again) {
  again.created_utc = "2026-02-01T00:00:00Z";
  again.command_line += " --output other.json";
  again.seed = 1;
  again.tool.version = "1.2.4";
  again.tool.commit = "abcdef";
  again.host = {};
  again.activity = {};
  again.probes = {};
  for (results::Series& series : again.series) {
    series.samples = {sample(1'000'000, 0.2, {500'000, 500'000}), series.samples[1]};
    series.placement.pinned = false;
    series.placement.consumer_cpu = 7;
    series.placement.producer_cpus = {5, 6};
    series.placement.oversubscribed = true;
    series.placement.memory = {};
    series.caveats = {{results::CaveatCode::regimes, "they differ"}};
    series.summary.reset();
    series.comparisons.clear();
    series.verification.sent = series.verification.received = 6'000'000;
    if (series.latency) {
      series.latency->p50_ns = 123;
      series.latency->max_ns = 99'999;
      if (series.latency->load) series.latency->load->achieved_rate = 987'654;
    }
  }
  return again;
}

TEST(GoogleBenchmarkDashboards, FindTheSameNamesInEveryRun) {
  const auto names_in = [](const results::Document& one) {
    Keys names;
    const Json benchmarks = exported(one)["benchmarks"];
    for (const Json& entry : benchmarks) {
      names.push_back(entry["name"]);
      names.push_back(entry["run_name"]);
    }
    return names;
  };
  results::Document sweep = document();
  for (const auto pattern : {workload::Pattern::round_trip, workload::Pattern::one_way}) {
    sweep.series.push_back(timed(pattern).series[0]);
  }
  sweep.series.push_back(sweep.series[0]);
  const Keys names = names_in(sweep);
  EXPECT_EQ(names.size(), 2U * (6 + 1 + 1 + 6));
  EXPECT_EQ(names_in(measured_again(sweep)), names);
}

}  // namespace
}  // namespace bench::testing
