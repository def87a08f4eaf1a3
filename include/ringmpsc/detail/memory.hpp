// The memory of a ring: how many slots it has, and where its slots or cells lie.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>

#include "ringmpsc/config.hpp"
#include "ringmpsc/detail/platform.hpp"

namespace ringmpsc::detail {

/// The number of slots of a ring, a power of two: a constant for a fixed extent.
template <std::size_t Extent>
class Capacity {
  static_assert(std::has_single_bit(Extent) && Extent >= (1U << kMinRingBits) &&
                    Extent <= (1U << kMaxRingBits),
                "the number of slots must be a power of two from 2 to 1,048,576");

 public:
  constexpr explicit Capacity(std::size_t /*count*/ = Extent) noexcept {}
  [[nodiscard]] static constexpr std::size_t count() noexcept { return Extent; }
  [[nodiscard]] static constexpr std::uint64_t mask() noexcept { return Extent - 1; }
};
template <>
class Capacity<std::dynamic_extent> {
 public:
  constexpr explicit Capacity(std::size_t count) noexcept : mask_(count - 1) {}
  [[nodiscard]] constexpr std::size_t count() const noexcept {
    return static_cast<std::size_t>(mask_ + 1);
  }
  [[nodiscard]] constexpr std::uint64_t mask() const noexcept { return mask_; }

 private:
  std::uint64_t mask_;
};

/// What a ring's memory is made of, a slot or a cell, one after the other: `Count` of them inside
/// the ring, or any number on the heap. It begins on a line of its own.
template <class U, std::size_t Count>
class Units {
  static_assert(Count <= std::size_t{PTRDIFF_MAX} / sizeof(U),
                "the slots need more bytes than this target has addresses");

 public:
  explicit Units(std::size_t /*count*/) noexcept {}
  [[nodiscard]] U* first() noexcept { return units_; }
  [[nodiscard]] const U* first() const noexcept { return units_; }

 private:
  alignas(U) alignas(kLineBytes) U units_[Count];
};

template <class U>
class Units<U, std::dynamic_extent> {
  static_assert(alignof(U) <= 4096, "a message's alignment must be at most 4,096 bytes");

 public:
  /// Allocates and faults in the memory on the calling thread's NUMA node, so that the data path
  /// meets no page fault. Throws std::bad_alloc.
  explicit Units(std::size_t count) : count_(count), pages_(bytes_of(count)) {
    std::uninitialized_default_construct_n(first(), count_);
  }
  Units(const Units&) = delete;
  Units& operator=(const Units&) = delete;
  ~Units() { std::destroy_n(first(), count_); }

  [[nodiscard]] U* first() const noexcept { return reinterpret_cast<U*>(pages_.first()); }

 private:
  static std::size_t bytes_of(std::size_t count) {
    if (count > SIZE_MAX / sizeof(U)) throw std::bad_alloc();
    return count * sizeof(U);
  }

  std::size_t count_;
  NearPages pages_;
};

}  // namespace ringmpsc::detail
