// What people say of a machine (--label, --note) is kept in every document, shown, and compared.

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "cli/document.hpp"
#include "cli/process.hpp"
#include "schema/schema.hpp"
#include "scratch_directory.hpp"

namespace bench::testing {
namespace {

using Json = nlohmann::json;

class Labelled : public InScratchDirectory {
 protected:
  /// Runs a command with short trials and both flags. Returns its document.
  [[nodiscard]] Json measured(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--label", " old server ", "--note", "price = 120 EUR",
                                       "--note", "url=http://x/?a=b", "--output", path("r.json")});
    const Outcome outcome = bench(std::move(arguments));
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    page_ = outcome.out;
    return Json::parse(text("r.json"), nullptr, false);
  }

  mutable std::string page_;
};

const Json notes_of_test = {{{"key", "price"}, {"value", "120 EUR"}},
                            {{"key", "url"}, {"value", "http://x/?a=b"}}};

TEST_F(Labelled, DocumentsOfEveryCommandHaveWhatWasSaid) {
  const std::string sweep =
      make("s.json", R"({"fixed": {"trials": 2, "duration": "5ms"}, "axes": {"batch": [1, 16]}})");
  const std::vector<std::string> brief = {"--trials", "2", "--warmup", "0", "--duration", "5ms"};
  for (std::vector<std::string> words :
       {std::vector<std::string>{"run"}, {"latency"}, {"sweep", sweep}, {"topology"}}) {
    if (words.size() == 1 && words[0] != "topology") {
      words.insert(words.end(), brief.begin(), brief.end());
    }
    const Json document = measured(words);
    EXPECT_EQ(document["label"], "old server") << words[0];
    EXPECT_EQ(document["notes"], notes_of_test) << words[0];
    const std::string kind = words[0] == "topology" ? "topology" : "result";
    EXPECT_EQ(complaints(schema(kind), document), "") << words[0];
    EXPECT_NE(page_.find("old server: "), std::string::npos) << page_;
    EXPECT_NE(page_.find("price: 120 EUR"), std::string::npos) << page_;
    EXPECT_EQ(bench({"show", path("r.json")}).out, page_);
  }
}

TEST_F(Labelled, SweepsAreResumedWithoutSayingItAgainAndMaySayItAnew) {
  const std::string sweep = make(
      "s.json", R"({"fixed": {"trials": 60, "duration": "20ms"}, "axes": {"batch": [1, 16]}})");
  const Outcome first = run({.arguments = {"sweep", sweep, "--label", "old", "--note", "price=120",
                                           "--output", path("part.json"), "-q"},
                             .signals = {{std::chrono::milliseconds(1200), SIGINT}}});
  ASSERT_EQ(first.exit_code, 130) << first.err;
  const auto resumed = [&](std::vector<std::string> more) {
    more.insert(more.begin(),
                {"sweep", sweep, "--resume", path("part.json"), "--output", "-", "-q"});
    const Outcome outcome = run({.arguments = std::move(more)});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return valid_document(outcome.out);
  };
  const Json kept = resumed({});
  EXPECT_EQ(kept["label"], "old");
  EXPECT_EQ(kept["notes"][0]["value"], "120");
  const Json anew = resumed({"--label", "new"});
  EXPECT_EQ(anew["label"], "new");
  EXPECT_EQ(anew["notes"], kept["notes"]);
}

TEST_F(Labelled, FilesHaveTheirPlaceholdersFilledIn) {
  const Outcome outcome =
      bench({"--trials", "1", "--warmup", "0", "--duration", "5ms", "--label", "a/b", "--output",
             path("new/{label}.json"), "--output", path("{hostname} {date} {time}.csv"), "-q"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const Json document = Json::parse(text("new/a-b.json"));
  EXPECT_EQ(document["label"], "a/b");
  EXPECT_EQ(entries(), 2);
  const auto csv = [&] {
    for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
      if (entry.path().extension() == ".csv") return entry.path().filename().string();
    }
    return std::string();
  };
  const std::string host = document["host"]["hostname"];
  EXPECT_TRUE(csv().starts_with(host + " 20")) << csv();
  EXPECT_EQ(csv().size(), host.size() + std::string(" 2026-01-31 123456.csv").size());

  // The name that show fills in is that of the result, whenever it is shown.
  const Outcome shown =
      bench({"show", path("new/a-b.json"), "-q", "--output", path("{label}/{date}T{time}.csv")});
  ASSERT_EQ(shown.exit_code, 0) << shown.err;
  const std::string created = document["created_utc"];
  EXPECT_TRUE(std::filesystem::exists(path("a-b/" + created.substr(0, 13) + created.substr(14, 2) +
                                           created.substr(17, 2) + ".csv")));
}

TEST_F(Labelled, FilesOfOneNameAreRefusedOnceTheyAreFilledIn) {
  const Outcome twice =
      bench({"--label", "a", "--output", path("{label}.json"), "--output", path("a.json")});
  EXPECT_EQ(twice.exit_code, 2);
  EXPECT_NE(twice.err.find("a.json: given twice"), std::string::npos) << twice.err;
  const Outcome format = bench({"topology", "--output", path("{date}.hgrm")});
  EXPECT_EQ(format.exit_code, 2);
  EXPECT_EQ(entries(), 0);
}

TEST_F(Labelled, SidesOfAComparisonHaveTheirLabels) {
  const auto make_side = [&](const std::string& label, const std::string& name) {
    const Outcome outcome =
        bench({"--trials", "6", "--warmup", "0", "--duration", "2ms", "-q", "--label", label,
               "--note", "price=" + name, "--output", path(name)});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return path(name);
  };
  const Outcome outcome =
      bench({"compare", "--base", make_side("old server", "a.json"), "--candidate",
             make_side("new\x1bserver", "b.json"), "--output", path("v.json")});
  EXPECT_NE(outcome.out.find("old server: " + path("a.json")), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("new\xEF\xBF\xBDserver: "), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("price: b.json"), std::string::npos) << outcome.out;
  const Json verdict = Json::parse(text("v.json"));
  EXPECT_EQ(complaints(schema("verdict"), verdict), "");
  EXPECT_EQ(verdict["base"]["label"], "old server");
  EXPECT_EQ(verdict["candidate"]["notes"][0]["value"], "b.json");
}

}  // namespace
}  // namespace bench::testing
