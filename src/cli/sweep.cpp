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
#include "cli/measurement.hpp"
#include "cli/output.hpp"
#include "cli/sweep_files.hpp"
#include "cli/sweep_series.hpp"
#include "machine/topology.hpp"
#include "measure/plan.hpp"
#include "measure/resume.hpp"
#include "results/file.hpp"
#include "results/json.hpp"

namespace bench::cli {
namespace {

using measure::BadRequest;

constexpr const char* kSweepFooter =
    R"(An argument that contains a / or ends in .json is a file; its schema is
configs/schema/sweep.schema.json. A sweep announces about how long it will take,
and runs all of its trials however long that is; only where the file has a
time_limit, and the machine is too slow for it, are the last rounds of trials
left out, which is said.

Examples:
  ringmpsc-bench sweep --list
  ringmpsc-bench sweep quick
  ringmpsc-bench sweep hardware --output part.json     (and Ctrl-C)
  ringmpsc-bench sweep --resume part.json --output whole.json
  ringmpsc-bench sweep ./mine.json --output mine-result.json)";

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

measure::SweepRequest requested(const LoadedSweep& loaded) {
  const std::size_t cpus = machine::this_machine().allowed_cpus().size();
  try {
    return sweep_series(loaded.file, static_cast<unsigned>(cpus), loaded.name);
  } catch (const BadRequest& error) {
    throw BadRequest(fmt::format("{}: {}", loaded.path, error.what()));
  }
}

/// Makes the plan. Some mistakes in a sweep file come to light only here; their messages name the
/// file, as those of the others do.
measure::Plan planned(const measure::SweepRequest& sweep, const std::string& file) {
  try {
    return measure::make_plan(sweep, machine::this_machine());
  } catch (const BadRequest& error) {
    throw BadRequest(fmt::format("{}: {}", file, error.what()));
  }
}

void resume(const Earlier& earlier, measure::Plan& plan) {
  try {
    measure::go_on_with(earlier.document, plan, machine::this_machine());
  } catch (const BadRequest& error) {
    throw BadRequest(fmt::format("--resume {}: {}", earlier.path, error.what()));
  }
}

int execute_sweep(Arguments arguments, const std::string& command_line) {
  Flags flags("ringmpsc-bench sweep",
              "Measures every combination of the values that a file gives for a few settings.\n"
              "The trials of all combinations are interleaved.",
              kSweepFooter);
  OutputOptions output;
  std::optional<std::string> word;
  std::optional<Earlier> earlier;
  bool list = false;
  flags.add_word("NAME|FILE", word, "A sweep that came with the program, or a file of your own");
  flags.add("Options", "--resume", "FILE",
            "Resume the interrupted sweep of this result; - is stdin",
            [&earlier](auto flag, auto value) { earlier = load_earlier(flag, value); });
  flags.add_switch("Options", "--list", list, "List the named sweeps and when to use each");
  if (const auto help = read(flags, output, std::move(arguments))) return show(*help);
  if (list) return show(sweeps_text());
  if (!word && earlier) word = name_of(*earlier);
  if (!word) throw BadRequest("sweep: needs a name or a file (see ringmpsc-bench sweep --list)");
  const LoadedSweep loaded = load_sweep(*word);
  const measure::SweepRequest sweep = requested(loaded);
  prepare(output);
  measure::Plan plan = planned(sweep, loaded.path);
  if (earlier) resume(*earlier, plan);
  return carry_out(plan, output, command_line);
}

}  // namespace

const Command kSweep{.name = "sweep",
                     .summary = "every combination of the settings that a file names",
                     .execute = execute_sweep};

}  // namespace bench::cli
