// The command stress: rounds of random shape, in which everything is checked.

#include "stress/stress.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/machine_caveats.hpp"
#include "cli/command.hpp"
#include "cli/flags.hpp"
#include "cli/output.hpp"
#include "cli/settings.hpp"
#include "cli/stress_output.hpp"
#include "cli/values.hpp"
#include "machine/cannot_measure.hpp"
#include "machine/host.hpp"
#include "machine/topology.hpp"
#include "measure/interrupt.hpp"
#include "measure/origin.hpp"
#include "measure/plan.hpp"
#include "measure/progress.hpp"
#include "present/format.hpp"
#include "present/quantity.hpp"
#include "stress/shapes.hpp"
#include "workload/queue_table.hpp"

namespace bench::cli {
namespace {

using measure::BadRequest;
using stress::Narrowing;

constexpr double kShortestStress = 0.1;
constexpr double kLongestStress = 30.0 * 24 * 3600;
constexpr double kDefaultSeconds = 60;
constexpr std::uint64_t kMostRounds = 1'000'000'000'000;
/// Rings of a round together: larger ones would take so long to fault in that other rounds were
/// rare.
constexpr std::uint64_t kMostRingBytes = std::uint64_t{1} << 26;

constexpr const char* kStressFooter =
    R"(Each round has a shape drawn at random: producers, rings, messages, ways to
write and to read, waits, closes, moves, pauses. Checked always: each message
exactly once, in its producer's order, every byte right; every object destroyed
exactly once; what was committed before a close drained, and nothing let in
after it; registrations refused only when due; metrics that agree; memory that
stays flat. A round of which no thread gets on for 10 s is a failure, with what
each thread was doing. Other queues than ringmpsc are stressed as far as their
promises go.

A failure prints the command that repeats its round. Which thread runs when is
not repeated, so it may take a while. A build with a sanitizer (presets tsan and
asan) finds more.

Exit status: 0 passed; 1 a round failed; 2 invalid request; 3 it could not
stress, or not write the result; 129 hung up; 130 interrupted; 143 terminated.
What was done until then is shown.

Examples:
  ringmpsc-bench stress
  ringmpsc-bench stress --duration 8h --output stress.json
  ringmpsc-bench stress --only close --producers 8 --ring-bits 4
  ringmpsc-bench stress --queue all --duration 2m)";

struct StressRequest {
  stress::StressOptions options;
  std::vector<std::string> queues = {std::string(workload::kOurQueue)};
  std::vector<std::string> narrowing;  ///< words of the command line

  void narrows(std::string_view flag, std::string_view value) {
    narrowing.emplace_back(flag);
    narrowing.emplace_back(value);
  }
};

/// What a flag of `run` says.
RequestDraft drafted(decltype(Setting::read) read, std::string_view flag, std::string_view value) {
  RequestDraft draft;
  read(draft, flag, value);
  return draft;
}

/// Flags of `run` that narrow rounds, with what they mean here.
void add_narrowing(Flags& flags, StressRequest& request) {
  constexpr const char* kGroup = "Rounds";
  const auto add = [&](std::string_view name, const char* value_name, const char* description,
                       auto take, Repeated repeated) {
    const std::span<const Setting> settings = request_settings();
    const auto setting = std::ranges::find(settings, name, &Setting::flag);
    flags.add(
        kGroup, name, value_name, description,
        [&request, take, read = setting->read](auto flag, auto value) {
          take(request, drafted(read, flag, value));
          if (flag == "--queue") {
            request.options.queue_words = fmt::format("{} {}", flag, value);
          } else {
            request.narrows(flag, value);
          }
        },
        repeated);
  };
  add(
      "--queue", "NAMES", "Queues to stress: A,B,... or all [ringmpsc]",
      [](StressRequest& into, const RequestDraft& draft) { into.queues = draft.request.queues; },
      Repeated::comma);
  add(
      "--producers", "N", "Producing threads",
      [](StressRequest& into, const RequestDraft& draft) {
        into.options.narrowing.producers = draft.request.spec.producers;
      },
      Repeated::never);
  add(
      "--ring-bits", "B", "2^B slots per ring; B is 1 to 20",
      [](StressRequest& into, const RequestDraft& draft) {
        into.options.narrowing.ring_bits = draft.ring_bits;
      },
      Repeated::never);
  add(
      "--layout", "NAME", "Rings of ringmpsc: celled, dense, or auto, which is either [auto]",
      [](StressRequest& into, const RequestDraft& draft) {
        into.options.narrowing.layout = draft.request.spec.layout;
      },
      Repeated::never);
  add(
      "--batch", "N", "The most messages that are written at once",
      [](StressRequest& into, const RequestDraft& draft) {
        into.options.narrowing.batch = draft.request.spec.batch;
      },
      Repeated::never);
  add(
      "--wait", "STRATEGY", "How both sides wait",
      [](StressRequest& into, const RequestDraft& draft) {
        if (draft.request.spec.wait == workload::Wait::none) {
          throw BadRequest(
              "--wait none: threads of a round give up their core, so name a strategy");
        }
        into.options.narrowing.wait = draft.request.spec.wait;
      },
      Repeated::never);
}

std::vector<std::string_view> shape_names() {
  std::vector<std::string_view> names;
  for (const stress::Group& group : stress::groups()) names.push_back(group.name);
  for (const stress::ShapeEntry& entry : stress::shapes()) names.push_back(entry.name);
  return names;
}

void read_shape(Narrowing& narrowing, std::string_view flag, std::string_view value) {
  const stress::ShapeSet chosen = stress::shapes_named(value);
  if (chosen.empty()) {
    const std::vector<std::string_view> names = shape_names();
    const std::string_view meant = nearest(value, names);
    throw BadRequest(fmt::format("{} {}: there is no such shape; {}", flag,
                                 value.empty() ? "''" : value,
                                 meant.empty() ? fmt::format("known are {}", fmt::join(names, ", "))
                                               : fmt::format("did you mean {}?", meant)));
  }
  for (const stress::ShapeEntry& entry : stress::shapes()) {
    if (chosen.has(entry.shape)) narrowing.only.add(entry.shape);
  }
}

void add_flags(Flags& flags, StressRequest& request) {
  constexpr const char* kLength = "Length";
  flags.add(kLength, "--duration", "T", "How long rounds are run [60s]",
            [&request](auto flag, auto value) {
              request.options.duration_s =
                  parse_duration(flag, value, kShortestStress, kLongestStress);
            });
  flags.add(kLength, "--rounds", "N", "How many rounds are run, in place of a duration",
            [&request](auto flag, auto value) {
              request.options.rounds = parse_number(flag, value, 1, kMostRounds);
            });
  flags.add(kLength, "--seed", "N", "Seed of the first round, from which all others follow [1]",
            [&request](auto flag, auto value) {
              constexpr std::uint64_t kLargestRoundSeed = (std::uint64_t{1} << 53) - 1;
              request.options.seed = parse_number(flag, value, 0, kLargestRoundSeed);
            });
  flags.add_switch(kLength, "--same-round", request.options.same_round,
                   "Repeat the round of the seed");
  add_narrowing(flags, request);
  flags.add(
      "Rounds", "--payload", "BYTES", "Size of plain messages: 8, 24, 64, 256 or 1024",
      [&request](auto flag, auto value) {
        const auto bytes = static_cast<std::size_t>(parse_number(flag, value, 0, UINT64_MAX));
        if (std::ranges::find(stress::kPlainPayloads, bytes) == stress::kPlainPayloads.end()) {
          throw BadRequest(fmt::format("{} {}: must be one of {}", flag, value,
                                       fmt::join(stress::kPlainPayloads, ", ")));
        }
        request.options.narrowing.payload_bytes = bytes;
        request.narrows(flag, value);
      });
  flags.add(
      "Rounds", "--only", "SHAPE", "Rounds that have this shape, as the page names them",
      [&request](auto flag, auto value) {
        read_shape(request.options.narrowing, flag, value);
        request.narrows(flag, value);
      },
      Repeated::all);
}

/// Fills in the queues. Throws measure::BadRequest.
void choose_queues(StressRequest& request) {
  const bool all = request.queues.front() == kAllNames;
  if (all) {
    request.queues.clear();
    for (const workload::QueueEntry& queue : workload::queue_table()) {
      request.queues.emplace_back(queue.name);
    }
  }
  for (const std::string& name : request.queues) {
    const auto queue = workload::find_queue(name);
    if (!queue) throw BadRequest(fmt::format("--queue {}: there is no such queue", name));
    if (queue->kind == workload::QueueKind::limit) {
      if (all) continue;
      throw BadRequest(fmt::format("--queue {}: it is the machine's limit and no queue", name));
    }
    if (queue->make_any == nullptr) {
      if (all) continue;
      throw BadRequest(fmt::format("--queue {}: it is not built in", name));
    }
    request.options.narrowing.queues.push_back(*queue);
  }
  if (request.options.narrowing.queues.empty())
    throw BadRequest("--queue: no queue can be stressed");
}

void complete(StressRequest& request) {
  stress::StressOptions& options = request.options;
  if (!options.duration_s && !options.rounds) options.duration_s = kDefaultSeconds;
  options.narrowing_words = fmt::format("{}", fmt::join(request.narrowing, " "));
  for (const machine::Cpu& cpu : machine::this_machine().allowed_cpus()) {
    options.narrowing.cpus.push_back(cpu.os_index);
  }
  options.narrowing.most_ring_bytes = kMostRingBytes;
  if (const std::string why = stress::why_impossible(options.narrowing); !why.empty()) {
    throw BadRequest(fmt::format("stress: {}", why));
  }
}

std::string step(const stress::StressProgress& progress) {
  const auto messages = static_cast<double>(progress.messages);
  return fmt::format("round {}, {} messages, {}/s", present::grouped(progress.rounds + 1),
                     present::si(messages),
                     present::si(progress.seconds > 0 ? messages / progress.seconds : 0));
}

double part_done(const stress::StressOptions& options, const stress::StressProgress& progress) {
  double done = 0;
  if (options.duration_s) done = progress.seconds / *options.duration_s;
  if (options.rounds) {
    done =
        std::max(done, static_cast<double>(progress.rounds) / static_cast<double>(*options.rounds));
  }
  return std::min(done, 1.0);
}

results::StressReport stressed(const StressRequest& request, const OutputOptions& output,
                               measure::Interrupt& interrupt) {
  measure::Progress progress(!output.quiet);
  return stress::stress(request.options,
                        {.interrupted = [&interrupt] { return interrupt.requested(); },
                         .show =
                             [&](const stress::StressProgress& now) {
                               progress.show(part_done(request.options, now), step(now));
                             }});
}

int execute_stress(Arguments arguments, const std::string& command_line) {
  Flags flags("ringmpsc-bench stress",
              "Runs rounds of random shape, in which every message and every object is\n"
              "checked, until the time is over or one fails.",
              kStressFooter);
  OutputOptions output;
  StressRequest request;
  add_flags(flags, request);
  if (const auto help = read(flags, output, std::move(arguments), present::formats().first(1))) {
    return show(*help);
  }
  choose_queues(request);
  complete(request);
  prepare(output);

  // Before signals are only noted: it may take long.
  const machine::Topology& machine = machine::this_machine();
  measure::Interrupt interrupt;
  const std::string begun = measure::now_utc();
  results::StressReport report = stressed(request, output, interrupt);
  interrupt.release();
  report.created_utc = begun;
  report.command_line = command_line;
  report.tool = measure::this_tool();
  report.host = machine::host_facts(machine);
  report.caveats = analysis::machine_caveats(report.host, {});
  const int code = deliver(report, output, interrupt.signal());
  // A round that hangs still uses memory that an ordinary exit would destroy.
  if (report.failure || interrupt.signal()) std::_Exit(code);
  return code;
}

}  // namespace

const Command kStress{.name = "stress",
                      .summary = "rounds of random shape, until something breaks",
                      .execute = execute_stress};

}  // namespace bench::cli
