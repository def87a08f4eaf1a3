#include "stress/watchdog.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace bench::stress {

bool Watchdog::is_stuck(double now_s, const std::vector<Position::State>& positions) {
  constexpr double kMostOfALook = 0.2;
  const double gap = std::clamp(now_s - std::exchange(last_s_, now_s), 0.0, kMostOfALook);
  const bool gets_on =
      positions.size() != seen_.size() ||
      !std::ranges::equal(positions, seen_, [](const auto& now, const auto& before) {
        return !now.got_on_since(before);
      });
  quiet_s_ = gets_on ? 0 : quiet_s_ + gap;
  seen_ = positions;
  return quiet_s_ > kPatienceSeconds;
}

std::vector<results::ThreadReport> Watchdog::threads() const {
  std::vector<results::ThreadReport> all;
  all.reserve(seen_.size());
  for (std::size_t i = 0; i < seen_.size(); ++i) {
    const Position::State& state = seen_[i];
    const std::string_view doing = words_of(state.doing);
    all.push_back(
        {.thread = i == 0 ? "consumer" : fmt::format("producer {}", i - 1),
         .doing = state.crash != 0 ? fmt::format("crashed {}", doing) : std::string(doing),
         .messages = state.messages,
         .at = is_sending(state.doing)
                   ? fmt::format("message {} of life {}", state.next, state.life)
                   : std::string()});
  }
  return all;
}

}  // namespace bench::stress
