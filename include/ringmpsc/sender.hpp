// The producing end of a ring.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

#include "ringmpsc/backoff.hpp"
#include "ringmpsc/detail/shared.hpp"
#include "ringmpsc/metrics.hpp"
#include "ringmpsc/reservation.hpp"

namespace ringmpsc {

template <class T, std::size_t Extent>
class Ring;

/// Writes messages into its ring. One thread at a time; movable between threads.
///
/// Every operation but reserve_with_backoff is wait-free, and none allocates, locks or throws
/// unless T's own constructor does. Its own sequence and its copy of the receiver's are private
/// members, so that a loop over a local Sender keeps them in registers; what it stores for others
/// is a message and the tail.
///
/// A closed ring refuses at once: every operation then returns empty, false or 0. Destroying the
/// Sender, or close(), tells the receiver that nothing more will come.
template <class T, std::size_t Extent = std::dynamic_extent>
class alignas(detail::kLineBytes) Sender {
 public:
  using value_type = T;

  Sender(Sender&& other) noexcept
      : slots_(other.slots_),
        published_(std::exchange(other.published_, nullptr)),
        closed_(other.closed_),
        counters_(std::exchange(other.counters_, nullptr)),
        tail_(other.tail_),
        end_(other.end_),
        taken_(other.taken_) {
    other.seem_full();
  }
  Sender& operator=(Sender&& other) noexcept {
    if (this != &other) {
      close();
      slots_ = other.slots_;
      published_ = std::exchange(other.published_, nullptr);
      closed_ = other.closed_;
      counters_ = std::exchange(other.counters_, nullptr);
      tail_ = other.tail_;
      end_ = other.end_;
      taken_ = other.taken_;
      other.seem_full();
    }
    return *this;
  }
  ~Sender() { close(); }

  /// Slots of the ring.
  [[nodiscard]] std::size_t capacity() const noexcept { return slots_.capacity(); }

  /// Messages published so far: the sequence of the next one.
  [[nodiscard]] std::uint64_t sent() const noexcept { return tail_; }

  /// True once either side has closed: everything is refused from now on.
  [[nodiscard]] bool closed() const noexcept {
    return published_ == nullptr || closed_->load(std::memory_order_acquire);
  }

  /// Free slots at this moment, wherever they lie; 0 when closed. Until this side writes or the
  /// ring is closed, it can only grow. Only asks: it does not end a closed ring's sender.
  [[nodiscard]] std::size_t space() noexcept {
    if (closed()) return 0;
    if (free() < capacity()) look_at_head();
    return free();
  }

  /// Reserves `count` slots if that many are free, and nothing otherwise. Where the run of slots
  /// reaches the ring's end, the reservation is shorter: commit it and reserve the rest. Empty when
  /// the ring is full or closed, when `count` is 0, and always when it is over capacity().
  Reservation<T, Extent> reserve(std::size_t count) noexcept {
    if (!claim(count)) return {};
    return {this, slots_.run(tail_, count)};
  }

  /// Reserves as many of `count` slots as are free and contiguous.
  Reservation<T, Extent> reserve_up_to(std::size_t count) noexcept {
    const std::size_t free = claim_up_to(count);
    if (free == 0) return {};
    return {this, slots_.run(tail_, free)};
  }

  /// Like reserve, but waits for space with a Backoff: some microseconds of spinning, then a few
  /// yields of the core. Empty when the ring is still full after that, or is closed; at once for a
  /// `count` that can never be had.
  Reservation<T, Extent> reserve_with_backoff(std::size_t count) noexcept {
    if (count == 0 || count > capacity()) return {};
    Backoff backoff;
    while (true) {
      Reservation<T, Extent> reservation = reserve(count);
      if (reservation || backoff.completed() || closed()) return reservation;
      backoff.snooze();
    }
  }

  /// Publishes one message. False when the ring is full or closed; `message` is then untouched.
  [[nodiscard]] bool push(const T& message) noexcept(std::is_nothrow_copy_constructible_v<T>) {
    return try_emplace(message);
  }
  [[nodiscard]] bool push(T&& message) noexcept(std::is_nothrow_move_constructible_v<T>) {
    return try_emplace(std::move(message));
  }

  /// Builds one message in its slot and publishes it. False, and nothing built, when the ring is
  /// full or closed.
  template <class... Args>
  [[nodiscard]] bool try_emplace(Args&&... args) noexcept(
      std::is_nothrow_constructible_v<T, Args...>) {
    if (!claim_one()) return false;
    std::construct_at(slots_.at(tail_), std::forward<Args>(args)...);
    publish(1);
    return true;
  }

  /// Copies in as many of `messages` as there is space for and returns how many: the first ones.
  /// If a copy throws, sent() tells how many were published before.
  [[nodiscard]] std::size_t send(std::span<const T> messages) noexcept(
      std::is_nothrow_copy_constructible_v<T>) {
    const std::size_t count = claim_up_to(messages.size());
    if (count == 0) return 0;
    if constexpr (Plain<T>) {
      const std::span<T> first = slots_.run(tail_, count);
      detail::copy_bytes(first.data(), messages.data(), first.size_bytes());
      if (first.size() < count) {
        detail::copy_bytes(slots_.at(tail_ + first.size()), messages.data() + first.size(),
                           (count - first.size()) * sizeof(T));
      }
      publish(count);
    } else {
      std::size_t sent = 0;
      while (sent < count) {
        Reservation<T, Extent> reservation = reserve_up_to(count - sent);
        if (!reservation) break;  // closed in between
        for (const T& message : messages.subspan(sent, reservation.size())) {
          reservation.emplace(message);
        }
        sent += reservation.built();
        reservation.commit();
      }
      return sent;
    }
    return count;
  }

  /// Ends this side: the receiver drains what was published, then finds the ring drained.
  void close() noexcept {
    if (published_ == nullptr) return;
    // [finished]: the sender's last access to the ring, after its last tail.
    published_->finished.store(true, std::memory_order_release);
    published_ = nullptr;
    counters_ = nullptr;
    seem_full();
  }

 private:
  friend class Ring<T, Extent>;
  friend class Reservation<T, Extent>;

  Sender(detail::SlotView<T, Extent> slots, detail::Published* published,
         const detail::Atomic<bool>* closed, detail::SenderCounters* counters) noexcept
      : slots_(slots), published_(published), closed_(closed), counters_(counters) {}

  [[nodiscard]] std::size_t free() const noexcept { return static_cast<std::size_t>(end_ - tail_); }

  /// A sender without a ring is one whose ring is always full: the fast path needs no test for it.
  void seem_full() noexcept { end_ = taken_ = tail_; }

  /// claim(1) for those who publish one message at a time.
  [[nodiscard]] bool claim_one() noexcept {
    if (tail_ >= taken_) [[unlikely]] {
      if (!claim(1)) return false;
      take_lines();
      return true;
    }
    return stay_open();
  }

  /// Takes the cache lines of the next free slots from the receiver's core, by a store into each.
  ///
  /// Stores become visible in their order (x86's rule, and what the release of each tail asks of
  /// any core). A core overlaps the misses of stores to one line after the other, but not where
  /// each message is followed by a tail: it then waits for every line of slots by itself. A
  /// prefetch for writing does not help.
  ///
  /// Measured with single pushes of 8 bytes into 2^16 slots on two CPUs of a virtual machine (AMD
  /// EPYC, Zen 4, 2026-11-24) against pushes without it, medians of ratios in interleaved rounds of
  /// 25 ms. Near cores, 21 rounds: 1,024 bytes at a time 2.9, 2,048 3.1, 4,096 2.5, 8,192 1.9,
  /// 16,384 1.5; far cores, 4 rounds: 2,048 3.7. What is taken too early the receiver's prefetcher
  /// takes back: the closer it follows, the less is best, and one that polls without a pause gets
  /// more from 1,024 than from 2,048.
  void take_lines() noexcept {
    if constexpr (sizeof(T) > kLargestTaken) {
      taken_ = end_;  // a message of several stores a line: the core overlaps their misses itself
    } else {
      constexpr std::size_t kSlots = kTakenBytes / sizeof(T);
      constexpr std::size_t kSlotsOfALine = kCacheLineBytes / sizeof(T);
      const std::size_t count = std::min(kSlots, free());
      for (std::size_t i = 0; i < count; i += kSlotsOfALine) {
        // Nothing lives in a free slot. Volatile, since nobody reads it.
        *reinterpret_cast<volatile std::byte*>(slots_.at(tail_ + i)) = std::byte{0};
      }
      taken_ = tail_ + count;
    }
  }

  /// True if `count` slots, at least one, are free and the ring is open.
  [[nodiscard]] bool claim(std::size_t count) noexcept {
    if (count - 1 >= free()) [[unlikely]] {  // also when count is 0
      refresh();
      if (count - 1 >= free()) {
        if (counters_ != nullptr && count > 0) counters_->refused_full.increment();
        return false;
      }
    }
    return stay_open();
  }

  /// How many of `count` slots are free; 0 when the ring is full or closed.
  [[nodiscard]] std::size_t claim_up_to(std::size_t count) noexcept {
    if (count > free()) [[unlikely]] {
      refresh();
    }
    const std::size_t claimed = std::min(count, free());
    if (claimed == 0) {
      if (counters_ != nullptr && count > 0) counters_->refused_full.increment();
      return 0;
    }
    return stay_open() ? claimed : 0;
  }

  void look_at_head() noexcept {
    end_ = published_->head.load(std::memory_order_acquire) + slots_.capacity();  // [head]
  }

  /// Looks at the receiver's head, and whether the ring was closed, as a full ring's sender must:
  /// it may never reach stay_open().
  void refresh() noexcept {
    if (published_ == nullptr) return;
    look_at_head();
    if (closed_->load(std::memory_order_acquire)) close();  // [closed]
  }

  /// False, and this side ended, once the ring has been closed. Ending tells the receiver that no
  /// commit is under way any more, which lets it call the ring drained.
  [[nodiscard]] bool stay_open() noexcept {
    if (closed_->load(std::memory_order_acquire)) [[unlikely]] {  // [closed]
      close();
      return false;
    }
    return true;
  }

  void publish(std::size_t count) noexcept {
    tail_ += count;
    published_->tail.store(tail_, std::memory_order_release);  // [tail]
    // After the tail, see Ring::metrics.
    if (count > 1 && counters_ != nullptr) [[unlikely]] {
      counters_->surplus.add(count - 1);
    }
  }

  detail::SlotView<T, Extent> slots_;
  detail::Published* published_;        // null once closed or moved from
  const detail::Atomic<bool>* closed_;  // the ring's, or its channel's
  detail::SenderCounters* counters_;    // null unless metrics are on
  std::uint64_t tail_ = 0;              // own sequence: the next message's
  /// One past the last sequence with a slot that is known to be free: the receiver's head when last
  /// seen, and a ring further. Kept so that a push compares and does not compute.
  std::uint64_t end_ = slots_.capacity();
  /// For single messages, at most end_: the lines of the slots below have been taken.
  std::uint64_t taken_ = 0;

  static constexpr std::size_t kCacheLineBytes = 64;  // where it is 128, a line is taken twice
  static constexpr std::size_t kTakenBytes = 1024;
  static constexpr std::size_t kLargestTaken = 32;
};

}  // namespace ringmpsc
