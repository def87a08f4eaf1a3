// The command compare as CI uses it: documents in, a verdict and an exit code out.

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "cli/process.hpp"
#include "schema/schema.hpp"
#include "scratch_directory.hpp"

namespace bench::testing {
namespace {

using Json = nlohmann::json;
using Words = std::vector<std::string>;

class Compared : public InScratchDirectory {
 protected:
  Compared() {
    const Outcome outcome = bench({"--batch", "1", "--trials", "6", "--warmup", "0", "--duration",
                                   "2ms", "--quiet", "--output", path("measured.json")});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    measured_ = Json::parse(text("measured.json"), nullptr, false);
    // What the machine did in these few milliseconds must decide nothing.
    measured_["activity"]["foreign_cpu_share"] = 0.01;
    measured_["activity"]["steal_share"] = 0;
    measured_["caveats"] = Json::array();
    measured_["series"][0]["caveats"] = Json::array();
    int i = 0;
    for (Json& sample : measured_["series"][0]["samples"]) {
      sample["messages"] = 1'000'000 + 1'000 * i++;
      sample["seconds"] = 0.01;
      for (Json& probe : sample["core_to_core_ns"]) probe["before"] = probe["after"] = 100;
      if (sample["core_to_core_ns"].empty()) {
        sample["core_to_core_ns"] = {{{"cpu", 0}, {"before", 100}, {"after", 100}}};
      }
    }
  }

  /// The measured document with its rates scaled, as a run of its own, whose samples are no
  /// other's.
  Json scaled(double factor) {
    Json document = measured_;
    ++runs_;
    for (Json& sample : document["series"][0]["samples"]) {
      sample["messages"] =
          static_cast<std::uint64_t>(sample["messages"].get<double>() * factor) + runs_;
    }
    document["seed"] = runs_;
    return document;
  }

  /// Five runs that differ by 1 %. Returns their paths.
  Words five(const std::string& name, double factor, void (*change)(Json&) = nullptr) {
    Words paths;
    for (int i = 0; i < 5; ++i) {
      Json document = scaled(factor * (1 + 0.0025 * i));
      if (change != nullptr) change(document);
      paths.push_back(make(name + std::to_string(i) + ".json", document.dump()));
    }
    return paths;
  }

  static Words arguments(const Words& base, const Words& candidate, const Words& more = {}) {
    Words all = {"compare", "--base"};
    all.insert(all.end(), base.begin(), base.end());
    all.emplace_back("--candidate");
    all.insert(all.end(), candidate.begin(), candidate.end());
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  /// The verdict document of a comparison, checked against its schema.
  Json verdicts(const Words& base, const Words& candidate, int exit_code) {
    const Outcome outcome = bench(arguments(base, candidate, {"--output", "-"}));
    EXPECT_EQ(outcome.exit_code, exit_code) << outcome.err;
    Json report = Json::parse(outcome.out, nullptr, false);
    EXPECT_FALSE(report.is_discarded()) << outcome.out.substr(0, 400) << outcome.err;
    if (report.is_discarded()) return Json::object();
    EXPECT_EQ(complaints(schema("verdict"), report), "");
    return report;
  }

  Json measured_;
  std::uint64_t runs_ = 0;
};

std::string blanks(std::size_t count) {
  std::string text;
  text.resize(count, ' ');
  return text;
}

void expect_refused(const Outcome& outcome, const Words& named) {
  EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1) << outcome.err.substr(0, 1000);
  EXPECT_LT(outcome.err.size(), 600U);
  for (const std::string& part : named) {
    EXPECT_NE(outcome.err.find(part), std::string::npos) << part << " not in: " << outcome.err;
  }
}

TEST_F(Compared, RunsGiveAVerdictAndItsExitCode) {
  const Words base = five("a", 1);
  const Json slower = verdicts(base, five("b", 0.8), 1);
  EXPECT_EQ(slower["verdict"], "regressed");
  EXPECT_EQ(slower["evidence"], "runs");
  EXPECT_EQ(slower["series"][0]["verdict"], "regressed");
  EXPECT_NEAR(slower["series"][0]["ratio"].get<double>(), 0.8, 1e-3);
  EXPECT_EQ(slower["base"]["files"], Json(base));
  EXPECT_EQ(slower["series"][0]["base"]["runs"].size(), 5U);
  EXPECT_NE(slower["command_line"].get<std::string>().find("compare --base"), std::string::npos);
  EXPECT_NE(slower["created_utc"], "");
  EXPECT_EQ(verdicts(base, five("c", 1.3), 0)["verdict"], "improved");
  EXPECT_EQ(verdicts(base, five("d", 1), 0)["verdict"], "no_change");
}

TEST_F(Compared, RunsMayBeGivenInSeveralFlagsAndOnStdin) {
  const Words a = five("a", 1);
  const Words b = five("b", 0.8);
  const Outcome outcome =
      run({.arguments = {"compare", "--candidate", b[0], b[1], "--base", a[0], "-", a[2],
                         "--candidate", b[2], b[3], b[4], "--base=" + a[3], a[4], "--output", "-"},
           .stdin_file = a[1]});
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  const Json report = Json::parse(outcome.out, nullptr, false);
  EXPECT_EQ(report["base"]["files"], Json({a[0], "stdin", a[2], a[3], a[4]}));
  EXPECT_EQ(report["candidate"]["files"], Json(b));
}

TEST_F(Compared, SingleRunsAreInconclusiveUntilFarApart) {
  const std::string one = make("one.json", scaled(1).dump());
  const Json report = verdicts({one}, {make("two.json", scaled(0.8).dump())}, 0);
  EXPECT_EQ(report["verdict"], "inconclusive");
  EXPECT_NE(report["series"][0]["why"].get<std::string>().find("use duel"), std::string::npos);
  EXPECT_EQ(verdicts({one}, {make("same.json", scaled(1).dump())}, 0)["verdict"], "inconclusive");
  EXPECT_EQ(verdicts({one}, {make("near.json", scaled(0.18).dump())}, 0)["verdict"],
            "inconclusive");
  EXPECT_EQ(verdicts({one}, {make("far.json", scaled(0.09).dump())}, 1)["verdict"], "regressed");
}

TEST_F(Compared, RunsOfOtherMachinesBuildsAndMethodsAreNoRegression) {
  const Words base = five("a", 1);
  struct Case {
    void (*change)(Json&);
    const char* strict;
    const char* field;
  };
  for (const auto& [change, strict, field] :
       {Case{[](Json& d) { d["host"]["cpu_model"] = "another"; }, "machine", "cpu_model"},
        Case{[](Json& d) { d["tool"]["flags"] = "-O1"; }, "build", "flags"},
        Case{[](Json& d) { d["series"][0]["spec"]["duration_s"] = 3; }, "method", "duration_s"}}) {
    const Words candidate = five("b", 0.7, change);
    const Json report = verdicts(base, candidate, 0);
    EXPECT_EQ(report["verdict"], "inconclusive");
    ASSERT_EQ(report["differences"].size(), 1U) << report["differences"];
    EXPECT_EQ(report["differences"][0]["field"], field);
    EXPECT_FALSE(report["series"][0]["interval"].is_null());
    for (const std::string& kinds :
         {std::string(strict), std::string("all"), std::string("machine,build,method")}) {
      const Outcome refused = bench(arguments(base, candidate, {"--strict", kinds}));
      EXPECT_EQ(refused.exit_code, 2);
      EXPECT_EQ(refused.out, "");
      EXPECT_EQ(std::ranges::count(refused.err, '\n'), 2) << refused.err;
      EXPECT_NE(refused.err.find(field), std::string::npos) << refused.err;
    }
    const std::string other = std::string(strict) == "build" ? "machine" : "build";
    EXPECT_EQ(bench(arguments(base, candidate, {"--strict", other})).exit_code, 0);
  }
}

TEST_F(Compared, RunsBesideAnotherProcessAreNoRegression) {
  const Words base = five("a", 1);
  const Words candidate =
      five("b", 0.7, [](Json& document) { document["activity"]["foreign_cpu_share"] = 0.31; });
  const Json report = verdicts(base, candidate, 0);
  EXPECT_EQ(report["verdict"], "inconclusive");
  ASSERT_EQ(report["differences"].size(), 1U) << report["differences"];
  EXPECT_EQ(report["differences"][0]["field"], "foreign CPU share");
  const Outcome refused = bench(arguments(base, candidate, {"--strict", "machine"}));
  EXPECT_EQ(refused.exit_code, 2) << refused.err;
  EXPECT_NE(refused.err.find("foreign CPU share is less than 5 % in the base and 5 % or more in"),
            std::string::npos)
      << refused.err;
}

TEST_F(Compared, RunsOfContainersWithNamesOfTheirOwnAreJudged) {
  const Words base = five("a", 1);
  const Words candidate =
      five("b", 0.7, [](Json& document) { document["host"]["hostname"] = "f3a9c1d20b77"; });
  const Json report = verdicts(base, candidate, 1);
  EXPECT_EQ(report["differences"][0]["field"], "hostname");
  EXPECT_EQ(bench(arguments(base, candidate, {"--strict", "machine"})).exit_code, 1);
}

TEST_F(Compared, RunsWithoutASampleOnOneSideEndWithThree) {
  const Words base = five("a", 1, [](Json& document) {
    for (Json& sample : document["series"][0]["samples"]) sample["cut_short"] = true;
  });
  const Words candidate = five("b", 1);
  const Json report = verdicts(base, candidate, 3);
  EXPECT_EQ(report["series"][0]["why"], "the base has no sample that counts");
  const Outcome outcome = bench(arguments(base, candidate));
  EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1) << outcome.err;
  EXPECT_NE(outcome.err.find("the base has no sample that counts"), std::string::npos)
      << outcome.err;
}

TEST_F(Compared, RunsAreNeverOverwritten) {
  const std::string one = make("one.json", scaled(1).dump());
  const std::string two = make("two.json", scaled(1).dump());
  const std::string before = text("one.json");
  for (const char* const flag : {"--output", "--markdown", "--junit"}) {
    for (const Words& sides : {Words{one, two}, Words{two, one}}) {
      expect_refused(bench({"compare", "--base", sides[0], "--candidate", sides[1], flag, one}),
                     {flag, "one.json", "would be overwritten"});
    }
  }
  EXPECT_EQ(text("one.json"), before);
}

TEST_F(Compared, RunsWithFaultsEndWithOne) {
  const Words base = five("a", 1);
  const auto loses = [](Json& document) {
    document["series"][0]["verification"]["lost"] = 1;
    document["series"][0]["verification"]["sent"] =
        document["series"][0]["verification"]["received"].get<std::uint64_t>() + 1;
  };
  EXPECT_EQ(verdicts(base, five("b", 1, loses), 1)["verdict"], "no_change");
  const Words unmatched = five("c", 1, [](Json& document) {
    Json other = document["series"][0];
    other["spec"]["ring_bits"] = 4;
    other["name"] = "other";
    other["verification"]["lost"] = 1;
    document["series"].push_back(other);
  });
  const Outcome outcome = bench(arguments(base, unmatched));
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.err.find("other"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("1 lost"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.out.find("messages went wrong in 1 series"), std::string::npos) << outcome.out;
  make("kept.json", verdicts(base, unmatched, 1).dump());
  const Outcome shown = bench({"show", path("kept.json")});
  EXPECT_EQ(shown.exit_code, 1) << shown.err;
  EXPECT_NE(shown.err.find("1 lost"), std::string::npos) << shown.err;
}

TEST_F(Compared, RunsWithoutACommonSeriesEndWithThree) {
  const Words other =
      five("b", 1, [](Json& document) { document["series"][0]["spec"]["ring_bits"] = 4; });
  const Json report = verdicts(five("a", 1), other, 3);
  EXPECT_TRUE(report["series"].empty());
  EXPECT_EQ(report["unmatched"].size(), 2U);
}

TEST_F(Compared, MistakesAreNamedInOneLine) {
  const std::string one = make("one.json", scaled(1).dump());
  const std::string two = make("two.json", scaled(1).dump());
  const std::string copy = make("copy.json", text("one.json"));
  Json disguised = Json::parse(text("one.json"));
  disguised["created_utc"] = "2026-02-01T00:00:00Z";
  disguised["seed"] = 12345;
  disguised["activity"]["steal_share"] = 0.001;
  const std::string disguise = make("disguise.json", disguised.dump());
  std::filesystem::create_symlink(one, path("link.json"));
  ASSERT_EQ(bench({"topology", "--output", path("topology.json"), "--quiet"}).exit_code, 0);
  struct Mistake {
    Words arguments;
    Words named;
  };
  const std::vector<Mistake> mistakes = {
      {{"compare"}, {"--base", "at least one FILE"}},
      {{"compare", "--base", one}, {"--candidate", "at least one FILE"}},
      {{"compare", "--base", one, "--candidate"}, {"--candidate", "needs a value"}},
      {{"compare", "--base", "", "--candidate", two}, {"--base ''", "file name"}},
      {{"compare", "--base", one, one, "--candidate", two}, {"one.json", "given twice"}},
      {{"compare", "--base", one, "--candidate", two, one}, {"one.json", "itself"}},
      {{"compare", "--base", one, "--candidate", path("link.json")}, {"link.json", "itself"}},
      {{"compare", "--base", one, "--candidate", copy}, {"copy.json", "one.json", "same samples"}},
      {{"compare", "--base", two, "--candidate", one, disguise},
       {"disguise.json", "one.json", "same samples"}},
      {{"compare", "--base", one, "--candidate", two, "--strict", "all,method"},
       {"--strict all,method", "all includes the others"}},
      {{"compare", "--base", one, "--candidate", two, "--strict", "machine,machine"},
       {"--strict machine,machine", "twice"}},
      {{"compare", "--base", "-", "--candidate", "-"}, {"itself"}},
      {{"compare", one, "--candidate", two}, {"one.json", "must follow a flag"}},
      {{"compare", "--base", one, "--candidate", two, "--strict", "machin"},
       {"--strict machin", "did you mean machine?"}},
      {{"compare", "--base", one, "--candidate", two, "--strict", ""}, {"--strict ''"}},
      {{"compare", "--base", one, "--candidate", path("topology.json")},
       {"--candidate", "topology.json", "report of the command topology"}},
      {{"compare", "--base", one, "--candidate", path("none.json")}, {"none.json: No such file"}},
  };
  for (const auto& [given, named] : mistakes) expect_refused(bench(given), named);
}

TEST_F(Compared, HostileDocumentsAreRefusedInOneLine) {
  const std::string good = measured_.dump();
  const std::string one = make("one.json", scaled(1).dump());
  const auto with = [&](const std::string& before, const std::string& after) {
    std::string text = good;
    const std::size_t place = text.find(before);
    EXPECT_NE(place, std::string::npos) << before;
    return text.replace(place, before.size(), after);
  };
  const std::string many(2'000'000, '[');
  std::string objects = "[";
  for (int i = 0; i < 3'000'000; ++i) objects += "{},";
  struct Hostile {
    std::string text;
    std::string named;
  };
  const std::vector<Hostile> all = {
      {"", "not JSON"},
      {std::string(1000, '\0'), "not JSON"},
      {blanks(100'000'000), "not JSON"},
      {many, "nested more than 1000"},
      {many + std::string(many.size(), ']'), "nested more than 1000"},
      {objects, "not JSON"},
      {objects + "0]", "schema_version"},
      {with("\"seconds\":0.01", "\"seconds\":NaN"), "not JSON"},
      {with("\"seconds\":0.01", "\"seconds\":1e999"), "number overflow"},
      {with("\"seconds\":0.01", "\"seconds\":-1"), "seconds"},
      {with("\"seconds\":0.01", "\"seconds\":\"0.1\""), "seconds"},
      {with("\"messages\":1000000", "\"messages\":18446744073709551616"), "messages"},
      {with("\"messages\":1000000", "\"messages\":[]"), "messages"},
      {with("\"producers\":1", "\"producers\":99999999"), "producers"},
      {with("\"complete\":true", "\"complete\":true,\"complete\":false"), "there twice"},
      {with("\"created_utc\":\"", "\"created_utc\":\"\xff\xfe"), "UTF-8"},
      {"[]", "schema_version"},
      {"null", "schema_version"},
      {"\"text\"", "schema_version"},
      {"0", "schema_version"},
  };
  for (const auto& [text, named] : all) {
    const std::string hostile = make("hostile.json", text);
    expect_refused(bench({"compare", "--base", one, "--candidate", hostile}),
                   {"--candidate " + hostile, named});
  }
  std::filesystem::create_directory(path("directory"));
  expect_refused(bench({"compare", "--base", path("directory"), "--candidate", one}),
                 {"Is a directory"});
  std::ofstream(path("huge.json")).close();
  std::filesystem::resize_file(path("huge.json"), (std::uintmax_t{1} << 30U) + 1);
  expect_refused(bench({"compare", "--base", path("huge.json"), "--candidate", one}),
                 {"larger than"});
}

TEST_F(Compared, HostileButValidDocumentsAreCompared) {
  const Words base = five("a", 1);
  const Json report =
      verdicts(base,
               five("b", 1,
                    [](Json& d) {
                      d["host"]["hostname"] = "<script>\x1b[31m\n|`&";
                      d["series"][0]["name"] = "</td><b>\r\n\x7f";
                      d["series"][0]["samples"][0]["seconds"] = 1e-300;
                      d["series"][0]["samples"][1]["seconds"] = 0;
                      d["series"][0]["samples"][2]["seconds"] = 1e300;
                      d["series"][0]["samples"][3]["core_to_core_ns"][0]["before"] = 1e308;
                      d["series"][0]["samples"][4]["messages"] = 18446744073709551615U;
                    }),
               0);
  EXPECT_EQ(report["verdict"], "improved") << "by what the samples say";
  const Json padded = scaled(1);
  const std::string spaces = blanks(50'000'000);
  const std::string padded_file = make("p.json", "{" + spaces + padded.dump().substr(1) + spaces);
  EXPECT_EQ(verdicts(base, {padded_file}, 0)["series"].size(), 1U);
}

}  // namespace
}  // namespace bench::testing
