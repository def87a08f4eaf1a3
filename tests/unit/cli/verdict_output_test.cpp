// The commands that give verdicts take their flags, write their files, and end as CI expects.

#include "cli/verdict_output.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "measure/plan.hpp"
#include "present/junit.hpp"
#include "present/markdown.hpp"
#include "results/json.hpp"
#include "scratch_directory.hpp"
#include "unit/verdict_report.hpp"

namespace bench::testing {
namespace {

using cli::VerdictOptions;
using results::Verdict;
using results::VerdictReport;

VerdictOptions options_of(cli::Arguments arguments) {
  cli::Flags flags("test", "a test", "");
  VerdictOptions options;
  EXPECT_FALSE(cli::read(flags, options, std::move(arguments)));
  return options;
}

/// The message that refuses the arguments; empty if they are taken.
std::string refusal(cli::Arguments arguments) {
  try {
    static_cast<void>(options_of(std::move(arguments)));
  } catch (const measure::BadRequest& error) {
    return error.what();
  }
  return "";
}

void expect_named(const std::string& message, const std::vector<std::string>& parts) {
  for (const std::string& part : parts) {
    EXPECT_NE(message.find(part), std::string::npos) << part << " not in: " << message;
  }
}

VerdictReport only(const std::vector<Verdict>& all) {
  VerdictReport report = verdicts();
  report.series.clear();
  for (const Verdict verdict : all) report.series.push_back(judged("one", verdict, 1));
  return report;
}

/// The exit code, with nothing shown.
int end_of(const VerdictReport& report, bool inconclusive_fails = false,
           std::optional<int> signal = std::nullopt) {
  VerdictOptions options;
  options.output.quiet = true;
  options.inconclusive_fails = inconclusive_fails;
  return cli::deliver(report, options, signal);
}

class VerdictFiles : public InScratchDirectory {};

TEST(VerdictOptions, HaveDefaults) {
  const VerdictOptions usual = options_of({});
  EXPECT_EQ(usual.margin, 0.05);
  EXPECT_FALSE(usual.inconclusive_fails);
  EXPECT_FALSE(usual.markdown);
  EXPECT_FALSE(usual.junit);
}

TEST(VerdictOptions, TakeTheMarginInPerCent) {
  EXPECT_EQ(options_of({"--fail-on", "2%"}).margin, 0.02);
  EXPECT_EQ(options_of({"--fail-on", "0.1%"}).margin, 0.001);
  EXPECT_EQ(options_of({"--fail-on=50%"}).margin, 0.5);
  for (const char* const wrong : {"", "5", "0.05", "%", "0%", "0.09%", "50.1%", "-5%", "5%%", "5 %",
                                  "5k%", "nan%", "inf%", "1e1%", "five"}) {
    expect_named(refusal({"--fail-on", wrong}),
                 {"--fail-on ", wrong, "must be from 0.1% to 50%, like 5%"});
  }
  expect_named(refusal({"--fail-on", "0.05"}), {"the % must be there"});
}

TEST(VerdictOptions, SayWhatAnInconclusiveSeriesIs) {
  EXPECT_TRUE(options_of({"--inconclusive", "fail"}).inconclusive_fails);
  EXPECT_FALSE(options_of({"--inconclusive", "pass"}).inconclusive_fails);
  expect_named(refusal({"--inconclusive", "failed"}), {"--inconclusive failed", "pass, fail"});
}

TEST_F(VerdictFiles, AreEachWrittenOnce) {
  const std::string file = path("a");
  EXPECT_EQ(refusal({"--output", file, "--markdown", path("b"), "--junit", path("c")}), "");
  expect_named(refusal({"--output", file, "--markdown", file}),
               {"--markdown " + file, "--output writes there too"});
  expect_named(refusal({"--junit", file, "--markdown", path("./x/../a")}),
               {"--junit " + file, "--markdown writes there too"});
  expect_named(refusal({"--output", "-", "--junit", "-"}), {"--junit -", "--output"});
  expect_named(refusal({"--markdown", "/dev/stdout", "--junit", "-"}), {"--junit -", "--markdown"});
  expect_named(refusal({"--output", file, "--output", file}), {"--output " + file, "given twice"});
  expect_named(refusal({"--markdown", file, "--markdown", path("b")}),
               {"--markdown", "given twice"});
  expect_named(refusal({"--markdown", ""}), {"--markdown '': needs a file name"});
  expect_named(refusal({"--output", path("a.csv")}), {"a.csv", "writes json only"});
}

TEST_F(VerdictFiles, AreNoneThatAreRead) {
  const std::string file = make("in.json", "{}");
  std::filesystem::create_symlink(file, path("link.json"));
  for (const char* const flag : {"--output", "--markdown", "--junit"}) {
    for (const std::string& same : {file, path("./x/../in.json"), path("link.json")}) {
      const VerdictOptions options = options_of({flag, same});
      try {
        cli::refuse_inputs(options, std::vector<std::string>{"-", path("other"), file});
        ADD_FAILURE() << flag << ' ' << same;
      } catch (const measure::BadRequest& error) {
        expect_named(error.what(), {flag, same, "would be overwritten"});
      }
    }
    cli::refuse_inputs(options_of({flag, "-"}), std::vector<std::string>{"-", file});
  }
}

TEST_F(VerdictFiles, AreCheckedBeforeAnythingIsMeasured) {
  for (const char* const flag : {"--output", "--markdown", "--junit"}) {
    const VerdictOptions options = options_of({flag, "/proc/none/file"});
    try {
      cli::prepare(options);
      ADD_FAILURE() << flag;
    } catch (const measure::BadRequest& error) {
      expect_named(error.what(), {flag, "/proc/none/file", "cannot create a file"});
    }
  }
  EXPECT_EQ(entries(), 0U);
}

TEST_F(VerdictFiles, HaveTheirForms) {
  const VerdictOptions options =
      options_of({"--output", path("v.json"), "--markdown", path("v.md"), "--junit", path("v.xml"),
                  "--inconclusive", "fail", "--quiet"});
  EXPECT_EQ(cli::deliver(verdicts(), options, std::nullopt), 1);
  EXPECT_EQ(text("v.json"), results::to_json(verdicts()));
  EXPECT_EQ(text("v.md"), present::to_markdown(verdicts()));
  EXPECT_EQ(text("v.xml"), present::to_junit(verdicts(), true));
}

TEST_F(VerdictFiles, ThatCannotBeWrittenAreAnErrorAndTheOthersAreThere) {
  const VerdictReport fine = only({Verdict::no_change});
  const VerdictOptions options =
      options_of({"--markdown", "/proc/none/v.md", "--junit", path("v.xml"), "--quiet"});
  EXPECT_EQ(cli::deliver(fine, options, std::nullopt), 3);
  EXPECT_EQ(text("v.xml"), present::to_junit(fine, false));
  EXPECT_EQ(cli::deliver(verdicts(), options, std::nullopt), 1) << "a regression comes first";
}

TEST(VerdictExit, IsOneOnlyForARegressionOrAFault) {
  EXPECT_EQ(end_of(only({Verdict::no_change, Verdict::improved, Verdict::inconclusive})), 0);
  EXPECT_EQ(end_of(only({Verdict::no_change, Verdict::regressed})), 1);
  EXPECT_EQ(end_of(only({Verdict::inconclusive}), true), 1);
  EXPECT_EQ(end_of(only({Verdict::no_change}), true), 0);
  VerdictReport lossy = only({Verdict::improved});
  lossy.series[0].base.verification.lost = 1;
  EXPECT_EQ(end_of(lossy), 1);
  VerdictReport late = only({Verdict::no_change});
  late.series[0].base.verification.reordered = 1;
  EXPECT_EQ(end_of(late), 1);
  late.series[0].keeps_order = false;
  EXPECT_EQ(end_of(late), 0);
}

TEST(VerdictExit, IsThreeWithoutAComparison) {
  EXPECT_EQ(end_of(only({})), 3);
  EXPECT_EQ(end_of(only({}), true), 3);
  VerdictReport nothing_known = only({});
  nothing_known.unmatched.clear();
  EXPECT_EQ(end_of(nothing_known), 3);
}

TEST(VerdictExit, IsThreeIfNoSeriesHasARatio) {
  VerdictReport none = only({Verdict::inconclusive, Verdict::inconclusive});
  none.series[0].ratio.reset();
  EXPECT_EQ(end_of(none), 0) << "one has";
  none.series[1].ratio.reset();
  EXPECT_EQ(end_of(none), 3);
  EXPECT_EQ(end_of(none, true), 1);
  none.complete = false;
  EXPECT_EQ(end_of(none), 0) << "interrupted before its first block, and shown again";
}

TEST(VerdictExit, IsOneForAFaultInAnUnmatchedSeries) {
  VerdictReport lossy = only({Verdict::no_change});
  EXPECT_EQ(end_of(lossy), 0);
  lossy.unmatched[0].faults = {"b.json: 2 sent, 1 received: 1 lost"};
  EXPECT_EQ(end_of(lossy), 1);
  lossy.series.clear();
  EXPECT_EQ(end_of(lossy), 1);
}

TEST(VerdictExit, TellsAFailedMeasurementFromAFailedQueue) {
  VerdictReport failed = only({Verdict::no_change});
  failed.complete = false;
  failed.failure.emplace();
  failed.failure->kind = results::FailureKind::cannot_measure;
  EXPECT_EQ(end_of(failed), 3);
  failed.series.clear();
  EXPECT_EQ(end_of(failed), 3);
  failed.failure->kind = results::FailureKind::crash;
  EXPECT_EQ(end_of(failed), 1);
}

TEST(VerdictExit, NamesTheSignalUnlessSomethingRegressed) {
  VerdictReport interrupted = only({Verdict::no_change});
  interrupted.complete = false;
  EXPECT_EQ(end_of(interrupted, false, 2), 130);
  EXPECT_EQ(end_of(interrupted), 0) << "shown again";
  interrupted.series.clear();
  EXPECT_EQ(end_of(interrupted, false, 15), 143);
  EXPECT_EQ(end_of(interrupted), 0) << "shown again";
  interrupted.series = only({Verdict::regressed}).series;
  EXPECT_EQ(end_of(interrupted, false, 2), 1);
}

}  // namespace
}  // namespace bench::testing
