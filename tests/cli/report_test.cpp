// The command report, and Markdown of a single result.

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/process.hpp"
#include "scratch_directory.hpp"

namespace bench::testing {
namespace {

using Arguments = std::vector<std::string>;

std::size_t count_of(std::string_view text, std::string_view word) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(word, at)) != std::string_view::npos; ++at) ++count;
  return count;
}

class Reported : public InScratchDirectory {
 protected:
  /// Measures something short, and keeps it under this name.
  [[nodiscard]] std::string measured(const std::string& name, Arguments arguments = {}) const {
    arguments.insert(arguments.end(), {"--trials", "2", "--warmup", "0", "--duration", "5ms",
                                       "--output", path(name), "--quiet"});
    const Outcome outcome = bench(std::move(arguments));
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return path(name);
  }

  /// The same as if another machine had measured it.
  [[nodiscard]] std::string measured_elsewhere(const std::string& name) const {
    static_cast<void>(measured("there.json", {"--seed", "7"}));
    auto document = nlohmann::json::parse(text("there.json"), nullptr, false);
    document["host"]["hostname"] = "elsewhere";
    return make(name, document.dump());
  }

  [[nodiscard]] Outcome reported(Arguments arguments) const {
    arguments.insert(arguments.begin(), "report");
    return bench(std::move(arguments));
  }
};

TEST_F(Reported, IsOneFileOfAllResults) {
  const std::string here = measured("here.json", {"--label", "old server"});
  const std::string there = measured_elsewhere("other.json");
  ASSERT_EQ(bench({"topology", "--output", path("t.json"), "--quiet"}).exit_code, 0);
  const Outcome outcome =
      reported({here, there, path("t.json"), "-o", path("r.html"), "--output", path("r.md")});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  for (const char* const said : {"Cannot tell whether elsewhere or old server", "Written to"}) {
    EXPECT_NE(outcome.out.find(said), std::string::npos) << outcome.out;
  }
  const std::string html = text("r.html");
  EXPECT_TRUE(html.starts_with("<!doctype html>"));
  EXPECT_NE(html.find("old server"), std::string::npos);
  EXPECT_EQ(count_of(html, "<a class=enclosure"), 3);
  const std::string markdown = text("r.md");
  for (const char* const section : {"## Verdict", "## What differs", "## Throughput by producers",
                                    "## Was every message right", "## How this was measured"}) {
    EXPECT_NE(markdown.find(section), std::string::npos) << section << "\n" << markdown;
  }
}

TEST_F(Reported, IsItselfAnInput) {
  const std::string here = measured("here.json");
  const std::string there = measured_elsewhere("other.json");
  ASSERT_EQ(reported({here, there, "-o", path("a.html")}).exit_code, 0);
  // What is given twice is no further run.
  const Outcome again = reported({path("a.html"), here, "-o", path("b.html"), "-o", path("b.md")});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(count_of(text("b.html"), "<a class=enclosure"), 2);
  const Outcome piped =
      run({.arguments = {"report", "-", "-o", path("c.md")}, .stdin_file = path("a.html")});
  EXPECT_EQ(piped.exit_code, 0) << piped.err;

  ASSERT_EQ(reported({here, "-o", path("base.html")}).exit_code, 0);
  const Outcome compared = bench({"compare", "--base", path("base.html"), "--candidate", there});
  EXPECT_EQ(compared.exit_code, 0) << compared.err;
  const Outcome itself = bench({"compare", "--base", path("base.html"), "--candidate", here});
  EXPECT_EQ(itself.exit_code, 2);
  EXPECT_NE(itself.err.find("has the same samples"), std::string::npos) << itself.err;
}

TEST_F(Reported, RefusesInOneLineWhatItCannotRead) {
  const std::string here = measured("here.json");
  const std::string empty = make("empty.html",
                                 "<!doctype html>\n<html><head>\n<meta "
                                 "name=generator content=ringmpsc-bench></head></html>\n");
  const std::string damaged =
      make("damaged.html", text("empty.html") +
                               "<a class=enclosure download=\"a.json.gz\" "
                               "href=\"data:application/gzip;base64,QUJD\">a.json</a>");
  struct {
    Arguments arguments;
    const char* said;
  } const refused[] = {
      {{}, "needs at least one FILE"},
      {{here}, "needs a file to write"},
      {{path("none.json"), "-o", path("r.html")}, "none.json"},
      {{here, "-o", here}, "is also a FILE to read"},
      {{here, "-o", ""}, "needs a file name"},
      {{here, "-o", path("a.md"), "-o", path("a.md")}, "given twice"},
      {{empty, "-o", path("r.html")}, "carries no documents"},
      {{damaged, "-o", path("r.html")}, "its document a.json is damaged"},
      {{make("x.json", "{"), "-o", path("r.html")}, "x.json"},
      {{here, "-o", path("r.html"), "--outpt", "x"}, "did you mean --output?"},
  };
  for (const auto& [arguments, said] : refused) {
    const Outcome outcome = reported(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << said << outcome.err;
    EXPECT_NE(outcome.err.find(said), std::string::npos) << outcome.err;
    EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1) << outcome.err;
  }
}

TEST_F(Reported, IsNotSaidToBeWrittenWhereItIsNot) {
  const Outcome outcome = reported({measured("here.json"), "-o", "/dev/full"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_NE(outcome.err.find("/dev/full: No space left"), std::string::npos) << outcome.err;
  EXPECT_EQ(outcome.out.find("Written"), std::string::npos) << outcome.out;
}

TEST_F(Reported, GoesToStdoutAlone) {
  const Outcome outcome = reported({measured("here.json"), "-o", "-"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_TRUE(outcome.out.starts_with("<!doctype html>"));
  EXPECT_TRUE(outcome.out.ends_with("</html>\n"));
}

TEST_F(Reported, IsMarkdownOfEachMeasurementToo) {
  const std::string sweep =
      make("s.json", R"({"fixed": {"trials": 2, "duration": "5ms"}, "axes": {"batch": [1, 16]}})");
  const Arguments few_trials = {"--trials", "2", "--warmup", "0", "--duration", "5ms"};
  for (Arguments words : {Arguments{"run"}, Arguments{"latency"}, Arguments{"sweep", sweep}}) {
    if (words.size() == 1) words.insert(words.end(), few_trials.begin(), few_trials.end());
    words.insert(words.end(), {"--markdown", path("m.md"), "--output", path("r.json")});
    const Outcome outcome = bench(words);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_NE(text("m.md").find("## Verdict"), std::string::npos) << text("m.md");
    EXPECT_EQ(bench({"show", path("r.json"), "--markdown", path("n.md")}).exit_code, 0);
    EXPECT_EQ(text("n.md"), text("m.md"));
  }
  EXPECT_NE(text("m.md").find("relative to the first"), std::string::npos) << text("m.md");
  const Outcome twice = bench({"--markdown", path("a"), "--output", path("a"), "--trials", "1"});
  EXPECT_EQ(twice.exit_code, 2);
  EXPECT_NE(twice.err.find("writes there too"), std::string::npos) << twice.err;
}

}  // namespace
}  // namespace bench::testing
