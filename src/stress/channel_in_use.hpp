// The channel of a round while the round uses it: what the threads on both of its sides share.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "ringmpsc/ringmpsc.hpp"
#include "stress/positions.hpp"
#include "stress/round.hpp"
#include "stress/round_plan.hpp"
#include "stress/shapes.hpp"
#include "stress/waits.hpp"

namespace bench::stress {

/// How often a producer moves to another thread, and the consumer.
inline constexpr unsigned kMostMoves = 3;

/// The shapes of the plan from `first` to `last`.
[[nodiscard]] inline std::vector<Shape> drawn(const RoundPlan& plan, Shape first, Shape last) {
  std::vector<Shape> all;
  for (auto i = static_cast<std::size_t>(first); i <= static_cast<std::size_t>(last); ++i) {
    if (plan.has(static_cast<Shape>(i))) all.push_back(static_cast<Shape>(i));
  }
  return all;
}

/// `T` is one of the messages of messages.hpp. Every thread of the round may use all of it, unless
/// a member says otherwise.
template <class T, ringmpsc::Layout L>
struct ChannelInUse {
  explicit ChannelInUse(const RoundPlan& plan)
      : channel(std::in_place, ringmpsc::Config{.ring_bits = plan.ring_bits,
                                                .max_producers = plan.limit,
                                                .enable_metrics = plan.has(Shape::metrics)}),
        sent(std::size_t{plan.threads} * plan.lives),
        room(plan.producers_wait),
        news(plan.consumer_wait) {}

  /// Somebody closes the channel, or has closed it.
  [[nodiscard]] bool is_closing() const noexcept {
    return close_began.load(std::memory_order_acquire);
  }
  /// A close has returned.
  [[nodiscard]] bool is_closed() const noexcept {
    return close_returned.load(std::memory_order_acquire);
  }

  /// Closes the channel: `closes` does it, in the way of `shape`.
  void close(Worker& worker, Shape shape, auto closes) {
    worker.position.is(Doing::closing);
    close_began.store(true, std::memory_order_release);
    closes();
    close_returned.store(true, std::memory_order_release);
    worker.happened(shape);
    wake_all();
  }

  void wake_all() noexcept {
    news.notify();
    room.notify();
  }

  /// Until the threads have ended.
  std::optional<ringmpsc::Channel<T, L>> channel;
  /// Messages that each life of a producer has sent. Each is written by the thread of that life,
  /// and read once all producers have ended.
  std::vector<std::uint64_t> sent;
  WaitPlace room;  ///< where producers wait
  WaitPlace news;  ///< where the consumer waits
  std::atomic<bool> close_began{false};
  std::atomic<bool> close_returned{false};
  std::atomic<std::uint32_t> lives{0};  ///< of producers; gives each its number
  std::atomic<std::uint32_t> lives_ended{0};
  std::atomic<std::uint64_t> attempts{0};       ///< to register, those that are under way included
  std::atomic<std::uint64_t> registrations{0};  ///< attempts that had success
  std::atomic<unsigned> held{0};                ///< places that producers certainly have
};

}  // namespace bench::stress
