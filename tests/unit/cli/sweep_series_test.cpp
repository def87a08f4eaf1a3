// Sweep files: how they are read, which series they make, and the messages about mistakes in them.

#include "cli/sweep_series.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "cli/settings.hpp"
#include "cli/sweep_files.hpp"
#include "results/sweep_file.hpp"
#include "schema/schema.hpp"
#include "unit/cli/sweep_text.hpp"

namespace bench::testing {
namespace {

TEST(SweepFile, KeepsTheOrderOfItsKeysAndSaysWhereValuesStand) {
  const auto file = results::read_sweep_file(
      R"({"name": "n", "description": "d", "fixed": {"trials": 3},
          "axes": {"wait": ["yielding"], "batch": [1, "64k"]},
          "exclude": [{"batch": "64k", "wait": ["yielding"]}]})");
  ASSERT_TRUE(file) << file.error();
  EXPECT_EQ(file->name, "n");
  ASSERT_EQ(file->parts.size(), 1U);
  const results::SweepPart& whole = file->parts[0];
  EXPECT_EQ(whole.fixed.at(0).values.at(0).text, "3");
  EXPECT_EQ(whole.axes.at(0).key, "wait");
  EXPECT_EQ(whole.axes.at(1).values.at(1).text, "64k");
  EXPECT_EQ(whole.axes.at(1).values.at(1).place, "axes.batch[1]");
  EXPECT_EQ(whole.exclude.at(0).at(0).values.at(0).place, "exclude[0].batch");
  EXPECT_EQ(whole.exclude.at(0).at(1).values.at(0).place, "exclude[0].wait[0]");
}

TEST(SweepSeries, AreTheProductOfTheAxesInTheOrderOfTheFile) {
  const auto request = series_of(sweep(R"("fixed": {"trials": 3, "duration": "50ms", "payload": 64},
                         "axes": {"preset": ["low-latency", "default"], "producers": [2, 1]})"));
  EXPECT_EQ(request.name, "mine");
  EXPECT_EQ(names(request), (std::vector<std::string>{
                                "preset=low-latency producers=2", "preset=low-latency producers=1",
                                "preset=default producers=2", "preset=default producers=1"}));
  EXPECT_EQ(request.axes.at(1).values, (std::vector<std::string>{"2", "1"}));
  const measure::Request& first = request.series.front().request;
  EXPECT_EQ(first.spec.producers, 2U);
  EXPECT_EQ(first.spec.ring_bits, 12U);
  EXPECT_EQ(first.spec.payload_bytes, 64U);
  EXPECT_EQ(first.spec.duration_s, 0.05);
  EXPECT_EQ(first.trials, 3U);
}

TEST(SweepSeries, LeaveOutCombinationsThatAllKeysOfAnExclusionMatch) {
  const auto request = series_of(sweep(R"("axes": {"producers": [1, 2, 4], "batch": [1, "64k"]},
                         "exclude": [{"producers": [2, 4], "batch": 64000}, {"producers": 4}])"));
  EXPECT_EQ(names(request),
            (std::vector<std::string>{"producers=1 batch=1", "producers=1 batch=64k",
                                      "producers=2 batch=1"}));
}

TEST(SweepSeries, DoubleTheProducersFromOneEndOfARangeToTheOther) {
  const auto values = [](const std::string& range) {
    return series_of(sweep(R"("axes": {"producers": [")" + range + R"("]})")).axes.at(0).values;
  };
  using Values = std::vector<std::string>;
  EXPECT_EQ(values("1..2*cpus"), (Values{"1", "2", "4", "8", "12"}));
  EXPECT_EQ(values("1..8"), (Values{"1", "2", "4", "8"}));
  EXPECT_EQ(values("cpus..cpus"), (Values{"6"}));
  EXPECT_EQ(values("64..100*cpus"), (Values{"64", "128"})) << "a channel has 128 producers at most";
}

TEST(SweepSeries, HaveEachNumberOnceThatARangeAndTheListGive) {
  const auto values = [](const std::string& list) {
    return series_of(sweep(R"("axes": {"producers": [)" + list + "]}")).axes.at(0).values;
  };
  using Values = std::vector<std::string>;
  EXPECT_EQ(values(R"("1..cpus", 2, 8)"), (Values{"1", "2", "4", "6", "8"}));
  EXPECT_EQ(values(R"(2, "1..cpus")"), (Values{"2", "1", "4", "6"}));
  EXPECT_EQ(values(R"("1..4", "2..8")"), (Values{"1", "2", "4", "8"}));
}

TEST(SweepSeries, NeedNoDescription) {
  EXPECT_EQ(series_of(R"({"axes": {"batch": [1, 2]}})").series.size(), 2U);
  EXPECT_EQ(complaints(schema("sweep"), nlohmann::json::parse(R"({"axes": {"batch": [1]}})")), "");
}

const std::string kChanged = sweep(
    R"("time_limit": "9s", "fixed": {"trials": 3, "duration": "50ms", "payload": 64},
       "axes": {"producers": [1, 2], "batch": [1, 256]},
       "exclude": [{"producers": 2, "batch": 256}])");

TEST(SweepFlags, ReplaceTheValuesOfAnAxisAndKeepTheExclusions) {
  const auto request = series_with({"--producers", "1..2,4", "--batch", "256,4"}, kChanged);
  EXPECT_EQ(names(request),
            (Given{"producers=1 batch=256", "producers=1 batch=4", "producers=2 batch=4",
                   "producers=4 batch=256", "producers=4 batch=4"}));
}

TEST(SweepFlags, ReplaceSettingsOfTheFileAndAddOthers) {
  const auto request = series_with(
      {"--trials", "40", "--duration", "7ms", "--payload", "8", "--wait", "yielding"}, kChanged);
  EXPECT_EQ(names(request),
            (Given{"producers=1 batch=1", "producers=1 batch=256", "producers=2 batch=1"}));
  for (const auto& series : request.series) {
    EXPECT_EQ(series.request.trials, 40U);
    EXPECT_EQ(series.request.spec.duration_s, 0.007);
    EXPECT_EQ(series.request.spec.payload_bytes, 8U);
    EXPECT_EQ(series.request.spec.wait, workload::Wait::yielding);
  }
}

TEST(SweepFlags, WithSeveralValuesMakeAnAxis) {
  const Given expected = {"producers=1 batch=1 payload=8",   "producers=1 batch=1 payload=32",
                          "producers=1 batch=256 payload=8", "producers=1 batch=256 payload=32",
                          "producers=2 batch=1 payload=8",   "producers=2 batch=1 payload=32"};
  EXPECT_EQ(names(series_with({"--payload", "8,32"}, kChanged)), expected);
  const auto queues = series_with({"--queue", "ringmpsc,mutex-ring"}, kChanged);
  EXPECT_EQ(queues.series.size(), 6U);
  EXPECT_EQ(queues.axes.back().key, "queue");
  EXPECT_EQ(series_with({"--queue", "all"}, kChanged).axes.back().values.front(), "ringmpsc");
  EXPECT_EQ(names(series_with({"--payload", "8, 32"}, kChanged)), expected);
}

TEST(SweepFlags, TakeTheSettingOutThatTheyExclude) {
  const auto of_messages = series_with({"--messages", "9"}, kChanged).series.front().request;
  EXPECT_EQ(of_messages.spec.messages_per_producer, 9U);
  EXPECT_EQ(of_messages.spec.duration_s, std::nullopt);
  const std::string presets = sweep(
      R"("axes": {"preset": ["default", "low-latency"], "placement": ["near", "far"]},
         "exclude": [{"preset": "default", "placement": "far"}])");
  EXPECT_EQ(names(series_with({"--ring-bits", "9"}, presets)),
            (Given{"ring_bits=9 placement=near", "ring_bits=9 placement=far"}));
  const auto on_cpus = series_with({"--cpus", "0-1"}, presets);
  EXPECT_EQ(names(on_cpus), (Given{"preset=default", "preset=low-latency"}));
  EXPECT_EQ(on_cpus.series.front().request.cpus.size(), 2U);
}

TEST(SweepFlags, LiftTheTimeLimitOfTheFile) {
  EXPECT_EQ(series_with({}, kChanged).time_limit_s, 9.0);
  EXPECT_EQ(series_with({"--trials", "40"}, kChanged).time_limit_s, std::nullopt);
}

TEST(SweepFlags, AreNamedByTheMessagesAboutThem) {
  const std::vector<std::pair<Given, Given>> mistakes = {
      {{"--producers", "1,300"}, {"--producers 300: must be between 1 and 128"}},
      {{"--producers", "4,4"}, {"--producers 4: is already given"}},
      {{"--producers", ""}, {"--producers ''"}},
      {{"--producers", "1", "--producers", "4"}, {"--producers: given twice", "once: 1,4"}},
      {{"--producers", "1..cpu"}, {"--producers cpu", "whole number"}},
      {{"--trials", "3,4"}, {"--trials 3,4"}},
      {{"--queue", "ringmpsc,ringmspc"}, {"--queue ringmspc", "did you mean ringmpsc?"}},
      {{"--queue", "ringmpsc,all"}, {"--queue all: must be one queue"}},
      {{"--rate", "auto"}, {"--rate auto", "latency --rate auto"}},
      {{"--preset", "default", "--ring-bits", "4"}, {"--preset and --ring-bits exclude"}},
      {{"--duration", "1s", "--messages", "4"}, {"--duration and --messages exclude"}},
      {{"--placement", "far", "--cpus", "0,1"}, {"--placement and --cpus exclude"}},
  };
  for (const auto& [arguments, named] : mistakes) {
    const std::string said = mistake_in(kChanged, arguments);
    for (const std::string& part : named) {
      EXPECT_NE(said.find(part), std::string::npos) << part << " not in: " << said;
    }
  }
}

Given part_of(const std::string& only) {
  return names(series_of(kChanged, {.only = cli::read_only("--only", only)}));
}

TEST(SweepPart, HasTheSeriesWithOneOfTheValuesOnEachAxis) {
  EXPECT_EQ(part_of("producers=2"), (Given{"producers=2 batch=1"}));
  EXPECT_EQ(part_of("batch=1"), (Given{"producers=1 batch=1", "producers=2 batch=1"}));
  EXPECT_EQ(part_of("producers=1,batch=256"), (Given{"producers=1 batch=256"}));
  EXPECT_EQ(part_of("producers=1,2,batch=1"),
            (Given{"producers=1 batch=1", "producers=2 batch=1"}));
  EXPECT_EQ(part_of(" producers = 1, 2 , batch=1 "),
            (Given{"producers=1 batch=1", "producers=2 batch=1"}));
  EXPECT_EQ(part_of("producers=1..2,batch=256"), (Given{"producers=1 batch=256"}));
  EXPECT_EQ(names(series_of(sweep(R"("axes": {"ring_bits": [4, 5], "batch": ["64k"]})"),
                            {.only = cli::read_only("--only", "ring-bits=5,batch=64000")})),
            (Given{"ring_bits=5 batch=64k"}));
}

TEST(SweepPart, IsRefusedWithWhatThereIsIfNothingMatches) {
  const auto mistake = [](const std::string& only) -> std::string {
    try {
      static_cast<void>(part_of(only));
    } catch (const measure::BadRequest& error) {
      return error.what();
    }
    return "no mistake";
  };
  EXPECT_EQ(mistake("producers=1,3"), "--only producers 3: the sweep has only 1, 2");
  EXPECT_EQ(mistake("wait=yielding"),
            "--only wait: not an axis of this sweep: must be one of producers, batch");
  EXPECT_EQ(mistake("producer=1"),
            "--only producer: not an axis of this sweep: did you mean producers?");
  EXPECT_EQ(mistake("producers=2,batch=256"), "--only: the sweep excludes every such series");
  EXPECT_EQ(mistake("idle_producers=1"),
            "--only idle-producers: not an axis of this sweep: must be one of producers, batch");
  EXPECT_EQ(mistake("producers=x").find("--only producers x: not a whole number"), 0U);
  for (const char* const only :
       {"", " ", "1", "producers= ,2", " =1", "producers", "producers=", "=1", ",producers=1"}) {
    EXPECT_NE(mistake(only).find("must be like producers=1,4,batch=1"), std::string::npos) << only;
  }
  EXPECT_NE(mistake("batch=1,producers=1,batch=256").find("names batch twice"), std::string::npos);
}

TEST(SweepSeries, HaveATimeLimitOnlyIfTheFileGivesOne) {
  EXPECT_EQ(series_of(sweep(R"("time_limit": "90s", "axes": {"batch": [1]})")).time_limit_s, 90.0);
  EXPECT_EQ(series_of(sweep(R"("axes": {"batch": [1]})")).time_limit_s, std::nullopt);
}

TEST(NamedSweeps, ThatPromiseATimeHaveItAsTheirLimit) {
  // A promise in a description reads "in under 60 seconds" or "in under 10 minutes".
  unsigned promises = 0;
  for (const cli::NamedSweep& named : cli::named_sweeps()) {
    const std::size_t at = named.description.find("in under ");
    const auto limit = cli::load_sweep(named.name).file.time_limit;
    ASSERT_EQ(at != std::string::npos, limit.has_value()) << named.name;
    if (!limit) continue;
    std::istringstream promise(named.description.substr(at + 9));
    unsigned number = 0;
    std::string unit;
    promise >> number >> unit;
    EXPECT_EQ(limit->text, std::to_string(number) + unit.front()) << named.name;
    ++promises;
  }
  EXPECT_GE(promises, 3U);
}

TEST(NamedSweeps, ScaleToEightProducersHoweverFewCpusThereAre) {
  const cli::LoadedSweep scaling = cli::load_sweep("scaling");
  const auto producers = [&](unsigned cpus) {
    return cli::sweep_series(scaling.file, cpus, "scaling").axes.at(0).values;
  };
  EXPECT_EQ(producers(1), (Given{"1", "2", "4", "8"}));
  EXPECT_EQ(producers(2), (Given{"1", "2", "4", "8"}));
  EXPECT_EQ(producers(3), (Given{"1", "2", "4", "6", "8"}));
  EXPECT_EQ(producers(4), (Given{"1", "2", "4", "8"}));
  EXPECT_EQ(producers(6), (Given{"1", "2", "4", "8", "12"}));
  EXPECT_EQ(producers(96), (Given{"1", "2", "4", "8", "16", "32", "64", "128"}));
}

TEST(NamedSweeps, RepeatTheSeedsBenchmarks) {
  const auto seed = cli::sweep_series(cli::load_sweep("seed").file, kSweepCpus, "seed");
  EXPECT_EQ(names(seed), (Given{"producers=1", "producers=2", "producers=4", "producers=8"}));
  for (const auto& series : seed.series) {
    EXPECT_EQ(series.request.spec.messages_per_producer, 10'000'000U);
    EXPECT_EQ(series.request.spec.consume, workload::Consume::verify);
  }
}

struct Mistake {
  std::string text;
  std::vector<std::string> named;
};

TEST(SweepMistakes, NameTheKeyThePlaceAndTheNearestRightOne) {
  const std::vector<Mistake> mistakes = {
      {"{\n  \"axes\": [1,\n}", {"not JSON at line 3, column 1"}},
      {"", {"not JSON at line 1, column 1"}},
      {"[1]", {"must be an object", "array"}},
      {R"({"description": "d", "axes": {"batch": [1]}, "axes": {"wait": ["yielding"]}})",
       {"the key \"axes\" is there twice"}},
      {R"({"description": 1, "axes": {"batch": [1]}})", {"description: must be a string"}},
      {sweep(R"("axis": {"batch": [1]})"), {"axis: no such key", "did you mean axes?"}},
      {sweep(R"("fixed": {"trials": 3})"), {"axes: missing"}},
      {sweep(R"("axes": {})"), {"axes: missing or empty"}},
      {sweep(R"("axes": [1])"), {"axes: must be an object"}},
      {sweep(R"("axes": {"batch": []})"), {"axes.batch: empty"}},
      {sweep(R"("axes": {"batch": 1})"), {"axes.batch: must be a list"}},
      {sweep(R"("time_limit": 60, "axes": {"batch": [1]})"), {"time_limit 60", "a unit"}},
      {sweep(R"("time_limit": "1ms", "axes": {"batch": [1]})"), {"time_limit 1ms", "between"}},
      {sweep(R"("time_limits": "1m", "axes": {"batch": [1]})"), {"did you mean time_limit?"}},
      {sweep(R"("axes": {"batch": [true]})"), {"axes.batch[0]: must be a number or a string"}},
      {sweep(R"("axes": {"producers": [1, 2, 300]})"),
       {"axes.producers[2] 300: must be between 1 and 128"}},
      {sweep(R"("axes": {"producers": [1.5]})"), {"axes.producers[0] 1.5", "whole number"}},
      {sweep(R"("axes": {"producers": ["1..2*cpu"]})"), {"axes.producers[0]", "2*cpu"}},
      {sweep(R"("axes": {"producers": ["1..cpus", 2, 2]})"),
       {"axes.producers[2] 2", "already", "axes.producers"}},
      {sweep(R"("axes": {"batch": [64000, "64k"]})"),
       {"axes.batch[1] 64k", "already", "axes.batch[0]"}},
      {sweep(R"("axes": {"preset": ["low-latncy"]})"),
       {"axes.preset[0] low-latncy", "did you mean low-latency?"}},
      {sweep(R"("axes": {"producer": [1]})"),
       {"axes.producer: no such axis", "did you mean producers?"}},
      {sweep(R"("axes": {"trials": [1, 2]})"), {"axes.trials", "under fixed"}},
      {sweep(R"("fixed": {"durations": "1s"}, "axes": {"batch": [1]})"),
       {"fixed.durations: no such key", "did you mean duration?"}},
      {sweep(R"("fixed": {"batch": [1]}, "axes": {"batch": [1]})"), {"fixed.batch", "array"}},
      {sweep(R"("fixed": {"batch": 1}, "axes": {"batch": [1]})"), {"fixed.batch", "axis too"}},
      {sweep(R"("fixed": {"ring_bits": 4}, "axes": {"preset": ["default"]})"),
       {"ring_bits", "preset", "give one"}},
      {sweep(R"("fixed": {"queue": "all"}, "axes": {"batch": [1]})"),
       {"fixed.queue all: must be one queue"}},
      {sweep(R"("axes": {"queue": ["ringmpsc,mutex-ring"]})"),
       {"axes.queue[0]", "must be one queue"}},
      {sweep(R"("axes": {"batch": [1, 2]}, "exclude": [{"queue": "boost-spsc"}])"),
       {"exclude[0].queue: not an axis"}},
      {sweep(R"("axes": {"batch": [1, 2]}, "exclude": [{"batch": "x"}])"), {"exclude[0].batch x"}},
      {sweep(R"("axes": {"batch": [1, 2]}, "exclude": [{}])"), {"exclude[0]: empty"}},
      {sweep(R"("axes": {"batch": [1, 2]}, "exclude": {"batch": 1})"), {"exclude: must be a list"}},
      {sweep(R"("axes": {"batch": [1, 2]}, "exclude": [{"batch": [1, 2]}])"),
       {"exclude: excludes every series"}},
      {sweep(R"("fixed": {"producers": 100}, "axes": {"idle_producers": [1, 29]})"),
       {"idle-producers=29", "128"}},
  };
  for (const auto& [text, named] : mistakes) {
    const std::string said = mistake_in(text);
    for (const std::string& part : named) {
      EXPECT_NE(said.find(part), std::string::npos) << part << " not in: " << said << "\n" << text;
    }
  }
}

TEST(SweepMistakes, IncludeMoreSeriesThanASweepMayHave) {
  std::string numbers = "1";
  for (int i = 2; i <= 110; ++i) numbers += "," + std::to_string(i);
  EXPECT_NE(mistake_in(
                sweep(R"("axes": {"producers": [)" + numbers + R"(], "batch": [)" + numbers + "]}"))
                .find("more than 10000 series"),
            std::string::npos);
}

/// The plan of a sweep for this machine, on which any two threads can be placed.
measure::Plan plan_of(const std::string& text) {
  return measure::make_plan(series_of(text), machine::this_machine());
}

TEST(SweepPlan, ComparesOnlyAlongTheQueueAxis) {
  const measure::Plan plan =
      plan_of(sweep(R"("axes": {"queue": ["ringmpsc", "mutex-ring"], "producers": [1, 2]})"));
  ASSERT_EQ(plan.series.size(), 4U);
  EXPECT_EQ(plan.series[2].name, "queue=mutex-ring producers=1");
  EXPECT_EQ(plan.series[0].references, std::vector<std::size_t>{});
  EXPECT_EQ(plan.series[1].references, std::vector<std::size_t>{});
  EXPECT_EQ(plan.series[2].references, std::vector<std::size_t>{0});
  EXPECT_EQ(plan.series[3].references, std::vector<std::size_t>{1});
  ASSERT_TRUE(plan.sweep);
  EXPECT_EQ(plan.sweep->axes.size(), 2U);
}

TEST(SweepPlan, NamesTheSeriesThatCannotBeMeasured) {
  try {
    static_cast<void>(
        plan_of(sweep(R"("axes": {"queue": ["ringmpsc", "hand-off"], "producers": [1, 2]})")));
    FAIL() << "a limit is for one producer";
  } catch (const measure::BadRequest& error) {
    EXPECT_NE(std::string(error.what()).find("queue=hand-off producers=2"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("one producer"), std::string::npos);
  }
  EXPECT_EQ(plan_of(sweep(R"("axes": {"queue": ["ringmpsc", "hand-off"], "producers": [1, 2]},
                             "exclude": [{"queue": "hand-off", "producers": 2}])"))
                .series.size(),
            3U);
}

TEST(SweepPlan, LeavesOutWhatTheValuesOfFlagsCannotMeasureAndSaysIt) {
  const std::string file = sweep(R"("axes": {"producers": [1, 2], "batch": [1, 2]})");
  const auto plan = [&](const Given& arguments) {
    return measure::make_plan(series_with(arguments, file), machine::this_machine());
  };
  const measure::Plan both = plan({"--queue", "ringmpsc,hand-off"});
  EXPECT_EQ(both.series.size(), 6U);
  ASSERT_EQ(both.left_out.size(), 1U);
  EXPECT_EQ(both.left_out[0].find("producers=2 batch=1 queue=hand-off and 1 more series: "), 0U);
  EXPECT_NE(both.left_out[0].find("one producer"), std::string::npos);
  const measure::Plan one = plan({"--queue", "hand-off"});
  EXPECT_EQ(one.series.size(), 2U);
  EXPECT_EQ(one.sweep->axes.at(0).values, Given{"1"}) << "no series has 2 producers";
  EXPECT_EQ(plan({"--idle-producers", "0,127"}).series.size(), 6U);
  // Of all queues, those are left out that can do nothing of it: only ours takes 4 bytes.
  const measure::Plan small = plan({"--queue", "all", "--payload", "4"});
  EXPECT_EQ(small.sweep->axes.back().values, Given{"ringmpsc"});
  EXPECT_GE(small.left_out.size(), 1U);
}

TEST(SweepPlan, RefusesAValueOfAFlagThatNoSeriesCanHave) {
  const std::string file = sweep(R"("axes": {"producers": [2, 4], "batch": [1, 2]})");
  for (const Given& arguments :
       {Given{"--queue", "ringmpsc,hand-off"}, Given{"--queue", "hand-off"},
        Given{"--idle-producers", "0,127"}, Given{"--idle-producers", "127"}}) {
    try {
      static_cast<void>(measure::make_plan(series_with(arguments, file), machine::this_machine()));
      ADD_FAILURE() << arguments.back();
    } catch (const measure::BadRequest& error) {
      EXPECT_EQ(std::string(error.what()).find("producers=2 batch=1"), 0U) << error.what();
      EXPECT_NE(std::string(error.what()).find(arguments.front()), std::string::npos)
          << error.what();
    }
  }
}

TEST(SweepPlan, NamesSeriesByKeysAsTheyAreTyped) {
  const auto plan = plan_of(sweep(R"("axes": {"ring_bits": [4, 5], "queue": ["ringmpsc"]})"));
  EXPECT_EQ(plan.series.front().name, "ring-bits=4 queue=ringmpsc");
  EXPECT_EQ(plan.series.front().parameters.front().key, "ring_bits") << "as in the sweep file";
  const auto left_out = measure::make_plan(
      series_with({"--queue", "ringmpsc,hand-off"}, sweep(R"("axes": {"idle_producers": [0, 127],
                                                              "producers": [1, 2]})")),
      machine::this_machine());
  ASSERT_FALSE(left_out.left_out.empty());
  for (const std::string& line : left_out.left_out) {
    EXPECT_EQ(line.find("idle-producers="), 0U) << line;
  }
}

TEST(SweepPlan, AddsNoLimitToRoundTrips) {
  EXPECT_EQ(plan_of(sweep(R"("axes": {"pattern": ["stream", "round-trip"]})")).series.size(), 2U);
}

TEST(NamedSweeps, AreValidAndCanBePlannedHere) {
  std::set<std::string> found;
  for (const cli::NamedSweep& sweep : cli::named_sweeps()) {
    found.insert(sweep.name);
    EXPECT_GT(sweep.description.size(), 20U) << sweep.name;
    const cli::LoadedSweep loaded = cli::load_sweep(sweep.name);
    std::ifstream stream(loaded.path);
    EXPECT_EQ(complaints(schema("sweep"), nlohmann::json::parse(stream)), "") << loaded.path;
    for (const unsigned cpus : {1U, 2U, 96U}) {
      EXPECT_NO_THROW(static_cast<void>(cli::sweep_series(loaded.file, cpus, loaded.name)))
          << sweep.name;
    }
    EXPECT_NO_THROW(static_cast<void>(measure::make_plan(
        cli::sweep_series(loaded.file, 2, loaded.name), machine::this_machine())))
        << sweep.name;
  }
  for (const char* const name : {"quick", "scaling", "presets", "batch", "payload", "ring-size",
                                 "ci", "hardware", "seed", "seed-methods"}) {
    EXPECT_TRUE(found.contains(name)) << name;
  }
}

TEST(SweepSchema, KnowsTheSameKeysAsTheProgram) {
  std::set<std::string> axes;
  std::set<std::string> others;
  for (const cli::Setting& setting : cli::request_settings()) {
    (setting.axis ? axes : others).insert(setting.key());
  }
  const nlohmann::json contract = schema("sweep");
  EXPECT_EQ(contract["definitions"]["axis"]["enum"].get<std::set<std::string>>(), axes);
  EXPECT_EQ(contract["definitions"]["setting"]["enum"].get<std::set<std::string>>(), others);
  const auto keys = [](const nlohmann::json& properties) {
    std::set<std::string> all;
    for (const auto& [key, value] : properties.items()) all.insert(key);
    return all;
  };
  const nlohmann::json& properties = contract["properties"];
  EXPECT_EQ(keys(properties),
            (std::set<std::string>(results::kSweepKeys.begin(), results::kSweepKeys.end())));
  EXPECT_EQ(keys(properties["parts"]["items"]["properties"]),
            (std::set<std::string>(results::kPartKeys.begin(), results::kPartKeys.end())));
}

TEST(SweepSchema, RefusesWhatTheProgramRefuses) {
  const nlohmann::json contract = schema("sweep");
  for (const char* const text :
       {R"({"description": "d"})", R"({"description": "d", "axes": {}})",
        R"({"description": "d", "axes": {"batch": []}})",
        R"({"description": "d", "axes": {"batch": [true]}})",
        R"({"description": "d", "axes": {"trials": [1]}})",
        R"({"description": "d", "axes": {"batch": [1, 1]}})",
        R"({"description": "d", "axes": {"batch": [1]}, "exclude": [{}]})",
        R"({"description": "d", "axes": {"batch": [1]}, "fixed": {"trial": 1}})",
        R"({"description": "d", "axes": {"batch": [1]}, "time_limit": 60})",
        R"({"axes": {"batch": [1]}, "core_to_core": 20})", R"({"parts": []})", R"({"parts": [{}]})",
        R"({"parts": {"axes": {"batch": [1]}}})", R"({"parts": [{"axes": {}}]})",
        R"({"parts": [{"axes": {"batch": [1]}}], "axes": {"batch": [2]}})",
        R"({"parts": [{"axes": {"batch": [1]}}], "exclude": [{"batch": 2}]})",
        R"({"parts": [{"axes": {"batch": [1]}, "name": "n"}]})",
        R"({"parts": [{"axes": {"batch": [1]}, "fixed": {"trials": 3}}]})",
        R"({"description": "d", "axes": {"batch": [1]}, "more": 1})"}) {
    EXPECT_NE(complaints(contract, nlohmann::json::parse(text)), "") << text;
    EXPECT_NE(mistake_in(text), "no mistake") << text;
  }
}

}  // namespace
}  // namespace bench::testing
