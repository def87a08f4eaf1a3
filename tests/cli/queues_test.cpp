// Every queue runs under the same loops and is verified as ours is.

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "cli/document.hpp"
#include "cli/process.hpp"

namespace bench::testing {
namespace {

using Arguments = std::vector<std::string>;

struct Listed {
  std::string name;
  std::string kind;
};

/// The queues that are built in, as the program lists them.
std::vector<Listed> queues() {
  std::vector<Listed> all;
  std::istringstream lines(bench({"queues"}).out);
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    if (line.starts_with(' ')) break;  // the remarks below the table
    if (line.find("not built in") != std::string::npos) continue;
    Listed queue;
    std::istringstream(line) >> queue.name >> queue.kind;
    all.push_back(queue);
  }
  return all;
}

void expect_verified_with(const std::string& queue, Arguments arguments) {
  arguments.insert(arguments.end(), {"--queue", queue, "--duration", "20ms", "--trials", "1",
                                     "--warmup", "0", "--output", "-"});
  const Outcome outcome = bench(arguments);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto document = valid_document(outcome.out);
  for (const auto& series : document["series"]) {
    const auto& seen = series["verification"];
    EXPECT_GT(seen["received"], 0) << series["name"];
    EXPECT_EQ(seen["sent"], seen["received"]) << series["name"];
  }
}

TEST(Queues, AreListedWithKindAndVersion) {
  const auto all = queues();
  const auto named = [&](const std::string& name) {
    return std::ranges::count(all, name, &Listed::name) == 1;
  };
  for (const char* const name : {"ringmpsc", "mutex-ring", "hand-off", "bounce"}) {
    EXPECT_TRUE(named(name)) << name;
  }
}

TEST(Queues, AreEachVerified) {
  for (const auto& [name, kind] : queues()) {
    SCOPED_TRACE(name);
    if (name == "bounce") continue;
    for (const char* const payload : {"8", "32", "64", "256"}) {
      expect_verified_with(name, {"--payload", payload, "--batch", "1", "--ring-bits", "8"});
    }
    expect_verified_with(name, {"--batch", "64", "--ring-bits", "10"});
    expect_verified_with(name, {"--batch", "64", "--write", "copy", "--wait", "blocking"});
    expect_verified_with(name, {"--batch", "1", "--write", "deferred"});
    expect_verified_with(name, {"--batch", "1", "--consume", "read"});
    if (kind == "MPMC" || kind == "MPSC") {
      expect_verified_with(name, {"--producers", "3", "--batch", "1", "--ring-bits", "6"});
      expect_verified_with(name, {"--producers", "3", "--batch", "32"});
    }
  }
}

TEST(Queues, RefuseAMessageSizeThatIsNotBuiltIn) {
  const Outcome outcome = bench({"--queue", "mutex-ring", "--payload", "128"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_NE(outcome.err.find("mutex-ring"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("128 bytes are not built in"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("8, 32, 64, 256"), std::string::npos) << outcome.err;
}

TEST(Queues, OfOursTakeMessagesOfEverySize) {
  for (const char* const payload : {"4", "16", "128", "512", "1024"}) {
    expect_verified_with("ringmpsc", {"--payload", payload, "--batch", "1", "--ring-bits", "8"});
    expect_verified_with("hand-off", {"--payload", payload, "--ring-bits", "10"});
  }
}

TEST(Queues, SendMessagesThereAndBack) {
  for (const auto& [name, kind] : queues()) {
    if (kind == "limit") continue;
    SCOPED_TRACE(name);
    expect_verified_with(name, {"--pattern", "round-trip"});
  }
  expect_verified_with("ringmpsc", {"--pattern", "round-trip", "--wait", "blocking"});
  expect_verified_with("ringmpsc",
                       {"--pattern", "round-trip", "--idle-producers", "127", "--ring-bits", "6"});
}

TEST(Queues, AreReportedWithTheWriteModeThatWasUsed) {
  const auto series_of = [](Arguments arguments) {
    arguments.insert(arguments.end(),
                     {"--trials", "1", "--warmup", "0", "--duration", "10ms", "--output", "-"});
    return valid_document(bench(arguments).out)["series"];
  };
  const auto batches = series_of({"--queue", "ringmpsc,mutex-ring,hand-off", "--limit"});
  ASSERT_EQ(batches.size(), 3U) << "a limit that is named is not measured twice";
  EXPECT_EQ(batches[0]["spec"]["write"], "in-place");
  EXPECT_EQ(batches[1]["spec"]["write"], "copy");
  const auto single =
      series_of({"--queue", "ringmpsc,mutex-ring", "--batch", "1", "--write", "deferred"});
  EXPECT_EQ(single[0]["spec"]["write"], "deferred");
  EXPECT_EQ(single[1]["spec"]["write"], "in-place");
  const auto trips = series_of({"--pattern", "round-trip"});
  EXPECT_EQ(trips[0]["spec"]["batch"], 1);
}

TEST(Queues, AreComparedInPairsWithTheFirstAndWithTheLimit) {
  const Outcome outcome = bench({"--queue", "mutex-ring,ringmpsc", "--limit", "--trials", "7",
                                 "--duration", "10ms", "--output", "-"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto document = valid_document(outcome.out);
  ASSERT_EQ(document["series"].size(), 3U);
  EXPECT_EQ(document["series"][2]["name"], "hand-off");
  const auto& ours = document["series"][1]["comparisons"];
  ASSERT_EQ(ours.size(), 2U);
  EXPECT_EQ(ours[0]["reference"], "mutex-ring");
  EXPECT_EQ(ours[0]["pairs"], 7);
  EXPECT_TRUE(ours[0]["ci95"].is_array());
  EXPECT_EQ(ours[1]["reference"], "hand-off");
  // The ratio is the median of the rounds' quotients, not the quotient of the medians.
  std::vector<double> quotients;
  for (std::size_t i = 0; i < 7; ++i) {
    const auto& a = document["series"][1]["samples"][i];
    const auto& b = document["series"][0]["samples"][i];
    ASSERT_EQ(a["round"], b["round"]);
    quotients.push_back(a["messages_per_second"].get<double>() /
                        b["messages_per_second"].get<double>());
  }
  std::ranges::sort(quotients);
  EXPECT_DOUBLE_EQ(ours[0]["ratio"].get<double>(), quotients[3]);
}

TEST(Queues, ForOneProducerAreLeftOutOfAllAndRefusedByName) {
  const bool built_in = std::ranges::count(queues(), std::string("boost-spsc"), &Listed::name) == 1;
  if (!built_in) GTEST_SKIP() << "no such queue is built in";
  const Outcome all = bench({"--queue", "all", "--producers", "4", "--trials", "1", "--warmup", "0",
                             "--duration", "10ms", "--output", "-"});
  EXPECT_EQ(all.exit_code, 0);
  EXPECT_NE(all.err.find("left out boost-spsc"), std::string::npos) << all.err;
  const auto all_queues = valid_document(all.out);
  for (const auto& series : all_queues["series"]) {
    EXPECT_NE(series["name"], "boost-spsc");
  }
  const Outcome named = bench({"--queue", "boost-spsc", "--producers", "4"});
  EXPECT_EQ(named.exit_code, 2);
  EXPECT_NE(named.err.find("one producer"), std::string::npos) << named.err;
}

}  // namespace
}  // namespace bench::testing
