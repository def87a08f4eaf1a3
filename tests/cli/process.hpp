// Runs a program as a user would, and keeps its output.
#pragma once

#include <sys/resource.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bench::testing {

struct Outcome {
  int exit_code = -1;  ///< 128 + the signal, as a shell shows it, if one ended the process
  std::string out;
  std::string err;
};

struct Launch {
  std::vector<std::string> arguments;  ///< without the program
  std::string program = RINGMPSC_BENCH_PROGRAM;
  std::vector<std::pair<std::string, std::string>> environment = {};  ///< added to the caller's
  std::string working_directory = {};
  std::string stdin_file = {};               ///< what stdin reads from; by default the caller's
  std::string stdout_file = {};              ///< takes stdout, which is then not collected
  std::string stderr_file = {};              ///< takes stderr; "closed" starts without one
  std::optional<long> refused_call = {};     ///< a system call that fails with EPERM
  std::optional<unsigned> terminal = {};     ///< stderr is a terminal with so many columns
  std::optional<int> only_cpu = {};          ///< binds the program, as `taskset -c` does
  std::optional<rlim_t> address_space = {};  ///< RLIMIT_AS in bytes
  std::optional<rlim_t> file_size = {};      ///< RLIMIT_FSIZE in bytes
  std::optional<rlim_t> cpu_seconds = {};    ///< RLIMIT_CPU, the soft limit
  /// Signals to send; each comes after its pause.
  std::vector<std::pair<std::chrono::milliseconds, int>> signals = {};
};

/// Runs the program and waits for its end. A process that takes longer than two minutes is killed:
/// exit code 137.
[[nodiscard]] Outcome run(const Launch& launch);

/// Runs the program under test with these arguments.
[[nodiscard]] inline Outcome bench(std::vector<std::string> arguments) {
  return run({.arguments = std::move(arguments)});
}

}  // namespace bench::testing
