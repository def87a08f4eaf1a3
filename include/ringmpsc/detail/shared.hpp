// What a ring's two threads share: the published sequences and the slots. Everything else is
// private to one of them and lives in its endpoint.
//
// Every atomic access of the data path is one of these pairs; the endpoints' comments cite them.
//
//   [tail]      the sender's store-release, the receiver's load-acquire: the messages below the
//               tail are written before it is seen. Weaker, and the receiver reads half-written
//               messages.
//   [head]      the receiver's store-release, the sender's load-acquire: the slots below the head
//               are read and destroyed before they are written again. Weaker, and the sender
//               overwrites a message under its reader.
//   [finished]  the sender's store-release after its last tail, the receiver's load-acquire before
//               it looks at the tail a last time. Weaker, and a ring with messages seems drained.
//   [closed]    the closer's store-release, the sender's load-acquire: what the closer did before
//               it closed is seen by a sender that finds itself refused.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>

#include "ringmpsc/config.hpp"
#include "ringmpsc/detail/platform.hpp"

namespace ringmpsc::detail {

/// Sequences count messages since the ring was made and never wrap (2^64 at 10^10 a second last 58
/// years), so that full and empty differ and no value comes back (no ABA).
struct Published {
  /// Written by the sender only. `finished` shares the tail's line, so that a poll of an idle ring
  /// touches one line.
  alignas(kLineBytes) Atomic<std::uint64_t> tail{0};
  Atomic<bool> finished{false};
  /// Written by the receiver only.
  alignas(kLineBytes) Atomic<std::uint64_t> head{0};
  /// Written at most once or twice in a ring's life: stays in both cores' caches.
  alignas(kLineBytes) Atomic<bool> closed{false};
};

template <class T>
inline constexpr std::size_t kSlotAlignment = alignof(T) > kLineBytes ? alignof(T) : kLineBytes;

/// Where a ring's slots are, for an endpoint to keep. Sequence s lives in slot s mod capacity.
template <class T, std::size_t Extent>
class SlotView {
 public:
  explicit SlotView(T* first, std::size_t /*capacity*/) noexcept : first_(first) {}
  [[nodiscard]] static constexpr std::size_t capacity() noexcept { return Extent; }
  [[nodiscard]] T* at(std::uint64_t sequence) const noexcept {
    return first_ + (sequence & (Extent - 1));
  }
  /// The contiguous slots from `sequence` on: `count`, or fewer at the wrap.
  [[nodiscard]] std::span<T> run(std::uint64_t sequence, std::size_t count) const noexcept {
    const std::size_t to_wrap = Extent - (sequence & (Extent - 1));
    return {at(sequence), count < to_wrap ? count : to_wrap};
  }

 private:
  T* first_;
};

template <class T>
class SlotView<T, std::dynamic_extent> {
 public:
  explicit SlotView(T* first, std::size_t capacity) noexcept : first_(first), mask_(capacity - 1) {}
  [[nodiscard]] std::size_t capacity() const noexcept { return mask_ + 1; }
  [[nodiscard]] T* at(std::uint64_t sequence) const noexcept { return first_ + (sequence & mask_); }
  [[nodiscard]] std::span<T> run(std::uint64_t sequence, std::size_t count) const noexcept {
    const std::size_t to_wrap = capacity() - (sequence & mask_);
    return {at(sequence), count < to_wrap ? count : to_wrap};
  }

 private:
  T* first_;
  std::size_t mask_;
};

/// Raw memory for a ring's slots: within the ring for a fixed extent, on the heap otherwise.
template <class T, std::size_t Extent>
class SlotStorage {
  static_assert(std::has_single_bit(Extent) && Extent >= (1U << kMinRingBits) &&
                    Extent <= (1U << kMaxRingBits),
                "a ring has a power of two of slots, from 2 to 1,048,576");

 public:
  [[nodiscard]] SlotView<T, Extent> view() noexcept {
    return SlotView<T, Extent>(reinterpret_cast<T*>(bytes_), Extent);
  }

 private:
  alignas(kSlotAlignment<T>) std::byte bytes_[Extent * sizeof(T)];
};

template <class T>
class SlotStorage<T, std::dynamic_extent> {
  static_assert(kSlotAlignment<T> <= 4096, "a message's alignment is at most a page");

 public:
  /// Allocates on the calling thread's NUMA node, so that no page fault waits on the data path.
  explicit SlotStorage(unsigned ring_bits)
      : capacity_(std::size_t{1} << checked(ring_bits)), pages_(capacity_ * sizeof(T)) {}

  [[nodiscard]] SlotView<T, std::dynamic_extent> view() noexcept {
    return SlotView<T, std::dynamic_extent>(reinterpret_cast<T*>(pages_.first()), capacity_);
  }

 private:
  static unsigned checked(unsigned ring_bits) {
    check_range("ring_bits", ring_bits, kMinRingBits, kMaxRingBits);
    return ring_bits;
  }

  std::size_t capacity_;
  NearPages pages_;
};

}  // namespace ringmpsc::detail
