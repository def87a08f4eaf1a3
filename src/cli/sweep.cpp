// The command sweep: measures every combination of a few settings' values.

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/command.hpp"
#include "cli/flags.hpp"
#include "cli/gate.hpp"
#include "cli/kept_result.hpp"
#include "cli/markdown_output.hpp"
#include "cli/measurement.hpp"
#include "cli/output.hpp"
#include "cli/sweep_changes.hpp"
#include "cli/sweep_files.hpp"
#include "machine/topology.hpp"
#include "measure/plan.hpp"
#include "measure/resume.hpp"
#include "results/json.hpp"

namespace bench::cli {
namespace {

using measure::BadRequest;

constexpr const char* kSweepFooter =
    R"(An argument that contains a / or ends in .json is a file; its schema is
configs/schema/sweep.schema.json. The flags of Workload, Machine and
Measurement replace what the file says, or add to it. Several values,
separated by commas, make a flag of Workload or --placement an axis. Defaults
are for what neither the flags nor the file say. Series that cannot be
measured with the values of flags are left out, which is said.

A sweep announces about how long it will take, and runs all of its trials even
if it takes longer. Only if the file has a time_limit, no flag changes a
setting, and the machine is too slow, the last rounds are left out, which is
said.

Examples:
  ringmpsc-bench sweep --list
  ringmpsc-bench sweep quick
  ringmpsc-bench sweep ci --trials 40 --queue ringmpsc,boost-spsc
  ringmpsc-bench sweep ci --only producers=4,batch=1
  ringmpsc-bench sweep --print ci > mine.json
  ringmpsc-bench sweep ./mine.json --output mine-result.json
  ringmpsc-bench sweep hardware --output part.json     (and Ctrl-C)
  ringmpsc-bench sweep --resume part.json --output whole.json
  ringmpsc-bench sweep ci --only pattern=stream --require 'throughput>20M')";

std::string sweep_footer() { return fmt::format("{}\n\n{}", kGateHelp, kSweepFooter); }

/// An interrupted measurement to resume.
struct Earlier {
  std::string path;
  results::Document document;
};

/// What `sweep --list` prints.
std::string sweeps_text() {
  constexpr std::size_t kNameColumns = 14;
  constexpr std::size_t kTextColumns = 66;
  std::string text;
  for (const NamedSweep& sweep : named_sweeps()) {
    std::string_view name = sweep.name;
    if (sweep.description.empty()) text += fmt::format("{}\n", name);
    for (std::string_view left = sweep.description; !left.empty(); name = {}) {
      std::size_t end = left.size() <= kTextColumns ? left.size() : left.rfind(' ', kTextColumns);
      if (end == std::string_view::npos) end = left.size();
      text += fmt::format("{:<{}}{}\n", name, kNameColumns, left.substr(0, end));
      left.remove_prefix(std::min(left.size(), end + 1));
    }
  }
  return text;
}

Earlier load_earlier(std::string_view flag, const std::string& path) {
  return {.path = path,
          .document = kept_result(path, results::from_json, fmt::format("{} ", flag))};
}

/// The name of the sweep that gave the earlier result. Throws measure::BadRequest if that sweep did
/// not come with the program.
std::string name_of(const Earlier& earlier) {
  const std::string name = earlier.document.sweep ? earlier.document.sweep->name : "";
  const std::vector<NamedSweep> named = named_sweeps();
  if (std::ranges::find(named, name, &NamedSweep::name) != named.end()) return name;
  if (name == measure::kCurveName) {
    throw BadRequest(fmt::format(
        "--resume {}: it is a result of the command latency; only sweeps can be resumed",
        earlier.path));
  }
  throw BadRequest(
      fmt::format("--resume {}: give the file of the sweep too{}", earlier.path,
                  name.empty() ? std::string() : fmt::format(" (the sweep's name is {})", name)));
}

void resume(const Earlier& earlier, measure::Plan& plan) {
  try {
    measure::go_on_with(earlier.document, plan, machine::this_machine());
  } catch (const BadRequest& error) {
    throw BadRequest(fmt::format("--resume {}: {}", earlier.path, error.what()));
  }
}

/// `other` is a flag that means nothing for --list, or empty.
int list(const std::optional<std::string>& word, std::string_view other) {
  if (word) other = *word;
  if (!other.empty()) {
    throw BadRequest(fmt::format("--list: lists the named sweeps; leave out {}", other));
  }
  return show(sweeps_text());
}

/// `changed` is a flag that changes the sweep, and `judges` one that judges its result, or empty.
int print(const std::optional<std::string>& word, std::string_view changed, std::string_view judges,
          const OutputOptions& output) {
  if (!word)
    throw BadRequest("--print: needs the name of a sweep (see ringmpsc-bench sweep --list)");
  if (!changed.empty()) {
    throw BadRequest(fmt::format(
        "--print: prints the file as it is; leave out {}, or change it in the file", changed));
  }
  if (!judges.empty()) {
    throw BadRequest(
        fmt::format("--print: measures nothing that could be judged; leave out {}", judges));
  }
  if (!output.outputs.empty()) {
    throw BadRequest(
        fmt::format("--print: measures nothing, so there is no result for --output {}; to keep the "
                    "file, say --print {} > FILE",
                    output.outputs.front().path, *word));
  }
  if (const std::string_view label = output.labels.any(); !label.empty()) {
    throw BadRequest(
        fmt::format("--print: measures nothing that could be labelled; leave out {}", label));
  }
  return show(sweep_text(*word));
}

int execute_sweep(Arguments arguments, const std::string& command_line) {
  Flags flags("ringmpsc-bench sweep",
              "Measures every combination of the values that a file gives for a few settings.\n"
              "The trials of all combinations are interleaved.",
              sweep_footer());
  OutputOptions output;
  std::optional<std::string> word;
  std::optional<Earlier> earlier;
  SweepChanges changes;
  Gate gate;
  bool lists = false;
  bool prints = false;
  flags.add_word("NAME|FILE", word, "A sweep that came with the program, or a file of your own");
  flags.add_switch("Options", "--list", lists, "List the named sweeps and when to use each");
  flags.add_switch("Options", "--print", prints, "Print the sweep's file, to be copied and edited");
  flags.add(
      "Options", "--only", "KEY=V,...", "Only a part of the series, like producers=1,4,batch=1",
      [&changes](auto flag, auto value) { changes.only = read_only(flag, value); },
      Repeated::comma);
  flags.add(
      "Options", "--resume", "FILE", "Resume the interrupted sweep of this result; - is stdin",
      [&earlier](auto flag, auto value) { earlier = load_earlier(flag, std::string(value)); });
  add_setting_flags(flags, changes.settings);
  flags.add_switch("Measurement", "--metrics", changes.metrics,
                   "Also count commits, refusals and polls");
  add_gate_flags(flags, gate);
  add_label_flags(flags, output.labels);
  add_markdown_flag(flags, output);
  if (const auto help = read(flags, output, std::move(arguments))) return show(*help);
  const std::string_view changed = earlier ? "--resume" : changes.any();
  if (lists) {
    const std::string_view judges = gate.any().empty() ? output.labels.any() : gate.any();
    const std::string_view other = changed.empty() ? judges : changed;
    return list(word, prints ? "--print" : !output.outputs.empty() ? "--output" : other);
  }
  if (prints) return print(word, changed, gate.any(), output);
  if (!word && earlier) word = name_of(*earlier);
  if (!word) throw BadRequest("sweep: needs a name or a file (see ringmpsc-bench sweep --list)");
  const LoadedSweep loaded = load_sweep(*word);
  measure::SweepRequest sweep = requested_sweep(loaded, changes);
  prepare(output);
  measure::Plan plan = planned_sweep(std::move(sweep), loaded.path);
  if (earlier) resume(*earlier, plan);
  return carry_out(plan, gate, output, command_line);
}

}  // namespace

const Command kSweep{.name = "sweep",
                     .summary = "every combination of the settings that a file names",
                     .execute = execute_sweep};

}  // namespace bench::cli
