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
#include "ringmpsc/layout.hpp"
#include "ringmpsc/metrics.hpp"
#include "ringmpsc/reservation.hpp"

namespace ringmpsc {

template <class T, std::size_t Extent, Layout L>
class Ring;
template <class T, Layout L>
class Consumer;

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
/// it, and must not keep a reference to a message or a run: the slot may be written again as soon
/// as it returns.
///
/// Destroying the Receiver closes the ring for its sender.
template <class T, std::size_t Extent = std::dynamic_extent, Layout L = Layout::celled>
class alignas(detail::kLineBytes) Receiver {
 public:
  Receiver(Receiver&& other) noexcept
      : slots_(other.slots_),
        published_(std::exchange(other.published_, nullptr)),
        gate_(std::exchange(other.gate_, nullptr)),
        counters_(std::exchange(other.counters_, nullptr)),
        head_(other.head_),
        tail_(std::exchange(other.tail_, other.head_)),
        streaming_(std::exchange(other.streaming_, false)),
        ahead_(std::exchange(other.ahead_, kAhead)) {}
  Receiver& operator=(Receiver&& other) noexcept {
    if (this != &other) {
      close();
      slots_ = other.slots_;
      published_ = std::exchange(other.published_, nullptr);
      gate_ = std::exchange(other.gate_, nullptr);
      counters_ = std::exchange(other.counters_, nullptr);
      head_ = other.head_;
      tail_ = std::exchange(other.tail_, other.head_);
      streaming_ = std::exchange(other.streaming_, false);
      ahead_ = std::exchange(other.ahead_, kAhead);
    }
    return *this;
  }
  ~Receiver() { close(); }

  /// Number of slots in the ring.
  [[nodiscard]] std::size_t capacity() const noexcept { return slots_.capacity(); }

  /// Number of messages consumed so far, which is the sequence of the next message. Includes those
  /// whose handler threw.
  [[nodiscard]] std::uint64_t received() const noexcept { return head_; }

  /// Hands every message published so far to `handler`, in a celled ring also what comes meanwhile,
  /// up to a capacity. Gives their slots back to the sender at the end, with one store, and in a
  /// celled ring also about each time that a quarter of the ring was handled. Where a celled ring
  /// has a stream, it may first let the sender get ahead, for some pauses. Returns the number of
  /// messages. Where the handler may throw, ask received() instead of adding these numbers up.
  template <Handler<T> F>
  std::size_t consume_batch(F&& handler) {
    return consume(capacity(), handler);
  }

  /// The same for at most `limit` messages.
  template <Handler<T> F>
  std::size_t consume_up_to(std::size_t limit, F&& handler) {
    if (limit == 0) return 0;  // asked for nothing, which is no empty poll
    return consume(limit, handler);
  }

  /// The messages that can be read now, as far as they are contiguous: where a cell ends, or a
  /// dense ring, the rest follows after an advance(). The messages stay in the ring until then.
  [[nodiscard]] std::span<T> readable() & noexcept {
    refresh();
    if (available() == 0) {
      count_empty_poll();
      return {};
    }
    return slots_.run(head_, available());
  }
  void readable() && = delete;  // the messages may be gone with a temporary

  /// Consumes (destroys) the first `count` messages of readable() and gives their slots back.
  /// Returns false and consumes nothing if `count` is more than readable() has shown.
  [[nodiscard]] bool advance(std::size_t count) noexcept {
    if (count == 0) return true;
    if (available() == 0 || count > slots_.run(head_, available()).size()) return false;
    consume(count, [](std::span<T>) noexcept {});
    return true;
  }

  /// Moves messages into `out` until `out` is full or the ring is empty. Returns the number of
  /// messages.
  [[nodiscard]] std::size_t recv(std::span<T> out) noexcept(std::is_nothrow_move_assignable_v<T>) {
    T* to = out.data();
    if constexpr (Plain<T>) {
      return consume_up_to(out.size(), [&to](std::span<T> run) noexcept {
        detail::copy_run<T, L>(to, run.data(), run.size());
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
    if (!finished()) return false;
    refresh();  // after `finished`, so that it sees the last message
    return available() == 0;
  }

  /// Refuses the sender's further reservations. Committed messages can still be consumed.
  void close() noexcept {
    if (gate_ != nullptr) gate_->closed.store(true, std::memory_order_release);  // [closed]
  }

 private:
  friend class Ring<T, Extent, L>;
  friend class Consumer<T, L>;
  using Slots = detail::Views<T, Extent, L>::Reader;

  Receiver(Slots slots, detail::Published* published, detail::Gate* gate,
           detail::ReceiverCounters* counters) noexcept
      : slots_(slots), published_(published), gate_(gate), counters_(counters) {}

  /// Number of messages known to be in the ring: from this side's sequence to where the last look
  /// ended.
  [[nodiscard]] std::size_t available() const noexcept {
    return static_cast<std::size_t>(tail_ - head_);
  }

  void refresh() noexcept {
    if (published_ == nullptr) return;  // moved from
    // A look at a cell may show less than a look that went ahead.
    tail_ = std::max(tail_, slots_.look(head_));
  }

  [[nodiscard]] bool finished() const noexcept {
    return published_->finished.load(std::memory_order_acquire);  // [finished]
  }

  // How many messages ahead of a receiver that rests its sender shall be, at least and at most, and
  // the pauses for which the receiver waits (PERFORMANCE.md, "Constants of the core").
  static constexpr std::size_t kAhead = 128;
  static constexpr std::size_t kFarAhead = 2048;
  static constexpr unsigned kRest = 64;

  /// A batch under way. It has copies of the receiver's state. At its end, even when a handler
  /// throws, it stores them there, gives slots back and counts a batch.
  ///
  /// Its functions are inlined, because a compiler keeps the copies in registers only if no other
  /// function gets their address.
  class Batch {
   public:
    /// For the messages below `end`.
    [[gnu::always_inline]] Batch(Receiver& receiver, std::uint64_t end) noexcept
        : receiver_(receiver),
          slots_(receiver.slots_),
          head_(receiver.head_),
          tail_(receiver.tail_),
          end_(end),
          given_back_(head_),
          rests_at_(receiver.streaming_ ? head_ : head_ + detail::kFewMessages) {}
    Batch(const Batch&) = delete;
    Batch& operator=(const Batch&) = delete;
    [[gnu::always_inline]] ~Batch() {
      const std::uint64_t consumed = head_ - receiver_.head_;
      slots_.enter(head_);
      receiver_.slots_ = slots_;
      receiver_.head_ = head_;
      receiver_.tail_ = tail_;
      receiver_.streaming_ = Slots::kRun > 0 && consumed > detail::kFewMessages;
      if (consumed == 0) {
        receiver_.count_empty_poll();
        return;
      }
      if (head_ != given_back_) give_back();
      if (receiver_.counters_ != nullptr) [[unlikely]] {
        receiver_.counters_->batches.increment();
      }
    }

    [[nodiscard]] std::uint64_t head() const noexcept { return head_; }
    void add(std::size_t count) noexcept { head_ += count; }

    /// True if there are more messages that belong to the batch.
    [[nodiscard, gnu::always_inline]] bool has_more() noexcept {
      if (head_ == end_) return false;
      if constexpr (Slots::kRun > 0) {
        slots_.enter(head_);
        // A batch of a celled ring can be as long as the ring. A sender that got no slot back
        // before its end would stand still while the last ones are read.
        if (head_ - given_back_ > quarter()) give_back();
        if (head_ != tail_) return true;
        if (head_ >= rests_at_ && keeps_distance()) return true;
        tail_ = slots_.look(head_);
      }
      return head_ != tail_;
    }

    /// Gives `take` the next messages, as far as they are known and contiguous. Precondition:
    /// has_more().
    ///
    /// A whole cell is given by a call of its own: its size is a constant there, so the place of
    /// the next look does not depend on what this one has shown, and a core can go ahead.
    template <class F>
    [[gnu::always_inline]] void give_run(F take) {
      if constexpr (Slots::kRun == 1) {
        fetch_ahead();
        take(std::span<T>(slots_.at(head_), 1));
      } else {
        const std::uint64_t known = end_of_run();
        if constexpr (Slots::kRun > 0) {
          if (slots_.begins_at(head_)) {
            while (known - head_ >= Slots::kRun) {
              fetch_ahead();
              take(std::span<T>(slots_.at(head_), Slots::kRun));
              slots_.enter(head_);
            }
            if (head_ == known) return;
          }
        }
        take(slots_.run(head_, static_cast<std::size_t>(known - head_)));
      }
    }

   private:
    /// The sequence up to which messages are given before the next look at what has to be done. A
    /// look at a cell can show a whole lap, which is too much to be kept.
    [[nodiscard]] std::uint64_t end_of_run() const noexcept {
      const std::uint64_t known = std::min(tail_, end_);
      return Slots::kRun == 0 ? known : std::min(known, given_back_ + quarter() + kRun);
    }

    [[nodiscard]] std::size_t quarter() const noexcept { return slots_.capacity() / 4; }

    /// Gives the slots of what has been handled back to the sender.
    [[gnu::always_inline]] void give_back() noexcept {
      receiver_.published_->head.store(head_, std::memory_order_release);  // [head]
      given_back_ = head_;
    }

    /// For a receiver that has caught up with a stream: rests until the sender is some way ahead,
    /// but for no more than some pauses. Returns whether it is.
    ///
    /// A receiver that stays at the heels of its sender takes the line that is being written, for
    /// each message or two, and the sender must take it back. From a sender that is ahead it takes
    /// lines for good. It looks at a line that the sender meets only later.
    ///
    /// Each look waits for a line, so one that shows more is better: a sender that got as far as it
    /// was waited for is waited for four times as far the next time. Of one that did not, the
    /// receiver takes a quarter if that is there, or a quarter of this, and asks for as much.
    [[nodiscard, gnu::always_inline]] bool keeps_distance() noexcept {
      const std::size_t least = cells_in(kAhead);
      if (least == 0 || end_ - head_ <= least * kRun) return false;
      std::size_t ahead = receiver_.ahead_;
      bool known = rests_for(cells_in(ahead));
      if (known) {
        ahead = std::min(ahead * 4, kFarAhead);
      } else {
        while (!known && ahead > kAhead) {
          ahead /= 4;
          known = finds_begun(cells_in(ahead));
        }
      }
      receiver_.ahead_ = ahead;
      if (!known) rests_at_ = head_ + least * kRun;
      return known;
    }

    /// The cells that a receiver looks ahead for this many messages.
    [[nodiscard]] std::size_t cells_in(std::size_t messages) const noexcept {
      return std::min(messages, quarter()) / kRun;
    }

    /// Rests until the sender has begun the cell `cells` further on. Returns false if it has not
    /// after all pauses.
    [[nodiscard, gnu::always_inline]] bool rests_for(std::size_t cells) noexcept {
      for (unsigned i = 0; i < kRest; ++i) {
        if (finds_begun(cells)) return true;
        detail::pause();
      }
      return false;
    }

    /// True if the sender has begun the cell `cells` further on. The messages before it are known
    /// then.
    [[nodiscard, gnu::always_inline]] bool finds_begun(std::size_t cells) noexcept {
      const std::uint64_t begun = slots_.look_ahead(head_, cells);
      if (begun == head_) return false;
      tail_ = begun;
      return true;
    }

    /// Asks for a line that will be read some cells later, if the sender has left it for good. A
    /// core sees only as many lines ahead as its window of instructions holds: few, if the handler
    /// does much with each message.
    [[gnu::always_inline]] void fetch_ahead() noexcept {
      if (tail_ - head_ > kFetched * kRun) slots_.fetch(head_, kFetched);
    }

    static constexpr std::size_t kRun = std::max<std::size_t>(1, Slots::kRun);
    static constexpr std::size_t kFetched =
        std::max<std::size_t>(1, 2048 / sizeof(detail::Cell<T>));  // cells

    Receiver& receiver_;
    Slots slots_;
    std::uint64_t head_;
    std::uint64_t tail_;
    std::uint64_t end_;
    std::uint64_t given_back_;  // slots of messages below it are
    std::uint64_t rests_at_;    // sequence from which on it rests when it has caught up
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

  /// Consumes what this side knows of, and what further looks show, but at most `limit` messages.
  template <class F>
  std::size_t consume(std::size_t limit, F&& handler) {
    if (published_ == nullptr) return 0;  // moved from
    if (available() < limit && !streaming_) refresh();
    if (available() == 0 && !streaming_) {
      count_empty_poll();
      return 0;
    }
    const std::uint64_t first = head_;
    // A sender that is as fast as its receiver must not make a batch endless. A greater limit would
    // also overflow.
    Batch batch(*this, first + std::min(limit, capacity()));
    while (batch.has_more()) {
      batch.give_run([&](std::span<T> run) { handle(run, handler, batch); });
      assert(head_ == first && "a handler used the Receiver that called it");
    }
    return static_cast<std::size_t>(batch.head() - first);
  }

  void count_empty_poll() noexcept {
    if (counters_ != nullptr) counters_->empty_polls.increment();
  }

  template <class F>
  static void handle(std::span<T> run, F& handler, Batch& batch) {
    if constexpr (RunHandler<F, T>) {
      batch.add(run.size());
      const Destroyed destroyed(run);
      std::invoke(handler, run);
    } else {
      for (T& message : run) {
        batch.add(1);
        const Destroyed destroyed(std::span<T>(&message, 1));
        if constexpr (std::invocable<F&, T&&>) {
          std::invoke(handler, std::move(message));
        } else {
          std::invoke(handler, message);
        }
      }
    }
  }

  Slots slots_;
  detail::Published* published_;        // null once moved from
  detail::Gate* gate_;                  // null if this side cannot close
  detail::ReceiverCounters* counters_;  // null unless metrics are on
  std::uint64_t head_ = 0;              // own sequence, that of the next message
  std::uint64_t tail_ = 0;              // messages below it can be read; never ahead of the sender
  bool streaming_ = false;              // the last batch was a stream's, of a celled ring
  std::size_t ahead_ = kAhead;          // messages, for which it rests the next time
};

}  // namespace ringmpsc
