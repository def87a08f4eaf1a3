// The dense layout: an array of slots, and the tail on a line of its own.
//
//   [tail]  The sender's store-release and the receiver's load-acquire: the messages below the tail
//           are written before the receiver sees the tail. With weaker orders, the receiver reads
//           half-written messages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "ringmpsc/detail/memory.hpp"
#include "ringmpsc/detail/platform.hpp"

namespace ringmpsc::detail {

/// The place of one message, without the message.
template <class T>
struct Slot {
  alignas(T) std::byte bytes[sizeof(T)];
};

/// Where the messages lie: the one with sequence s in slot s mod capacity.
template <class T, std::size_t Extent>
class DenseSlots {
 public:
  /// 0, because a look shows all that are published.
  static constexpr std::size_t kRun = 0;

  DenseSlots(Slot<T>* first, Capacity<Extent> capacity) noexcept
      : first_(reinterpret_cast<T*>(first)), capacity_(capacity) {}

  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_.count(); }
  [[nodiscard]] T* at(std::uint64_t sequence) const noexcept {
    return first_ + (sequence & capacity_.mask());
  }
  /// The contiguous slots from `sequence` on: `count` of them, or fewer at the wrap.
  [[nodiscard]] std::span<T> run(std::uint64_t sequence, std::size_t count) const noexcept {
    const std::size_t to_wrap = capacity() - (sequence & capacity_.mask());
    return {at(sequence), count < to_wrap ? count : to_wrap};
  }
  static void enter(std::uint64_t /*sequence*/) noexcept {}
  [[nodiscard]] static bool begins_at(std::uint64_t /*sequence*/) noexcept { return false; }

 private:
  T* first_;
  [[no_unique_address]] Capacity<Extent> capacity_;
};

/// The sender's view of a dense ring.
template <class T, std::size_t Extent>
class DenseWriter : public DenseSlots<T, Extent> {
 public:
  DenseWriter(DenseSlots<T, Extent> slots, Atomic<std::uint64_t>* tail) noexcept
      : DenseSlots<T, Extent>(slots), tail_(tail) {}

  /// The sequence up to which single messages can be written, if slots are free up to `end`.
  [[nodiscard]] static std::uint64_t stop(std::uint64_t end) noexcept { return end; }

  /// Publishes the messages below `tail`.
  void publish(std::uint64_t tail) noexcept {
    tail_->store(tail, std::memory_order_release);  // [tail]
  }

 private:
  Atomic<std::uint64_t>* tail_;
};

/// The receiver's view of a dense ring.
template <class T, std::size_t Extent>
class DenseReader : public DenseSlots<T, Extent> {
 public:
  DenseReader(DenseSlots<T, Extent> slots, const Atomic<std::uint64_t>* tail) noexcept
      : DenseSlots<T, Extent>(slots), tail_(tail) {}

  /// The sequence up to which messages can be read, if those below `head` have been.
  [[nodiscard]] std::uint64_t look(std::uint64_t /*head*/) const noexcept {
    return tail_->load(std::memory_order_acquire);  // [tail]
  }

 private:
  const Atomic<std::uint64_t>* tail_;
};

/// What the two threads of a dense ring share besides its head.
template <class T, std::size_t Extent>
class DenseMemory {
 public:
  explicit DenseMemory(Capacity<Extent> capacity) : slots_(capacity.count()), capacity_(capacity) {}

  [[nodiscard]] DenseWriter<T, Extent> writer() noexcept { return {slots(), &tail_}; }
  [[nodiscard]] DenseReader<T, Extent> reader() noexcept { return {slots(), &tail_}; }

  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_.count(); }
  /// The place of a message that is in the ring.
  [[nodiscard]] T* at(std::uint64_t sequence) noexcept { return slots().at(sequence); }
  /// The sequence up to which messages are published. Any thread may ask; `head` was the
  /// receiver's at some moment.
  [[nodiscard]] std::uint64_t tail(std::uint64_t /*head*/) const noexcept {
    return tail_.load(std::memory_order_acquire);
  }

 private:
  DenseSlots<T, Extent> slots() noexcept { return {slots_.first(), capacity_}; }

  alignas(kLineBytes) Atomic<std::uint64_t> tail_{0};  // written only by the sender
  Units<Slot<T>, Extent> slots_;
  [[no_unique_address]] Capacity<Extent> capacity_;
};

}  // namespace ringmpsc::detail
