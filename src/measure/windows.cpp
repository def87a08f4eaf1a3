#include "measure/windows.hpp"

namespace bench::measure {
namespace {

/// Regular looks come a little early or late; they count from this fraction of the spacing on.
constexpr double kTolerance = 0.9;

}  // namespace

void Windows::look(double seconds, std::uint64_t messages) {
  const double last = looks_.empty() ? 0 : looks_.back().seconds;
  if (seconds - last < kTolerance * spacing_s_) return;
  looks_.push_back({.seconds = seconds, .messages = messages});
  if (looks_.size() < kMost) return;
  for (std::size_t i = 0; i < kMost / 2; ++i) looks_[i] = looks_[2 * i + 1];
  looks_.resize(kMost / 2);
  spacing_s_ *= 2;
}

std::vector<workload::Window> Windows::of_trial(double seconds, std::uint64_t messages) const {
  if (seconds < kShortestTrialSeconds) return {};
  std::vector<workload::Window> windows;
  windows.reserve(looks_.size() + 1);
  Look last;
  for (const Look& look : looks_) {
    // The rest of the trial becomes a window too, and must not be a sliver of one.
    if (look.seconds > seconds - spacing_s_ / 2 || look.messages > messages) break;
    windows.push_back(
        {.seconds = look.seconds - last.seconds, .messages = look.messages - last.messages});
    last = look;
  }
  windows.push_back({.seconds = seconds - last.seconds, .messages = messages - last.messages});
  return windows;
}

}  // namespace bench::measure
