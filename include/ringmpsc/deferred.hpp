// One message at a time, published many at a time.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <memory>
#include <span>
#include <utility>

#include "ringmpsc/detail/platform.hpp"
#include "ringmpsc/reservation.hpp"

namespace ringmpsc {

/// Messages of a stage: 4 KiB of them. That is what a fast string copy needs to be worth its start,
/// and few enough to stay in the first-level cache.
template <class T>
inline constexpr std::size_t kStageMessages = std::clamp<std::size_t>(4096 / sizeof(T), 1, 1024);

/// A Sender or Producer whose messages are staged privately and published together: when the stage
/// is full, at flush(), and when it ends. The other core's lines are then asked for once a stage
/// and not once a line. A message is not seen before it is published: whoever waits for an answer
/// must flush.
///
/// One thread at a time; wait-free but for the constructor, which allocates the stage. What is
/// accepted has its place in the ring already, so that publishing cannot fail for want of room; a
/// ring that is closed meanwhile refuses what was staged.
template <class P, std::size_t N = kStageMessages<typename P::value_type>>
  requires Plain<typename P::value_type> && std::default_initializable<typename P::value_type>
class Deferred {
 public:
  using value_type = typename P::value_type;

  explicit Deferred(P producer) : producer_(std::move(producer)) {}
  Deferred(Deferred&& other) noexcept
      : producer_(std::move(other.producer_)),
        staged_(std::exchange(other.staged_, 0)),
        room_(std::exchange(other.room_, 0)),
        stage_(std::move(other.stage_)) {}
  Deferred& operator=(Deferred&&) = delete;
  ~Deferred() { static_cast<void>(flush()); }

  /// Stages one message. False when the ring is full or closed.
  [[nodiscard]] bool push(const value_type& message) noexcept {
    if (staged_ == room_ && !begin_stage()) return false;
    stage_[staged_] = message;
    if (++staged_ == room_) return flush();
    return true;
  }

  /// Publishes what is staged. False if the ring has been closed since: what was staged is lost.
  [[nodiscard]] bool flush() noexcept {
    const std::size_t staged = std::exchange(staged_, 0);
    room_ = 0;
    return producer_.send(std::span<const value_type>(stage_.get(), staged)) == staged;
  }

  /// Messages staged and not yet published.
  [[nodiscard]] std::size_t staged() const noexcept { return staged_; }

 private:
  /// Finds out how many messages have a place in the ring.
  bool begin_stage() noexcept {
    room_ = producer_.reserve(N) ? N : std::min(N, producer_.space());
    return room_ > 0;
  }

  P producer_;
  std::size_t staged_ = 0;
  std::size_t room_ = 0;  // of this stage: places known to be free
  // Not a member array: a compiler keeps the counts in registers only if their address, and that of
  // what lies beside them, is never taken.
  std::unique_ptr<value_type[]> stage_ = std::make_unique_for_overwrite<value_type[]>(N);
};

}  // namespace ringmpsc
