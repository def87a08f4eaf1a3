// Tests how documents are compared: which series match, what differs between the sides, and what
// keeps a verdict from being said.

#include "analysis/comparison.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/matching.hpp"
#include "analysis/side_differences.hpp"
#include "unit/result_document.hpp"

namespace bench::analysis {
namespace {

using results::CaveatCode;
using results::DifferenceKind;
using results::Document;
using results::KnownTo;
using results::Series;
using results::SideDifference;
using results::Verdict;
using results::VerdictReport;

/// A series of ten samples about `rate`.
Series series_at(double rate, const std::string& name = "ringmpsc") {
  Series series = testing::document().series[0];
  series.name = name;
  series.samples.clear();
  for (int i = 0; i < 10; ++i) {
    const double seconds = 0.1;
    series.samples.push_back(testing::sample(
        static_cast<std::uint64_t>(rate * seconds * (1 + 0.002 * i)), seconds, {1, 1}));
  }
  return series;
}

Document document_of(std::vector<Series> series) {
  Document document = testing::document();
  document.series = std::move(series);
  return document;
}

/// Five runs that differ by a few parts in a thousand, each with one series.
DocumentsOfSide five_runs(double factor, const std::string& prefix) {
  DocumentsOfSide side;
  for (int i = 0; i < 5; ++i) {
    side.push_back({.file = prefix + std::to_string(i) + ".json",
                    .document = document_of({series_at(1e8 * factor * (1 + 0.003 * i))})});
  }
  return side;
}

void change_each(DocumentsOfSide& side, const std::function<void(Document&)>& change) {
  for (NamedDocument& named : side) change(named.document);
}

bool has_code(const std::vector<results::Caveat>& caveats, CaveatCode code) {
  return std::ranges::find(caveats, code, &results::Caveat::code) != caveats.end();
}

TEST(Comparison, JudgesEachSeriesByItsRuns) {
  const VerdictReport report = compare_runs(five_runs(1, "a"), five_runs(0.8, "b"), 0.05);
  ASSERT_EQ(report.series.size(), 1U);
  const results::JudgedSeries& series = report.series[0];
  EXPECT_EQ(series.verdict, Verdict::regressed);
  EXPECT_NEAR(series.ratio.value(), 0.8, 1e-3);
  EXPECT_EQ(series.base.runs.size(), 5U);
  EXPECT_EQ(series.candidate.runs[4].file, 4U);
  EXPECT_EQ(series.base.runs[0].samples, 10U);
  EXPECT_NEAR(series.base.messages_per_second.value(), 1e8 * 1.006 * 1.009, 1e5);
  EXPECT_EQ(series.base.verification.sent, 5 * 8'000'000U);
  EXPECT_EQ(report.evidence, results::Evidence::runs);
  EXPECT_EQ(report.base.files[1], "a1.json");
  EXPECT_EQ(report.differences, std::vector<SideDifference>());
  EXPECT_EQ(report.unmatched, std::vector<results::Unmatched>());
  EXPECT_TRUE(report.complete);
  EXPECT_EQ(compare_runs(five_runs(1, "a"), five_runs(1, "b"), 0.05).series[0].verdict,
            Verdict::no_change);
  EXPECT_EQ(compare_runs(five_runs(1, "a"), five_runs(1.3, "b"), 0.05).series[0].verdict,
            Verdict::improved);
}

TEST(Comparison, SharesItsErrorAmongTheSeries) {
  const auto many = [](const std::string& prefix) {
    DocumentsOfSide side = five_runs(1, prefix);
    change_each(side, [](Document& document) {
      for (std::size_t i = 1; i < 20; ++i) {
        Series next = document.series[0];
        next.name = "batch=" + std::to_string(i);
        next.spec.batch = i;
        document.series.push_back(next);
      }
    });
    return side;
  };
  const auto wide = compare_runs(many("a"), many("b"), 0.05);
  const auto narrow = compare_runs(five_runs(1, "a"), five_runs(1, "b"), 0.05);
  ASSERT_EQ(wide.series.size(), 20U);
  EXPECT_GT(wide.series[0].interval.value().hi, narrow.series[0].interval.value().hi);
}

TEST(Comparison, DoesNotCountTrialsThatWereCutShort) {
  DocumentsOfSide candidate = five_runs(1, "b");
  change_each(candidate, [](Document& document) {
    for (std::size_t i = 0; i < 6; ++i) {
      document.series[0].samples[i].cut_short = true;
      document.series[0].samples[i].messages /= 2;
    }
  });
  const VerdictReport report = compare_runs(five_runs(1, "a"), candidate, 0.05);
  EXPECT_EQ(report.series[0].verdict, Verdict::no_change);
  EXPECT_EQ(report.series[0].candidate.runs[0].samples, 4U);
}

TEST(Comparison, OfOneRunASideNeedsADifferenceBeyondTheSpreadOfEverySeries) {
  const auto one = [](double factor) { return DocumentsOfSide(1, five_runs(factor, "x")[0]); };
  EXPECT_EQ(compare_runs(one(1), one(0.8), 0.05).series[0].verdict, Verdict::inconclusive);
  EXPECT_EQ(compare_runs(one(1), one(0.11), 0.05).series[0].verdict, Verdict::inconclusive);
  EXPECT_EQ(compare_runs(one(1), one(0.09), 0.05).series[0].verdict, Verdict::regressed);
  DocumentsOfSide spread = one(1);
  Series other = series_at(1e8, "other");
  other.spec.batch = 1;
  other.samples[3].messages /= 12;
  spread[0].document.series.push_back(other);
  const VerdictReport report = compare_runs(spread, one(0.09), 0.05);
  EXPECT_EQ(report.series[0].verdict, Verdict::inconclusive)
      << "the samples of another series differ by as much";
}

TEST(Comparison, CarriesFaultsAndFailuresOfDocuments) {
  DocumentsOfSide candidate = five_runs(1, "b");
  candidate[2].document.series[0].verification.lost = 1;
  VerdictReport report = compare_runs(five_runs(1, "a"), candidate, 0.05);
  EXPECT_EQ(report.series[0].candidate.verification.lost, 1U);
  EXPECT_FALSE(verified(report.series[0]));

  candidate = five_runs(1, "b");
  candidate[3].document.complete = false;
  report = compare_runs(five_runs(1, "a"), candidate, 0.05);
  ASSERT_TRUE(has_code(report.caveats, CaveatCode::interrupted));
  EXPECT_NE(report.caveats[0].text.find("b3.json"), std::string::npos);
  EXPECT_EQ(report.series[0].verdict, Verdict::no_change) << "it counts with what it has";

  candidate[3].document.failure = results::Failure{.kind = results::FailureKind::crash,
                                                   .series = "s",
                                                   .queue = "q",
                                                   .trial = "trial 3 of 10",
                                                   .reason = "it crashed",
                                                   .threads = {}};
  report = compare_runs(five_runs(1, "a"), candidate, 0.05);
  ASSERT_TRUE(report.failure);
  EXPECT_EQ(report.failure->trial, "b3.json: trial 3 of 10");
  EXPECT_TRUE(has_code(report.caveats, CaveatCode::failed));

  candidate[3].document.failure->kind = results::FailureKind::cannot_measure;
  report = compare_runs(five_runs(1, "a"), candidate, 0.05);
  EXPECT_FALSE(report.failure) << "no memory is no fault of the queue";
  EXPECT_TRUE(has_code(report.caveats, CaveatCode::failed));
}

TEST(Comparison, CountsLateMessagesOnlyOfQueuesThatPromiseOrder) {
  DocumentsOfSide base = five_runs(1, "a");
  DocumentsOfSide candidate = five_runs(1, "b");
  const auto late = [](Document& document) {
    document.series[0].keeps_order = false;
    document.series[0].verification.reordered = 3;
  };
  change_each(candidate, late);
  EXPECT_TRUE(verified(compare_runs(base, candidate, 0.05).series[0]));
  change_each(base, late);
  const VerdictReport report = compare_runs(base, candidate, 0.05);
  EXPECT_TRUE(verified(report.series[0]));
  EXPECT_EQ(report.series[0].base.verification.reordered, 15U);
  base[0].document.series[0].keeps_order = true;
  EXPECT_FALSE(verified(compare_runs(base, candidate, 0.05).series[0]));
}

TEST(Comparison, SaysACaveatOfSeveralDocumentsOnce) {
  DocumentsOfSide base = five_runs(1, "a");
  DocumentsOfSide candidate = five_runs(1, "b");
  for (DocumentsOfSide* const side : {&base, &candidate}) {
    change_each(*side, [](Document& document) {
      document.caveats = {{CaveatCode::virtualized, "a hypervisor"},
                          {CaveatCode::few_samples, "of one run"}};
    });
  }
  candidate[1].document.caveats.push_back({CaveatCode::foreign_load, "others ran"});
  const std::vector<results::Caveat> expected = {
      {CaveatCode::virtualized, "a hypervisor"},
      {CaveatCode::foreign_load, "in 1 of 10 documents; b1.json: others ran"}};
  EXPECT_EQ(compare_runs(base, candidate, 0.05).caveats, expected);
}

TEST(Matching, IsBySpecAndPolicyAndNotByName) {
  const DocumentsOfSide base = five_runs(1, "a");
  DocumentsOfSide candidate = five_runs(1, "b");
  change_each(candidate, [](Document& document) { document.series[0].name = "renamed"; });
  EXPECT_EQ(match(base, candidate).series.size(), 1U);
  using Change = void (*)(Series&);
  struct Case {
    Change change;
    std::string said;
  };
  for (const auto& [change, said] : {
           Case{[](Series& s) { s.spec.batch = 7; }, "batch 7 for 256"},
           Case{[](Series& s) { s.spec.wait = workload::Wait::blocking; }, "wait blocking"},
           Case{[](Series& s) { s.spec.queue = "other"; }, "queue other"},
           Case{[](Series& s) { s.spec.idle_producers = 1; }, "idle_producers 1"},
           Case{[](Series& s) { s.placement.policy = machine::PlacementPolicy::far; },
                "placement far for near"},
       }) {
    candidate = five_runs(1, "b");
    change_each(candidate, [&](Document& document) { change(document.series[0]); });
    const Matched matched = match(base, candidate);
    EXPECT_TRUE(matched.series.empty()) << said;
    ASSERT_EQ(matched.unmatched.size(), 2U);
    EXPECT_EQ(matched.unmatched[0].known_to, KnownTo::base);
    EXPECT_EQ(matched.unmatched[1].known_to, KnownTo::candidate);
    EXPECT_NE(matched.unmatched[0].why.find(said), std::string::npos) << matched.unmatched[0].why;
  }
}

TEST(Matching, UsesTheDocumentsThatHaveTheSeries) {
  DocumentsOfSide base = five_runs(1, "a");
  Series other = series_at(1e7, "other");
  other.spec.batch = 1;
  base[1].document.series.push_back(other);
  DocumentsOfSide candidate = five_runs(1, "b");
  candidate[4].document.series.push_back(other);
  candidate[0].document.series = {other};
  const Matched matched = match(base, candidate);
  ASSERT_EQ(matched.series.size(), 2U);
  EXPECT_EQ(matched.series[0].candidate.size(), 4U);
  EXPECT_EQ(matched.series[0].candidate[0].file, 1U);
  EXPECT_EQ(matched.series[1].base.size(), 1U);
  EXPECT_EQ(matched.series[1].candidate.size(), 2U);
}

TEST(Matching, LeavesOutSeriesWhoseScheduleSetsTheirRate) {
  DocumentsOfSide base = five_runs(1, "a");
  DocumentsOfSide candidate = five_runs(0.5, "b");
  for (DocumentsOfSide* const side : {&base, &candidate}) {
    change_each(*side, [](Document& document) {
      document.series[0].spec.pattern = workload::Pattern::one_way;
      document.series[0].spec.rate = 1e6;
    });
  }
  const Matched matched = match(base, candidate);
  EXPECT_TRUE(matched.series.empty());
  ASSERT_EQ(matched.unmatched.size(), 1U);
  EXPECT_EQ(matched.unmatched[0].known_to, KnownTo::neither);
}

TEST(Matching, LeavesOutTheLimitsOfTheMachineUnlessTheyAreFaulty) {
  DocumentsOfSide base = five_runs(1, "a");
  DocumentsOfSide candidate = five_runs(1, "b");
  for (DocumentsOfSide* const side : {&base, &candidate}) {
    const double rate = side == &base ? 1e9 : 5e8;
    change_each(*side, [rate](Document& document) {
      Series limit = series_at(rate, "queue=hand-off");
      limit.spec.queue = "hand-off";
      document.series.push_back(limit);
      limit.name = limit.spec.queue = "bounce";
      limit.spec.pattern = workload::Pattern::round_trip;
      document.series.push_back(limit);
    });
  }
  Matched matched = match(base, candidate);
  ASSERT_EQ(matched.series.size(), 1U);
  EXPECT_EQ(matched.series[0].name, "ringmpsc");
  EXPECT_EQ(matched.unmatched, std::vector<results::Unmatched>());
  candidate[1].document.series[2].verification.corrupted = 1;
  matched = match(base, candidate);
  ASSERT_EQ(matched.unmatched.size(), 1U);
  EXPECT_EQ(matched.unmatched[0].name, "bounce");
  EXPECT_FALSE(verified(matched.unmatched[0]));
}

TEST(Matching, CarriesFaultsOfSeriesThatAreInNoVerdict) {
  const DocumentsOfSide base = five_runs(1, "a");
  DocumentsOfSide candidate = five_runs(1, "b");
  Series other = series_at(1e7, "other");
  other.spec.batch = 1;
  change_each(candidate, [&](Document& document) { document.series.push_back(other); });
  EXPECT_TRUE(verified(match(base, candidate).unmatched.at(0)));
  candidate[1].document.series[1].verification = {.sent = 9, .received = 8, .lost = 1};
  candidate[3].document.series[1].verification.reordered = 2;
  const Matched matched = match(base, candidate);
  ASSERT_EQ(matched.unmatched.size(), 1U);
  EXPECT_FALSE(verified(matched.unmatched[0]));
  ASSERT_EQ(matched.unmatched[0].faults.size(), 2U);
  EXPECT_EQ(matched.unmatched[0].faults[0],
            "b1.json: 9 sent, 8 received: 1 lost, 0 duplicated, 0 reordered, 0 corrupted");
  candidate[1].document.series[1].verification = {};
  change_each(candidate, [](Document& document) { document.series[1].keeps_order = false; });
  EXPECT_TRUE(verified(match(base, candidate).unmatched.at(0))) << "late is no fault";
}

TEST(Matching, TellsSeriesOfDifferentLengthApartOnlyWithinADocument) {
  const auto side = [](std::vector<double> durations) {
    DocumentsOfSide documents = five_runs(1, "x");
    change_each(documents, [&](Document& document) {
      const Series first = document.series[0];
      document.series.clear();
      for (const double duration : durations) {
        document.series.push_back(first);
        document.series.back().spec.duration_s = duration;
      }
    });
    return documents;
  };
  EXPECT_EQ(match(side({0.1}), side({0.2})).series.size(), 1U);
  const DocumentsOfSide two = side({0.1, 0.2});
  const Matched both = match(two, two);
  ASSERT_EQ(both.series.size(), 2U) << (both.unmatched.empty() ? "" : both.unmatched[0].why);
  EXPECT_EQ(both.series[0].base.size(), 5U);
  EXPECT_EQ(both.series[0].name, "ringmpsc duration_s=0.1");
  EXPECT_EQ(both.series[1].name, "ringmpsc duration_s=0.2");
  const DocumentsOfSide twice = side({0.1, 0.1});
  EXPECT_TRUE(match(twice, twice).series.empty());
}

TEST(Differences, OfMachineBuildAndMethodKeepAChangeFromBeingBlamedOnTheProgram) {
  using Change = void (*)(Document&);
  struct Case {
    Change change;
    DifferenceKind kind;
    std::string field;
    std::string why;
  };
  for (const auto& [change, kind, field, why] : {
           Case{[](Document& d) { d.host.cpu_model = "other"; }, DifferenceKind::machine,
                "cpu_model", "the machines differ: not a regression but a comparison"},
           Case{[](Document& d) { d.host.topology.cores = 9; }, DifferenceKind::machine,
                "topology.cores", "machines"},
           Case{[](Document& d) { d.host.governor.reset(); }, DifferenceKind::machine, "governor",
                "machines"},
           Case{[](Document& d) { *d.host.memory_bytes *= 2; }, DifferenceKind::machine,
                "memory_bytes", "machines"},
           Case{[](Document& d) { d.tool.flags = "-O2"; }, DifferenceKind::build, "flags",
                "the builds differ"},
           Case{[](Document& d) { d.tool.sanitizer = "address"; }, DifferenceKind::build,
                "sanitizer", "builds"},
           Case{[](Document& d) { d.series[0].spec.duration_s = 1; }, DifferenceKind::method,
                "duration_s", "the methods differ"},
           Case{[](Document& d) { d.series[0].spec.consume = workload::Consume::count; },
                DifferenceKind::method, "consume", "methods"},
           Case{[](Document& d) { d.series[0].spec.metrics = true; }, DifferenceKind::method,
                "metrics", "methods"},
           Case{[](Document& d) { d.series[0].samples.pop_back(); }, DifferenceKind::method,
                "trials", "methods"},
           Case{[](Document& d) { d.series[0].placement.pinned = false; }, DifferenceKind::method,
                "pinned", "methods"},
       }) {
    for (const double factor : {0.7, 1.4}) {
      DocumentsOfSide candidate = five_runs(factor, "b");
      change_each(candidate, change);
      const VerdictReport report = compare_runs(five_runs(1, "a"), candidate, 0.05);
      const auto found = std::ranges::find(report.differences, field, &SideDifference::field);
      ASSERT_NE(found, report.differences.end()) << field;
      EXPECT_EQ(found->kind, kind);
      ASSERT_EQ(report.series.size(), 1U) << field;
      EXPECT_EQ(report.series[0].verdict, Verdict::inconclusive) << field;
      EXPECT_NE(report.series[0].why.find(why), std::string::npos) << report.series[0].why;
      EXPECT_NEAR(report.series[0].ratio.value(), factor, 1e-2);
      EXPECT_TRUE(report.series[0].interval);
    }
  }
}

TEST(Differences, AreNotWhatChangesByItselfNorWhatIsCompared) {
  using Change = void (*)(Document&);
  for (const Change change : {
           Change{[](Document& d) { d.host.load_average = 7; }},
           Change{[](Document& d) { *d.host.memory_bytes += 1; }},
           Change{[](Document& d) { d.tool.commit = "other"; }},
           Change{[](Document& d) {
             d.complete = false;
             d.series[0].samples.pop_back();
           }},
       }) {
    DocumentsOfSide candidate = five_runs(0.7, "b");
    change_each(candidate, change);
    const VerdictReport report = compare_runs(five_runs(1, "a"), candidate, 0.05);
    EXPECT_EQ(report.differences, std::vector<SideDifference>());
    EXPECT_EQ(report.series[0].verdict, Verdict::regressed);
  }
}

TEST(Differences, OfVersionAndNameAreNamedAndForbidNothing) {
  DocumentsOfSide candidate = five_runs(0.7, "b");
  change_each(candidate, [](Document& document) {
    document.tool.version = "9";
    document.host.hostname = "f3a9c1d20b77";
  });
  const VerdictReport report = compare_runs(five_runs(1, "a"), candidate, 0.05);
  const std::vector<SideDifference> expected = {
      {.kind = DifferenceKind::machine,
       .field = "hostname",
       .base = "host",
       .candidate = "f3a9c1d20b77"},
      {.kind = DifferenceKind::build, .field = "version", .base = "1.2.3", .candidate = "9"}};
  EXPECT_EQ(report.differences, expected);
  EXPECT_EQ(report.series[0].verdict, Verdict::regressed);
}

TEST(Comparison, NamesEachLabelAndNoteOfASideOnce) {
  DocumentsOfSide candidate = five_runs(0.7, "b");
  change_each(candidate, [](Document& document) { document.label = "new server"; });
  candidate[1].document.label.clear();
  candidate[2].document.label = "the newest";
  candidate[2].document.notes.push_back({.key = "price", .value = "99 EUR"});
  const VerdictReport report = compare_runs(five_runs(1, "a"), candidate, 0.05);
  EXPECT_EQ(report.base.label, "old server");
  EXPECT_EQ(report.candidate.label, "new server, the newest");
  EXPECT_EQ(report.base.notes, testing::document().notes);
  ASSERT_EQ(report.candidate.notes.size(), 3U);
  EXPECT_EQ(report.candidate.notes[2].value, "99 EUR");
  EXPECT_EQ(report.differences, std::vector<SideDifference>()) << "names are no differences";
}

TEST(Differences, OfWhatElseTheMachineDidForbidVerdicts) {
  using Change = void (*)(Document&);
  struct Case {
    Change change;
    std::string field;
    std::string without;
    std::string with;
  };
  for (const auto& [change, field, without, with] : {
           Case{[](Document& d) { d.activity.foreign_cpu_share = 0.31; }, "foreign CPU share",
                "less than 5 %", "5 % or more"},
           Case{[](Document& d) { d.activity.steal_share = 0.02; }, "steal share", "less than 1 %",
                "1 % or more"},
           Case{[](Document& d) { d.activity.throttling->throttled_periods = 5; }, "throttled",
                "no", "yes"},
           Case{[](Document& d) {
                  d.series[0].caveats.push_back({CaveatCode::throttled, "a quota"});
                },
                "throttled", "no", "yes"},
           Case{[](Document& d) {
                  d.series[0].caveats.push_back({CaveatCode::stopped, "it was stopped"});
                },
                "stopped", "no", "yes"},
       }) {
    for (const double factor : {0.7, 1.4}) {
      DocumentsOfSide base = five_runs(1, "a");
      DocumentsOfSide candidate = five_runs(factor, "b");
      change_each(candidate, change);
      VerdictReport report = compare_runs(base, candidate, 0.05);
      const std::vector<SideDifference> of_sides = {
          {.kind = DifferenceKind::machine, .field = field, .base = without, .candidate = with}};
      EXPECT_EQ(report.differences, of_sides) << field;
      EXPECT_EQ(report.series[0].verdict, Verdict::inconclusive) << field;
      EXPECT_EQ(report.series[0].why, "the disturbances differ: not a regression but a comparison");
      EXPECT_NEAR(report.series[0].ratio.value(), factor, 1e-2);

      change_each(base, change);
      report = compare_runs(base, candidate, 0.05);
      EXPECT_EQ(report.differences, std::vector<SideDifference>()) << field << " on both sides";
      EXPECT_NE(report.series[0].verdict, Verdict::inconclusive) << field;

      candidate = five_runs(factor, "b");
      base = five_runs(1, "a");
      change(base[3].document);
      report = compare_runs(base, candidate, 0.05);
      ASSERT_EQ(report.differences.size(), 1U) << field;
      EXPECT_EQ(report.differences[0].base,
                fmt::format("{} (a0.json), {} (a3.json)", without, with));
      EXPECT_EQ(report.series[0].verdict, Verdict::inconclusive) << field;
    }
  }
}

TEST(Differences, OfWhatNobodyKnowsAreNoneUnlessSomeDocumentWasDisturbed) {
  DocumentsOfSide candidate = five_runs(0.7, "b");
  change_each(candidate, [](Document& document) { document.activity = {}; });
  DocumentsOfSide base = five_runs(1, "a");
  VerdictReport report = compare_runs(base, candidate, 0.05);
  EXPECT_EQ(report.differences, std::vector<SideDifference>());
  EXPECT_EQ(report.series[0].verdict, Verdict::regressed);
  change_each(base, [](Document& document) { document.activity.foreign_cpu_share = 0.2; });
  report = compare_runs(base, candidate, 0.05);
  ASSERT_EQ(report.differences.size(), 1U);
  EXPECT_EQ(report.differences[0].candidate, "unknown");
  EXPECT_EQ(report.series[0].verdict, Verdict::inconclusive);
}

TEST(Differences, WithinASideNameTheirDocuments) {
  DocumentsOfSide candidate = five_runs(0.7, "b");
  candidate[2].document.host.kernel = "Linux 7";
  const VerdictReport report = compare_runs(five_runs(1, "a"), candidate, 0.05);
  const std::vector<SideDifference> expected = {
      {.kind = DifferenceKind::machine,
       .field = "kernel",
       .base = "Linux 6.1",
       .candidate = "Linux 6.1 (b0.json), Linux 7 (b2.json)"}};
  EXPECT_EQ(report.differences, expected);
  EXPECT_EQ(report.series[0].verdict, Verdict::inconclusive);
}

TEST(Differences, OfSomeSeriesNameThem) {
  DocumentsOfSide base = five_runs(1, "a");
  DocumentsOfSide candidate = five_runs(1, "b");
  for (DocumentsOfSide* const side : {&base, &candidate}) {
    change_each(*side, [&](Document& document) {
      Series other = document.series[0];
      other.name = "other";
      other.spec.batch = 1;
      if (side == &candidate) other.spec.duration_s = 2;
      document.series.push_back(other);
    });
  }
  const VerdictReport report = compare_runs(base, candidate, 0.05);
  ASSERT_EQ(report.differences.size(), 1U);
  EXPECT_EQ(report.differences[0].field, "duration_s of other");
}

}  // namespace
}  // namespace bench::analysis
