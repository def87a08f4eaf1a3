// The command duel: measures two programs in turns and says whether one is slower.

#include "measure/duel.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <random>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/command.hpp"
#include "cli/flags.hpp"
#include "cli/sweep_changes.hpp"
#include "cli/sweep_files.hpp"
#include "cli/values.hpp"
#include "cli/verdict_output.hpp"
#include "machine/topology.hpp"
#include "measure/interrupt.hpp"
#include "measure/progress.hpp"

namespace bench::cli {
namespace {

using measure::BadRequest;
using results::SweepEntry;

constexpr double kLeastBudgetSeconds = 0.1;
constexpr double kMostBudgetSeconds = 7 * 24 * 3600;
constexpr double kShortestDuelTrial = 0.005;
constexpr double kLongestDuelTrial = 1;

constexpr const char* kDuelFooter =
    R"(BASE and CANDIDATE are two builds of ringmpsc-bench. Without them, this program
is both: give --base-args and --candidate-args then. A name without a / that is
no file is looked for in PATH.

Both run trials in turns, ABBA or BAAB as chance has it, on the same CPUs, never
both at once, in a new process for each trial: where a process lies in memory
makes it faster or slower than the next. A series is regressed if the
interval of the ratio lies wholly beyond --fail-on; all intervals of a duel
together hold the true ratios with 95 % confidence, whenever it ends. It ends as
soon as every verdict is clear.

Exit status: 0 nothing regressed; 1 regressed, or a message was lost,
duplicated, reordered or corrupted, or a queue failed; 2 invalid request; 3 a
side could not be measured, or the result not written; 129 hung up; 130
interrupted; 143 terminated. 2 and 3 never mean regressed.

Examples:
  ringmpsc-bench duel old/ringmpsc-bench new/ringmpsc-bench
  ringmpsc-bench duel old/ringmpsc-bench new/ringmpsc-bench --fail-on 2% \
    --budget 5m --markdown duel.md --junit duel.xml --output duel.json
  ringmpsc-bench duel --base-args '--ring-bits 12' --candidate-args '--ring-bits 16'
  ringmpsc-bench duel --base-args '--queue boost-spsc' --only producers=1
  ringmpsc-bench show duel.json)";

/// The settings of one side, as its flag's value has them.
struct SideSettings {
  std::vector<std::string> words;
  std::vector<SweepEntry> settings;
};

/// Settings that a duel decides itself.
void refuse_planning(std::string_view flag, const std::vector<SweepEntry>& settings) {
  constexpr std::array<std::string_view, 3> kPlanning = {"trials", "warmup", "messages"};
  for (const SweepEntry& entry : settings) {
    if (std::ranges::find(kPlanning, entry.key) == kPlanning.end()) continue;
    throw BadRequest(fmt::format(
        "{}{}: a duel runs trials until its verdicts are clear; see --budget", flag, entry.place));
  }
}

SideSettings read_side(std::string_view flag, std::string_view text) {
  SideSettings side;
  for (const auto word : text | std::views::split(' ')) {
    if (!word.empty()) side.words.emplace_back(word.begin(), word.end());
  }
  Flags flags("ringmpsc-bench duel", "");
  add_setting_flags(flags, side.settings);
  const std::string before = fmt::format("{}: ", flag);
  try {
    if (flags.read(side.words)) throw BadRequest("takes flags of Workload and Machine only");
  } catch (const BadRequest& error) {
    throw BadRequest(before + error.what());
  }
  refuse_planning(before, side.settings);
  // The sides run in turns, on the same CPUs.
  constexpr std::array<std::string_view, 4> kOfBoth = {"duration", "seed", "placement", "cpus"};
  for (const SweepEntry& entry : side.settings) {
    if (std::ranges::find(kOfBoth, entry.key) == kOfBoth.end()) continue;
    throw BadRequest(fmt::format("{}{}: holds for both sides; give it outside of {}", before,
                                 entry.place, flag));
  }
  return side;
}

bool names(const std::vector<SweepEntry>& settings, std::string_view key) {
  return std::ranges::find(settings, key, &SweepEntry::key) != settings.end();
}

/// What a side changes wins over what both change.
SweepChanges joined(SweepChanges both, const std::vector<SweepEntry>& side) {
  std::erase_if(both.settings, [&](const SweepEntry& entry) { return names(side, entry.key); });
  std::ranges::copy(side, std::back_inserter(both.settings));
  return both;
}

measure::Plan plan_of(const LoadedSweep& sweep, const SweepChanges& both, const SideSettings& side,
                      std::string_view flag) {
  try {
    return planned_sweep(requested_sweep(sweep, joined(both, side.settings)), sweep.path);
  } catch (const BadRequest& error) {
    if (side.words.empty()) throw;
    throw BadRequest(fmt::format("{}: {}", flag, error.what()));
  }
}

/// The path of this program, to run it again.
std::string this_program() {
  std::array<char, 4096> path{};
  const ssize_t length = readlink("/proc/self/exe", path.data(), path.size());
  if (length <= 0) throw BadRequest("duel: /proc is not there; name BASE and CANDIDATE");
  return {path.data(), static_cast<std::size_t>(length)};
}

void check_program(std::string_view side, const std::string& program) {
  if (!program.contains('/') && access(program.c_str(), F_OK) != 0) return;  // looked for in PATH
  if (access(program.c_str(), F_OK) != 0) {
    throw BadRequest(fmt::format("{} {}: there is no such file", side, program));
  }
  if (std::filesystem::is_directory(program)) {
    throw BadRequest(fmt::format("{} {}: is a directory", side, program));
  }
  if (access(program.c_str(), X_OK) != 0) {
    throw BadRequest(fmt::format("{} {}: may not be executed", side, program));
  }
}

std::uint64_t drawn_seed() {
  constexpr std::uint64_t kBits = 53;  // what --seed takes, and every reader of JSON
  std::random_device random;
  return ((std::uint64_t{random()} << 32) | random()) >> (64 - kBits);
}

/// How long a trial takes: what the flag says, for a sweep's own trials are longer.
double trial_seconds(const std::vector<SweepEntry>& settings) {
  const auto given = std::ranges::find(settings, "duration", &SweepEntry::key);
  if (given == settings.end()) return measure::kDuelTrialSeconds;
  return parse_duration(given->place, given->values.front().text, kShortestDuelTrial,
                        kLongestDuelTrial);
}

int execute_duel(Arguments arguments, const std::string& command_line) {
  Flags flags("ringmpsc-bench duel",
              "Measures two builds of this program, or one with two settings, in turns, and\n"
              "says of each series whether the candidate is slower than the base.",
              kDuelFooter);
  VerdictOptions output;
  std::optional<std::string> base;
  std::optional<std::string> candidate;
  std::string sweep_name = "ci";
  SweepChanges both;
  SideSettings of_base;
  SideSettings of_candidate;
  std::optional<double> budget_s;
  flags.add_word("BASE", base, "The program to compare with");
  flags.add_word("CANDIDATE", candidate, "The program that may have become slower");
  flags.add("Options", "--sweep", "NAME|FILE", "The series, as for the command sweep [ci]",
            [&](auto, auto value) { sweep_name = value; });
  flags.add(
      "Options", "--only", "KEY=V,...", "Only a part of the series, like producers=1,4,batch=1",
      [&](auto flag, auto value) { both.only = read_only(flag, value); }, Repeated::comma);
  flags.add("Options", "--base-args", "FLAGS", "Flags for BASE alone, like '--ring-bits 12'",
            [&](auto flag, auto value) { of_base = read_side(flag, value); });
  flags.add("Options", "--candidate-args", "FLAGS", "Flags for CANDIDATE alone",
            [&](auto flag, auto value) { of_candidate = read_side(flag, value); });
  flags.add("Options", "--budget", "T", "The most that measuring may take [10s for each series]",
            [&](auto flag, auto value) {
              budget_s = parse_duration(flag, value, kLeastBudgetSeconds, kMostBudgetSeconds);
            });
  add_setting_flags(flags, both.settings,
                    {{"duration", "Duration of each trial, 5ms to 1s [20ms]"},
                     {"seed", "Seed of the order of blocks and series [random]"},
                     {"trials", ""},
                     {"warmup", ""},
                     {"messages", ""}});
  if (const auto help = read(flags, output, std::move(arguments))) return show(*help);
  refuse_planning("", both.settings);
  if (base.has_value() != candidate.has_value()) {
    throw BadRequest(fmt::format(
        "duel {}: needs two programs, BASE and CANDIDATE, or none to compare settings of this one",
        *base));
  }
  if (!base && of_base.words.empty() && of_candidate.words.empty()) {
    throw BadRequest(
        "duel: needs two programs, BASE and CANDIDATE, or settings to compare: --base-args, "
        "--candidate-args");
  }
  const double trial_s = trial_seconds(both.settings);
  if (base) {
    check_program("BASE", *base);
    check_program("CANDIDATE", *candidate);
  }
  const LoadedSweep sweep = load_sweep(sweep_name);
  std::vector<std::string> varied;
  for (const SideSettings* const side : {&of_base, &of_candidate}) {
    for (const SweepEntry& entry : side->settings) varied.push_back(entry.key);
  }
  measure::DuelPlan plan =
      match(plan_of(sweep, both, of_base, "--base-args"),
            plan_of(sweep, both, of_candidate, "--candidate-args"), varied, trial_s);
  plan.base = {.program = base ? *base : this_program(), .arguments = of_base.words};
  plan.candidate = {.program = candidate ? *candidate : this_program(),
                    .arguments = of_candidate.words};
  plan.margin = output.margin;
  // Every duel draws its own order: what recurs at the same time in each would otherwise always
  // meet the same side.
  if (!names(both.settings, "seed")) plan.seed = drawn_seed();
  plan.budget_s = budget_s;
  prepare(output);

  measure::Interrupt interrupt;
  measure::Progress progress(!output.output.quiet);
  const results::VerdictReport report =
      measure::duel(std::move(plan), machine::this_machine(), command_line, interrupt, progress);
  interrupt.release();
  return deliver(report, output, interrupt.signal());
}

}  // namespace

const Command kDuel{.name = "duel",
                    .summary = "two builds or settings in turns: is one slower?",
                    .execute = execute_duel};

}  // namespace bench::cli
