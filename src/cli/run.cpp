// The command run, the default: the throughput of queues side by side.

#include <fmt/format.h>

#include <string>
#include <utility>

#include "build_info.hpp"
#include "cli/command.hpp"
#include "cli/flags.hpp"
#include "cli/measurement.hpp"
#include "cli/output.hpp"
#include "cli/settings.hpp"

namespace bench::cli {
namespace {

constexpr const char* kRunFooter =
    R"(Numbers take k, M, G; durations take ms, s, m, h.

Exit status: 0 measured and verified; 1 a message lost, duplicated, reordered or
corrupted; 2 invalid request; 3 could not measure; 130, 143 interrupted,
terminated.

Examples:
  ringmpsc-bench --producers 8 --ring-bits 16
  ringmpsc-bench --producers 4 --payload 64 --placement far --output far.json
  ringmpsc-bench --queue all --batch 1
  ringmpsc-bench --cpus 3,0-2 --producers 3 --output - | jq '.series[0].summary')";

/// The commands are listed here, where a newcomer looks first.
std::string footer() {
  std::string text = "Commands, each with --help:\n";
  for (const Command& command : commands()) {
    text += fmt::format("  {:<10}{}\n", command.name, command.summary);
  }
  return text + "\n" + kRunFooter;
}

std::string version_text() {
  return fmt::format("ringmpsc-bench {} (commit {}, {}, {} build)\nflags: {}\n", kVersion, commit(),
                     kCompiler, kBuildType, kFlags);
}

int execute_run(Arguments arguments, const std::string& command_line) {
  Flags flags("ringmpsc-bench",
              "Measures the throughput of a multi-producer single-consumer channel, end to\n"
              "end and verified message by message.",
              footer());
  OutputOptions output;
  RequestDraft draft;
  bool version = false;
  flags.add_switch("Options", "--version", version, "Version, commit, compiler and flags");
  add_request_flags(flags, draft);
  flags.add_switch("Measurement", "--limit", draft.request.limit,
                   "Also measure the most that the machine can do");
  flags.add_switch("Measurement", "--metrics", draft.request.spec.metrics,
                   "Count commits, refusals and polls too");
  if (const auto help = read(flags, output, std::move(arguments))) return show(*help);
  if (version) return show(version_text());
  measure::Request request = std::move(draft).finish();
  prepare(output);
  return carry_out(std::move(request), output, command_line);
}

}  // namespace

extern const Command kRun;
const Command kRun{.name = "run",
                   .summary = "throughput of queues side by side; the default",
                   .execute = execute_run};

}  // namespace bench::cli
