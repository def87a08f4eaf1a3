// The commands and their flags.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "build_info.hpp"
#include "cli/flags.hpp"
#include "cli/options.hpp"
#include "cli/request_settings.hpp"
#include "cli/sweep_files.hpp"
#include "cli/sweep_series.hpp"
#include "cli/values.hpp"
#include "machine/topology.hpp"
#include "results/file.hpp"
#include "results/json.hpp"
#include "ringmpsc/config.hpp"
#include "workload/queue_table.hpp"

namespace bench::cli {
namespace {

using measure::BadRequest;
using Arguments = std::vector<std::string>;

constexpr std::array kColorNames = {std::pair{std::string_view{"auto"}, ColorWhen::automatic},
                                    std::pair{std::string_view{"always"}, ColorWhen::always},
                                    std::pair{std::string_view{"never"}, ColorWhen::never}};
constexpr std::array<std::string_view, 6> kLogLevels = {"trace", "debug", "info",
                                                        "warn",  "error", "off"};

constexpr const char* kRunFooter =
    R"(Numbers take k, M, G; durations take ms, s, m, h.

Other commands, each with --help: latency, sweep, topology, queues.

Exit status: 0 measured and verified; 1 a message lost, duplicated, reordered or
corrupted; 2 wrong usage; 3 could not measure; 130, 143 interrupted, terminated.

Examples:
  ringmpsc-bench --producers 8 --ring-bits 16
  ringmpsc-bench --producers 4 --payload 64 --placement far --output far.json
  ringmpsc-bench --queue all --batch 1
  ringmpsc-bench --cpus 3,0-2 --producers 3 --output - | jq '.series[0].summary')";

constexpr const char* kSweepFooter =
    R"(A word with a / in it, or that ends in .json, is a file; its contract is
configs/schema/sweep.schema.json. The time is announced, and kept to: on a
machine that gets slower, the last rounds of trials are left out.

Examples:
  ringmpsc-bench sweep --list
  ringmpsc-bench sweep quick
  ringmpsc-bench sweep hardware --output part.json     (and Ctrl-C)
  ringmpsc-bench sweep --resume part.json --output whole.json
  ringmpsc-bench sweep ./mine.json --output mine-result.json)";

constexpr const char* kLatencyFooter =
    R"(Examples:
  ringmpsc-bench latency --wait busy-spin
  ringmpsc-bench latency --rate 1M --duration 1s
  ringmpsc-bench latency --rate auto
  ringmpsc-bench latency --rate 100k --producers 4 --output latency.json)";

std::string version_text() {
  return fmt::format("ringmpsc-bench {} (commit {}, {}, {} build)\nflags: {}\n", kVersion, commit(),
                     kCompiler, kBuildType, kFlags);
}

/// The same for each way to name a file, whether it is there yet or not.
std::filesystem::path whole_path(const std::string& path) {
  std::error_code error;
  const std::filesystem::path absolute = std::filesystem::absolute(path, error);
  const std::filesystem::path canonical = std::filesystem::weakly_canonical(absolute, error);
  return error ? absolute : canonical;
}

/// One for all outputs, or one for each; of an output without one, its ending tells.
void assign_formats(const std::vector<present::Format>& formats, std::vector<Output>& outputs) {
  if (formats.size() > 1 && formats.size() != outputs.size()) {
    throw BadRequest(
        fmt::format("--format: given {} times for {} --output: give it once for all, "
                    "or once for each",
                    formats.size(), outputs.size()));
  }
  if (!formats.empty() && outputs.empty()) {
    throw BadRequest("--format: nothing is written without --output");
  }
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (!formats.empty()) {
      outputs[i].format = formats[formats.size() == 1 ? 0 : i];
    } else if (outputs[i].path.ends_with(".csv")) {
      outputs[i].format = present::Format::csv;
    }
    const auto same = [&](const Output& other) {
      if (other.to_stdout() || outputs[i].to_stdout()) {
        return other.to_stdout() && outputs[i].to_stdout();
      }
      return whole_path(other.path) == whole_path(outputs[i].path);
    };
    if (std::ranges::count_if(outputs, same) > 1) {
      throw BadRequest(fmt::format("--output {}: given twice", outputs[i].path));
    }
  }
}

/// Reads a command's arguments, the flags that say what becomes of its result included. Returns the
/// help if that was asked for.
std::optional<TextOnly> read(Flags& flags, OutputOptions& options, Arguments arguments) {
  std::vector<present::Format> formats;
  constexpr const char* kGroup = "Output";
  flags.add(
      kGroup, "--output", "FILE", "Write the result; - for stdout; any number of them",
      [&options](auto flag, auto value) {
        if (value.empty()) {
          throw BadRequest(fmt::format("{} '': needs a file name, or -", flag));
        }
        options.outputs.push_back({.path = std::string(value)});
      },
      Repeated::all);
  flags.add(
      kGroup, "--format", "F", "json, csv or google-benchmark [by FILE's ending]",
      [&formats](auto flag, auto value) {
        formats.push_back(parse_named(flag, value, present::kFormatNames));
      },
      Repeated::all);
  flags.add_switch(kGroup, "-q,--quiet", options.quiet, "No summary and no progress");
  flags.add(
      kGroup, "--color", "WHEN", "auto, always or never [auto]",
      [&options](auto flag, auto value) { options.color = parse_named(flag, value, kColorNames); });
  flags.add(kGroup, "--log-level", "L", "trace, debug, info, warn, error, off [warn]",
            [&options](auto flag, auto value) {
              options.log_level = kLogLevels[parse_choice(flag, value, kLogLevels)];
            });
  if (auto help = flags.read(std::move(arguments))) return TextOnly{std::move(*help)};
  assign_formats(formats, options.outputs);
  return std::nullopt;
}

void add_request_flags(Flags& flags, RequestDraft& draft) {
  for (const Setting& setting : request_settings()) {
    flags.add(setting.group, setting.flag, setting.value_name, setting.description,
              [&draft, read = setting.read](auto flag, auto value) { read(draft, flag, value); });
  }
}

Options parse_run(Arguments arguments) {
  Flags flags("ringmpsc-bench",
              "Measures the throughput of a multi-producer single-consumer channel, end to\n"
              "end and verified message by message.",
              kRunFooter);
  RunOptions options;
  RequestDraft draft;
  bool version = false;
  flags.add_switch("Options", "--version", version, "Version, commit, compiler and flags");
  add_request_flags(flags, draft);
  flags.add_switch("Measurement", "--limit", draft.request.limit,
                   "Also measure what the machine can do at most");
  flags.add_switch("Measurement", "--metrics", draft.request.spec.metrics,
                   "Count commits, refusals and polls too");
  if (auto help = read(flags, options.output, std::move(arguments))) return std::move(*help);
  if (version) return TextOnly{version_text()};
  options.request = std::move(draft).finish();
  return options;
}

/// What `sweep --list` prints.
std::string sweeps_text() {
  constexpr std::size_t kNameColumns = 14;
  constexpr std::size_t kTextColumns = 66;
  std::string text;
  for (const NamedSweep& sweep : named_sweeps()) {
    std::string_view name = sweep.name;
    for (std::string_view left = sweep.description; !left.empty(); name = {}) {
      std::size_t end = left.size() <= kTextColumns ? left.size() : left.rfind(' ', kTextColumns);
      if (end == std::string_view::npos) end = left.size();
      text += fmt::format("{:<{}}{}\n", name, kNameColumns, left.substr(0, end));
      left.remove_prefix(std::min(left.size(), end + 1));
    }
  }
  return text;
}

Earlier load_earlier(std::string_view flag, std::string_view path) {
  Earlier earlier{.path = std::string(path), .document = {}};
  const auto text = results::read_whole(path == "-" ? "/dev/stdin" : earlier.path);
  if (!text) throw BadRequest(fmt::format("{} {}", flag, text.error()));
  auto document = results::from_json(*text);
  if (!document) throw BadRequest(fmt::format("{} {}: {}", flag, path, document.error()));
  earlier.document = std::move(*document);
  return earlier;
}

/// Of the sweep that came with the program, which need not be named again.
std::string name_of(const Earlier& earlier) {
  const std::string name = earlier.document.sweep ? earlier.document.sweep->name : "";
  const std::vector<NamedSweep> named = named_sweeps();
  if (std::ranges::find(named, name, &NamedSweep::name) != named.end()) return name;
  if (name == measure::kCurveName) {
    throw BadRequest(fmt::format(
        "--resume {}: it is of the command latency: only sweeps are gone on with", earlier.path));
  }
  throw BadRequest(
      fmt::format("--resume {}: give the sweep's own file too{}", earlier.path,
                  name.empty() ? std::string() : fmt::format(", which is named {}", name)));
}

Options parse_sweep(Arguments arguments) {
  Flags flags("ringmpsc-bench sweep",
              "Measures every combination of a few settings' values, as a file names them, with\n"
              "the trials of all of them interleaved.",
              kSweepFooter);
  SweepOptions options;
  std::optional<std::string> word;
  bool list = false;
  flags.add_word("NAME|FILE", word, "A sweep that came with the program, or a file of your own");
  flags.add("Options", "--resume", "FILE", "Go on with an interrupted sweep's result; - is stdin",
            [&options](auto flag, auto value) { options.earlier = load_earlier(flag, value); });
  flags.add_switch("Options", "--list", list, "The named sweeps, and when to use which");
  if (auto help = read(flags, options.output, std::move(arguments))) return std::move(*help);
  if (list) return TextOnly{sweeps_text()};
  if (!word && options.earlier) word = name_of(*options.earlier);
  if (!word) throw BadRequest("sweep: which one? See ringmpsc-bench sweep --list, or give a file");
  const LoadedSweep loaded = load_sweep(*word);
  options.file = loaded.path;
  const std::size_t cpus = machine::this_machine().allowed_cpus().size();
  try {
    options.sweep = sweep_series(loaded.file, static_cast<unsigned>(cpus), loaded.name);
  } catch (const BadRequest& error) {
    throw BadRequest(fmt::format("{}: {}", loaded.path, error.what()));
  }
  return options;
}

Options parse_latency(Arguments arguments) {
  Flags flags("ringmpsc-bench latency",
              "Times every message: round trips one after the other or, with --rate, messages\n"
              "that are due on a fixed schedule, from when they were due, so that a stall is not\n"
              "hidden by the messages that it held up.",
              kLatencyFooter);
  RunOptions options;
  RequestDraft draft;
  draft.request.spec.latency = true;
  add_request_flags(flags, draft);
  if (auto help = read(flags, options.output, std::move(arguments))) return std::move(*help);
  workload::Spec& spec = draft.request.spec;
  if (!draft.pattern_given) {
    const bool scheduled = spec.rate || draft.request.up_to_saturation;
    spec.pattern = scheduled ? workload::Pattern::one_way : workload::Pattern::round_trip;
  } else if (spec.pattern == workload::Pattern::stream) {
    throw BadRequest(
        "--pattern stream: a stream's messages are not timed; use round-trip, or "
        "one-way with a --rate");
  }
  options.request = std::move(draft).finish();
  return options;
}

Options parse_topology(Arguments arguments) {
  Flags flags("ringmpsc-bench topology",
              "Shows the machine: what the system reports of its processors, where each policy\n"
              "would place threads, and how long a cache line takes from core to core and back,\n"
              "measured.");
  TopologyOptions options;
  flags.add("Machine", "--producers", "N", "Whose placements are shown [1]",
            [&options](auto flag, auto value) {
              options.producers = static_cast<unsigned>(
                  parse_number(flag, value, ringmpsc::kMinProducers, ringmpsc::kMaxProducers));
            });
  if (auto help = read(flags, options.output, std::move(arguments))) return std::move(*help);
  for (const Output& output : options.output.outputs) {
    if (output.format != present::Format::json) {
      throw BadRequest(
          fmt::format("--output {}: the command topology writes JSON only", output.path));
    }
  }
  return options;
}

/// What `queues` prints.
std::string queues_text() {
  std::string text = fmt::format("{:<22}{:<7}{:<14}{:<13}{}\n", "queue", "kind", "in order",
                                 "threads are", "version");
  constexpr std::array<std::string_view, 4> kKinds = {"SPSC", "MPSC", "MPMC", "limit"};
  for (const workload::QueueEntry& queue : workload::queue_table()) {
    text += fmt::format("{:<22}{:<7}{:<14}{:<13}{}\n", queue.name,
                        kKinds[static_cast<std::size_t>(queue.kind)], queue.order, queue.progress,
                        queue.start != nullptr ? queue.version : "not built in");
  }
  return text;
}

Options parse_queues(Arguments arguments) {
  Flags flags("ringmpsc-bench queues",
              "Lists the queues that --queue can name: how many threads may use their ends,\n"
              "what stays in order, what a thread's operation depends on, and the version that\n"
              "is built in.");
  if (auto help = flags.read(std::move(arguments))) return TextOnly{std::move(*help)};
  return TextOnly{queues_text()};
}

struct Command {
  std::string_view name;
  Options (*parse)(Arguments);
};
constexpr std::array kCommands = {
    Command{"run", parse_run}, Command{"sweep", parse_sweep}, Command{"latency", parse_latency},
    Command{"topology", parse_topology}, Command{"queues", parse_queues}};

}  // namespace

Options parse(int argc, const char* const* argv) {
  Arguments arguments(argv + std::min(argc, 1), argv + argc);
  const Command* command = kCommands.data();  // the default, whose name may be left out
  if (!arguments.empty() && !arguments.front().empty() && !arguments.front().starts_with('-')) {
    std::array<std::string_view, kCommands.size()> names;
    std::ranges::transform(kCommands, names.begin(), &Command::name);
    command = &kCommands[parse_choice("command", arguments.front(), names)];
    arguments.erase(arguments.begin());
  }
  return command->parse(std::move(arguments));
}

}  // namespace bench::cli
