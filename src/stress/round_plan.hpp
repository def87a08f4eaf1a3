// What a round does, drawn from its seed.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "stress/shapes.hpp"
#include "workload/queue_table.hpp"
#include "workload/spec.hpp"

namespace bench::stress {

/// What rounds may be drawn.
struct Narrowing {
  std::vector<workload::QueueEntry> queues;  ///< at least one
  /// Of a group of which it has shapes, no others are drawn.
  ShapeSet only;
  std::optional<unsigned> producers;
  std::optional<unsigned> ring_bits;
  std::optional<std::size_t> payload_bytes;
  std::optional<std::size_t> batch;  ///< the largest
  std::optional<workload::Wait> wait;
  std::optional<workload::Layout> layout;
  /// CPUs that threads may be bound to; not empty.
  std::vector<unsigned> cpus;
  /// That all rings of a round may have together, unless the user fixed their sizes.
  std::uint64_t most_ring_bytes = 0;
};

/// The sizes of plain messages that rounds have; where ours have 24 bytes, those of others have 32.
inline constexpr std::array<std::size_t, 6> kPlainPayloads = {8, 24, 32, 64, 256, 1024};

struct RoundPlan {
  std::uint64_t seed = 0;
  workload::QueueEntry queue;
  ShapeSet shapes;
  unsigned threads = 1;  ///< that produce
  unsigned limit = 1;    ///< of producers that are registered at once
  unsigned ring_bits = 1;
  std::size_t payload_bytes = 8;
  std::size_t most_at_once = 1;  ///< messages in a batch or a reservation
  unsigned lives = 1;            ///< how often each thread registers
  std::uint64_t messages = 1;    ///< that a producer sends in one life, unless the time is over
  /// After so much time, producers end.
  std::chrono::milliseconds time{100};
  workload::Wait producers_wait = workload::Wait::adaptive;
  workload::Wait consumer_wait = workload::Wait::adaptive;
  std::vector<unsigned> cpus;

  [[nodiscard]] bool has(Shape shape) const { return shapes.has(shape); }
  /// Of all rings together. A slot of another queue may be a node of a list.
  [[nodiscard]] std::uint64_t ring_bytes() const {
    const std::uint64_t slot = ours() ? payload_bytes + (has(Shape::celled) ? 8 : 0)
                                      : 2 * std::max<std::uint64_t>(64, payload_bytes);
    return (limit * slot) << ring_bits;
  }
  /// Whether the queue is ours, which is used in all of its ways.
  [[nodiscard]] bool ours() const { return queue.name == workload::kOurQueue; }
};

/// The round of this seed. The same seed and narrowing give the same round.
[[nodiscard]] RoundPlan draw(std::uint64_t seed, const Narrowing& narrowing);

/// The seed of the round after the one with this seed.
[[nodiscard]] std::uint64_t next_seed(std::uint64_t seed) noexcept;

/// The shapes that can be drawn at all.
[[nodiscard]] ShapeSet possible(const Narrowing& narrowing);

/// Why no round can be drawn, as a part of a sentence; empty if one can.
[[nodiscard]] std::string why_impossible(const Narrowing& narrowing);

/// What the round does, for people: "8 producers, 2^4 slots, 64 bytes, ...".
[[nodiscard]] std::string describe(const RoundPlan& plan);

}  // namespace bench::stress
