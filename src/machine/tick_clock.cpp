#include "machine/tick_clock.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <thread>

#include "machine/proc_files.hpp"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace bench::machine {
namespace {

namespace fs = std::filesystem;

bool flags_say_invariant(const fs::path& root) {
  const auto flags = value_of(root / "proc/cpuinfo", "flags");
  const auto has = [&flags](std::string_view flag) {
    return fmt::format(" {} ", *flags).find(fmt::format(" {} ", flag)) != std::string::npos;
  };
  return flags && has("constant_tsc") && has("nonstop_tsc");
}

/// The kernel's clock sources that are the TSC, either unchanged or scaled as a hypervisor says.
constexpr std::array<std::string_view, 4> kTscSources = {"tsc", "kvm-clock",
                                                         "hyperv_clocksource_tsc_page", "xen"};

/// The reason not to trust the TSC; null if there is none.
std::optional<std::string> objection(const fs::path& root, bool cpuid_invariant) {
#if !defined(__x86_64__)
  return "this architecture has no TSC";
#endif
  if (!cpuid_invariant && !flags_say_invariant(root)) {
    return "neither CPUID nor the kernel says that the TSC is invariant";
  }
  constexpr const char* kCurrent =
      "sys/devices/system/clocksource/clocksource0/current_clocksource";
  const auto source = first_line(root / kCurrent);
  if (!source) return "the kernel does not name its clock source";
  if (std::ranges::find(kTscSources, *source) == kTscSources.end()) {
    return fmt::format("the kernel keeps time by {} instead", *source);
  }
  return std::nullopt;
}

#if defined(__x86_64__)
/// A reading of both clocks at one moment.
struct Reading {
  std::uint64_t ticks = 0;
  std::uint64_t ns = 0;
  std::uint64_t width = UINT64_MAX;  // ticks that the reading took
};

/// Reads the monotonic clock between two readings of the TSC, many times, and keeps the tightest
/// reading. A thread that loses its CPU in between spoils only one of them.
Reading read_both() noexcept {
  constexpr int kTries = 64;
  Reading tightest;
  for (int i = 0; i < kTries; ++i) {
    const std::uint64_t before = time_stamp_counter();
    const std::uint64_t ns = monotonic_ns();
    const std::uint64_t width = time_stamp_counter() - before;
    if (width < tightest.width) tightest = {.ticks = before + width / 2, .ns = ns, .width = width};
  }
  return tightest;
}
#endif

double median(std::span<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

}  // namespace

bool cpuid_says_invariant() noexcept {
#if defined(__x86_64__)
  unsigned eax = 0;
  unsigned ebx = 0;
  unsigned ecx = 0;
  unsigned edx = 0;
  constexpr unsigned kInvariantTsc = 1U << 8;
  return __get_cpuid(0x80000007, &eax, &ebx, &ecx, &edx) != 0 && (edx & kInvariantTsc) != 0;
#else
  return false;
#endif
}

TickClock::TickClock(const fs::path& root, bool cpuid_invariant)
    : why_not_tsc_(objection(root, cpuid_invariant)), is_tsc_(!why_not_tsc_) {
  if (is_tsc_) calibrate();
  time_itself();
}

void TickClock::calibrate() {
#if defined(__x86_64__)
  constexpr std::chrono::milliseconds kApart{10};
  // The worst relative error of the rate that is accepted. A reading of both clocks takes some
  // 60 ns, so that 10 ms tell the rate to within some parts in a million.
  constexpr double kWorstError = 1e-3;
  const Reading begin = read_both();
  std::this_thread::sleep_for(kApart);
  const Reading end = read_both();
  const auto ticks = static_cast<double>(static_cast<std::int64_t>(end.ticks - begin.ticks));
  const double error = static_cast<double>(begin.width + end.width) / 2 / ticks;
  if (ticks <= 0 || error > kWorstError) {
    why_not_tsc_ = "the TSC could not be calibrated: readings of both clocks were too far apart";
    is_tsc_ = false;
    return;
  }
  ns_per_tick_ = static_cast<double>(end.ns - begin.ns) / ticks;
#endif
}

void TickClock::time_itself() {
  std::array<double, 101> costs{};
  std::uint64_t smallest_step = UINT64_MAX;
  for (double& cost : costs) {
    std::array<std::uint64_t, 33> readings{};
    for (std::uint64_t& reading : readings) reading = now();
    for (std::size_t i = 1; i < readings.size(); ++i) {
      if (readings[i] <= readings[i - 1]) continue;
      smallest_step = std::min(smallest_step, readings[i] - readings[i - 1]);
    }
    cost = static_cast<double>(readings.back() - readings.front()) / (readings.size() - 1);
  }
  overhead_ns_ = median(costs) * ns_per_tick_;
  resolution_ns_ = static_cast<double>(smallest_step) * ns_per_tick_;
}

const TickClock& tick_clock_of_this_machine() {
  static const TickClock clock;
  return clock;
}

}  // namespace bench::machine
