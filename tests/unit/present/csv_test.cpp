// Reading the table back by the rules of RFC 4180 gives every value of every sample.

#include "present/csv.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "results/json.hpp"
#include "unit/result_document.hpp"

namespace bench::testing {
namespace {

using present::to_csv;

/// Reads text by RFC 4180, section 2, except that lines end in LF alone. Commas separate fields; a
/// field in quotes may hold anything, with every quote doubled.
std::vector<std::vector<std::string>> records_of(std::string_view text) {
  std::vector<std::vector<std::string>> records(1, {""});
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string& field = records.back().back();
    if (quoted && text[i] == '"' && text.substr(i + 1).starts_with('"')) {
      field += text[++i];
    } else if (text[i] == '"') {
      EXPECT_TRUE(quoted || field.empty()) << "a quote in the middle of " << field;
      quoted = !quoted;
    } else if (!quoted && text[i] == ',') {
      records.back().emplace_back();
    } else if (!quoted && text[i] == '\n') {
      records.push_back({""});
    } else {
      field += text[i];
    }
  }
  EXPECT_FALSE(quoted);
  EXPECT_EQ(records.back(), std::vector<std::string>{""}) << "the last line does not end in LF";
  records.pop_back();
  return records;
}

using Table = std::vector<std::map<std::string, std::string>>;

/// The rows, each as a map from a column's name to its cell.
Table table_of(std::string_view text) {
  const auto records = records_of(text);
  Table table;
  for (std::size_t i = 1; i < records.size(); ++i) {
    EXPECT_EQ(records[i].size(), records[0].size()) << "row " << i;
    auto& row = table.emplace_back();
    for (std::size_t j = 0; j < records[0].size(); ++j) row[records[0][j]] = records[i][j];
    EXPECT_EQ(row.size(), records[0].size()) << "two columns have the same name";
  }
  return table;
}

/// The cells that a spec's fields must have, taken from its JSON. Two of them only say that times
/// and metrics were asked for, and the table has those themselves.
std::vector<std::pair<std::string, std::string>> spec_cells(const results::Document& of) {
  const auto json = nlohmann::ordered_json::parse(results::to_json(of));
  std::vector<std::pair<std::string, std::string>> cells;
  for (const auto& [key, value] : json["series"][0]["spec"].items()) {
    if (key == "latency" || key == "metrics") continue;
    cells.emplace_back(key, value.is_null()     ? ""
                            : value.is_string() ? value.get<std::string>()
                                                : value.dump());
  }
  return cells;
}

TEST(Csv, NamesItsColumnsInOrder) {
  std::string expected = "series";
  for (const auto& [key, value] : spec_cells(document())) expected += "," + key;
  expected +=
      ",policy,consumer_cpu,producer_cpus,sample,round,regime,messages,seconds,messages_per_second,"
      "commits,refused_full,batches,empty_polls,p50_ns,p90_ns,p99_ns,p99_9_ns,p99_99_ns,max_ns,"
      "offered_rate,achieved_rate,saturated,sent,received,lost,duplicated,reordered,corrupted,"
      "failure";
  const std::string text = to_csv(document());
  EXPECT_EQ(text.substr(0, text.find('\n')), expected);
}

TEST(Csv, HasARowForEachSampleWithEveryValue) {
  results::Document two = document();
  two.series[0].samples[1].round = 3;
  two.series[0].samples[1].regime = 2;
  two.series[0].verification.reordered = 4;
  two.series.push_back(two.series[0]);
  two.series[1].name = "other";
  const Table table = table_of(to_csv(two));
  ASSERT_EQ(table.size(), 4U);
  std::map<std::string, std::string> expected = {{"series", "ringmpsc"},
                                                 {"policy", "near"},
                                                 {"consumer_cpu", "1"},
                                                 {"producer_cpus", "0;0"},
                                                 {"sample", "1"},
                                                 {"round", "3"},
                                                 {"regime", "2"},
                                                 {"messages", "5000000"},
                                                 {"seconds", "0.1"},
                                                 {"commits", ""},
                                                 {"refused_full", ""},
                                                 {"batches", ""},
                                                 {"empty_polls", ""},
                                                 {"p50_ns", "100"},
                                                 {"p90_ns", "200"},
                                                 {"p99_ns", "300"},
                                                 {"p99_9_ns", "3000"},
                                                 {"p99_99_ns", "3000"},
                                                 {"max_ns", "3001"},
                                                 {"offered_rate", "1000000"},
                                                 {"achieved_rate", "999999"},
                                                 {"saturated", "false"},
                                                 {"sent", "8000000"},
                                                 {"received", "8000000"},
                                                 {"lost", "0"},
                                                 {"duplicated", "0"},
                                                 {"reordered", "4"},
                                                 {"corrupted", "0"},
                                                 {"failure", ""},
                                                 {"messages_per_second", "50000000"}};
  for (const auto& [key, value] : spec_cells(two)) expected[key] = value;
  EXPECT_EQ(table[1], expected);
  EXPECT_EQ(table[2].at("series"), "other");
  EXPECT_EQ(table[2].at("sample"), "0");
  EXPECT_EQ(table[2].at("messages"), "3000000");
}

TEST(Csv, GivesEveryNumberBackExactly) {
  results::Document exact = document();
  for (const double seconds : {0.1 + 0.2, 1.0 / 3, 1e-9, 12345678.9, 1e22}) {
    exact.series[0].samples[0].seconds = seconds;
    const Table table = table_of(to_csv(exact));
    EXPECT_EQ(std::stod(table[0].at("seconds")), seconds);
    EXPECT_EQ(std::stod(table[0].at("messages_per_second")),
              exact.series[0].samples[0].messages_per_second());
  }
}

TEST(Csv, QuotesWhatWouldBreakTheTable) {
  for (const char* const name :
       {"a,b", "say \"hi\"", "two\nlines", "cr\rlf", "\"", "", " blank "}) {
    results::Document odd = document();
    odd.series[0].name = name;
    const Table table = table_of(to_csv(odd));
    ASSERT_EQ(table.size(), 2U) << name;
    EXPECT_EQ(table[1].at("series"), name);
    EXPECT_EQ(table[1].at("corrupted"), "0");
  }
}

TEST(Csv, LeavesCellsEmptyWhereJsonHasNull) {
  results::Document blind = document();
  results::Series& series = blind.series[0];
  series.spec.consume = workload::Consume::count;
  series.spec.duration_s.reset();
  series.spec.messages_per_producer = 1'000;
  series.samples[0].consumer.cpu.reset();
  series.samples[0].producers = {{.cpu = 0}, {.cpu = std::nullopt}, {.cpu = 2}};
  const Table table = table_of(to_csv(blind));
  for (const char* const column : {"duration_s", "consumer_cpu", "reordered", "corrupted"}) {
    EXPECT_EQ(table[0].at(column), "") << column;
  }
  EXPECT_EQ(table[0].at("messages_per_producer"), "1000");
  EXPECT_EQ(table[0].at("producer_cpus"), "0;;2");
  EXPECT_EQ(table[0].at("lost"), "0");
}

constexpr std::array kTimes = {"p50_ns", "p90_ns", "p99_ns", "p99_9_ns", "p99_99_ns", "max_ns"};

TEST(Csv, HasNoTimesWhereMessagesWereNotTimed) {
  results::Document untimed = document();
  untimed.series[0].latency.reset();
  const Table table = table_of(to_csv(untimed));
  for (const char* const column : kTimes) EXPECT_EQ(table[0].at(column), "") << column;
  for (const char* const column : {"offered_rate", "achieved_rate", "saturated"}) {
    EXPECT_EQ(table[0].at(column), "") << column;
  }
}

TEST(Csv, HasTheRatesAndNoTimesPastSaturation) {
  results::Document full = document();
  full.series[0].latency->load->saturated = true;
  const Table table = table_of(to_csv(full));
  for (const char* const column : kTimes) EXPECT_EQ(table[0].at(column), "") << column;
  EXPECT_EQ(table[0].at("achieved_rate"), "999999");
  EXPECT_EQ(table[0].at("saturated"), "true");
}

TEST(Csv, HasTheCpusAndTheMetricsOfEachSample) {
  results::Document moved = document();
  moved.series[0].samples[1].consumer.cpu = 7;
  moved.series[0].samples[1].producers[1].cpu = 3;
  const Table table = table_of(to_csv(moved));
  EXPECT_EQ(table[0].at("consumer_cpu"), "1");
  EXPECT_EQ(table[1].at("consumer_cpu"), "7");
  EXPECT_EQ(table[1].at("producer_cpus"), "0;3");
  EXPECT_EQ(table[0].at("commits"), "30000");
  EXPECT_EQ(table[0].at("refused_full"), "7");
  EXPECT_EQ(table[0].at("batches"), "20000");
  EXPECT_EQ(table[0].at("empty_polls"), "9");
}

TEST(Csv, HasNoRowForASeriesWithoutSamples) {
  results::Document interrupted = document();
  interrupted.series[0].samples.clear();
  EXPECT_TRUE(table_of(to_csv(interrupted)).empty());
}

TEST(Csv, SaysInEachRowOfASeriesThatTheMeasurementFailedInIt) {
  results::Document failed = document();
  failed.series.push_back(failed.series[0]);
  failed.series[1].name = "other";
  failed.failure = results::Failure{.kind = results::FailureKind::no_progress,
                                    .series = "other",
                                    .queue = "other",
                                    .trial = "trial 3 of 10",
                                    .reason = "no message got on for 10 s",
                                    .threads = {}};
  Table table = table_of(to_csv(failed));
  ASSERT_EQ(table.size(), 4U);
  EXPECT_EQ(table[1].at("failure"), "");
  EXPECT_EQ(table[2].at("failure"), "trial 3 of 10: no message got on for 10 s");
  EXPECT_EQ(table[3].at("failure"), "trial 3 of 10: no message got on for 10 s");

  failed.series[1].samples.clear();
  table = table_of(to_csv(failed));
  ASSERT_EQ(table.size(), 3U);
  EXPECT_EQ(table[2].at("series"), "other");
  EXPECT_EQ(table[2].at("failure"), "trial 3 of 10: no message got on for 10 s");
  for (const std::string column : {"consumer_cpu", "producer_cpus", "sample", "round", "regime",
                                   "messages", "seconds", "messages_per_second", "commits"}) {
    EXPECT_EQ(table[2].at(column), "") << column;
  }
}

TEST(Csv, HasARowForASeriesThatLostAMessageInItsWarmUp) {
  results::Document faulty = document();
  faulty.series[0].samples.clear();
  faulty.series[0].verification.lost = 1;
  const Table table = table_of(to_csv(faulty));
  ASSERT_EQ(table.size(), 1U);
  EXPECT_EQ(table[0].at("lost"), "1");
}

}  // namespace
}  // namespace bench::testing
