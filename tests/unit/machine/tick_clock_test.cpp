// The clock that times messages, on this machine and on fabricated ones.

#include "machine/tick_clock.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <thread>

#include "scratch_directory.hpp"

namespace bench::machine {
namespace {

class Clocks : public testing::InScratchDirectory {
 protected:
  void keeps_time_by(const std::string& source) const {
    make("sys/devices/system/clocksource/clocksource0/current_clocksource", source + "\n");
  }

  [[nodiscard]] TickClock clock(bool cpuid_invariant) const {
    return TickClock(directory_, cpuid_invariant);
  }
};

/// The nanoseconds that both clocks measured over the same span.
struct Span {
  double ticked;
  double steady;
};
Span measure(const TickClock& clock, std::chrono::nanoseconds time) {
  using std::chrono::steady_clock;
  const auto steady_begin = steady_clock::now();
  const std::uint64_t begin = clock.now();
  std::this_thread::sleep_for(time);
  const std::uint64_t end = clock.now();
  const auto steady_end = steady_clock::now();
  return {.ticked = static_cast<double>(clock.ns_between(begin, end)),
          .steady = std::chrono::duration<double, std::nano>(steady_end - steady_begin).count()};
}

void expect_that_it_works(const TickClock& clock) {
  std::uint64_t last = clock.now();
  for (int i = 0; i < 100'000; ++i) {
    const std::uint64_t now = clock.now();
    ASSERT_GE(now, last);
    last = now;
  }
  // An interruption between the readings of the two clocks makes their spans differ, so one
  // undisturbed comparison is enough.
  double nearest = 0;
  for (int i = 0; i < 20 && (nearest < 0.98 || nearest > 1.02); ++i) {
    const Span span = measure(clock, std::chrono::milliseconds(5));
    nearest = span.ticked / span.steady;
  }
  EXPECT_NEAR(nearest, 1, 0.02);
  EXPECT_GT(clock.overhead_ns(), 0);
  EXPECT_GT(clock.resolution_ns(), 0);
}

TEST_F(Clocks, OfThisMachineGoForwardAndAgreeWithTheMonotonicClock) {
  const TickClock& clock = tick_clock_of_this_machine();
  expect_that_it_works(clock);
  EXPECT_EQ(clock.name(), clock.is_tsc() ? "tsc" : "monotonic");
}

TEST_F(Clocks, UseTheMonotonicClockWithoutAnInvariantTsc) {
  keeps_time_by("tsc");
  make("proc/cpuinfo", "processor\t: 0\nflags\t\t: fpu tsc constant_tsc nonstop_tsc_s3\n");
  const TickClock without = clock(false);
  EXPECT_EQ(without.name(), "monotonic");
  EXPECT_TRUE(without.why_not_tsc().has_value());
  EXPECT_EQ(without.to_ns(12'345), 12'345U);
  EXPECT_EQ(without.from_ns(12'345), 12'345U);
  expect_that_it_works(without);
}

TEST_F(Clocks, UseTheMonotonicClockIfTheKernelGaveUpTheTscAndSayWhy) {
  keeps_time_by("hpet");
  const TickClock without = clock(true);
  EXPECT_EQ(without.name(), "monotonic");
#if defined(__x86_64__)
  EXPECT_NE(without.why_not_tsc().value().find("hpet"), std::string::npos);
#endif
}

TEST_F(Clocks, UseTheMonotonicClockIfTheKernelNamesNoSource) {
  EXPECT_EQ(clock(true).name(), "monotonic");
  EXPECT_TRUE(clock(true).why_not_tsc().has_value());
}

#if defined(__x86_64__)
TEST_F(Clocks, UseTheTscIfTheProcessorAndTheKernelVouchForIt) {
  for (const char* const source : {"tsc", "kvm-clock", "hyperv_clocksource_tsc_page", "xen"}) {
    keeps_time_by(source);
    const TickClock tsc = clock(true);
    EXPECT_EQ(tsc.name(), "tsc") << source;
    EXPECT_EQ(tsc.why_not_tsc(), std::nullopt);
  }
}

TEST_F(Clocks, BelieveTheKernelsFlagsIfCpuidIsSilent) {
  keeps_time_by("tsc");
  make("proc/cpuinfo",
       "processor\t: 0\nflags\t\t: fpu tsc constant_tsc rep_good nonstop_tsc sse\n");
  const TickClock tsc = clock(false);
  EXPECT_EQ(tsc.name(), "tsc");
  expect_that_it_works(tsc);
}
#endif

TEST_F(Clocks, ConvertTicksToNanosecondsAndBack) {
  const TickClock& clock = tick_clock_of_this_machine();
  for (const std::uint64_t ns : {0ULL, 1'000ULL, 1'000'000'000ULL, 100'000'000'000'000ULL}) {
    const auto there_and_back = static_cast<double>(clock.to_ns(clock.from_ns(ns)));
    EXPECT_NEAR(there_and_back, static_cast<double>(ns), 1 + 1e9 / clock.ticks_per_second());
  }
}

TEST_F(Clocks, SayThatNoTimePassedIfTheSecondReadingIsEarlier) {
  const TickClock& clock = tick_clock_of_this_machine();
  EXPECT_EQ(clock.ns_between(1'000, 999), 0U);
  EXPECT_EQ(clock.ns_between(1'000, 1'000), 0U);
  EXPECT_EQ(clock.ns_between(1'000, 1'000 + clock.from_ns(500'000)), 500'000U);
}

}  // namespace
}  // namespace bench::machine
