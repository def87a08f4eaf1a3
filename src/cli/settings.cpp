#include "cli/settings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <ranges>
#include <utility>
#include <vector>

#include "cli/values.hpp"
#include "ringmpsc/config.hpp"
#include "workload/queue_table.hpp"

namespace bench::cli {
namespace {

using measure::BadRequest;

struct Preset {
  std::string_view name;
  ringmpsc::Config config;
};
constexpr std::array kPresets = {Preset{"low-latency", ringmpsc::presets::low_latency},
                                 Preset{"default", ringmpsc::presets::standard},
                                 Preset{"high-throughput", ringmpsc::presets::high_throughput}};

/// The policies that --placement can name: all but "explicit", which comes from --cpus.
constexpr auto kPolicies = [] {
  std::array<decltype(machine::kPolicyNames)::value_type, machine::kPolicyNames.size() - 1> named;
  std::ranges::copy_if(machine::kPolicyNames, named.begin(), [](const auto& entry) {
    return entry.second != machine::PlacementPolicy::explicit_cpus;
  });
  return named;
}();

/// A layout that is not named is chosen for each series.
constexpr std::array kLayouts = {
    workload::Named<std::optional<workload::Layout>>{"auto", std::nullopt},
    workload::Named<std::optional<workload::Layout>>{"celled", workload::Layout::celled},
    workload::Named<std::optional<workload::Layout>>{"dense", workload::Layout::dense}};

constexpr std::uint64_t kMostMessages = 1'000'000'000'000'000;
/// More than any ring holds: a batch that does not fit its ring is clamped, with a caveat.
constexpr std::uint64_t kLargestBatch = 1'000'000'000;
/// JSON readers that keep numbers as doubles keep this one exactly.
constexpr std::uint64_t kLargestSeed = (std::uint64_t{1} << 53) - 1;
constexpr unsigned kMostTrials = 100'000;
constexpr double kShortestTrialSeconds = 0.001;
constexpr double kLongestTrialSeconds = 24 * 3600;

using Draft = RequestDraft;
using Text = std::string_view;

template <class N>
N number(Text name, Text value, std::uint64_t low, std::uint64_t high, Text note = {}) {
  return static_cast<N>(parse_number(name, value, low, high, note));
}

std::vector<std::string> queues(Text name, Text value) {
  const std::vector<workload::QueueEntry> table = workload::queue_table();
  std::vector<Text> names(table.size());
  std::ranges::transform(table, names.begin(), &workload::QueueEntry::name);
  const std::vector<Text> chosen = parse_names(name, value, names);
  return {chosen.begin(), chosen.end()};
}

void read_preset(Draft& draft, Text name, Text value) {
  std::array<Text, kPresets.size()> names;
  std::ranges::transform(kPresets, names.begin(), &Preset::name);
  const Preset& preset = kPresets[parse_choice(name, value, names)];
  draft.request.spec.preset = preset.name;
  draft.request.spec.ring_bits = preset.config.ring_bits;
}

void read_payload(Draft& draft, Text name, Text value) {
  const auto bytes = number<std::size_t>(name, value, 0, UINT64_MAX);
  if (std::ranges::find(workload::kPayloadBytes, bytes) == workload::kPayloadBytes.end()) {
    throw BadRequest(fmt::format("{} {}: must be one of {}", name, value,
                                 fmt::join(workload::kPayloadBytes, ", ")));
  }
  draft.request.spec.payload_bytes = bytes;
}

/// A rate, several rates separated by commas, or "auto".
void read_rates(Draft& draft, Text name, Text value) {
  measure::Request& request = draft.request;
  request.rates.clear();
  request.up_to_saturation = value == "auto";
  if (request.up_to_saturation) return;
  for (const auto part : value | std::views::split(',')) {
    const Text text(part.begin(), part.end());
    const auto rate =
        static_cast<double>(parse_number(name, text, 1, measure::kHighestRate, "or auto"));
    if (std::ranges::find(request.rates, rate, &measure::Rate::per_second) != request.rates.end()) {
      throw BadRequest(fmt::format("{} {}: names {} twice", name, value, text));
    }
    request.rates.push_back({.text = std::string(text), .per_second = rate});
  }
  if (request.rates.empty()) {
    static_cast<void>(parse_number(name, value, 1, measure::kHighestRate, "or auto"));
  }
  request.spec.rate = request.rates.front().per_second;
  if (request.rates.size() == 1) request.rates.clear();
}

void read_cpus(Draft& draft, Text name, Text value) {
  auto cpus = machine::parse_cpu_list(value);
  if (!cpus) throw BadRequest(fmt::format("{} {}: {}", name, value, cpus.error()));
  draft.request.cpus = std::move(*cpus);
}

constexpr const char* kWorkload = "Workload";
constexpr const char* kMachine = "Machine";
constexpr const char* kMeasurement = "Measurement";

constexpr std::array kSettings = {
    Setting{kWorkload, "--queue", "NAMES",
            "Queues to measure: A,B,... or all (see the command queues)",
            [](Draft& draft, Text name, Text value) { draft.request.queues = queues(name, value); },
            true, true},
    Setting{kWorkload, "--producers", "N", "Producer threads; the consumer is one more thread [1]",
            [](Draft& draft, Text name, Text value) {
              draft.request.spec.producers =
                  number<unsigned>(name, value, ringmpsc::kMinProducers, ringmpsc::kMaxProducers);
              draft.producers_given = true;
            }},
    Setting{kWorkload, "--idle-producers", "N", "More producers, registered but never sending [0]",
            [](Draft& draft, Text name, Text value) {
              draft.request.spec.idle_producers =
                  number<unsigned>(name, value, 0, ringmpsc::kMaxProducers - 1);
            }},
    Setting{kWorkload, "--pattern", "NAME",
            "stream [run], round-trip [latency], one-way (scheduled)",
            [](Draft& draft, Text name, Text value) {
              draft.request.spec.pattern = parse_named(name, value, workload::kPatternNames);
              draft.pattern_given = true;
            }},
    Setting{kWorkload, "--rate", "R", "For one-way: messages/s of all producers; R,R,... or auto",
            read_rates, true, true},
    Setting{kWorkload, "--ring-bits", "B", "2^B slots per ring; B is 1 to 20 [16]",
            [](Draft& draft, Text name, Text value) {
              draft.ring_bits = number<unsigned>(name, value, ringmpsc::kMinRingBits,
                                                 ringmpsc::kMaxRingBits, "2^20 = 1,048,576 slots");
            }},
    Setting{kWorkload, "--preset", "NAME",
            "low-latency (2^12 slots), default, high-throughput (2^18)", read_preset},
    Setting{kWorkload, "--layout", "NAME",
            "celled, dense, auto: dense if a batch fills a line [auto]",
            [](Draft& draft, Text name, Text value) {
              draft.request.spec.layout = parse_named(name, value, kLayouts);
            }},
    Setting{kWorkload, "--payload", "BYTES", "Message size in bytes: 4, 8, 16, 32, ... 1024 [8]",
            read_payload},
    Setting{kWorkload, "--batch", "N", "Messages per commit; 1 pushes one at a time [256]",
            [](Draft& draft, Text name, Text value) {
              draft.request.spec.batch = number<std::size_t>(name, value, 1, kLargestBatch);
              draft.request.batch_given = true;
            }},
    Setting{kWorkload, "--write", "HOW",
            "in-place, copy or, for single pushes, deferred [in-place]",
            [](Draft& draft, Text name, Text value) {
              draft.request.spec.write = parse_named(name, value, workload::kWriteNames);
              draft.request.write_given = true;
            }},
    Setting{kWorkload, "--consume", "MODE",
            "verify (every word), read (checksum) or count [verify]",
            [](Draft& draft, Text name, Text value) {
              draft.request.spec.consume = parse_named(name, value, workload::kConsumeNames);
            }},
    Setting{kWorkload, "--wait", "STRATEGY",
            "[adaptive], busy-spin, yielding, backoff, blocking, none",
            [](Draft& draft, Text name, Text value) {
              draft.request.spec.wait = parse_named(name, value, workload::kWaitNames);
            }},
    Setting{kMachine, "--placement", "POLICY", "near, far, smt (siblings first) or none [near]",
            [](Draft& draft, Text name, Text value) {
              draft.request.policy = parse_named(name, value, kPolicies);
              draft.placement_given = true;
            }},
    Setting{kMachine, "--cpus", "LIST", "The consumer's CPU, then each producer's, like 3,0-2",
            read_cpus, false, true},
    Setting{kMeasurement, "--duration", "T", "Length of each trial [300ms]",
            [](Draft& draft, Text name, Text value) {
              draft.request.spec.duration_s =
                  parse_duration(name, value, kShortestTrialSeconds, kLongestTrialSeconds);
              draft.duration_given = true;
            },
            false},
    Setting{kMeasurement, "--messages", "N", "Messages per producer, in place of a duration",
            [](Draft& draft, Text name, Text value) {
              draft.request.spec.messages_per_producer =
                  number<std::uint64_t>(name, value, 1, kMostMessages);
            },
            false},
    Setting{kMeasurement, "--trials", "N", "Number of counted trials [10]",
            [](Draft& draft, Text name, Text value) {
              draft.request.trials = number<unsigned>(name, value, 1, kMostTrials);
            },
            false},
    Setting{kMeasurement, "--warmup", "N", "Number of uncounted trials before the counted ones [1]",
            [](Draft& draft, Text name, Text value) {
              draft.request.warmup = number<unsigned>(name, value, 0, kMostTrials);
            },
            false},
    Setting{kMeasurement, "--seed", "N", "Seed for the order of trials and the bootstrap [1]",
            [](Draft& draft, Text name, Text value) {
              draft.request.seed = number<std::uint64_t>(name, value, 0, kLargestSeed);
            },
            false},
};

}  // namespace

std::span<const Setting> request_settings() noexcept { return kSettings; }

std::string Setting::key() const {
  std::string key(flag.substr(2));
  std::ranges::replace(key, '-', '_');
  return key;
}

void add_request_flags(Flags& flags, RequestDraft& draft) {
  for (const Setting& setting : request_settings()) {
    flags.add(
        setting.group, setting.flag, setting.value_name, setting.description,
        [&draft, read = setting.read](auto flag, auto value) { read(draft, flag, value); },
        setting.list ? Repeated::comma : Repeated::never);
  }
}

measure::Request RequestDraft::finish() && {
  if (ring_bits) {
    if (*ring_bits != request.spec.ring_bits) request.spec.preset = workload::kNoPreset;
    request.spec.ring_bits = *ring_bits;
  }
  if (request.spec.messages_per_producer) {
    if (duration_given) {
      throw BadRequest("--duration and --messages exclude each other; give one of them");
    }
    request.spec.duration_s.reset();
  }
  const unsigned registered = request.spec.producers + request.spec.idle_producers;
  if (registered > ringmpsc::kMaxProducers) {
    throw BadRequest(fmt::format("--producers {} and --idle-producers {} are more than {} together",
                                 request.spec.producers, request.spec.idle_producers,
                                 ringmpsc::kMaxProducers));
  }
  if (placement_given && !request.cpus.empty()) {
    throw BadRequest("--placement and --cpus exclude each other; give one of them");
  }
  // Every named CPU has a thread: the first is the consumer's, and each other is a producer's.
  if (const std::size_t named = request.cpus.size(); named > request.spec.producers + 1) {
    if (producers_given || named - 1 > ringmpsc::kMaxProducers) {
      throw BadRequest(
          fmt::format("--cpus names {} CPUs, but --producers {} and the consumer take {}; name "
                      "fewer, or use --producers {}",
                      named, request.spec.producers, request.spec.producers + 1,
                      std::min<std::size_t>(named - 1, ringmpsc::kMaxProducers)));
    }
    request.spec.producers = static_cast<unsigned>(named - 1);
  }
  return std::move(request);
}

}  // namespace bench::cli
