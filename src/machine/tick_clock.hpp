// The clock that single messages are timed with: the processor's time stamp counter (TSC) where it
// can be trusted, and the system's monotonic clock elsewhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace bench::machine {

#if defined(__x86_64__)
/// Ticks of the processor's time stamp counter, by `lfence; rdtsc`: read after everything before it
/// in the program has been done.
///
/// A bare rdtsc may be read before a load that precedes it has brought its data, and would time a
/// message before it had come: 306 ns in place of 445 (PERFORMANCE.md, "Reading the clock"). rdtscp
/// waits too, but not every virtual machine offers it, and it costs 2 ns more.
///
/// What follows it may begin before it. Nothing is timed by that here, and a store after a branch on
/// the reading is not visible to others before the reading is done.
[[nodiscard]] inline std::uint64_t time_stamp_counter() noexcept {
  _mm_lfence();
  return __rdtsc();
}
#endif

/// Nanoseconds of the system's monotonic clock.
[[nodiscard]] inline std::uint64_t monotonic_ns() noexcept {
  return static_cast<std::uint64_t>(
      std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count());
}

/// Whether the processor says that its TSC runs at one rate in all its power states (CPUID leaf
/// 0x80000007, EDX bit 8). False where there is no such thing.
[[nodiscard]] bool cpuid_says_invariant() noexcept;

/// A clock in ticks of its own, calibrated when it is made. Reading is safe from any thread, and
/// the ticks of all threads are comparable.
class TickClock {
 public:
  /// Decides on the TSC and calibrates it against the monotonic clock, which takes 10 ms, once; a
  /// busy machine may make it longer, not less exact.
  ///
  /// The TSC is trusted if it is invariant, by `cpuid_invariant` or by the kernel's flags, and if
  /// the kernel itself keeps time by it: a kernel that found it wanting, because the CPUs' counters
  /// differ or stand still, has gone over to another clock. `root` is where /proc and /sys are
  /// looked for.
  explicit TickClock(const std::filesystem::path& root = "/",
                     bool cpuid_invariant = cpuid_says_invariant());

  /// In ticks. Which clock it is, is a branch of less than 1 ns beside a reading of 17 or more.
  [[nodiscard]] std::uint64_t now() const noexcept {
#if defined(__x86_64__)
    if (is_tsc_) return time_stamp_counter();
#endif
    return monotonic_ns();
  }

  // NOLINTBEGIN(bugprone-incorrect-roundings): nothing here is negative, and lround is a call
  /// Of a span of time, to the nearest; exact for spans of less than 2^53 ticks, which are weeks.
  [[nodiscard]] std::uint64_t to_ns(std::uint64_t ticks) const noexcept {
    // Through signed integers, which the processor converts in one instruction.
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(
        static_cast<double>(static_cast<std::int64_t>(ticks)) * ns_per_tick_ + 0.5));
  }
  [[nodiscard]] std::uint64_t from_ns(std::uint64_t ns) const noexcept {
    return static_cast<std::uint64_t>(static_cast<double>(ns) / ns_per_tick_ + 0.5);
  }
  // NOLINTEND(bugprone-incorrect-roundings)
  [[nodiscard]] double ticks_per_second() const noexcept { return 1e9 / ns_per_tick_; }

  /// Nanoseconds from one reading to another; 0 if the second is the earlier one, as it may be
  /// where two CPUs read at the same time, by what their clocks are apart.
  [[nodiscard]] std::uint64_t ns_between(std::uint64_t begin, std::uint64_t end) const noexcept {
    return end > begin ? to_ns(end - begin) : 0;
  }

  [[nodiscard]] bool is_tsc() const noexcept { return is_tsc_; }
  /// "tsc" or "monotonic".
  [[nodiscard]] std::string_view name() const noexcept { return is_tsc() ? "tsc" : "monotonic"; }
  /// Why the TSC is not trusted, as a part of a sentence; none where it is.
  [[nodiscard]] const std::optional<std::string>& why_not_tsc() const noexcept {
    return why_not_tsc_;
  }
  /// What a reading takes: the median of what was measured when the clock was made.
  [[nodiscard]] double overhead_ns() const noexcept { return overhead_ns_; }
  /// The smallest step, other than none, seen between two readings one after the other. Of a clock
  /// that is finer than a reading takes, that is what a reading takes.
  [[nodiscard]] double resolution_ns() const noexcept { return resolution_ns_; }

 private:
  void calibrate();
  void time_itself();

  std::optional<std::string> why_not_tsc_;
  bool is_tsc_ = false;  // what now() asks: no optional to look into
  double ns_per_tick_ = 1;
  double overhead_ns_ = 0;
  double resolution_ns_ = 0;
};

/// Calibrated at the first call.
[[nodiscard]] const TickClock& tick_clock_of_this_machine();

}  // namespace bench::machine
