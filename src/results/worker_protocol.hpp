// What a duel and its workers say to each other: one line of JSON each, over the worker's standard
// input and output. configs/schema/worker.schema.json describes every line.
//
// A worker says hello. Then it answers each request before it reads the next: a `check` with
// whether it knows the spec, a `trial` with a sample or a failure. While a trial takes long, it
// says that it is still at it. It ends when its input does.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "machine/placement.hpp"
#include "results/document.hpp"
#include "workload/sample.hpp"
#include "workload/spec.hpp"

namespace bench::results {

/// A worker and a duel of different versions do not understand each other.
inline constexpr unsigned kWorkerProtocol = 1;

/// What a worker says before anything else.
struct WorkerHello {
  unsigned protocol = kWorkerProtocol;
  unsigned word_bits = 8 * sizeof(void*);
  Tool tool;

  friend bool operator==(const WorkerHello&, const WorkerHello&) = default;
};

enum class WorkerTask : std::uint8_t {
  check,  ///< do you know this spec?
  trial,  ///< run one trial of it
};

inline constexpr std::array kWorkerTaskNames = {
    workload::Named<WorkerTask>{"check", WorkerTask::check},
    workload::Named<WorkerTask>{"trial", WorkerTask::trial},
};

struct WorkerRequest {
  std::uint64_t id = 0;  ///< the answer has the same
  WorkerTask task = WorkerTask::check;
  workload::Spec spec;
  machine::Placement placement;

  friend bool operator==(const WorkerRequest&, const WorkerRequest&) = default;
};

struct WorkerAnswer {
  std::uint64_t id = 0;
  /// The trial still runs; there is another answer to come.
  bool running = false;
  /// Why the worker does not know what it was asked for.
  std::optional<std::string> unknown = {};
  /// To a check: the spec as the worker understands it, and whether its queue keeps the order.
  std::optional<workload::Spec> spec = {};
  bool keeps_order = true;
  /// To a trial: one of the two. The verification is that of a failed trial.
  std::optional<workload::Sample> sample = {};
  std::optional<Failure> failure = {};
  workload::Verification verification = {};

  friend bool operator==(const WorkerAnswer&, const WorkerAnswer&) = default;
};

// Each text is one line without its end. An error of the readers is part of a sentence.

[[nodiscard]] std::string to_line(const WorkerHello& hello);
/// Fields of the spec that have their defaults are left out, so that a worker which is older than a
/// field knows all specs that do not need it. Its answer says what it took the spec for.
[[nodiscard]] std::string to_line(const WorkerRequest& request);
[[nodiscard]] std::string to_line(const WorkerAnswer& answer);

/// Reads no more than the protocol from a hello of another protocol.
[[nodiscard]] std::expected<WorkerHello, std::string> hello_from_line(std::string_view line);

/// What a worker makes of a request.
struct ReadRequest {
  std::uint64_t id = 0;
  /// The error names what this program does not know: a field of the spec, a word, a value.
  std::expected<WorkerRequest, std::string> request;
};
/// The error is about a line that is no request at all.
[[nodiscard]] std::expected<ReadRequest, std::string> request_from_line(std::string_view line);

[[nodiscard]] std::expected<WorkerAnswer, std::string> answer_from_line(std::string_view line);

}  // namespace bench::results
