#include "report/points.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "unit/report_documents.hpp"

namespace bench::testing {
namespace {

using report::axes_of;
using report::Cell;
using report::Point;
using report::points_of;
using report::Table;

bool any_series(const results::Series& /*series*/) { return true; }

bool of_stream(const results::Series& series) {
  return series.spec.pattern == workload::Pattern::stream;
}

/// A document of this host that measured these specs, each with the rate, in messages a second.
results::Document with_rates(const std::string& hostname,
                             const std::vector<std::pair<workload::Spec, double>>& rates) {
  results::Document made = unlabelled_document();
  made.host.hostname = hostname;
  const results::Series like = made.series.front();
  made.series.clear();
  for (const auto& [spec, rate] : rates) {
    results::Series series = like;
    series.spec = spec;
    series.summary->messages_per_second.median = rate;
    series.summary->messages_per_second.ci95 =
        results::Interval{.lo = rate * 0.9, .hi = rate * 1.1};
    made.series.push_back(std::move(series));
  }
  return made;
}

analysis::Evidence evidence_of(std::vector<results::Document> documents) {
  std::vector<analysis::Named<results::AnyDocument>> named;
  for (results::Document& one : documents) {
    named.push_back({.file = "a.json", .document = std::move(one)});
  }
  return analysis::sorted_by_machine(std::move(named));
}

workload::Spec producers(unsigned count) {
  workload::Spec spec;
  spec.producers = count;
  return spec;
}

TEST(Points, GatherTheRunsOfEachSeriesOfAMachine) {
  const analysis::Evidence evidence = analysis::sorted_by_machine(small_documents());
  const auto points = points_of(evidence, of_stream);
  EXPECT_EQ(points.size(), 2 * 15U);
  for (const Point& point : points) EXPECT_EQ(point.runs.size(), 3U);
  EXPECT_EQ(points.front().machine->name, "alder");
  EXPECT_EQ(points.back().machine->name, "birch");
}

TEST(Points, DoNotDifferByHowLongTheyWereMeasured) {
  workload::Spec longer;
  longer.duration_s = 3;
  workload::Spec counted;
  counted.duration_s.reset();
  counted.messages_per_producer = 1000;
  const auto evidence = evidence_of({with_rates("a", {{workload::Spec(), 1e6}}),
                                     with_rates("a", {{longer, 2e6}, {counted, 3e6}})});
  const auto points = points_of(evidence, any_series);
  ASSERT_EQ(points.size(), 1U);
  EXPECT_EQ(points[0].runs.size(), 3U);
}

TEST(Points, HaveAsAxesWhatTheyDifferIn) {
  const analysis::Evidence evidence = analysis::sorted_by_machine(small_documents());
  const auto points = points_of(evidence, of_stream);
  EXPECT_EQ(axes_of(points), (std::vector<std::string>{"queue", "producers", "payload", "batch"}));
  EXPECT_EQ(report::constants_of(points),
            "preset default, pattern stream, ring-bits 16, write in-place, consume verify, wait "
            "adaptive, placement near");
  EXPECT_EQ(report::place(points.front(), {"payload", "batch"}), "payload=8 batch=1");
  EXPECT_EQ(report::place(points.front(), {}), "");
  EXPECT_EQ(points.front().value("rate"), "-");
}

TEST(Points, OfAPanelDifferInOneAxisTheirMachineAndTheirQueue) {
  const analysis::Evidence evidence = analysis::sorted_by_machine(small_documents());
  const auto points = points_of(evidence, of_stream);
  const auto panels = panels_along("producers", points);
  ASSERT_EQ(panels.size(), 4U);
  EXPECT_EQ(panels[0].title, "payload=8 batch=1");
  EXPECT_EQ(panels[3].title, "payload=64 batch=256");
  // Two machines, two queues and three numbers of producers; the other queue has only one panel.
  EXPECT_EQ(panels[2].title, "payload=8 batch=256");
  EXPECT_EQ(panels[0].points.size(), 6U);
  EXPECT_EQ(panels[2].points.size(), 12U);
}

TEST(Points, StandInATableByTheirNumbers) {
  const auto evidence = evidence_of(
      {with_rates("a", {{producers(16), 16e6}, {producers(2), 2e6}, {producers(1), 1e6}}),
       with_rates("b", {{producers(2), 4e6}})});
  const auto points = points_of(evidence, any_series);
  const auto panels = panels_along("producers", points);
  ASSERT_EQ(panels.size(), 1U);
  const Table table = table_along("producers", panels[0].points, report::messages_per_second, {});
  ASSERT_EQ(table.columns.size(), 3U);
  EXPECT_EQ(table.columns[0].title, "producers");
  EXPECT_EQ(table.columns[1].title, "a");
  EXPECT_EQ(table.columns[2].title, "b");
  ASSERT_EQ(table.rows.size(), 3U);
  EXPECT_EQ(table.rows[0][0].text, "1");
  EXPECT_EQ(table.rows[0][0].value, 1);
  EXPECT_EQ(table.rows[1][0].text, "2");
  EXPECT_EQ(table.rows[2][0].text, "16");
  EXPECT_EQ(table.rows[0][1].value, 1e6);
  EXPECT_EQ(table.rows[1][1].value, 2e6);
  EXPECT_EQ(table.rows[1][2].value, 4e6);
  EXPECT_EQ(table.rows[2][1].value, 16e6);
  EXPECT_EQ(table.rows[0][2], Cell());
  EXPECT_TRUE(table.columns[0].is_number);
}

TEST(Points, StandInATableAsTheyAreMetWhereTheyAreWords) {
  workload::Spec spinning;
  spinning.wait = workload::Wait::busy_spin;
  const auto evidence = evidence_of({with_rates("a", {{spinning, 1e6}, {workload::Spec(), 2e6}})});
  const auto points = points_of(evidence, any_series);
  const auto panels = panels_along("wait", points);
  const Table table = table_along("wait", panels[0].points, report::messages_per_second, {});
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(table.rows[0][0].text, "busy-spin");
  EXPECT_EQ(table.rows[1][0].text, "adaptive");
  EXPECT_FALSE(table.columns[0].is_number);
}

TEST(Points, OfSeveralRunsHaveTheMedianAndTheExtremesOfTheRuns) {
  const auto evidence =
      evidence_of({with_rates("a", {{producers(1), 5e6}}), with_rates("a", {{producers(1), 1e6}}),
                   with_rates("a", {{producers(1), 2e6}})});
  const Cell cell = report::messages_per_second(points_of(evidence, any_series).front());
  EXPECT_EQ(cell.value, 2e6);
  EXPECT_EQ(cell.interval, (results::Interval{.lo = 1e6, .hi = 5e6}));
  EXPECT_EQ(cell.text, "2.000 M (1.000 M to 5.000 M)");
  EXPECT_EQ(cell.dots.size(), 6U);
  EXPECT_EQ(cell.dots.front(), 30e6);
}

TEST(Points, OfOneRunHaveItsOwnInterval) {
  const auto evidence = evidence_of({with_rates("a", {{producers(1), 2e6}})});
  const Cell cell = report::messages_per_second(points_of(evidence, any_series).front());
  EXPECT_EQ(cell.value, 2e6);
  EXPECT_EQ(cell.interval, (results::Interval{.lo = 2e6 * 0.9, .hi = 2e6 * 1.1}));
}

TEST(Points, OfSeveralRegimesHaveTheMostFrequentOne) {
  results::Document two = with_rates("a", {{producers(1), 2e6}});
  two.series[0].summary->messages_per_second.median.reset();
  two.series[0].summary->messages_per_second.ci95.reset();
  two.series[0].summary->regimes = {regime(3e6, 100), regime(1e6, 200)};
  const auto evidence = evidence_of({std::move(two)});
  const Cell cell = report::messages_per_second(points_of(evidence, any_series).front());
  EXPECT_EQ(cell.value, 3e6);
  EXPECT_TRUE(cell.text.ends_with(" *")) << cell.text;
}

TEST(Points, WithoutASampleHaveNoFigure) {
  results::Document empty = with_rates("a", {{producers(1), 2e6}});
  empty.series[0].summary.reset();
  empty.series[0].samples.clear();
  const auto evidence = evidence_of({std::move(empty)});
  const auto points = points_of(evidence, any_series);
  EXPECT_EQ(report::messages_per_second(points.front()), (Cell{.text = "no figure"}));
  EXPECT_EQ(report::round_trip_ns(points.front()), (Cell{.text = "no figure"}));
}

TEST(Points, OfRoundTripsHaveTimesInPlaceOfRates) {
  workload::Spec spec;
  spec.pattern = workload::Pattern::round_trip;
  results::Document trips = with_rates("a", {{spec, 2e6}});
  trips.series[0].summary->messages_per_second.ci95 = results::Interval{.lo = 1e6, .hi = 4e6};
  const auto evidence = evidence_of({std::move(trips)});
  const Cell cell = report::round_trip_ns(points_of(evidence, any_series).front());
  EXPECT_EQ(cell.value, 500);
  EXPECT_EQ(cell.interval, (results::Interval{.lo = 250, .hi = 1000}));
  EXPECT_EQ(cell.text, "500 ns (250 to 1000)");
}

TEST(Points, AreDashedWhereThreadsShareCpus) {
  results::Document one = with_rates("a", {{producers(1), 2e6}});
  one.series[0].placement.oversubscribed = true;
  const auto evidence = evidence_of({std::move(one)});
  EXPECT_TRUE(report::messages_per_second(points_of(evidence, any_series).front()).dashed);
}

TEST(Points, AreCalledByWhatDiffers) {
  workload::Spec other;
  other.queue = "other";
  const auto evidence = evidence_of({with_rates("a", {{workload::Spec(), 1e6}, {other, 1e6}}),
                                     with_rates("b", {{workload::Spec(), 1e6}})});
  const auto points = points_of(evidence, any_series);
  ASSERT_EQ(points.size(), 3U);
  const std::vector<const Point*> all = {&points[0], &points[1], &points[2]};
  EXPECT_EQ(report::LineNames(all).of(points[1]), "a, other");
  EXPECT_EQ(report::LineNames({&points[0], &points[1]}).of(points[1]), "other");
  EXPECT_EQ(report::LineNames({&points[0], &points[2]}).of(points[2]), "b");
  EXPECT_EQ(report::LineNames({&points[0]}).of(points[0]), "a");
}

}  // namespace
}  // namespace bench::testing
