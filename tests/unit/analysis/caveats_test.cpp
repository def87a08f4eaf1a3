// Tests that summaries are right, and that each caveat appears if the evidence calls for it and
// only then.

#include "analysis/caveats.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "analysis/summary.hpp"
#include "unit/result_document.hpp"

namespace bench::testing {
namespace {

using results::Caveat;
using results::CaveatCode;

const Caveat* find(const std::vector<Caveat>& caveats, CaveatCode code) {
  const auto found = std::ranges::find(caveats, code, &Caveat::code);
  return found == caveats.end() ? nullptr : &*found;
}

void expect_says(const std::vector<Caveat>& caveats, CaveatCode code,
                 const std::vector<std::string>& parts) {
  const Caveat* const caveat = find(caveats, code);
  ASSERT_NE(caveat, nullptr) << results::name(code);
  for (const std::string& part : parts) {
    EXPECT_NE(caveat->text.find(part), std::string::npos) << part << " not in: " << caveat->text;
  }
}

/// A series of ten equal samples, which calls for no caveat.
results::Series calm() {
  results::Series series = document().series[0];
  series.samples.assign(10, sample(4'000'000, 0.1, {2'000'000, 2'000'000}));
  series.summary = analysis::summarize(series.samples, series.spec, 1);
  return series;
}

TEST(Summary, IsComputedFromTheSamples) {
  results::Series series = document().series[0];
  const auto summary = analysis::summarize(series.samples, series.spec, 1);
  ASSERT_TRUE(summary);
  series.summary->messages_per_second.ci95.reset();  // two samples are too few for an interval
  results::RegimeSummary& all = series.summary->regimes.front();
  all.messages_per_second = series.summary->messages_per_second;
  all.core_to_core_ns = summary->regimes.front().core_to_core_ns;
  EXPECT_NEAR(*all.core_to_core_ns, std::sqrt(100 * 101.5), 1e-9);
  EXPECT_EQ(*summary, *series.summary);
}

TEST(Summary, IsNoneWithoutSamples) {
  EXPECT_EQ(analysis::summarize({}, workload::Spec(), 1), std::nullopt);
}

TEST(Comparison, IsTheMedianOfTheRatiosWithinEachRound) {
  results::Series ours;
  results::Series reference;
  reference.name = "reference";
  const std::vector<std::uint64_t> rates = {10, 20, 30, 40, 50, 60, 70};
  for (unsigned round = 0; round < rates.size(); ++round) {
    // The machine gets faster with each round, and ours stays 1.5 times as fast as the reference.
    reference.samples.push_back(sample(rates[round] * 100, 1, {rates[round] * 100}));
    ours.samples.push_back(sample(rates[round] * 150, 1, {rates[round] * 150}));
    reference.samples.back().round = ours.samples.back().round = round;
  }
  std::ranges::reverse(reference.samples);
  reference.samples.pop_back();  // a round that only one of them has is not a pair
  const auto compared = analysis::compare(ours, reference, 1);
  ASSERT_TRUE(compared);
  EXPECT_EQ(compared->reference, "reference");
  EXPECT_DOUBLE_EQ(compared->ratio, 1.5);
  EXPECT_EQ(compared->pairs, 6U);
  ASSERT_TRUE(compared->ci95);
  EXPECT_DOUBLE_EQ(compared->ci95->lo, 1.5);
  EXPECT_DOUBLE_EQ(compared->ci95->hi, 1.5);
  EXPECT_EQ(analysis::compare(ours, results::Series(), 1), std::nullopt);
}

TEST(Summary, GivesRoundTripsInNanosecondsToo) {
  workload::Spec spec;
  spec.pattern = workload::Pattern::round_trip;
  const std::vector samples = {sample(5'000'000, 1, {5'000'000})};
  EXPECT_EQ(analysis::summarize(samples, spec, 1)->round_trip_ns, 200);
  EXPECT_EQ(analysis::summarize(samples, workload::Spec(), 1)->round_trip_ns, std::nullopt);
}

TEST(Caveats, AreAbsentWhereNothingIsDoubtful) {
  EXPECT_TRUE(analysis::series_caveats(calm()).empty());
  EXPECT_TRUE(analysis::document_caveats(document()).empty());
}

TEST(Caveats, CallACountingConsumerNotEndToEnd) {
  results::Series series = calm();
  series.spec.consume = workload::Consume::count;
  expect_says(analysis::series_caveats(series), CaveatCode::not_end_to_end,
              {"not end to end", "--consume verify"});
}

TEST(Caveats, TellHowManyThreadsShareHowManyCpus) {
  results::Series series = calm();
  series.spec.producers = 8;
  series.placement.oversubscribed = true;
  series.placement.producer_cpus.assign(8, 0);
  series.placement.producer_cpus[1] = 1;
  expect_says(analysis::series_caveats(series), CaveatCode::oversubscribed,
              {"9 threads share 2 CPUs", "--producers 1", "9 CPUs"});
}

TEST(Caveats, DistinguishARefusedPinningFromPlacementNone) {
  results::Series series = calm();
  series.placement.pinned = false;
  series.samples[4].producers[1].pinned = false;
  expect_says(analysis::series_caveats(series), CaveatCode::unpinned,
              {"refused", "1 of 3 threads"});
  series.placement.policy = machine::PlacementPolicy::none;
  expect_says(analysis::series_caveats(series), CaveatCode::unpinned, {"--placement near"});
}

TEST(Caveats, WarnOfTooFewSamplesForAnInterval) {
  results::Series series = calm();
  series.samples.resize(6);
  EXPECT_EQ(find(analysis::series_caveats(series), CaveatCode::few_samples), nullptr);
  series.samples.resize(5);
  expect_says(analysis::series_caveats(series), CaveatCode::few_samples,
              {"5 samples", "93.8 %", "--trials 6"});
  series.samples.resize(1);
  expect_says(analysis::series_caveats(series), CaveatCode::few_samples, {"one sample"});
}

TEST(Caveats, CountTrialsThatAreTooShortOrEmpty) {
  results::Series series = calm();
  series.samples[3].seconds = 0.0049;
  series.samples[4].messages = 0;
  expect_says(analysis::series_caveats(series), CaveatCode::short_trials,
              {"2 of 10 trials", "5 ms"});
}

TEST(Caveats, CallAnIntervalWideIfItReachesFurtherThanATenthOfTheMedian) {
  results::Series series = calm();
  auto& rate = series.summary->messages_per_second;
  rate.median = 100;
  rate.ci95 = {90, 110};
  EXPECT_EQ(find(analysis::series_caveats(series), CaveatCode::wide_interval), nullptr);
  rate.ci95->hi = 131;
  expect_says(analysis::series_caveats(series), CaveatCode::wide_interval,
              {"10 % below", "31 % above"});
}

TEST(Caveats, AdviseOnlyWhatTheSameRequestCanTake) {
  results::Series series = calm();
  series.samples[3].seconds = 0.0001;
  series.summary->messages_per_second.median = 100;
  series.summary->messages_per_second.ci95 = {10, 200};
  const auto advice = [&](CaveatCode code) {
    const std::vector<Caveat> caveats = analysis::series_caveats(series);
    const Caveat* const caveat = find(caveats, code);
    return caveat == nullptr ? std::string() : caveat->text;
  };
  const auto has = [](const std::string& text, const char* flag) {
    return text.find(flag) != std::string::npos;
  };
  // --duration and --messages exclude each other.
  for (const CaveatCode code : {CaveatCode::wide_interval, CaveatCode::short_trials}) {
    series.spec.duration_s = 0.3;
    series.spec.messages_per_producer.reset();
    EXPECT_TRUE(has(advice(code), "--duration")) << advice(code);
    EXPECT_FALSE(has(advice(code), "--messages")) << advice(code);
    series.spec.duration_s.reset();
    series.spec.messages_per_producer = 1000;
    EXPECT_FALSE(has(advice(code), "--duration")) << advice(code);
    EXPECT_TRUE(has(advice(code), "--messages")) << advice(code);
  }
  // There is no fewer than one producer.
  series.placement.oversubscribed = true;
  series.placement.policy = machine::PlacementPolicy::explicit_cpus;
  EXPECT_TRUE(has(advice(CaveatCode::oversubscribed), "fewer --producers"));
  series.spec.producers = 1;
  EXPECT_FALSE(has(advice(CaveatCode::oversubscribed), "--producers"));
  EXPECT_TRUE(has(advice(CaveatCode::oversubscribed), "--cpus"));
  // No ring has more than 2^20 slots.
  EXPECT_FALSE(has(analysis::batch_clamped(2'000'000, 16).text, "--ring-bits"));
  EXPECT_TRUE(has(analysis::batch_clamped(1'048'576, 16).text, "--ring-bits 20"));
}

TEST(Caveats, ExplainAClampedBatch) {
  const Caveat caveat = analysis::batch_clamped(256, 16);
  EXPECT_EQ(caveat.code, CaveatCode::batch_clamped);
  for (const char* const part : {"16 slots", "256", "--ring-bits 8"}) {
    EXPECT_NE(caveat.text.find(part), std::string::npos) << caveat.text;
  }
}

TEST(Caveats, WarnOfABuildThatIsNotOptimized) {
  results::Document slow = document();
  slow.tool.flags = "-O3 -O0";
  expect_says(analysis::document_caveats(slow), CaveatCode::unoptimized_build, {"-O0"});
  slow.tool.flags = "-g";
  expect_says(analysis::document_caveats(slow), CaveatCode::unoptimized_build,
              {"without optimization"});
  slow.tool.flags = "-O3";
  slow.tool.sanitizer = "thread";
  expect_says(analysis::document_caveats(slow), CaveatCode::unoptimized_build,
              {"thread sanitizer"});
}

TEST(Caveats, NameTheHypervisor) {
  results::Document virtual_machine = document();
  virtual_machine.host.virtualization = "KVM";
  expect_says(analysis::document_caveats(virtual_machine), CaveatCode::virtualized, {"(KVM)"});
  virtual_machine.host.virtualization.reset();
  EXPECT_TRUE(analysis::document_caveats(virtual_machine).empty())
      << "an unknown hypervisor is not evidence";
}

TEST(Caveats, DoubtTheTopologyAfterTheSurveyToo) {
  results::Document measured = document();
  const auto contradicted = [&measured] {
    return std::ranges::any_of(analysis::document_caveats(measured),
                               [](const results::Caveat& caveat) {
                                 return caveat.code == results::CaveatCode::topology_contradicted;
                               });
  };
  EXPECT_FALSE(contradicted());
  measured.survey->probes.core_to_core.front().p50_ns = 2000;
  EXPECT_TRUE(contradicted());
}

TEST(Caveats, TellHowFarAnInterruptedMeasurementGot) {
  results::Document interrupted = document();
  interrupted.complete = false;
  expect_says(analysis::document_caveats(interrupted), CaveatCode::interrupted,
              {"2 counted trials"});
  interrupted.series[0].samples.pop_back();
  interrupted.series[0].samples[0].cut_short = true;
  expect_says(analysis::document_caveats(interrupted), CaveatCode::interrupted,
              {"after 0.1 s of its first counted trial"});
  interrupted.series[0].samples.clear();
  expect_says(analysis::document_caveats(interrupted), CaveatCode::interrupted,
              {"before its first counted trial"});
}

TEST(Caveats, SayThatAQuotaStoppedTheThreadsAndBlameNobodyElse) {
  results::Document with_quota = document();
  with_quota.host.cpu_quota = 0.5;
  with_quota.activity.foreign_cpu_share = 0.5;
  with_quota.activity.throttling = {.periods = 40, .throttled_periods = 20, .seconds = 1.25};
  const auto caveats = analysis::document_caveats(with_quota);
  expect_says(caveats, CaveatCode::throttled, {"0.5 CPUs", "50 %", "1.25 s", "allow 3 CPUs"});
  EXPECT_EQ(find(caveats, CaveatCode::foreign_load), nullptr);
  with_quota.series[0].spec.producers = 8;
  with_quota.host.topology.allowed_pus = 2;
  expect_says(analysis::document_caveats(with_quota), CaveatCode::throttled, {"allow 2 CPUs"});
  with_quota.activity.throttling = {.periods = 600, .throttled_periods = 1, .seconds = 0.01};
  const auto others = analysis::document_caveats(with_quota);
  EXPECT_EQ(find(others, CaveatCode::throttled), nullptr);
  EXPECT_NE(find(others, CaveatCode::foreign_load), nullptr) << "the quota explains nothing";

  results::Series series = calm();
  for (workload::Sample& sample : series.samples) sample.events.preemptions = 1'000;
  EXPECT_NE(find(analysis::series_caveats(series), CaveatCode::preempted), nullptr);
  series.samples[3].throttled_s = 0.1;
  EXPECT_EQ(find(analysis::series_caveats(series), CaveatCode::preempted), nullptr);
}

TEST(Caveats, CountTheThrottledTrialsOfARegime) {
  results::Series series = calm();
  for (std::size_t i = 0; i < 4; ++i) {
    series.samples[i] = sample(1'000'000, 0.1, {500'000, 500'000});
    series.samples[i].throttled_s = 0.05;
  }
  analysis::assign_regimes(series.samples);
  series.summary = analysis::summarize(series.samples, series.spec, 1);
  expect_says(analysis::series_caveats(series), CaveatCode::regimes, {"(4 trials were throttled)"});
}

TEST(Caveats, SayThatTheProcessWasStopped) {
  results::Series series = calm();
  EXPECT_EQ(find(analysis::series_caveats(series), CaveatCode::stopped), nullptr);
  series.repeated = {.trials = 1, .stopped_s = 3};
  expect_says(analysis::series_caveats(series), CaveatCode::stopped,
              {"1 trial, for 3.0 s", "run again"});
  series.samples[0].stopped_s = 2;
  expect_says(analysis::series_caveats(series), CaveatCode::stopped,
              {"2 trials, for 5.0 s", "1 is in the figures"});
}

TEST(Caveats, SayHowManyMessagesAPercentileTakes) {
  results::Series series = calm();
  EXPECT_EQ(find(analysis::series_caveats(series), CaveatCode::few_messages), nullptr);
  series.latency->p99_9_ns.reset();
  series.latency->p99_99_ns.reset();
  expect_says(analysis::series_caveats(series), CaveatCode::few_messages,
              {"4 messages cannot tell p99.9 and above (p99.99 takes 100000)"});
  series.latency->load->saturated = true;
  EXPECT_EQ(find(analysis::series_caveats(series), CaveatCode::few_messages), nullptr)
      << "no time is shown then";
}

TEST(Caveats, SayWhichTrialFailed) {
  results::Document failed = document();
  failed.complete = false;
  failed.failure = results::Failure{.kind = results::FailureKind::crash,
                                    .series = "mine",
                                    .queue = "mine",
                                    .trial = "trial 3 of 10",
                                    .reason = "the queue crashed with SIGSEGV",
                                    .threads = {}};
  const auto caveats = analysis::document_caveats(failed);
  expect_says(caveats, CaveatCode::failed, {"trial 3 of 10 of mine", "SIGSEGV"});
  EXPECT_EQ(find(caveats, CaveatCode::interrupted), nullptr);
}

}  // namespace
}  // namespace bench::testing
