#include "measure/memory_budget.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string>

#include "machine/cannot_measure.hpp"
#include "ringmpsc/config.hpp"
#include "workload/trial.hpp"

namespace bench::measure {
namespace {

/// What a thread touches of its stack, and what the allocator takes for it, rounded up.
constexpr std::uint64_t kThreadBytes = std::uint64_t{256} * 1024;

/// A sixteenth stays for everybody else: if the machine began to reclaim memory, the measurement
/// would be of that. Where a control group may have a limit that is not told, half of it stays.
constexpr std::uint64_t usable(const machine::MemoryLimit& limit) noexcept {
  return limit.available_bytes - limit.available_bytes / (limit.groups_known ? 16 : 2);
}

/// Less than this fits into every group that the tool starts in.
constexpr std::uint64_t kAlwaysThere = std::uint64_t{32} << 20;

std::uint64_t needed(const workload::Spec& spec) noexcept {
  return workload::ring_bytes(spec) + (spec.producers + 1) * kThreadBytes;
}

std::string amount(std::uint64_t bytes) {
  const auto mib = static_cast<double>(bytes) / (1U << 20);
  return mib < 1024 ? fmt::format("{:.1f} MiB", mib) : fmt::format("{:.2f} GiB", mib / 1024);
}

}  // namespace

std::optional<std::string> unknown_limit(const workload::Spec& spec,
                                         const machine::MemoryLimit& limit) {
  if (limit.groups_known || needed(spec) < kAlwaysThere) return std::nullopt;
  return fmt::format(
      "the memory limit of this process's control group is not known, because /proc and "
      "/sys/fs/cgroup are hidden: {} are needed, and if the process is killed, use smaller "
      "--ring-bits",
      amount(needed(spec)));
}

void check_memory(const workload::Spec& spec, const machine::MemoryLimit& limit) {
  const std::uint64_t most = usable(limit);
  if (needed(spec) <= most) return;

  workload::Spec smaller = spec;
  while (smaller.ring_bits > ringmpsc::kMinRingBits && needed(smaller) > most) --smaller.ring_bits;
  const std::string advice = needed(smaller) <= most
                                 ? fmt::format("--ring-bits {} would fit", smaller.ring_bits)
                                 : std::string("use fewer --producers");
  throw machine::CannotMeasure(
      fmt::format("--producers {0} --ring-bits {1} --payload {2} need {3}, but of the {4} that are "
                  "available ({5}) at most {6} may be used: {7}",
                  spec.producers, spec.ring_bits, spec.payload_bytes, amount(needed(spec)),
                  amount(limit.available_bytes), limit.source, amount(most), advice));
}

}  // namespace bench::measure
