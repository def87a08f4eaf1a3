// A producer that accepts messages one at a time and publishes many at a time.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <memory>
#include <span>
#include <utility>

#include "ringmpsc/detail/platform.hpp"
#include "ringmpsc/layout.hpp"
#include "ringmpsc/reservation.hpp"

namespace ringmpsc {

/// The number of messages in a stage: 4 KiB of them, but at least 1 and at most 1,024. 4 KiB are
/// enough to make a fast string copy worth its start-up cost, and few enough to stay in the
/// first-level cache.
template <class T>
inline constexpr std::size_t kStageMessages = std::clamp<std::size_t>(4096 / sizeof(T), 1, 1024);

/// A Sender or Producer of a dense ring that stages its messages privately and publishes them
/// together: when the stage is full, at flush() and at destruction. It thus requests the other
/// core's lines once for each stage and not once for each line. (A celled ring is about as fast
/// with each message published at once.) The consumer does not see a message before it is
/// published, so a thread that waits for an answer must flush first.
///
/// For one thread at a time. Wait-free except for the constructor, which allocates the stage. An
/// accepted message already has its place in the ring, so publishing cannot fail for lack of room.
/// If the ring is closed in the meantime, it refuses the staged messages, which are then lost.
template <class P, std::size_t N = kStageMessages<typename P::value_type>>
  requires(P::kLayout == Layout::dense && Plain<typename P::value_type> &&
           std::default_initializable<typename P::value_type>)
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

  /// Stages one message. Returns false when the ring is full or closed, which is looked at where a
  /// stage begins and where it is published, and not for each message. If the message was the last
  /// one of a stage, false means that it and the staged messages before it are lost: the ring is
  /// closed.
  [[nodiscard]] bool push(const value_type& message) noexcept {
    if (staged_ == room_ && !begin_stage()) return false;
    stage_[staged_] = message;
    if (++staged_ == room_) return flush();
    return true;
  }

  /// Publishes the staged messages. Returns false if the ring has been closed since they were
  /// staged: they are then lost.
  [[nodiscard]] bool flush() noexcept {
    const std::size_t staged = std::exchange(staged_, 0);
    room_ = 0;
    return producer_.send(std::span<const value_type>(stage_.get(), staged)) == staged;
  }

  /// True once the ring has been closed. After a refused push, false means that the ring was full.
  [[nodiscard]] bool closed() const noexcept { return producer_.closed(); }

  /// Number of messages that are staged and not yet published.
  [[nodiscard]] std::size_t staged() const noexcept { return staged_; }

 private:
  /// Finds out how many messages have a place in the ring, at most N. Returns false if none has.
  bool begin_stage() noexcept {
    room_ = producer_.reserve_up_to(N).size();
    // A reservation ends where the ring wraps around, and a stage need not.
    if (room_ > 0 && room_ < N) room_ = std::max(room_, std::min(N, producer_.space()));
    return room_ > 0;
  }

  P producer_;
  std::size_t staged_ = 0;
  std::size_t room_ = 0;  // of this stage: slots of the ring known to be free
  // Not a member array: a compiler keeps the counts in registers only if nothing takes their
  // address or the address of what lies beside them.
  std::unique_ptr<value_type[]> stage_ = std::make_unique_for_overwrite<value_type[]>(N);
};

}  // namespace ringmpsc
