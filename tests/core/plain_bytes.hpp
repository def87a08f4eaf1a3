// A message of a given number of bytes, which can be copied as bytes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace ringmpsc::testing {

/// Holds as much of a number as fits. The rest of its bytes say whether it is whole.
template <std::size_t N>
class PlainBytes {
 public:
  PlainBytes() = default;
  explicit PlainBytes(std::int64_t value) {
    for (std::size_t i = 0; i < N; ++i) bytes_[i] = byte_of(static_cast<std::uint64_t>(value), i);
  }

  /// The number; -1 if a byte is not the message's.
  [[nodiscard]] std::int64_t value() const noexcept {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < std::min<std::size_t>(N, 8); ++i)
      value |= std::uint64_t{bytes_[i]} << 8 * i;
    for (std::size_t i = 0; i < N; ++i) {
      if (bytes_[i] != byte_of(value, i)) return -1;
    }
    return static_cast<std::int64_t>(value);
  }

 private:
  static constexpr std::uint8_t byte_of(std::uint64_t value, std::size_t i) noexcept {
    return static_cast<std::uint8_t>((value >> 8 * (i % 8)) + i / 8);
  }

  std::uint8_t bytes_[N];
};

}  // namespace ringmpsc::testing
