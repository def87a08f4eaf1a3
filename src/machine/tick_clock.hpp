// The clock that times single messages: the processor's time stamp counter (TSC) where it can be
// trusted, and the system's monotonic clock elsewhere.
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
/// Reads the processor's time stamp counter, in ticks, with `lfence; rdtsc`: after everything
/// before it in the program has been done.
///
/// A bare rdtsc may execute before an earlier load has brought its data, and would time a message
/// before it had arrived: 306 ns instead of 445 ns (PERFORMANCE.md, "Appendix"). rdtscp waits too,
/// but not every virtual machine offers it, and it costs 2 ns more.
///
/// Instructions after the reading may begin before it. No time here depends on them, and a store
/// after a branch on the reading is not visible to other threads before the reading is done.
[[nodiscard]] inline std::uint64_t time_stamp_counter() noexcept {
  _mm_lfence();
  return __rdtsc();
}
#endif

/// The system's monotonic clock, in nanoseconds.
[[nodiscard]] inline std::uint64_t monotonic_ns() noexcept {
  return static_cast<std::uint64_t>(
      std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count());
}

/// Whether the processor says that its TSC runs at one rate in all its power states (CPUID leaf
/// 0x80000007, EDX bit 8). False if there is no such leaf.
[[nodiscard]] bool cpuid_says_invariant() noexcept;

/// A clock with its own ticks, calibrated by its constructor. Any thread may read it, and the ticks
/// of all threads are comparable.
class TickClock {
 public:
  /// Decides whether to trust the TSC, and calibrates it against the monotonic clock. This takes
  /// 10 ms, once; on a busy machine it may take longer but is not less exact.
  ///
  /// The TSC is trusted if `cpuid_invariant` or the kernel's flags say that it is invariant, and if
  /// the kernel itself keeps time by it. A kernel that finds the TSC unfit, because the CPUs'
  /// counters differ or stand still, changes to another clock. Looks for /proc and /sys under
  /// `root`.
  explicit TickClock(const std::filesystem::path& root = "/",
                     bool cpuid_invariant = cpuid_says_invariant());

  /// The time in ticks. The branch between the clocks costs less than 1 ns, a reading 17 ns or
  /// more.
  [[nodiscard]] std::uint64_t now() const noexcept {
#if defined(__x86_64__)
    if (is_tsc_) return time_stamp_counter();
#endif
    return monotonic_ns();
  }

  // NOLINTBEGIN(bugprone-incorrect-roundings): no value is negative, and lround is a call
  /// Converts a span of time, to the nearest nanosecond. Exact for spans of less than 2^53 ticks,
  /// which are weeks.
  [[nodiscard]] std::uint64_t to_ns(std::uint64_t ticks) const noexcept {
    // Signed integers, because the processor converts them in one instruction.
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(
        static_cast<double>(static_cast<std::int64_t>(ticks)) * ns_per_tick_ + 0.5));
  }
  [[nodiscard]] std::uint64_t from_ns(std::uint64_t ns) const noexcept {
    return static_cast<std::uint64_t>(static_cast<double>(ns) / ns_per_tick_ + 0.5);
  }
  // NOLINTEND(bugprone-incorrect-roundings)
  [[nodiscard]] double ticks_per_second() const noexcept { return 1e9 / ns_per_tick_; }

  /// Nanoseconds from one reading to another. 0 if the second is the earlier one, which can happen
  /// when two CPUs read at the same time and their clocks differ.
  [[nodiscard]] std::uint64_t ns_between(std::uint64_t begin, std::uint64_t end) const noexcept {
    return end > begin ? to_ns(end - begin) : 0;
  }

  [[nodiscard]] bool is_tsc() const noexcept { return is_tsc_; }
  /// "tsc" or "monotonic".
  [[nodiscard]] std::string_view name() const noexcept { return is_tsc() ? "tsc" : "monotonic"; }
  /// Why the TSC is not trusted, as part of a sentence; null if it is trusted.
  [[nodiscard]] const std::optional<std::string>& why_not_tsc() const noexcept {
    return why_not_tsc_;
  }
  /// The time that a reading takes: the median of measurements by the constructor.
  [[nodiscard]] double overhead_ns() const noexcept { return overhead_ns_; }
  /// The smallest step above zero that was seen between two consecutive readings. For a clock that
  /// is finer than the time of a reading, this is the time of a reading.
  [[nodiscard]] double resolution_ns() const noexcept { return resolution_ns_; }

 private:
  void calibrate();
  void time_itself();

  std::optional<std::string> why_not_tsc_;
  bool is_tsc_ = false;  // lets now() test a bool instead of an optional
  double ns_per_tick_ = 1;
  double overhead_ns_ = 0;
  double resolution_ns_ = 0;
};

/// This machine's clock, calibrated at the first call.
[[nodiscard]] const TickClock& tick_clock_of_this_machine();

}  // namespace bench::machine
