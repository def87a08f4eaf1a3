// The command show gives of a verdict what the comparison gave.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "cli/process.hpp"
#include "results/json.hpp"
#include "scratch_directory.hpp"
#include "unit/topology_report.hpp"
#include "unit/verdict_report.hpp"

namespace bench::testing {
namespace {

class ShownVerdict : public InScratchDirectory {
 protected:
  [[nodiscard]] std::string kept(const results::VerdictReport& report) const {
    return make("v.json", results::to_json(report));
  }
};

TEST_F(ShownVerdict, EndsWithOneLineThatScriptsFind) {
  const std::string line =
      "verdict: regressed (1 of 4 series regressed, 1 improved, 1 no change, 1 inconclusive)\n";
  for (const char* const columns : {"20", "40", "80", "120"}) {
    const Outcome outcome =
        run({.arguments = {"show", kept(verdicts())}, .environment = {{"COLUMNS", columns}}});
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_EQ(outcome.err, "");
    EXPECT_TRUE(outcome.out.ends_with("\n" + line)) << outcome.out;
    EXPECT_TRUE(outcome.out.starts_with("regressed: 1 of 4"));
  }
}

TEST_F(ShownVerdict, HasTheFilesOfTheComparison) {
  const Outcome outcome =
      bench({"show", kept(verdicts()), "--quiet", "--output", path("again.json"), "--markdown",
             path("v.md"), "--junit", path("v.xml")});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(text("again.json"), text("v.json"));
  EXPECT_TRUE(text("v.md").starts_with("### ringmpsc-bench: regressed\n"));
  EXPECT_TRUE(text("v.xml").ends_with("</testsuites>\n"));
  EXPECT_EQ(bench({"show", path("v.json"), "--markdown", "-"}).out, text("v.md"));
  EXPECT_EQ(bench({"show", path("v.json"), "--junit", "-"}).out, text("v.xml"));
  EXPECT_EQ(bench({"show", path("v.json"), "--output", "-"}).out, text("v.json"));
}

TEST_F(ShownVerdict, SaysWhetherAnInconclusiveSeriesFails) {
  results::VerdictReport report = verdicts();
  report.series.erase(report.series.begin());
  EXPECT_EQ(bench({"show", kept(report)}).exit_code, 0);
  EXPECT_EQ(bench({"show", kept(report), "--inconclusive", "fail"}).exit_code, 1);
}

TEST_F(ShownVerdict, NamesWhatWentWrong) {
  results::VerdictReport report = verdicts();
  report.series[1].candidate.verification.lost = 3;
  const Outcome lossy = bench({"show", kept(report)});
  EXPECT_EQ(lossy.exit_code, 1);
  EXPECT_NE(lossy.err.find("producers=2, candidate: 5000000 sent, 5000000 received: 3 lost"),
            std::string::npos)
      << lossy.err;
  report.series[1].keeps_order = false;
  report.series[1].base.verification.reordered = 2;
  EXPECT_EQ(bench({"show", kept(report)}).err, lossy.err) << "nothing is wrong with the base";
  report.series.clear();
  const Outcome nothing = bench({"show", kept(report)});
  EXPECT_EQ(nothing.exit_code, 3);
  EXPECT_NE(nothing.err.find("nothing was compared"), std::string::npos) << nothing.err;
  EXPECT_NE(nothing.err.find("queue=new"), std::string::npos) << nothing.err;
}

TEST_F(ShownVerdict, CommandsNoTerminal) {
  results::VerdictReport report = verdicts();
  report.series[1].name = "\x1b[2J\nringmpsc-bench: all is well";
  report.series[1].parameters.clear();
  report.series[1].candidate.verification.lost = 3;
  const Outcome outcome = bench({"show", kept(report)});
  for (const std::string& text : {outcome.out, outcome.err}) {
    EXPECT_EQ(text.find('\x1b'), std::string::npos) << text;
    EXPECT_EQ(text.find("\nringmpsc-bench: all is well"), std::string::npos) << text;
  }
  EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1) << outcome.err;
}

TEST_F(ShownVerdict, IsAskedForOnlyWhereThereIsOne) {
  struct Misuse {
    std::vector<std::string> arguments;
    std::vector<std::string> named;
  };
  const std::string machine = make("t.json", results::to_json(report()));
  const std::string result = make("r.json", results::to_json(document()));
  const std::string verdict = kept(verdicts());
  const std::vector<Misuse> mistakes = {
      {{"show", machine, "--markdown", path("x.md")}, {"--markdown", "t.json has no verdict"}},
      {{"show", result, "--junit", path("x.xml")}, {"--junit", "r.json has no verdict"}},
      {{"show", result, "--inconclusive", "fail"}, {"--inconclusive", "r.json has no verdict"}},
      {{"show", verdict, "--output", path("x.csv")}, {"x.csv", "is a verdict", "no form csv"}},
      {{"show", verdict, "--fail-on", "2%"}, {"--fail-on", "no such flag"}},
      {{"show", verdict, "--output", "-", "--markdown", "-"}, {"--markdown -", "--output"}},
      {{"show", verdict, "--markdown", "/proc/none/x.md"},
       {"--markdown", "/proc/none/x.md", "cannot create"}},
  };
  for (const auto& [arguments, named] : mistakes) {
    const Outcome outcome = bench(arguments);
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1) << outcome.err;
    for (const std::string& part : named) {
      EXPECT_NE(outcome.err.find(part), std::string::npos) << part << " not in: " << outcome.err;
    }
  }
  EXPECT_EQ(entries(), 3U) << "nothing was written";
}

}  // namespace
}  // namespace bench::testing
