// Where each thread of a round is, for the watchdog.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

#include "ringmpsc/detail/platform.hpp"

namespace bench::stress {

enum class Doing : std::uint8_t {
  starting,
  registering,
  pushing,
  reserving,
  writing,
  sending,
  flushing,
  waiting_for_room,
  consuming,
  handling,
  waiting_for_messages,
  closing,
  draining,
  pausing,
  moving,
  ended,
};

[[nodiscard]] constexpr std::string_view words_of(Doing doing) noexcept {
  constexpr std::array<std::string_view, 16> kWords = {"starting",
                                                       "within register_producer",
                                                       "within a push",
                                                       "within a reserve",
                                                       "between a reserve and its commit",
                                                       "within a send",
                                                       "within a flush",
                                                       "waiting for room",
                                                       "within the consumption",
                                                       "within its handler",
                                                       "waiting for messages",
                                                       "within a close",
                                                       "waiting until all is drained",
                                                       "resting on purpose",
                                                       "moving to another thread",
                                                       "ended"};
  return kWords[static_cast<std::size_t>(doing)];
}

/// Whether a thread that does this is at some message that it sends.
[[nodiscard]] constexpr bool is_sending(Doing doing) noexcept {
  return doing >= Doing::pushing && doing <= Doing::waiting_for_room;
}

/// How far one thread has come. Only that thread stores here, and only the watchdog reads. All
/// accesses are relaxed: the numbers stand for themselves, and nothing else is read because of
/// them.
class alignas(ringmpsc::detail::kLineBytes) Position {
 public:
  void is(Doing doing) noexcept { doing_.store(doing, std::memory_order_relaxed); }
  /// The number of messages that it has sent or consumed.
  void has(std::uint64_t messages) noexcept {
    messages_.store(messages, std::memory_order_relaxed);
  }
  /// It is about to send message `next` of life `life`, of all lives that the round's producers
  /// have.
  void sends(std::uint32_t life, std::uint64_t next) noexcept {
    life_.store(life, std::memory_order_relaxed);
    next_.store(next, std::memory_order_relaxed);
  }
  /// Where a CrashGuard leaves the signal.
  [[nodiscard]] std::atomic<int>& crash() noexcept { return crash_; }
  struct State {
    Doing doing = Doing::starting;
    std::uint64_t messages = 0;
    std::uint32_t life = 0;
    std::uint64_t next = 0;
    int crash = 0;  ///< the signal of a crash, or 0

    /// Whether the thread got on between the two. To try again and again is not to get on.
    [[nodiscard]] bool got_on_since(const State& before) const noexcept {
      return messages != before.messages || life != before.life ||
             (doing == Doing::ended) != (before.doing == Doing::ended);
    }
  };
  [[nodiscard]] State state() const noexcept {
    return {.doing = doing_.load(std::memory_order_relaxed),
            .messages = messages_.load(std::memory_order_relaxed),
            .life = life_.load(std::memory_order_relaxed),
            .next = next_.load(std::memory_order_relaxed),
            .crash = crash_.load(std::memory_order_relaxed)};
  }

 private:
  std::atomic<Doing> doing_{Doing::starting};
  std::atomic<std::uint64_t> messages_{0};
  std::atomic<std::uint32_t> life_{0};
  std::atomic<std::uint64_t> next_{0};
  std::atomic<int> crash_{0};
};

/// Says, while it exists, that a thread is within a handler, which a consumption calls.
class WithinHandler {
 public:
  explicit WithinHandler(Position& position) noexcept : position_(position) {
    position_.is(Doing::handling);
  }
  WithinHandler(const WithinHandler&) = delete;
  WithinHandler& operator=(const WithinHandler&) = delete;
  ~WithinHandler() { position_.is(Doing::consuming); }

 private:
  Position& position_;
};

}  // namespace bench::stress
