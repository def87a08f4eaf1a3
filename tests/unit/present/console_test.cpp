// The page for people shows the figure, how far to trust it, and nothing that was not measured.

#include "present/console.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>

#include "present/quantity.hpp"
#include "unit/present/page_text.hpp"
#include "unit/result_document.hpp"

namespace bench::testing {
namespace {

using present::duration;
using present::grouped;
using present::render;
using present::si;

/// Joins rows that were wrapped at the width of the terminal, in the middle of a sentence.
std::string unwrapped(std::string text) {
  std::string result;
  std::ranges::unique_copy(text, std::back_inserter(result), [](char a, char b) {
    return std::isspace(a) != 0 && std::isspace(b) != 0;
  });
  std::ranges::replace(result, '\n', ' ');
  return result;
}

TEST(Console, SaysHowEvenLongTrialsWere) {
  results::Document even = document();
  EXPECT_TRUE(
      has(unwrapped(shown(even)), "2 of about 50 ms each, at 0.75 to 1.17 times their trial's"));
  even.series[0].samples[1].windows.clear();
  EXPECT_FALSE(has(shown(even), "windows"));
}

TEST(Console, SaysWhatPeopleCallTheMachineAndWhatTheyNotedOfIt) {
  EXPECT_TRUE(has(unwrapped(shown(document())),
                  "machine old server: Some Processor 9000, 3 CPUs of its 4 allowed price: 120 EUR "
                  "a month power: 65 W"))
      << shown(document());
  results::Document bare = document();
  bare.label.clear();
  bare.notes.clear();
  EXPECT_TRUE(has(unwrapped(shown(bare)), "machine Some Processor 9000"));
  EXPECT_FALSE(has(shown(bare), "price"));
  bare.label =
      "\x1b[2J\xE2\x80\xAE"
      "drow";
  EXPECT_FALSE(has(shown(bare), "\x1b"));
  EXPECT_FALSE(has(shown(bare), "\xE2\x80\xAE"));
}

TEST(Console, SaysWhichClockTimedTheMessages) {
  EXPECT_TRUE(has(shown(document()), "the processor's (TSC); reading it takes 17.5 ns"));
}

TEST(Console, SaysHowFarApartTheCoresWereAndHowLongProbingTook) {
  results::Document one = document();
  EXPECT_TRUE(has(unwrapped(shown(one)),
                  "100 ns (p10 90, p90 120) between CPUs 1 and 0; "
                  "probing took 3.0 % of the time"))
      << shown(one);
  one.probes.core_to_core.push_back(
      {.from = 1, .to = 2, .p10_ns = 400, .p50_ns = 500, .p90_ns = 600});
  EXPECT_TRUE(has(unwrapped(shown(one)), "100 ns (CPUs 1 and 0) to 500 ns (CPUs 1 and 2)"));
  one.probes.core_to_core.clear();
  EXPECT_FALSE(has(shown(one), "a cache line's round trip"));
}

TEST(Quantity, GroupsDigitsInThrees) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(1234567), "1,234,567");
  EXPECT_EQ(grouped(18446744073709551615U), "18,446,744,073,709,551,615");
}

TEST(Quantity, HasFourDigitsAndAPrefix) {
  EXPECT_EQ(si(0), "0.000");
  EXPECT_EQ(si(87), "87.00");
  EXPECT_EQ(si(9.99949), "9.999");
  EXPECT_EQ(si(9.9996), "10.00");
  EXPECT_EQ(si(99.996), "100.0");
  EXPECT_EQ(si(999.94), "999.9");
  EXPECT_EQ(si(999.96), "1.000 k");
  EXPECT_EQ(si(412.34e6), "412.3 M");
  EXPECT_EQ(si(1.2344e9, "B/s"), "1.234 GB/s");
  EXPECT_EQ(si(87, "B/s"), "87.00 B/s");
  EXPECT_EQ(si(2e21), "2000.0 E");
}

TEST(Quantity, TellsTimeInTheUnitThatFits) {
  EXPECT_EQ(duration(0.001), "1 ms");
  EXPECT_EQ(duration(0.3), "300 ms");
  EXPECT_EQ(duration(1.5), "1.5 s");
  EXPECT_EQ(duration(90), "90 s");
  EXPECT_EQ(duration(150), "2.5 min");
  EXPECT_EQ(duration(86400), "24 h");
}

TEST(Console, SaysWhatWasMeasuredAndWhere) {
  const std::string text = unwrapped(shown(document()));
  for (const char* const part :
       {"2 producers, 1 consumer, messages of 8 bytes", "40.00 M messages/s", "320.0 MB/s",
        "30.00 M to 50.00 M", "verified 8,000,000 messages sent and received", "0.75",
        "3.500 M, 4.500 M messages", "2 of 300 ms", "2^16 = 65,536 slots", "batches of 256",
        "adaptive wait", "consumer on CPU 1, producers on 0, 2 (near)",
        "Some Processor 9000, 3 CPUs of its 4 allowed", "30,000 commits", "7 refused"}) {
    EXPECT_TRUE(has(text, part)) << part << " not in:\n" << text;
  }
}

results::Document two_queues() {
  results::Document two = document();
  two.series[0].name = two.series[0].spec.queue = "ringmpsc";
  two.series[0].comparisons.clear();
  two.series.push_back(two.series[0]);
  two.series[1].name = two.series[1].spec.queue = "mutex-ring";
  two.series[1].summary->messages_per_second.median = 20e6;
  two.series[1].comparisons = {
      {.reference = "ringmpsc", .ratio = 0.5, .ci95 = results::Interval{0.4, 0.6}, .pairs = 2}};
  two.series[1].caveats = {{results::CaveatCode::wide_interval, "it is wide"}};
  return two;
}

TEST(Console, ShowsSeriesSideBySideWithTheirPairedRatio) {
  const std::string text = shown(two_queues());
  EXPECT_TRUE(has(text, "  ringmpsc                40.00 M  30.00 M to 50.00 M 1"));
  EXPECT_TRUE(has(text, "  mutex-ring              20.00 M  30.00 M to 50.00 M 0.5 [0.4, 0.6]"));
  EXPECT_TRUE(has(text, "16,000,000 messages sent and received"));
  EXPECT_TRUE(has(text, "mutex-ring: it is wide"));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80U) << line;
}

TEST(Console, NamesTheSeriesThatFailed) {
  results::Document faulty = two_queues();
  faulty.series[1].verification.reordered = 3;
  const std::string text = unwrapped(shown(faulty));
  EXPECT_TRUE(has(text, "mutex-ring: FAILED")) << text;
  EXPECT_TRUE(has(text, "verified 8,000,000 messages")) << text;
}

TEST(Console, DoesNotBlameAQueueForAnOrderThatItDoesNotPromise) {
  results::Document late = two_queues();
  late.series[1].keeps_order = false;
  late.series[1].verification.reordered = 3;
  const std::string text = unwrapped(shown(late));
  EXPECT_FALSE(has(text, "FAILED")) << text;
  EXPECT_TRUE(has(text, "3 came late, from queues that keep no order")) << text;
}

TEST(Console, KeepsWithinTheWidthAndColoursOnlyWhenTold) {
  results::Document full = document();
  full.caveats = {
      {results::CaveatCode::virtualized, std::string(20, 'x') + " and some words more"}};
  for (const unsigned width : {10U, 20U, 30U, 40U, 80U, 200U}) {
    std::istringstream lines(shown(full, width));
    for (std::string line; std::getline(lines, line);) {
      // The longest word is not broken.
      EXPECT_LE(line.size(), std::max(width, 24U)) << line;
      EXPECT_FALSE(line.ends_with(' ')) << line;
    }
  }
  EXPECT_FALSE(has(shown(full), "\x1b"));
  EXPECT_TRUE(has(render(full, {.color = true, .width = 80}), "\x1b[1m"));
}

TEST(Console, ShowsSeriesBelowEachOtherOnANarrowTerminal) {
  for (const unsigned width : {24U, 39U, 40U, 75U}) {
    const std::string page = shown(two_queues(), width);
    std::istringstream lines(page);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), width) << line;
    const std::string text = unwrapped(page);
    EXPECT_TRUE(has(text, "ringmpsc 40.00 M, 30.00 M to 50.00 M")) << text;
    EXPECT_TRUE(has(text, "mutex-ring 20.00 M, 30.00 M to 50.00 M x 0.5 [0.4, 0.6]")) << text;
  }
}

TEST(Console, ShowsSmallRatiosWithTheirDigits) {
  results::Document slow = two_queues();
  slow.series[1].comparisons[0].ratio = 0.00123;
  slow.series[1].comparisons[0].ci95 = {{0.00111, 0.00444}};
  EXPECT_TRUE(has(shown(slow), "0.00123 [0.00111, 0.00444]")) << shown(slow);
}

TEST(Quantity, HasThreeDigitsOfARatioAndLittleSpace) {
  using present::ratio_text;
  EXPECT_EQ(ratio_text(0), "0");
  EXPECT_EQ(ratio_text(0.5), "0.5");
  EXPECT_EQ(ratio_text(1.2345), "1.23");
  EXPECT_EQ(ratio_text(99.96), "100");
  EXPECT_EQ(ratio_text(1234.4), "1234");
  EXPECT_EQ(ratio_text(0.007634), "0.00763");
  for (double ratio = 1e-98; ratio < 1e98; ratio *= 3.3) {
    EXPECT_LE(ratio_text(ratio).size(), 7U) << ratio;
  }
}

TEST(Console, SaysWhatARatioIsAndWhichWayItPoints) {
  const std::string text = unwrapped(shown(two_queues()));
  EXPECT_TRUE(has(text, "x ringmpsc (>1 faster)")) << text;
  EXPECT_TRUE(has(text,
                  "x times as fast as ringmpsc (above 1 is faster): the median of the rounds' "
                  "quotients, which can differ from the quotient of the medians"))
      << text;
  results::Document alone = two_queues();
  alone.series[1].comparisons.clear();
  EXPECT_FALSE(has(shown(alone), "quotient"));
}

TEST(Console, PutsEverySampleBetweenTheSmallestAndTheLargest) {
  const std::string text = shown(document());
  const auto begin = text.find("spread");
  const std::string line = text.substr(begin, text.find('\n', begin) - begin);
  EXPECT_TRUE(has(line, "30.00 M [")) << line;
  EXPECT_TRUE(has(line, "] 50.00 M")) << line;
  EXPECT_TRUE(has(line, "|")) << line;
}

TEST(Console, ShowsEqualSamplesWithoutASpread) {
  results::Document flat = document();
  flat.series[0].samples.pop_back();
  flat.series[0].summary->messages_per_second = {
      .median = 30e6, .ci95 = {}, .min = 30e6, .max = 30e6, .mad = 0};
  EXPECT_FALSE(has(shown(flat), "spread"));
}

TEST(Console, NamesEachFaultWithItsCount) {
  results::Document faulty = document();
  faulty.series[0].verification.received = 7'999'999;
  faulty.series[0].verification.lost = 1;
  const std::string text = unwrapped(shown(faulty));
  EXPECT_TRUE(has(text, "FAILED 8,000,000 sent, 7,999,999 received: 1 lost, 0 duplicated"));
  EXPECT_FALSE(has(text, "verified"));
}

TEST(Console, ClaimsNoMoreThanTheConsumeModeChecked) {
  results::Document counted = document();
  counted.series[0].spec.consume = workload::Consume::count;
  const std::string text = unwrapped(shown(counted));
  EXPECT_TRUE(has(text, "40.00 M messages/s, not end to end"));
  EXPECT_TRUE(has(text, "none of them read"));
  EXPECT_FALSE(has(text, "verified"));

  results::Document read = document();
  read.series[0].spec.consume = workload::Consume::read;
  EXPECT_TRUE(has(unwrapped(shown(read)), "their checksum equals the producers'"));
  EXPECT_FALSE(has(shown(read), "verified"));
}

TEST(Console, ShowsTheIntervalsOfTheTimesThatHaveOne) {
  results::Document timed = document();
  timed.series[0].latency->ci95.p90_ns.reset();
  EXPECT_TRUE(has(unwrapped(shown(timed)),
                  "95 % CI: p50 99 ns to 101 ns, p99 290 ns to 310 ns, p99.9 2,900 ns to 3,000 ns"))
      << shown(timed);
}

TEST(Console, ShowsNoIntervalWhereThereIsNone) {
  results::Document few = document();
  few.series[0].summary->messages_per_second.ci95.reset();
  few.series[0].latency->ci95 = {};
  few.requirements.clear();
  EXPECT_FALSE(has(shown(few), "95 %"));
  EXPECT_FALSE(has(shown(few), "["));
}

TEST(Console, SaysThatATrialWasCutShort) {
  results::Document cut = document();
  cut.series[0].samples.pop_back();
  cut.series[0].samples[0].cut_short = true;
  EXPECT_TRUE(has(shown(cut), "1 of 300 ms, cut short after 100 ms"));
}

TEST(Console, ShowsNoNonsenseForTrialsWithoutMessages) {
  results::Document empty = document();
  empty.series[0].summary->messages_per_second = {};
  empty.series[0].summary->messages_per_second.max = 1;
  empty.series[0].verification = {};
  EXPECT_FALSE(has(shown(empty), "nan"));
  EXPECT_TRUE(has(shown(empty), "no message was sent"));
}

TEST(Console, ShowsAnInterruptedWarmUpWithoutFigures) {
  results::Document interrupted = document();
  interrupted.series[0].samples.clear();
  interrupted.series[0].summary.reset();
  interrupted.series[0].placement.producer_cpus.clear();
  interrupted.series[0].placement.consumer_cpu.reset();
  const std::string text = shown(interrupted);
  EXPECT_FALSE(has(text, "throughput"));
  EXPECT_TRUE(has(text, "0 of 300 ms"));
}

TEST(Console, ListsRepeatedCpusOnce) {
  results::Document many = document();
  many.series[0].placement.producer_cpus = {0, 2, 0, 2, 0};
  EXPECT_TRUE(has(unwrapped(shown(many)), "producers on 0, 2 in turn"));
  many.series[0].placement.producer_cpus = {0, 0, 2, 0};
  EXPECT_TRUE(has(unwrapped(shown(many)), "producers on 0, 0, 2, 0 (near)"));
  many.series[0].placement.producer_cpus = {0, 0, 0};
  EXPECT_TRUE(has(unwrapped(shown(many)), "producers on 0 (near)"));
  many.series[0].placement.producer_cpus = {std::nullopt, 3};
  EXPECT_TRUE(has(unwrapped(shown(many)), "producers on ?, 3"));
  many.series[0].placement.producer_cpus.assign(20, 0);
  many.series[0].placement.producer_cpus[1] = 2;
  EXPECT_TRUE(has(unwrapped(shown(many)), "producers on 0, 2, several on each (near)"));
  many.series[0].placement.producer_cpus.clear();
  for (unsigned i = 0; i < 20; ++i) many.series[0].placement.producer_cpus.push_back(i);
  EXPECT_TRUE(has(unwrapped(shown(many)), "18, 19 (near)"));
}

TEST(Console, ShowsARangeInsteadOfAListForManyProducers) {
  results::Document many = document();
  many.series[0].summary->per_producer_messages.assign(17, 2'000'000);
  many.series[0].summary->per_producer_messages[3] = 1'000'000;
  EXPECT_TRUE(has(unwrapped(shown(many)), "1.000 M to 2.000 M messages each"));
}

TEST(Console, ShowsTheRateOfAScheduleAndNoThroughput) {
  results::Document scheduled = document();
  scheduled.series[0].spec.pattern = workload::Pattern::one_way;
  scheduled.series[0].spec.rate = 1e6;
  const std::string text = unwrapped(shown(scheduled));
  EXPECT_TRUE(has(text, "1.000 M messages/s achieved of 1.000 M offered"));
  EXPECT_FALSE(has(text, "40.00 M messages/s")) << "so many messages were due";
}

}  // namespace
}  // namespace bench::testing
