// The command latency: how long messages take.

#include <fmt/format.h>

#include <string>
#include <utility>

#include "cli/command.hpp"
#include "cli/flags.hpp"
#include "cli/gate.hpp"
#include "cli/markdown_output.hpp"
#include "cli/measurement.hpp"
#include "cli/output.hpp"
#include "cli/settings.hpp"

namespace bench::cli {
namespace {

constexpr const char* kLatencyFooter =
    R"(Examples:
  ringmpsc-bench latency --wait busy-spin
  ringmpsc-bench latency --rate 1M --duration 1s
  ringmpsc-bench latency --rate auto
  ringmpsc-bench latency --rate 100k --producers 4 --output latency.json
  ringmpsc-bench latency --rate 10k,1M --output '{series}.hgrm'
  ringmpsc-bench latency --rate 100k --require 'p99<50us')";

/// Without --pattern, chooses one-way if there is a rate, else round trips. Refuses streams.
void choose_pattern(RequestDraft& draft) {
  workload::Spec& spec = draft.request.spec;
  if (!draft.pattern_given) {
    const bool scheduled = spec.rate || draft.request.up_to_saturation;
    spec.pattern = scheduled ? workload::Pattern::one_way : workload::Pattern::round_trip;
  } else if (spec.pattern == workload::Pattern::stream) {
    throw measure::BadRequest(
        "--pattern stream: a stream's messages are not timed; use round-trip, or one-way with a "
        "--rate");
  }
}

int execute_latency(Arguments arguments, const std::string& command_line) {
  Flags flags("ringmpsc-bench latency",
              "Times every message: round trips one after the other or, with --rate, messages\n"
              "that are due on a fixed schedule. Those are timed from when they were due, so\n"
              "that a stall shows in every message that it held up.",
              fmt::format("{}\n\n{}", kGateHelp, kLatencyFooter));
  OutputOptions output;
  RequestDraft draft;
  Gate gate;
  draft.request.spec.latency = true;
  add_request_flags(flags, draft);
  add_gate_flags(flags, gate);
  add_label_flags(flags, output.labels);
  add_markdown_flag(flags, output);
  if (const auto help = read(flags, output, std::move(arguments))) return show(*help);
  choose_pattern(draft);
  measure::Request request = std::move(draft).finish();
  prepare(output);
  return carry_out(std::move(request), gate, output, command_line);
}

}  // namespace

const Command kLatency{.name = "latency",
                       .summary = "how long messages take, at one rate or at several",
                       .execute = execute_latency};

}  // namespace bench::cli
