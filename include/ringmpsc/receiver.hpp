// The consuming end of a ring.
#pragma once

#include <algorithm>
#include <cassert>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>

#include "ringmpsc/detail/shared.hpp"
#include "ringmpsc/metrics.hpp"
#include "ringmpsc/reservation.hpp"

namespace ringmpsc {

template <class T, std::size_t Extent>
class Ring;

/// A handler that takes one message (T&&, T& or by value).
template <class F, class T>
concept MessageHandler = std::invocable<F&, T&&> || std::invocable<F&, T&>;
/// A handler that takes a contiguous run of messages, so that a loop over it can be vectorised.
template <class F, class T>
concept RunHandler = !MessageHandler<F, T> && std::invocable<F&, std::span<T>>;
template <class F, class T>
concept Handler = MessageHandler<F, T> || RunHandler<F, T>;

/// Reads messages from its ring in the order of their sequence. One thread at a time may use it; it
/// can move between threads. Every operation is wait-free, and none allocates, locks or throws
/// unless the handler or T does.
///
/// When a handler throws, the message that it was handling is consumed and lost; for a handler of
/// runs, the whole run is. Everything after it stays in the ring. The call then returns no number:
/// received() tells how many messages were consumed. A handler must not use the Receiver that calls
/// it.
///
/// Destroying the Receiver closes the ring for its sender.
template <class T, std::size_t Extent = std::dynamic_extent>
class alignas(detail::kLineBytes) Receiver {
 public:
  Receiver(Receiver&& other) noexcept
      : slots_(other.slots_),
        published_(std::exchange(other.published_, nullptr)),
        closed_(std::exchange(other.closed_, nullptr)),
        counters_(std::exchange(other.counters_, nullptr)),
        head_(other.head_),
        tail_(std::exchange(other.tail_, other.head_)) {}
  Receiver& operator=(Receiver&& other) noexcept {
    if (this != &other) {
      close();
      slots_ = other.slots_;
      published_ = std::exchange(other.published_, nullptr);
      closed_ = std::exchange(other.closed_, nullptr);
      counters_ = std::exchange(other.counters_, nullptr);
      head_ = other.head_;
      tail_ = std::exchange(other.tail_, other.head_);
    }
    return *this;
  }
  ~Receiver() { close(); }

  /// Number of slots in the ring.
  [[nodiscard]] std::size_t capacity() const noexcept { return slots_.capacity(); }

  /// Number of messages consumed so far, which is the sequence of the next message. Includes those
  /// whose handler threw.
  [[nodiscard]] std::uint64_t received() const noexcept { return head_; }

  /// Hands every message published so far to `handler`, then gives their slots back to the sender
  /// with one store. Returns the number of messages. Where the handler may throw, ask received()
  /// instead of adding these numbers up.
  template <Handler<T> F>
  std::size_t consume_batch(F&& handler) {
    refresh();
    return consume(available(), handler);
  }

  /// The same for at most `limit` messages.
  template <Handler<T> F>
  std::size_t consume_up_to(std::size_t limit, F&& handler) {
    if (limit == 0) return 0;  // asked for nothing, which is no empty poll
    if (available() < limit) refresh();
    return consume(std::min(limit, available()), handler);
  }

  /// The messages that can be read now, as far as they are contiguous. At the ring's end the span
  /// is shorter, and the rest follows after an advance(). The messages stay in the ring until then.
  [[nodiscard]] std::span<T> readable() & noexcept {
    refresh();
    if (available() == 0) count_empty_poll();
    return slots_.run(head_, available());
  }
  void readable() && = delete;  // the messages may be gone with a temporary

  /// Consumes (destroys) the first `count` messages of readable() and gives their slots back.
  /// Returns false and consumes nothing if `count` is more than readable() has shown.
  [[nodiscard]] bool advance(std::size_t count) noexcept {
    if (count > slots_.run(head_, available()).size()) return false;
    if (count == 0) return true;
    consume(count, [](std::span<T>) noexcept {});
    return true;
  }

  /// Moves messages into `out` until `out` is full or the ring is empty. Returns the number of
  /// messages.
  [[nodiscard]] std::size_t recv(std::span<T> out) noexcept(std::is_nothrow_move_assignable_v<T>) {
    T* to = out.data();
    if constexpr (Plain<T>) {
      return consume_up_to(out.size(), [&to](std::span<T> run) noexcept {
        detail::copy_bytes(to, run.data(), run.size_bytes());
        to += run.size();
      });
    } else {
      return consume_up_to(out.size(), [&to](T&& message) { *to++ = std::move(message); });
    }
  }

  /// Takes one message, or nothing if the ring is empty.
  [[nodiscard]] std::optional<T> try_recv() noexcept(std::is_nothrow_move_constructible_v<T>)
    requires std::move_constructible<T>
  {
    std::optional<T> message;
    consume_up_to(1, [&message](T&& next) { message.emplace(std::move(next)); });
    return message;
  }

  /// True if there is nothing to read at this moment.
  [[nodiscard]] bool empty() noexcept {
    if (available() == 0) refresh();
    return available() == 0;
  }

  /// True once the ring is empty and can get no more messages: the sender has ended (it was
  /// destroyed, closed itself, or was refused after this side closed) and everything it committed
  /// was consumed. A closed ring whose sender neither ends nor tries again is not drained, because
  /// the sender may hold a reservation that it will still commit.
  [[nodiscard]] bool drained() noexcept {
    if (published_ == nullptr) return true;
    if (available() > 0) return false;
    if (!published_->finished.load(std::memory_order_acquire)) return false;  // [finished]
    refresh();  // after `finished`, so that it sees the last tail
    return available() == 0;
  }

  /// Refuses the sender's further reservations. Committed messages can still be consumed.
  void close() noexcept {
    if (closed_ != nullptr) closed_->store(true, std::memory_order_release);  // [closed]
  }

 private:
  friend class Ring<T, Extent>;

  Receiver(detail::SlotView<T, Extent> slots, detail::Published* published,
           detail::Atomic<bool>* closed, detail::ReceiverCounters* counters) noexcept
      : slots_(slots), published_(published), closed_(closed), counters_(counters) {}

  /// Number of messages known to be in the ring: from this side's sequence to the last tail seen.
  [[nodiscard]] std::size_t available() const noexcept {
    return static_cast<std::size_t>(tail_ - head_);
  }

  void refresh() noexcept {
    if (published_ == nullptr) return;                         // moved from
    tail_ = published_->tail.load(std::memory_order_acquire);  // [tail]
  }

  /// Moves the head past the handled messages, publishes it once and counts a batch, even when a
  /// handler throws.
  class Handled {
   public:
    explicit Handled(Receiver& receiver) noexcept : receiver_(receiver), head_(receiver.head_) {}
    Handled(const Handled&) = delete;
    Handled& operator=(const Handled&) = delete;
    ~Handled() {
      receiver_.head_ = head_;
      receiver_.published_->head.store(head_, std::memory_order_release);  // [head]
      if (receiver_.counters_ != nullptr) [[unlikely]] {
        receiver_.counters_->batches.increment();
      }
    }
    void add(std::size_t count) noexcept { head_ += count; }

   private:
    Receiver& receiver_;
    std::uint64_t head_;
  };

  /// Destroys a run of handled messages at the end of its scope, even when their handler throws.
  class Destroyed {
   public:
    explicit Destroyed(std::span<T> messages) noexcept : messages_(messages) {}
    Destroyed(const Destroyed&) = delete;
    Destroyed& operator=(const Destroyed&) = delete;
    ~Destroyed() { std::destroy(messages_.begin(), messages_.end()); }

   private:
    std::span<T> messages_;
  };

  template <class F>
  std::size_t consume(std::size_t count, F&& handler) {
    if (count == 0) {
      count_empty_poll();
      return 0;
    }
    [[maybe_unused]] const std::uint64_t next = head_;
    Handled handled(*this);
    const std::span<T> first = slots_.run(head_, count);
    handle(first, handler, handled);
    if (first.size() < count) {
      handle(slots_.run(head_ + first.size(), count - first.size()), handler, handled);
    }
    assert(head_ == next && "a handler used the Receiver that called it");
    return count;
  }

  void count_empty_poll() noexcept {
    if (counters_ != nullptr) counters_->empty_polls.increment();
  }

  template <class F>
  static void handle(std::span<T> run, F& handler, Handled& handled) {
    if constexpr (RunHandler<F, T>) {
      handled.add(run.size());
      const Destroyed destroyed(run);
      std::invoke(handler, run);
    } else {
      for (T& message : run) {
        handled.add(1);
        const Destroyed destroyed(std::span<T>(&message, 1));
        if constexpr (std::invocable<F&, T&&>) {
          std::invoke(handler, std::move(message));
        } else {
          std::invoke(handler, message);
        }
      }
    }
  }

  detail::SlotView<T, Extent> slots_;
  detail::Published* published_;        // null once moved from
  detail::Atomic<bool>* closed_;        // null if this side cannot close
  detail::ReceiverCounters* counters_;  // null unless metrics are on
  std::uint64_t head_ = 0;              // own sequence, that of the next message
  std::uint64_t tail_ = 0;              // the sender's tail when last seen; never ahead of it
};

}  // namespace ringmpsc
