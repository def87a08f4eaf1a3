#include "machine/placement.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <tuple>
#include <utility>

namespace bench::machine {
namespace {

/// Higher than any kernel's CPU numbers. Keeps "0-4000000000" from filling the memory.
constexpr unsigned kHighestCpu = 65'535;

/// Chooses the second core, if there is one: interrupts and the kernel's housekeeping gather on the
/// first, and the consumer is the one thread that everything waits for.
Cpu choose_consumer(const std::vector<Cpu>& cpus) {
  const auto other_core =
      std::ranges::find_if(cpus, [&](const Cpu& cpu) { return cpu.core != cpus.front().core; });
  return other_core != cpus.end() ? *other_core : cpus.front();
}

/// All CPUs but the consumer's, in the order in which the policy gives them to producers.
std::vector<Cpu> order_for_producers(const Topology& topology, PlacementPolicy policy,
                                     const Cpu& consumer) {
  std::vector<Cpu> cpus = topology.allowed_cpus();
  std::erase_if(cpus, [&](const Cpu& cpu) { return cpu.os_index == consumer.os_index; });
  std::ranges::sort(cpus, {}, [&](const Cpu& cpu) {
    const auto distance = static_cast<int>(topology.distance(consumer.os_index, cpu.os_index));
    // SMT siblings share their core's speed. Unless the policy asks for siblings, a core that no
    // other thread uses comes first. CPUs that are otherwise equal come in the order of their
    // cores.
    const bool own_core = cpu.core == consumer.core;
    switch (policy) {
      case PlacementPolicy::far:
        return std::tuple(own_core, cpu.rank_in_core, -distance, cpu.core, 0U);
      case PlacementPolicy::smt:
        return std::tuple(false, 0U, distance, cpu.core, cpu.rank_in_core);
      default:
        return std::tuple(own_core, cpu.rank_in_core, distance, cpu.core, 0U);
    }
  });
  return cpus;
}

bool shares_a_cpu(const Placement& placement) {
  std::map<unsigned, unsigned> threads;
  if (placement.consumer_cpu) ++threads[*placement.consumer_cpu];
  for (const auto& cpu : placement.producer_cpus) {
    if (cpu) ++threads[*cpu];
  }
  return std::ranges::any_of(threads, [](const auto& entry) { return entry.second > 1; });
}

std::string listed(const std::vector<Cpu>& cpus) {
  std::vector<unsigned> numbers;
  numbers.reserve(cpus.size());
  for (const Cpu& cpu : cpus) numbers.push_back(cpu.os_index);
  std::ranges::sort(numbers);
  std::string text;
  for (std::size_t i = 0; i < numbers.size();) {
    std::size_t last = i;
    while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) ++last;
    text += (text.empty() ? "" : ",") + std::to_string(numbers[i]);
    if (last > i) text += "-" + std::to_string(numbers[last]);
    i = last + 1;
  }
  return text;
}

/// The CPU number that `text` consists of; null if `text` is anything else.
std::optional<unsigned> cpu_number(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value > kHighestCpu) {
    return std::nullopt;
  }
  return value;
}

}  // namespace

std::string_view name(PlacementPolicy policy) noexcept {
  for (const auto& [name, named] : kPolicyNames) {
    if (named == policy) return name;
  }
  std::unreachable();
}

Placement plan_placement(const Topology& topology, PlacementPolicy policy, unsigned producers) {
  Placement placement{.policy = policy,
                      .consumer_cpu = std::nullopt,
                      .producer_cpus = std::vector<std::optional<unsigned>>(producers),
                      .oversubscribed = false};
  const std::vector<Cpu>& cpus = topology.allowed_cpus();
  if (policy == PlacementPolicy::none) {
    placement.oversubscribed = producers + 1 > cpus.size();
    return placement;
  }
  const Cpu consumer = choose_consumer(cpus);
  placement.consumer_cpu = consumer.os_index;
  std::vector<Cpu> order = order_for_producers(topology, policy, consumer);
  // The consumer's own CPU comes last in each round. In the first round the consumer itself takes
  // that place.
  order.push_back(consumer);
  const std::size_t alone = order.size() == 1 ? 0 : order.size() - 1;
  for (std::size_t i = 0; i < producers; ++i) {
    const std::size_t place = i < alone ? i : (i - alone) % order.size();
    placement.producer_cpus[i] = order[place].os_index;
  }
  placement.oversubscribed = shares_a_cpu(placement);
  return placement;
}

std::expected<Placement, std::string> plan_explicit(const Topology& topology,
                                                    const std::vector<unsigned>& cpus,
                                                    unsigned producers) {
  for (const unsigned cpu : cpus) {
    if (!topology.allows(cpu)) {
      return std::unexpected("CPU " + std::to_string(cpu) + " may not be used here: choose from " +
                             listed(topology.allowed_cpus()));
    }
  }
  Placement placement{.policy = PlacementPolicy::explicit_cpus,
                      .consumer_cpu = cpus.front(),
                      .producer_cpus = {},
                      .oversubscribed = false};
  const std::vector<unsigned> theirs(cpus.size() > 1 ? cpus.begin() + 1 : cpus.begin(), cpus.end());
  for (unsigned i = 0; i < producers; ++i) {
    placement.producer_cpus.emplace_back(theirs[i % theirs.size()]);
  }
  placement.oversubscribed = shares_a_cpu(placement);
  return placement;
}

std::expected<std::vector<unsigned>, std::string> parse_cpu_list(std::string_view text) {
  std::vector<unsigned> cpus;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string_view part = text.substr(begin, end - begin);
    const std::size_t dash = part.find('-');
    const auto first = cpu_number(part.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : cpu_number(part.substr(dash + 1));
    if (!first || !last || *last < *first) {
      return std::unexpected("'" + std::string(part) +
                             "' is neither a CPU number nor a range; write numbers and ranges "
                             "like 3,0-2");
    }
    for (unsigned cpu = *first; cpu <= *last; ++cpu) cpus.push_back(cpu);
    begin = end + 1;
  }
  return cpus;
}

}  // namespace bench::machine
