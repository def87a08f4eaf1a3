// Tests the lines that a duel and its workers exchange.

#include "results/worker_protocol.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>

#include "results/document.hpp"
#include "schema/schema.hpp"
#include "unit/result_document.hpp"

namespace bench::testing {
namespace {

using nlohmann::json;
using results::WorkerAnswer;
using results::WorkerRequest;

WorkerRequest request() {
  WorkerRequest asked{.id = 7, .task = results::WorkerTask::trial, .spec = {}, .placement = {}};
  asked.spec.producers = 2;
  asked.spec.wait = workload::Wait::yielding;
  asked.placement.consumer_cpu = 1;
  asked.placement.producer_cpus = {0, std::nullopt};
  return asked;
}

results::Failure failure_of(const std::string& series) {
  results::Failure failure;
  failure.series = series;
  return failure;
}

std::string line_complaints(const std::string& line) {
  EXPECT_EQ(line.find('\n'), std::string::npos) << line;
  return complaints(schema("worker"), json::parse(line));
}

TEST(WorkerProtocol, IsWrittenAsItsSchemaSaysAndReadAsItWasWritten) {
  const results::WorkerHello hello{.tool = document().tool};
  EXPECT_EQ(line_complaints(to_line(hello)), "");
  EXPECT_EQ(results::hello_from_line(to_line(hello)).value(), hello);

  EXPECT_EQ(line_complaints(to_line(request())), "");
  const auto asked = results::request_from_line(to_line(request())).value();
  EXPECT_EQ(asked.id, 7);
  EXPECT_EQ(asked.request.value(), request());

  WorkerAnswer sampled{.id = 7, .sample = document().series[0].samples[0]};
  sampled.sample->latency.reset();
  const WorkerAnswer checked{.id = 8, .spec = request().spec, .keeps_order = false};
  const WorkerAnswer unknown{.id = 9, .unknown = "queue fast: no such queue"};
  const WorkerAnswer running{.id = 10, .running = true};
  WorkerAnswer failed{.id = 11, .failure = failure_of("s\n")};
  failed.verification.lost = 3;
  for (const WorkerAnswer& answer : {sampled, checked, unknown, running, failed}) {
    EXPECT_EQ(line_complaints(to_line(answer)), "") << answer.id;
    EXPECT_EQ(results::answer_from_line(to_line(answer)).value(), answer) << answer.id;
  }
}

TEST(WorkerProtocol, LeavesDefaultsOutSoThatAnOlderWorkerKnowsTheSpec) {
  const json asked = json::parse(to_line(request()));
  EXPECT_EQ(asked["spec"], json({{"producers", 2}, {"wait", "yielding"}}));
}

/// What a worker says to the request with another spec.
std::string refused(const std::string& key, const json& value) {
  json asked = json::parse(to_line(request()));
  asked["spec"][key] = value;
  const auto read = results::request_from_line(asked.dump());
  if (!read) return "no request: " + read.error();
  EXPECT_EQ(read->id, 7);
  return read->request ? "it was not refused" : read->request.error();
}

TEST(WorkerProtocol, NamesWhatAWorkerDoesNotKnow) {
  EXPECT_EQ(refused("shape", "round"), "shape: this program knows no such setting");
  EXPECT_EQ(refused("wait", "sleeping"),
            "/spec/wait \"sleeping\": must be one of adaptive, busy-spin, yielding, backoff, "
            "blocking, none");
  EXPECT_EQ(refused("payload_bytes", 24),
            "/spec/payload_bytes 24: must be one of 4, 8, 16, 32, 64, 128, 256, 512, 1024");
  EXPECT_EQ(refused("producers", 3), "the document must have a CPU, or null, for each producer");
}

TEST(WorkerProtocol, ReadsTheVersionOfAnotherProtocolAndNoMore) {
  const auto other = results::hello_from_line(R"({"protocol": 2, "word_bits": 64, "new": {}})");
  ASSERT_TRUE(other) << other.error();
  EXPECT_EQ(other->protocol, 2);
  EXPECT_EQ(other->word_bits, 64);
}

TEST(WorkerProtocol, RefusesEveryOtherLine) {
  for (const char* const line : {"", "hello", "{", "[]", "null", "{\"id\": -1}", "{\"protocol\"",
                                 "{\"protocol\": \"1\", \"word_bits\": 64}", "\xff"}) {
    EXPECT_FALSE(results::hello_from_line(line)) << line;
    EXPECT_FALSE(results::request_from_line(line)) << line;
    EXPECT_FALSE(results::answer_from_line(line)) << line;
  }
}

}  // namespace
}  // namespace bench::testing
