// The data that a ring's two threads share: the published sequences and the slots. Everything else
// is private to one of the threads and lives in its endpoint.
//
// Every atomic access on the data path belongs to one of these pairs, which the comments of the
// endpoints cite by name:
//
//   [tail]      The sender's store-release and the receiver's load-acquire: the messages below the
//               tail are written before the receiver sees the tail. With weaker orders, the
//               receiver reads half-written messages.
//   [head]      The receiver's store-release and the sender's load-acquire: the slots below the
//               head are read and destroyed before they are written again. With weaker orders, the
//               sender overwrites a message that is still being read.
//   [finished]  The sender's store-release after its last tail, and the receiver's load-acquire
//               before its last look at the tail. With weaker orders, a ring with messages seems
//               drained.
//   [closed]    The closer's store-release and the sender's load-acquire: a sender that is refused
//               sees what the closer did before it closed.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <type_traits>

#include "ringmpsc/config.hpp"
#include "ringmpsc/detail/platform.hpp"

namespace ringmpsc::detail {

/// Sequences count messages since the ring was made. They never wrap: at 10^10 messages a second,
/// 2^64 last 58 years. A full ring therefore differs from an empty one, and no value repeats (no
/// ABA).
struct Published {
  /// Written only by the sender. `finished` shares the tail's line, so that a poll of an idle ring
  /// touches one line.
  alignas(kLineBytes) Atomic<std::uint64_t> tail{0};
  Atomic<bool> finished{false};
  /// Written only by the receiver.
  alignas(kLineBytes) Atomic<std::uint64_t> head{0};
  /// Written once or twice at most in a ring's life, so it stays in both cores' caches.
  alignas(kLineBytes) Atomic<bool> closed{false};
};

/// True if what different threads write lies in lines of its own. A template, because the atomics
/// of a model checker have no offsets.
template <class P>
consteval bool has_lines_apart() {
  if constexpr (std::is_standard_layout_v<P>) {
    return offsetof(P, finished) < kLineBytes && offsetof(P, head) >= kLineBytes &&
           offsetof(P, closed) >= offsetof(P, head) + kLineBytes &&
           sizeof(P) >= offsetof(P, closed) + kLineBytes;
  }
  return true;
}
static_assert(has_lines_apart<Published>());

template <class T>
inline constexpr std::size_t kSlotAlignment = alignof(T) > kLineBytes ? alignof(T) : kLineBytes;

/// The location of a ring's slots; each endpoint keeps a copy. The message with sequence s lives in
/// slot s mod capacity.
template <class T, std::size_t Extent>
class SlotView {
 public:
  explicit SlotView(T* first, std::size_t /*capacity*/) noexcept : first_(first) {}
  [[nodiscard]] static constexpr std::size_t capacity() noexcept { return Extent; }
  [[nodiscard]] T* at(std::uint64_t sequence) const noexcept {
    return first_ + (sequence & (Extent - 1));
  }
  /// The contiguous slots from `sequence` on: `count` of them, or fewer at the wrap.
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

/// Raw memory for a ring's slots. For a fixed extent it is inside the ring, otherwise on the heap.
template <class T, std::size_t Extent>
class SlotStorage {
  static_assert(std::has_single_bit(Extent) && Extent >= (1U << kMinRingBits) &&
                    Extent <= (1U << kMaxRingBits),
                "the number of slots must be a power of two from 2 to 1,048,576");
  static_assert(Extent <= std::size_t{PTRDIFF_MAX} / sizeof(T),
                "the slots need more bytes than this target has addresses");

 public:
  [[nodiscard]] SlotView<T, Extent> view() noexcept {
    return SlotView<T, Extent>(reinterpret_cast<T*>(bytes_), Extent);
  }

 private:
  alignas(kSlotAlignment<T>) std::byte bytes_[Extent * sizeof(T)];
};

template <class T>
class SlotStorage<T, std::dynamic_extent> {
  static_assert(kSlotAlignment<T> <= 4096, "a message's alignment must be at most 4,096 bytes");

 public:
  /// Allocates and faults in the memory on the calling thread's NUMA node, so that the data path
  /// meets no page fault.
  explicit SlotStorage(unsigned ring_bits)
      : capacity_(std::size_t{1} << checked(ring_bits)), pages_(bytes_of(capacity_)) {}

  [[nodiscard]] SlotView<T, std::dynamic_extent> view() noexcept {
    return SlotView<T, std::dynamic_extent>(reinterpret_cast<T*>(pages_.first()), capacity_);
  }

 private:
  static unsigned checked(unsigned ring_bits) {
    check_range("ring_bits", ring_bits, kMinRingBits, kMaxRingBits);
    return ring_bits;
  }
  static std::size_t bytes_of(std::size_t slots) {
    if (slots > SIZE_MAX / sizeof(T)) throw std::bad_alloc();
    return slots * sizeof(T);
  }

  std::size_t capacity_;
  NearPages pages_;
};

}  // namespace ringmpsc::detail
