// Windows of time in which a whole process stands still, so that it does a known part less than
// without them, whichever of its threads is the bottleneck.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>

#include "ringmpsc/detail/platform.hpp"

namespace bench::testing {

/// The first `frozen` of every `period` ticks of a clock.
struct FrozenWindows {
  std::uint64_t period = 1;  ///< above 0
  std::uint64_t frozen = 0;  ///< at most `period`

  /// The ticks from `now` to the end of the window that it lies in. 0 outside of the windows.
  [[nodiscard]] constexpr std::uint64_t left(std::uint64_t now) const noexcept {
    const std::uint64_t phase = now % period;
    return phase < frozen ? frozen - phase : 0;
  }
};

/// Windows that are this part of all time, 0 to 0.5, where a period has so many ticks.
[[nodiscard]] constexpr FrozenWindows windows_of(double part, std::uint64_t period) noexcept {
  return {.period = period,
          .frozen = static_cast<std::uint64_t>(part * static_cast<double>(period))};
}

/// Holds a thread up while its process stands still. `Clock` is machine::TickClock, except in the
/// tests: `now()` is in ticks that all threads share. Any number of threads may use one object.
template <class Clock>
class Freeze {
 public:
  /// Long beside a call, because a call in which a window begins goes on to its end. Short beside a
  /// trial, which has hundreds of windows.
  static constexpr std::uint64_t kPeriodNs = 200'000;

  /// The clock must outlive this object and its copies.
  Freeze(const Clock& clock, FrozenWindows windows) noexcept : clock_(&clock), windows_(windows) {}

  /// Reads the clock and, inside a window, spins until it ends.
  void operator()() const noexcept {
    while (windows_.left(clock_->now()) > 0) ringmpsc::detail::pause();
  }

 private:
  const Clock* clock_;
  FrozenWindows windows_;
};

/// Reads a part of the time like "7.5%", 0 to 50, as 0.075. Null if the text is anything else.
[[nodiscard]] inline std::optional<double> slowdown_of(std::string_view text) noexcept {
  constexpr double kMostPercent = 50;
  // from_chars would take "-0%" and "nan%" too.
  if (!text.ends_with('%') || text.front() < '0' || text.front() > '9') return std::nullopt;
  const char* const begin = text.data();
  const char* const end = begin + text.size() - 1;
  double percent = 0;
  const auto [rest, error] = std::from_chars(begin, end, percent, std::chars_format::fixed);
  if (error != std::errc{} || rest != end) return std::nullopt;
  if (percent > kMostPercent) return std::nullopt;
  return percent / 100;
}

}  // namespace bench::testing
