// A test report has a case for each series, and is what GitLab and Jenkins read.

#include "present/junit.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "unit/present/page_text.hpp"
#include "unit/present/xml.hpp"
#include "unit/verdict_report.hpp"

namespace bench::testing {
namespace {

using present::to_junit;
using results::Verdict;
using results::VerdictReport;

Element suite_of(const VerdictReport& report, bool inconclusive_fails = false) {
  return XmlReader::read(to_junit(report, inconclusive_fails)).children.at(0);
}

std::map<std::string, Element> cases_in(const Element& suite) {
  std::map<std::string, Element> cases;
  for (const Element& one : suite.all("testcase")) {
    EXPECT_TRUE(cases.emplace(one["name"], one).second) << one["name"] << " twice";
  }
  return cases;
}

/// failure, error, skipped, or passed.
std::string outcome_of(const Element& one) {
  std::string outcome = "passed";
  for (const Element& child : one.children) {
    if (child.name == "system-out") continue;
    EXPECT_EQ(outcome, "passed") << "two outcomes";
    outcome = child.name;
    EXPECT_EQ(child["type"], child.name);
    EXPECT_EQ(child["message"], child.text);
    EXPECT_NE(child.text, "");
  }
  return outcome;
}

VerdictReport failed() {
  VerdictReport report = verdicts();
  report.failure = results::Failure{.kind = results::FailureKind::cannot_measure,
                                    .series = "producers=9",
                                    .queue = "ringmpsc",
                                    .trial = "trial 3",
                                    .reason = "no threads",
                                    .threads = {}};
  return report;
}

TEST(Junit, HasACaseForEachSeries) {
  VerdictReport report = verdicts();
  report.series.push_back(judged("producers=16", Verdict::no_change, 1));
  report.series.back().base.verification.corrupted = 2;
  const std::map<std::string, Element> cases = cases_in(suite_of(report));
  ASSERT_EQ(cases.size(), 6U);
  EXPECT_EQ(outcome_of(cases.at("producers=1")), "failure");
  EXPECT_EQ(outcome_of(cases.at("producers=2")), "passed");
  EXPECT_EQ(outcome_of(cases.at("producers=4")), "skipped");
  EXPECT_EQ(outcome_of(cases.at("producers=8")), "passed");
  EXPECT_EQ(outcome_of(cases.at("producers=16")), "error");
  EXPECT_EQ(outcome_of(cases.at("queue=new")), "skipped");
  EXPECT_EQ(cases.at("producers=1").children.at(0)["message"],
            "regressed: -10.0% (-11.8 to -8.2%), from 100.0 M to 90.00 M messages/s; margin 5 %");
  EXPECT_TRUE(has(cases.at("producers=4").children.at(0).text, "the interval is too wide"));
  EXPECT_TRUE(has(cases.at("producers=16").children.at(0).text, "2 corrupted"));
  EXPECT_TRUE(has(cases.at("queue=new").children.at(0).text, "only the candidate knows it"));
}

TEST(Junit, HasAnErrorForAFaultInAnUnmatchedSeries) {
  VerdictReport report = verdicts();
  report.unmatched[0].faults = {"b.json: 2 sent, 1 received: 1 lost", "c.json: 1 corrupted"};
  const Element one = cases_in(suite_of(report)).at("queue=new");
  EXPECT_EQ(outcome_of(one), "error");
  EXPECT_EQ(one.children.at(0)["message"], "b.json: 2 sent, 1 received: 1 lost");
  EXPECT_TRUE(has(one.children.at(1).text, "only the candidate knows it"));
  EXPECT_TRUE(has(one.children.at(1).text, "c.json: 1 corrupted"));
}

TEST(Junit, FailsInconclusiveSeriesWhereTheyFail) {
  EXPECT_EQ(outcome_of(cases_in(suite_of(verdicts(), true)).at("producers=4")), "failure");
}

TEST(Junit, HasAnErrorIfNotAllWasMeasured) {
  const auto whole = [](const VerdictReport& report) {
    return cases_in(suite_of(report)).at("measurement");
  };
  EXPECT_EQ(cases_in(suite_of(verdicts())).count("measurement"), 0U);
  EXPECT_EQ(outcome_of(whole(failed())), "error");
  EXPECT_EQ(whole(failed()).children.at(0).text, "trial 3 of producers=9: no threads");
  VerdictReport interrupted = verdicts();
  interrupted.complete = false;
  EXPECT_EQ(whole(interrupted).children.at(0).text, "interrupted");
  VerdictReport none = verdicts();
  none.series.clear();
  EXPECT_EQ(whole(none).children.at(0).text, "nothing was compared");
}

TEST(Junit, CountsItsCases) {
  for (const VerdictReport& report : {verdicts(), verdicts_of_runs(), failed()}) {
    const Element root = XmlReader::read(to_junit(report, false));
    ASSERT_EQ(root.name, "testsuites");
    ASSERT_EQ(root.children.size(), 1U);
    const Element& suite = root.children.front();
    ASSERT_EQ(suite.name, "testsuite");
    std::map<std::string, int> counted;
    const std::vector<Element> cases = suite.all("testcase");
    for (const Element& one : cases) ++counted[outcome_of(one)];
    for (const Element& totals : {root, suite}) {
      EXPECT_EQ(totals["tests"], std::to_string(cases.size()));
      EXPECT_EQ(totals["failures"], std::to_string(counted["failure"]));
      EXPECT_EQ(totals["errors"], std::to_string(counted["error"]));
      EXPECT_EQ(totals["time"], report.seconds ? "12.500" : "0.000");
    }
    EXPECT_EQ(suite["skipped"], std::to_string(counted["skipped"]));
    EXPECT_EQ(suite["timestamp"], "2026-01-31T12:00:00");
    EXPECT_EQ(suite["hostname"], "host");
    for (const Element& one : cases) EXPECT_EQ(one["classname"], suite["name"]);
  }
}

TEST(Junit, HasOnlyWhatTheSchemaOfJenkinsAllows) {
  const std::map<std::string, std::set<std::string>> children = {
      {"testsuites", {"testsuite"}},
      {"testsuite", {"properties", "testcase"}},
      {"properties", {"property"}},
      {"testcase", {"skipped", "error", "failure", "system-out"}}};
  const std::map<std::string, std::set<std::string>> attributes = {
      {"testsuites", {"name", "time", "tests", "failures", "errors"}},
      {"testsuite",
       {"name", "tests", "failures", "errors", "time", "skipped", "timestamp", "hostname"}},
      {"property", {"name", "value"}},
      {"testcase", {"name", "classname"}},
      {"skipped", {"type", "message"}},
      {"error", {"type", "message"}},
      {"failure", {"type", "message"}}};
  const auto check = [&](const auto& self, const Element& element) -> void {
    for (const auto& [key, value] : element.attributes) {
      EXPECT_TRUE(attributes.at(element.name).contains(key)) << element.name << " " << key;
    }
    for (const Element& child : element.children) {
      EXPECT_TRUE(children.at(element.name).contains(child.name)) << child.name;
      self(self, child);
    }
  };
  for (const VerdictReport& report : {verdicts(), verdicts_of_runs(), failed()}) {
    check(check, XmlReader::read(to_junit(report, false)));
  }
}

TEST(Junit, HasTheExactFiguresAsProperties) {
  VerdictReport report = verdicts();
  report.series[0].ratio = 0.1 + 0.2;
  std::map<std::string, std::string> values;
  const Element properties = suite_of(report).all("properties").at(0);
  for (const Element& one : properties.children) {
    EXPECT_TRUE(values.emplace(one["name"], one["value"]).second) << one["name"];
  }
  EXPECT_EQ(values.at("verdict"), "regressed");
  EXPECT_EQ(values.at("margin"), "0.05");
  EXPECT_EQ(values.at("ratio of producers=1"), "0.30000000000000004");
  EXPECT_EQ(values.at("interval_lo of producers=8"), "1.176");
  EXPECT_EQ(values.at("base_messages_per_second of producers=2"), "100000000");
  EXPECT_EQ(values.at("candidate_messages_per_second of producers=1"), "90000000");
  report.series[0].ratio.reset();
  const Element fewer = suite_of(report).all("properties").at(0);
  EXPECT_EQ(fewer.children.size() + 1, properties.children.size());
  for (const Element& one : fewer.children) {
    EXPECT_NE(one["name"], "ratio of producers=1") << "there is none";
  }
}

TEST(Junit, IsXmlWhateverTheNamesAre) {
  const std::string odd =
      "a|b <c> & \"d\" 'e' ]]> <![CDATA[ \x1b \x01 \xff \xEF\xBF\xBE \n @f &amp;";
  VerdictReport report = failed();
  for (results::JudgedSeries& series : report.series) {
    series.name = odd;
    series.why = odd;
    series.caveats = {{results::CaveatCode::preempted, odd}};
  }
  report.unmatched = {{.name = odd, .known_to = results::KnownTo::base, .why = odd},
                      {.name = odd, .known_to = results::KnownTo::candidate, .why = odd},
                      {.name = "measurement", .known_to = results::KnownTo::base, .why = odd}};
  report.failure->reason = odd;
  report.base.name = odd;
  report.host.hostname = odd;
  report.created_utc = odd;
  const std::map<std::string, Element> cases = cases_in(suite_of(report));
  EXPECT_EQ(cases.size(), 8U) << "no two have the same name";
  const std::string replaced = "\xEF\xBF\xBD";
  const std::string shown = "a|b <c> & \"d\" 'e' ]]> <![CDATA[ " + replaced + " " + replaced + " " +
                            replaced + " " + replaced + "   @f &amp;";
  EXPECT_EQ(cases.count(shown), 1U) << cases.begin()->first;
}

TEST(Junit, NamesThatOnlyLookAlikeAreTold) {
  VerdictReport report = verdicts();
  report.series[0].name = "q\x1b";
  report.series[1].name = "q\x07";
  EXPECT_EQ(cases_in(suite_of(report)).size(), 5U);
}

}  // namespace
}  // namespace bench::testing
