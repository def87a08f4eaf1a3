// Tests the windows of a long trial.

#include "measure/windows.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace bench::measure {
namespace {

using workload::Window;

/// The seconds and messages of all windows together.
Window sum(const std::vector<Window>& windows) {
  return std::accumulate(windows.begin(), windows.end(), Window{}, [](Window a, const Window& b) {
    return Window{.seconds = a.seconds + b.seconds, .messages = a.messages + b.messages};
  });
}

/// The looks, every 100 ms, at a trial that consumes `rate` messages a second.
Windows looked_at(double seconds, double rate) {
  Windows windows;
  for (int i = 0; i * 0.1 < seconds; ++i) {
    windows.look(i * 0.1, static_cast<std::uint64_t>(i * 0.1 * rate));
  }
  return windows;
}

TEST(TrialWindows, OfAShortTrialAreNone) {
  EXPECT_TRUE(looked_at(0.9, 1000).of_trial(0.9, 900).empty());
}

TEST(TrialWindows, AddUpToTheTrial) {
  const auto windows = looked_at(2.05, 1000).of_trial(2.04, 2050);
  EXPECT_EQ(windows.size(), 20U) << "the last tenth and the rest of the trial are one window";
  EXPECT_DOUBLE_EQ(sum(windows).seconds, 2.04);
  EXPECT_EQ(sum(windows).messages, 2050U);
  EXPECT_EQ(windows[3].messages, 100U);
}

TEST(TrialWindows, ShowAStall) {
  Windows looks;
  for (int i = 1; i <= 10; ++i)
    looks.look(i * 0.1, i <= 5 ? 100U * static_cast<unsigned>(i) : 500U);
  const auto windows = looks.of_trial(1.0, 500);
  EXPECT_EQ(windows.front().messages, 100U);
  EXPECT_EQ(windows.back().messages, 0U);
}

TEST(TrialWindows, StayFewHoweverLongATrialIs) {
  for (const double seconds : {11.0, 12.0, 13.0, 100.0, 3600.0}) {
    const auto total = static_cast<std::uint64_t>(seconds * 1000);
    const auto windows = looked_at(seconds, 1000).of_trial(seconds, total);
    EXPECT_LE(windows.size(), Windows::kMost) << seconds;
    EXPECT_GE(windows.size(), Windows::kMost / 2) << seconds;
    EXPECT_NEAR(sum(windows).seconds, seconds, 1e-6);
    EXPECT_EQ(sum(windows).messages, total);
    for (const Window& window : windows) {
      EXPECT_NEAR(window.messages_per_second(), 1000, 20) << seconds;
      EXPECT_LT(window.seconds, 4 * seconds / static_cast<double>(windows.size()));
    }
  }
}

TEST(TrialWindows, IgnoreLooksThatAreTooCloseTogether) {
  Windows looks;
  for (int i = 1; i <= 200; ++i) looks.look(i * 0.01, static_cast<std::uint64_t>(i));
  const auto windows = looks.of_trial(2, 200);
  EXPECT_LE(windows.size(), 23U);
  EXPECT_EQ(sum(windows).messages, 200U);
}

TEST(TrialWindows, EndWithTheTrialWhateverLooksSawAfterIt) {
  Windows looks;
  looks.look(0.5, 50);
  looks.look(1.5, 90);
  const auto windows = looks.of_trial(1.2, 90);
  ASSERT_EQ(windows.size(), 2U);
  EXPECT_DOUBLE_EQ(windows[1].seconds, 0.7);
  EXPECT_EQ(windows[1].messages, 40U);
}

}  // namespace
}  // namespace bench::measure
