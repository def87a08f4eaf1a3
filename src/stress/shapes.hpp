// The shapes that a round may have: everything that the command stress varies and counts.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace bench::stress {

/// Shapes of one group stand together, and a group is contiguous.
enum class Shape : std::uint8_t {
  one_producer,
  several_producers,
  many_producers,
  tiny_ring,
  small_ring,
  large_ring,
  huge_ring,
  celled,
  dense,
  payload_8,
  payload_24,
  payload_64,
  payload_256,
  payload_1024,
  payload_heap,
  payload_throwing,
  push,
  emplace,
  push_waiting,
  reserve,
  reserve_part,
  reserve_dropped,
  reserve_up_to,
  reserve_backoff,
  send,
  deferred,
  consume_each,
  consume_runs,
  consume_limited,
  recv,
  try_recv,
  producer_busy_spin,
  producer_yielding,
  producer_adaptive,
  producer_backoff,
  producer_blocking,
  consumer_busy_spin,
  consumer_yielding,
  consumer_adaptive,
  consumer_backoff,
  consumer_blocking,
  greedy_consumer,
  slow_consumer,
  stalling_consumer,
  end,
  close_consumer,
  close_producer,
  leave,
  free_cpus,
  one_cpu,
  wandering,
  rejoin,
  crowd,
  move_producer,
  move_consumer,
  throwing_handler,
  pauses,
  freeze_producer,
  freeze_consumer,
  metrics,
  count
};

inline constexpr std::size_t kShapes = static_cast<std::size_t>(Shape::count);

/// How many shapes of its group a round has.
enum class Choice : std::uint8_t {
  one,   ///< one of them
  some,  ///< one or more
  any,   ///< each or none
};

struct Group {
  std::string_view name;
  Choice choice = Choice::one;
  Shape first = Shape::one_producer;
  Shape last = Shape::one_producer;
};

struct ShapeEntry {
  Shape shape;
  std::string_view name;      ///< as --only takes it
  std::string_view meaning;   ///< part of a sentence
  bool of_any_queue = false;  ///< other queues than ours have it too
};

class ShapeSet {
 public:
  constexpr ShapeSet() = default;

  [[nodiscard]] bool has(Shape shape) const { return bits_.test(static_cast<std::size_t>(shape)); }
  void add(Shape shape) { bits_.set(static_cast<std::size_t>(shape)); }
  void remove(Shape shape) { bits_.reset(static_cast<std::size_t>(shape)); }
  [[nodiscard]] bool empty() const noexcept { return bits_.none(); }

  friend bool operator==(const ShapeSet&, const ShapeSet&) = default;

 private:
  std::bitset<kShapes> bits_;
};

[[nodiscard]] std::span<const Group> groups() noexcept;
/// All shapes, each at its value's place.
[[nodiscard]] std::span<const ShapeEntry> shapes() noexcept;

[[nodiscard]] inline const ShapeEntry& entry_of(Shape shape) noexcept {
  return shapes()[static_cast<std::size_t>(shape)];
}

/// The shapes of this name, and those whose name begins with it and a dash: "close" stands for
/// close-consumer and close-producer. A group's name stands for all of its shapes. Empty if there
/// is none.
[[nodiscard]] ShapeSet shapes_named(std::string_view name);

}  // namespace bench::stress
