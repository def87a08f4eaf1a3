// The producing end of a ring.
#pragma once

#include <algorithm>
#include <cassert>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

#include "ringmpsc/backoff.hpp"
#include "ringmpsc/detail/shared.hpp"
#include "ringmpsc/layout.hpp"
#include "ringmpsc/metrics.hpp"
#include "ringmpsc/reservation.hpp"
#include "ringmpsc/wait.hpp"

namespace ringmpsc {

template <class T, std::size_t Extent, Layout L>
class Ring;

/// Writes messages into its ring. One thread at a time may use it; it can move between threads.
///
/// Every operation is wait-free but reserve_with_backoff and a push with a wait strategy. No
/// operation allocates, locks or throws unless T's own constructor does (or a deadline's clock).
/// The sender's own sequence and its copy of the receiver's sequence are private members, so a loop
/// over a local Sender keeps them in registers. What it stores for other threads is a message and a
/// published sequence.
///
/// A closed ring refuses at once: every operation then returns empty, false or 0, as it does when
/// the ring is full. closed() tells the two apart, so a loop that tries again must ask it.
/// Destroying the Sender or calling close() tells the receiver that no more messages will come.
template <class T, std::size_t Extent = std::dynamic_extent, Layout L = Layout::celled>
class alignas(detail::kLineBytes) Sender {
 public:
  using value_type = T;
  static constexpr Layout kLayout = L;

  Sender(Sender&& other) noexcept
      : slots_(other.slots_),
        published_(std::exchange(other.published_, nullptr)),
        gate_(other.gate_),
        counters_(std::exchange(other.counters_, nullptr)),
        tail_(other.tail_),
        end_(other.end_),
        stop_(other.stop_) {
    other.seem_full();
  }
  Sender& operator=(Sender&& other) noexcept {
    if (this != &other) {
      close();
      slots_ = other.slots_;
      published_ = std::exchange(other.published_, nullptr);
      gate_ = other.gate_;
      counters_ = std::exchange(other.counters_, nullptr);
      tail_ = other.tail_;
      end_ = other.end_;
      stop_ = other.stop_;
      other.seem_full();
    }
    return *this;
  }
  ~Sender() { close(); }

  /// Number of slots in the ring.
  [[nodiscard]] std::size_t capacity() const noexcept { return slots_.capacity(); }

  /// Number of messages published so far, which is the sequence of the next message.
  [[nodiscard]] std::uint64_t sent() const noexcept { return tail_; }

  /// True once either side has closed. The ring then refuses everything, now and later. False after
  /// a refusal means that the ring had too little space (or, of a reserve, that the count can never
  /// be reserved).
  [[nodiscard]] bool closed() const noexcept {
    return published_ == nullptr || gate_->closed.load(std::memory_order_acquire);
  }

  /// Number of free slots at this moment, contiguous or not; 0 when closed. Until this side writes
  /// or the ring is closed, the number can only grow. This is only a query: on a closed ring, it
  /// does not end the sender.
  [[nodiscard]] std::size_t space() noexcept {
    if (closed()) return 0;
    if (free() < capacity()) look_at_head();
    return free();
  }

  /// Reserves `count` slots if that many are free, and nothing otherwise. Where the run of slots
  /// ends, at a cell's end or at a dense ring's, the reservation is shorter: commit it and reserve
  /// the rest. The
  /// reservation is empty when too few slots are free, when the ring is closed, when `count` is 0,
  /// and always when `count` exceeds capacity().
  Reservation<T, Extent, L> reserve(std::size_t count) & noexcept {
    if (!claim(count)) return {};
    return {this, slots_.run(tail_, count)};
  }

  /// Reserves as many of `count` slots as are free and contiguous.
  Reservation<T, Extent, L> reserve_up_to(std::size_t count) & noexcept {
    const std::size_t free = claim_up_to(count);
    if (free == 0) return {};
    return {this, slots_.run(tail_, free)};
  }

  /// Like reserve, but waits for space with a Backoff: it spins for some microseconds, then yields
  /// the core a few times. The reservation is empty if there is still too little space after that,
  /// or if the ring is closed. For a `count` that can never be reserved, it is empty at once.
  Reservation<T, Extent, L> reserve_with_backoff(std::size_t count) & noexcept {
    const bool possible = count > 0 && count <= capacity();
    Backoff backoff;
    while (true) {
      Reservation<T, Extent, L> reservation = reserve(count);
      if (reservation || !possible || backoff.completed() || closed()) return reservation;
      backoff.snooze();
    }
  }

  // The reservation of a temporary would outlive its Sender.
  void reserve(std::size_t count) && = delete;
  void reserve_up_to(std::size_t count) && = delete;
  void reserve_with_backoff(std::size_t count) && = delete;

  /// Publishes one message. Returns false when the ring is full or closed; `message` is then
  /// untouched.
  [[nodiscard]] bool push(const T& message) noexcept(std::is_nothrow_copy_constructible_v<T>) {
    return try_emplace(message);
  }
  [[nodiscard]] bool push(T&& message) noexcept(std::is_nothrow_move_constructible_v<T>) {
    return try_emplace(std::move(message));
  }

  /// Publishes one message, and waits with the strategy for room while the ring is full. Returns
  /// false only if the ring is closed: then this side has ended, and `message` is untouched. Where
  /// the strategy is a BlockingWait, the receiver's side must notify() it after it has consumed and
  /// after it has closed.
  template <std::convertible_to<T> M = T, WaitStrategy W>
    requires detail::Begins<W>
  [[nodiscard]] bool push(M&& message,
                          W&& strategy) noexcept(std::is_nothrow_constructible_v<T, M>) {
    return push_waiting(std::forward<M>(message), strategy, [](auto& waiting) noexcept {
      waiting.step();
      return true;
    });
  }
  /// The same, but returns false at the deadline too. closed() tells the two apart.
  template <std::convertible_to<T> M = T, WaitStrategy W, class Clock, class Duration>
    requires detail::Begins<W>
  [[nodiscard]] bool push(M&& message, W&& strategy,
                          const std::chrono::time_point<Clock, Duration>& deadline) {
    return push_waiting(std::forward<M>(message), strategy, [&deadline](auto& waiting) {
      return detail::step_before(deadline, waiting);
    });
  }

  /// Builds one message in its slot and publishes it. Returns false and builds nothing when the
  /// ring is full or closed.
  template <class... Args>
  [[nodiscard]] bool try_emplace(Args&&... args) noexcept(
      std::is_nothrow_constructible_v<T, Args...>) {
    if (!claim_one()) return false;
    [[maybe_unused]] const T* const message =
        std::construct_at(slots_.at(tail_), std::forward<Args>(args)...);
    assert(message == slots_.at(tail_) &&
           "a message has written in another way while it was built");
    publish(1);
    return true;
  }

  /// Copies the first of `messages` into the ring, as many as there is space for, and publishes
  /// them. Returns their number. If a copy throws, sent() tells how many were published before.
  [[nodiscard]] std::size_t send(std::span<const T> messages) noexcept(
      std::is_nothrow_copy_constructible_v<T>) {
    const std::size_t count = claim_up_to(messages.size());
    if constexpr (Plain<T>) {
      copy(messages.first(count));
      return count;
    } else {
      std::size_t sent = 0;
      while (sent < count) {
        Reservation<T, Extent, L> reservation = reserve_up_to(count - sent);
        if (!reservation) break;  // the ring was closed in between
        for (const T& message : messages.subspan(sent, reservation.size())) {
          reservation.emplace(message);
        }
        sent += reservation.built();
        reservation.commit();
      }
      return sent;
    }
  }

  /// Ends this side. The receiver consumes what was published and then finds the ring drained.
  void close() noexcept {
    if (published_ == nullptr) return;
    // Only a channel counts its senders' ends, and its gate outlives the ring.
    const bool counted = gate_ != &published_->gate;
    // This is the sender's last access to the ring, after its last message.
    published_->finished.store(true, std::memory_order_release);        // [finished]
    if (counted) gate_->ended.fetch_add(1, std::memory_order_release);  // [ended]
    published_ = nullptr;
    counters_ = nullptr;
    seem_full();
  }

 private:
  friend class Ring<T, Extent, L>;
  friend class Reservation<T, Extent, L>;
  using Slots = detail::Views<T, Extent, L>::Writer;

  Sender(Slots slots, detail::Published* published, detail::Gate* gate,
         detail::SenderCounters* counters) noexcept
      : slots_(slots), published_(published), gate_(gate), counters_(counters) {}

  [[nodiscard]] std::size_t free() const noexcept { return static_cast<std::size_t>(end_ - tail_); }

  /// Makes the ring look full. A sender without a ring always looks so, and the fast path therefore
  /// needs no test for it.
  void seem_full() noexcept { end_ = stop_ = tail_; }

  /// claim(1) for operations that publish one message at a time. One comparison tells that there is
  /// a place: in a cell of several messages as in the ring.
  [[nodiscard]] bool claim_one() noexcept {
    if (tail_ < stop_) [[likely]]
      return stay_open();
    if (!claim(1)) return false;
    stop_ = slots_.stop(end_);
    return true;
  }

  /// True if `count` is at least 1, `count` slots are free and the ring is open.
  [[nodiscard]] bool claim(std::size_t count) noexcept {
    if (count - 1 >= free()) [[unlikely]] {  // also true when count is 0
      refresh();
      if (count - 1 >= free()) {
        if (counters_ != nullptr && count > 0) counters_->refused_full.increment();
        return false;
      }
    }
    slots_.enter(tail_);
    return stay_open();
  }

  /// Number of free slots, at most `count`; 0 when the ring is full or closed.
  [[nodiscard]] std::size_t claim_up_to(std::size_t count) noexcept {
    if (count > free()) [[unlikely]] {
      refresh();
    }
    const std::size_t claimed = std::min(count, free());
    if (claimed == 0) {
      if (counters_ != nullptr && count > 0) counters_->refused_full.increment();
      return 0;
    }
    slots_.enter(tail_);
    return stay_open() ? claimed : 0;
  }

  void look_at_head() noexcept {
    end_ = published_->head.load(std::memory_order_acquire) + slots_.capacity();  // [head]
  }

  /// Reads the receiver's head and checks whether the ring was closed. The sender of a full ring
  /// must check this here, because it may never reach stay_open().
  void refresh() noexcept {
    if (published_ == nullptr) return;
    look_at_head();
    if (gate_->closed.load(std::memory_order_acquire)) close();  // [closed]
  }

  /// Once the ring has been closed, ends this side and returns false. Ending tells the receiver
  /// that no commit is under way any more, so that it can report the ring drained.
  [[nodiscard]] bool stay_open() noexcept {
    if (gate_->closed.load(std::memory_order_acquire)) [[unlikely]] {  // [closed]
      close();
      return false;
    }
    return true;
  }

  /// Pushes, and while the ring is full makes steps; gives up if `step` returns false.
  template <class M, class W, class Step>
  bool push_waiting(M&& message, W& strategy, Step step) noexcept(
      std::is_nothrow_constructible_v<T, M> &&
      noexcept(step(std::declval<decltype(strategy.begin())&>()))) {
    if (try_emplace(std::forward<M>(message))) [[likely]]
      return true;
    auto waiting = strategy.begin();
    do {
      if (end_if_closed() || !step(waiting)) return false;
    } while (!try_emplace(std::forward<M>(message)));
    return true;
  }

  /// Ends this side if the ring is closed. A push that gives up must do this itself, because it
  /// makes no further attempt that would.
  [[nodiscard]] bool end_if_closed() noexcept {
    if (!closed()) return false;
    close();
    return true;
  }

  /// Copies messages into free slots and publishes them: cell by cell, or all of a dense ring's
  /// together.
  void copy(std::span<const T> messages) noexcept {
    std::size_t unpublished = 0;
    while (!messages.empty()) {
      slots_.enter(tail_);
      const std::span<T> run = slots_.run(tail_ + unpublished, messages.size());
      detail::copy_run<T, L>(run.data(), messages.data(), run.size());
      messages = messages.subspan(run.size());
      unpublished += run.size();
      if (L == Layout::celled || messages.empty()) publish(std::exchange(unpublished, 0));
    }
  }

  void publish(std::size_t count) noexcept {
    tail_ += count;
    if (count > 1 && counters_ != nullptr) [[unlikely]] {
      counters_->commits.announce(tail_, count);
      slots_.publish(tail_);
      counters_->commits.published();
    } else {
      slots_.publish(tail_);
    }
  }

  Slots slots_;
  detail::Published* published_;      // null once closed or moved from
  detail::Gate* gate_;                // of the ring or of its channel
  detail::SenderCounters* counters_;  // null unless metrics are on
  std::uint64_t tail_ = 0;            // own sequence, that of the next message
  /// One past the last sequence whose slot is known to be free: the receiver's head when last seen,
  /// plus the capacity. Stored so that a push only compares and does not compute.
  std::uint64_t end_ = slots_.capacity();
  /// The same for single messages, but no further than the cell's end. May be behind the tail.
  std::uint64_t stop_ = 0;
};

}  // namespace ringmpsc
