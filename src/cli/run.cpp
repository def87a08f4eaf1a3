// The command run, which is the default: measures the throughput of queues side by side.

#include <fmt/format.h>

#include <string>
#include <utility>

#include "build_info.hpp"
#include "cli/command.hpp"
#include "cli/flags.hpp"
#include "cli/gate.hpp"
#include "cli/markdown_output.hpp"
#include "cli/measurement.hpp"
#include "cli/output.hpp"
#include "cli/settings.hpp"

namespace bench::cli {
namespace {

constexpr const char* kRunFooter =
    R"(Numbers may end in k, M or G; durations end in ms, s, m or h.

Exit status: 0 measured and verified; 1 a message was lost, duplicated,
reordered or corrupted, the queue hung (10 s without progress), threw or
crashed, a --require was missed or a --strict caveat found; 2 invalid request;
3 could not measure, or could not write the result; 129 hung up; 130
interrupted; 143 terminated. What was measured is written.

Examples:
  ringmpsc-bench --producers 8 --ring-bits 16
  ringmpsc-bench --producers 4 --payload 64 --placement far --output far.json
  ringmpsc-bench --queue all --batch 1
  ringmpsc-bench --require 'throughput>500M' --strict preempted,regimes
  ringmpsc-bench --cpus 3,0-2 --producers 3 --output - | jq '.series[0].summary')";

/// Lists the commands too, because a newcomer looks here first.
std::string footer() {
  std::string text = "Commands (each has --help):\n";
  for (const Command& command : commands()) {
    text += fmt::format("  {:<10}{}\n", command.name, command.summary);
  }
  return fmt::format("{}\n{}\n\n{}", text, kGateHelp, kRunFooter);
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
  Gate gate;
  bool version = false;
  flags.add_switch("Options", "--version", version, "Show version, commit, compiler and flags");
  add_request_flags(flags, draft);
  flags.add_switch("Measurement", "--limit", draft.request.limit,
                   "Also measure the most that the machine can do");
  flags.add_switch("Measurement", "--metrics", draft.request.spec.metrics,
                   "Also count commits, refusals and polls");
  add_gate_flags(flags, gate);
  add_label_flags(flags, output.labels);
  add_markdown_flag(flags, output);
  if (const auto help = read(flags, output, std::move(arguments))) return show(*help);
  if (version) return show(version_text());
  measure::Request request = std::move(draft).finish();
  prepare(output);
  return carry_out(std::move(request), gate, output, command_line);
}

}  // namespace

const Command kRun{.name = "run",
                   .summary = "throughput of queues side by side (the default command)",
                   .execute = execute_run};

}  // namespace bench::cli
