// The flags of each command. The only file that knows CLI11.

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <limits>
#include <ranges>
#include <string>
#include <string_view>
#include <vector>

#include "build_info.hpp"
#include "cli/options.hpp"
#include "cli/values.hpp"
#include "ringmpsc/config.hpp"
#include "workload/trial.hpp"

namespace bench::cli {
namespace {

using measure::BadRequest;

constexpr std::string_view kProgram = "ringmpsc-bench";
constexpr std::array<std::string_view, 2> kCommands = {"run", "queues"};

struct Preset {
  std::string_view name;
  ringmpsc::Config config;
};
constexpr std::array kPresets = {Preset{"low-latency", ringmpsc::presets::low_latency},
                                 Preset{"default", ringmpsc::presets::standard},
                                 Preset{"high-throughput", ringmpsc::presets::high_throughput}};

/// The policies that have a flag of their own word; "explicit" is what --cpus makes it.
constexpr auto kPolicies = [] {
  std::array<decltype(machine::kPolicyNames)::value_type, machine::kPolicyNames.size() - 1> named;
  std::ranges::copy_if(machine::kPolicyNames, named.begin(), [](const auto& entry) {
    return entry.second != machine::PlacementPolicy::explicit_cpus;
  });
  return named;
}();
constexpr std::array kColorNames = {std::pair{std::string_view{"auto"}, ColorWhen::automatic},
                                    std::pair{std::string_view{"always"}, ColorWhen::always},
                                    std::pair{std::string_view{"never"}, ColorWhen::never}};
constexpr std::array<std::string_view, 6> kLogLevels = {"trace", "debug", "info",
                                                        "warn",  "error", "off"};

constexpr std::uint64_t kMostMessages = 1'000'000'000'000'000;
/// More than any ring holds: what does not fit is clamped, and said so.
constexpr std::uint64_t kLargestBatch = 1'000'000'000;
/// Readers of JSON that keep numbers as doubles keep it exactly.
constexpr std::uint64_t kLargestSeed = (std::uint64_t{1} << 53) - 1;
constexpr unsigned kMostTrials = 100'000;
constexpr double kShortestTrialSeconds = 0.001;
constexpr double kLongestTrialSeconds = 24 * 3600;

constexpr std::string_view kFooter =
    R"(Numbers take k, M, G; durations take ms, s, m, h.

Exit status: 0 measured and verified; 1 a message lost, duplicated, reordered or
corrupted; 2 wrong usage; 3 could not measure; 130, 143 interrupted, terminated.

Examples:
  ringmpsc-bench --producers 8 --ring-bits 16
  ringmpsc-bench --producers 4 --payload 64 --placement far --output far.json
  ringmpsc-bench --queue all --batch 1
  ringmpsc-bench --cpus 3,0-2 --producers 3 --output - | jq '.series[0].summary')";

std::string version_text() {
  return fmt::format("{} {} (commit {}, {}, {} build)\nflags: {}\n", kProgram, kVersion, commit(),
                     kCompiler, kBuildType, kFlags);
}

/// Reads one flag's value into the options.
using Read = std::function<void(std::string_view flag, std::string_view value)>;

class RunFlags {
 public:
  RunFlags()
      : app_(
            "Measures the throughput of a multi-producer single-consumer channel, end to\n"
            "end and verified message by message.",
            std::string(kProgram)) {
    app_.get_formatter()->column_width(22);
    app_.set_help_flag("-h,--help", "This text");
    app_.add_flag("--version", version_, "Version, commit, compiler and flags");
    app_.footer(std::string(kFooter));
    add_workload_flags();
    add_machine_flags();
    add_measurement_flags();
    add_output_flags();
  }

  Options parse(std::vector<std::string> arguments) {
    std::ranges::reverse(arguments);  // as CLI11 wants them
    try {
      app_.parse(std::move(arguments));
    } catch (const CLI::CallForHelp&) {
      return TextOnly{app_.help()};
    } catch (const CLI::ExtrasError&) {
      throw BadRequest(unknown(app_.remaining().front()));
    } catch (const CLI::ParseError& error) {
      throw BadRequest(needs_value(error));
    }
    if (version_) return TextOnly{version_text()};
    finish();
    return std::move(options_);
  }

 private:
  void add_workload_flags() {
    auto& spec = options_.request.spec;
    add("Workload", "--queue", "NAMES", "Queues side by side, or all; see the command queues",
        [this](auto flag, auto value) { options_.request.queues = parse_queues(flag, value); });
    add("Workload", "--producers", "N", "Producer threads; the consumer is one more [1]",
        [&, this](auto flag, auto value) {
          spec.producers =
              number<unsigned>(flag, value, ringmpsc::kMinProducers, ringmpsc::kMaxProducers);
          producers_given_ = true;
        });
    add("Workload", "--idle-producers", "N", "Registered beside them, and silent [0]",
        [&](auto flag, auto value) {
          spec.idle_producers = number<unsigned>(flag, value, 0, ringmpsc::kMaxProducers - 1);
        });
    add("Workload", "--pattern", "NAME", "stream, or round-trip: one message in flight [stream]",
        [&](auto flag, auto value) {
          spec.pattern = parse_named(flag, value, workload::kPatternNames);
        });
    add("Workload", "--ring-bits", "B", "2^B slots a ring, 1 to 20 [16]",
        [this](auto flag, auto value) {
          ring_bits_ = number<unsigned>(flag, value, ringmpsc::kMinRingBits, ringmpsc::kMaxRingBits,
                                        "2^20 = 1,048,576 slots");
        });
    add("Workload", "--preset", "NAME", "low-latency (12 bits), default, high-throughput (18)",
        [&](auto flag, auto value) {
          std::array<std::string_view, kPresets.size()> names;
          std::ranges::transform(kPresets, names.begin(), &Preset::name);
          const Preset& preset = kPresets[parse_choice(flag, value, names)];
          spec.preset = preset.name;
          spec.ring_bits = preset.config.ring_bits;
        });
    add("Workload", "--payload", "BYTES", "Message size: 4, 8, 16, 32, ... 1024 [8]",
        [&](auto flag, auto value) {
          spec.payload_bytes = number<std::size_t>(flag, value, 0, UINT64_MAX);
          if (std::ranges::find(workload::kPayloadBytes, spec.payload_bytes) ==
              workload::kPayloadBytes.end()) {
            throw BadRequest(fmt::format("{} {}: must be one of {}", flag, value,
                                         fmt::join(workload::kPayloadBytes, ", ")));
          }
        });
    add("Workload", "--batch", "N", "Messages a commit; 1 pushes one at a time [256]",
        [&](auto flag, auto value) {
          spec.batch = number<std::size_t>(flag, value, 1, kLargestBatch);
        });
    add("Workload", "--write", "HOW", "in-place, copy, or (single pushes) deferred [in-place]",
        [&](auto flag, auto value) {
          spec.write = parse_named(flag, value, workload::kWriteNames);
        });
    add("Workload", "--consume", "MODE", "verify every word, read (checksum), or count [verify]",
        [&](auto flag, auto value) {
          spec.consume = parse_named(flag, value, workload::kConsumeNames);
        });
    add("Workload", "--wait", "STRATEGY",
        "adaptive [default], busy-spin, yielding, backoff, blocking",
        [&](auto flag, auto value) { spec.wait = parse_named(flag, value, workload::kWaitNames); });
  }

  void add_machine_flags() {
    auto& request = options_.request;
    add("Machine", "--placement", "POLICY", "near, far, smt (siblings first) or none [near]",
        [&, this](auto flag, auto value) {
          request.policy = parse_named(flag, value, kPolicies);
          placement_given_ = true;
        });
    add("Machine", "--cpus", "LIST", "The consumer's CPU, then each producer's, like 3,0-2",
        [&](auto flag, auto value) {
          auto cpus = machine::parse_cpu_list(value);
          if (!cpus) throw BadRequest(fmt::format("{} {}: {}", flag, value, cpus.error()));
          request.cpus = std::move(*cpus);
        });
  }

  void add_measurement_flags() {
    auto& request = options_.request;
    add("Measurement", "--duration", "T", "Length of each trial [300ms]",
        [&, this](auto flag, auto value) {
          request.spec.duration_s =
              parse_duration(flag, value, kShortestTrialSeconds, kLongestTrialSeconds);
          duration_given_ = true;
        });
    add("Measurement", "--messages", "N", "Messages a producer, in place of a duration",
        [&](auto flag, auto value) {
          request.spec.messages_per_producer = number<std::uint64_t>(flag, value, 1, kMostMessages);
        });
    add("Measurement", "--trials", "N", "Counted trials [10]", [&](auto flag, auto value) {
      request.trials = number<unsigned>(flag, value, 1, kMostTrials);
    });
    add("Measurement", "--warmup", "N", "Uncounted trials before them [1]",
        [&](auto flag, auto value) {
          request.warmup = number<unsigned>(flag, value, 0, kMostTrials);
        });
    add("Measurement", "--seed", "N", "Of the trials' order and the bootstrap [1]",
        [&](auto flag, auto value) {
          request.seed = number<std::uint64_t>(flag, value, 0, kLargestSeed);
        });
    app_.add_flag("--limit", request.limit, "Also measure what the machine can do at most")
        ->group("Measurement");
    app_.add_flag("--metrics", request.spec.metrics, "Count commits, refusals and polls too")
        ->group("Measurement");
  }

  void add_output_flags() {
    add("Output", "--output", "FILE", "Write the result as JSON; - for stdout",
        [this](auto flag, auto value) {
          if (value.empty()) throw BadRequest(fmt::format("{} '': needs a file name, or -", flag));
          options_.output = std::string(value);
        });
    app_.add_flag("-q,--quiet", options_.quiet, "No summary and no progress")->group("Output");
    add("Output", "--color", "WHEN", "auto, always or never [auto]",
        [this](auto flag, auto value) { options_.color = parse_named(flag, value, kColorNames); });
    add("Output", "--log-level", "L", "trace, debug, info, warn, error, off [warn]",
        [this](auto flag, auto value) {
          options_.log_level = kLogLevels[parse_choice(flag, value, kLogLevels)];
        });
  }

  void add(const char* group, const std::string& flag, const char* value_name,
           const char* description, Read read) {
    app_.add_option_function<std::string>(
            flag, [flag, read = std::move(read)](const std::string& value) { read(flag, value); },
            description)
        ->type_name(value_name)
        ->group(group)
        ->take_last();  // so that a wrapper's flags can be overridden
  }

  template <class N>
  static N number(std::string_view flag, std::string_view value, std::uint64_t low,
                  std::uint64_t high, std::string_view note = {}) {
    return static_cast<N>(parse_number(flag, value, low, high, note));
  }

  /// What can be decided only once every flag has been read.
  void finish() {
    auto& request = options_.request;
    if (ring_bits_) request.spec.ring_bits = *ring_bits_;
    if (request.spec.messages_per_producer) {
      if (duration_given_) {
        throw BadRequest("--duration and --messages exclude each other: give one of them");
      }
      request.spec.duration_s.reset();
    }
    const unsigned registered = request.spec.producers + request.spec.idle_producers;
    if (registered > ringmpsc::kMaxProducers) {
      throw BadRequest(fmt::format(
          "--producers {} and --idle-producers {} are more than {} together",
          request.spec.producers, request.spec.idle_producers, ringmpsc::kMaxProducers));
    }
    if (placement_given_ && !request.cpus.empty()) {
      throw BadRequest("--placement and --cpus exclude each other: give one of them");
    }
    // Each CPU that is named is somebody's: the first the consumer's, the others a producer's each.
    if (const std::size_t named = request.cpus.size(); named > request.spec.producers + 1) {
      if (producers_given_ || named - 1 > ringmpsc::kMaxProducers) {
        throw BadRequest(fmt::format(
            "--cpus names {} CPUs, and --producers {} and the consumer take {}: name fewer, or use "
            "--producers {}",
            named, request.spec.producers, request.spec.producers + 1,
            std::min<std::size_t>(named - 1, ringmpsc::kMaxProducers)));
      }
      request.spec.producers = static_cast<unsigned>(named - 1);
    }
  }

  /// Names between commas; each must be a queue's, or "all" alone.
  static std::vector<std::string> parse_queues(std::string_view flag, std::string_view value) {
    std::vector<std::string_view> names = {"all"};
    for (const workload::QueueEntry& queue : workload::queue_table()) names.push_back(queue.name);
    std::vector<std::string> chosen;
    for (const auto part : value | std::views::split(',')) {
      const std::string_view name(part.begin(), part.end());
      chosen.emplace_back(names[parse_choice(flag, name, names)]);
      if (std::ranges::count(chosen, chosen.back()) > 1) {
        throw BadRequest(fmt::format("{} {}: names {} twice", flag, value, name));
      }
    }
    if (chosen.empty()) static_cast<void>(parse_choice(flag, value, names));
    if (chosen.size() > 1 && std::ranges::find(chosen, "all") != chosen.end()) {
      throw BadRequest(fmt::format("{} {}: all includes the others: give it alone", flag, value));
    }
    return chosen;
  }

  std::string unknown(const std::string& argument) {
    std::vector<std::string> names;
    for (const CLI::Option* option : app_.get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
    const std::vector<std::string_view> views(names.begin(), names.end());
    const std::string_view flag = std::string_view(argument).substr(0, argument.find('='));
    const std::string_view meant = nearest(flag, views);
    if (!argument.starts_with('-')) {
      return fmt::format("{}: not expected here; every value follows a flag (see {} --help)",
                         argument, kProgram);
    }
    return meant.empty() ? fmt::format("{}: no such flag (see {} --help)", flag, kProgram)
                         : fmt::format("{}: no such flag (did you mean {}?)", flag, meant);
  }

  /// CLI11's other complaints come down to a flag without its value, or one with a value too many.
  std::string needs_value(const CLI::ParseError& error) {
    const std::string_view what = error.what();
    const std::string_view flag = what.substr(0, what.find(':'));
    const CLI::Option* option = app_.get_option_no_throw(std::string(flag));
    if (option == nullptr) return fmt::format("{} (see {} --help)", what, kProgram);
    if (option->get_expected_min() == 0) return fmt::format("{}: takes no value", flag);
    return fmt::format("{}: needs a value: {}", flag, option->get_description());
  }

  CLI::App app_;
  RunOptions options_;
  std::optional<unsigned> ring_bits_;
  bool producers_given_ = false;
  bool placement_given_ = false;
  bool duration_given_ = false;
  bool version_ = false;
};

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

Options queues(const std::vector<std::string>& arguments) {
  if (arguments.empty()) return TextOnly{queues_text()};
  if (arguments.front() == "--help" || arguments.front() == "-h") {
    return TextOnly{
        "Lists the queues that --queue can name: how many threads may use their ends, what stays "
        "in\n"
        "order, what a thread's operation depends on, and the version that is built in.\n"
        "Usage: ringmpsc-bench queues\n"};
  }
  throw BadRequest(fmt::format("{}: not expected here; the command queues takes no arguments",
                               arguments.front()));
}

}  // namespace

Options parse(int argc, const char* const* argv) {
  std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
  if (!arguments.empty() && !arguments.front().empty() && !arguments.front().starts_with('-')) {
    // The default command's name may be left out; any other word in its place is a mistake.
    const std::size_t command = parse_choice("command", arguments.front(), kCommands);
    arguments.erase(arguments.begin());
    if (kCommands[command] == "queues") return queues(arguments);
  }
  return RunFlags().parse(std::move(arguments));
}

}  // namespace bench::cli
