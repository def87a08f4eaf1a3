// The parameters of a channel (its size and its number of producers) and the named presets.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

namespace ringmpsc {

inline constexpr unsigned kMinRingBits = 1;
inline constexpr unsigned kMaxRingBits = 20;
inline constexpr unsigned kMinProducers = 1;
inline constexpr unsigned kMaxProducers = 128;

/// A channel's parameters. It is a plain value that Channel and Ring check when they are built.
struct Config {
  /// log2 of the number of slots in each producer's ring: 1 to 20.
  unsigned ring_bits = 16;
  /// How many producers may be registered at the same time: 1 to 128.
  unsigned max_producers = 16;
  /// Whether commits, refusals, batches and empty polls are counted (see Metrics).
  bool enable_metrics = false;

  /// Number of slots in each ring: 2^ring_bits.
  [[nodiscard]] constexpr std::size_t ring_capacity() const noexcept {
    return std::size_t{1} << ring_bits;
  }

  /// Throws std::invalid_argument if a field is out of range. The text names the field, its value
  /// and its range.
  constexpr void validate() const;
};

namespace presets {
/// 4,096 slots a ring. That is 37 KiB of 8-byte messages, or 32 KiB in the dense layout, which stay
/// close to a core.
inline constexpr Config low_latency{.ring_bits = 12, .max_producers = 16};
/// Config's own defaults: 65,536 slots a ring.
inline constexpr Config standard{};
/// 262,144 slots a ring for 32 producers. The large rings absorb long pauses of the consumer.
inline constexpr Config high_throughput{.ring_bits = 18, .max_producers = 32};
}  // namespace presets

namespace detail {
constexpr void check_range(const char* field, unsigned value, unsigned low, unsigned high) {
  if (value < low || value > high) {
    throw std::invalid_argument(std::string(field) + " = " + std::to_string(value) +
                                ": must be between " + std::to_string(low) + " and " +
                                std::to_string(high));
  }
}
}  // namespace detail

constexpr void Config::validate() const {
  detail::check_range("ring_bits", ring_bits, kMinRingBits, kMaxRingBits);
  detail::check_range("max_producers", max_producers, kMinProducers, kMaxProducers);
}

}  // namespace ringmpsc
