// What a stress of queues covered and found: the document of the command `stress`.
// configs/schema/stress.schema.json describes its JSON form.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "machine/host.hpp"
#include "results/caveat.hpp"
#include "results/document.hpp"

namespace bench::results {

enum class StressFailureKind : std::uint8_t {
  wrong,        ///< something was not as the queue promises
  no_progress,  ///< no thread got on
  crash,        ///< a thread crashed within the queue
  leak,         ///< memory grew from round to round
};

inline constexpr std::array kStressFailureKindNames = {
    std::pair<std::string_view, StressFailureKind>{"wrong", StressFailureKind::wrong},
    std::pair<std::string_view, StressFailureKind>{"no_progress", StressFailureKind::no_progress},
    std::pair<std::string_view, StressFailureKind>{"crash", StressFailureKind::crash},
    std::pair<std::string_view, StressFailureKind>{"leak", StressFailureKind::leak}};

struct StressFailure {
  StressFailureKind kind = StressFailureKind::wrong;
  std::uint64_t round = 0;  ///< from 1
  std::uint64_t seed = 0;   ///< of that round
  std::string queue;
  std::string reason;   ///< part of a sentence
  std::string command;  ///< repeats the round until it fails again
  std::string plan;     ///< the round in words
  std::vector<std::string> shapes;
  std::vector<ThreadReport> threads;

  friend bool operator==(const StressFailure&, const StressFailure&) = default;
};

/// How often a shape was covered.
struct Coverage {
  std::string shape;
  std::string group;
  std::string meaning;       ///< part of a sentence
  std::uint64_t drawn = 0;   ///< rounds that were to have it
  std::uint64_t rounds = 0;  ///< rounds in which it happened
  std::uint64_t times = 0;   ///< how often it happened

  friend bool operator==(const Coverage&, const Coverage&) = default;
};

struct StressedQueue {
  std::string name;
  std::string order;  ///< that it promises
  std::uint64_t rounds = 0;
  std::uint64_t messages = 0;

  friend bool operator==(const StressedQueue&, const StressedQueue&) = default;
};

/// Memory of the tool itself between two rounds, in bytes; null where the system does not tell.
struct StressMemory {
  std::optional<std::uint64_t> resident_first;  ///< after the first rounds
  std::optional<std::uint64_t> resident_last;
  std::optional<std::uint64_t> resident_most;
  std::optional<std::uint64_t> allocated_first;  ///< the least of the first rounds
  std::optional<std::uint64_t> allocated_last;   ///< the least of the last rounds

  friend bool operator==(const StressMemory&, const StressMemory&) = default;
};

struct StressReport {
  bool complete = true;  ///< false after an interrupt or a failure
  std::string created_utc;
  std::string command_line;
  Tool tool;
  machine::HostFacts host;
  std::uint64_t seed = 0;
  std::optional<double> duration_s;  ///< that was asked for
  std::optional<std::uint64_t> rounds_asked;
  double seconds = 0;
  std::uint64_t rounds = 0;
  std::uint64_t skipped = 0;   ///< rounds for which there was no memory or no thread
  std::uint64_t messages = 0;  ///< that were received and checked
  std::vector<StressedQueue> queues;
  std::vector<Coverage> coverage;
  StressMemory memory;
  std::optional<StressFailure> failure;
  std::vector<Caveat> caveats;

  friend bool operator==(const StressReport&, const StressReport&) = default;
};

}  // namespace bench::results
