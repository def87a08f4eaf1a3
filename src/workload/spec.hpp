// A spec: a complete description of what one trial does.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "ringmpsc/layout.hpp"

namespace bench::workload {

/// What the consumer does with a message.
enum class Consume : std::uint8_t {
  verify,  ///< checks every word: the producer, the sequence number, the pattern
  read,    ///< folds every word into a checksum that must equal the producers'
  count,   ///< only counts, and never reads a message
};

/// How both sides wait for each other; see ringmpsc/wait.hpp. With `none` they try again at once,
/// without a pause and without ever giving up the core: a loop as people write it first.
enum class Wait : std::uint8_t { adaptive, busy_spin, yielding, backoff, blocking, none };

/// Who sends, and when.
enum class Pattern : std::uint8_t {
  stream,      ///< producers send as fast as they can
  round_trip,  ///< one message in flight: a producer sends it and waits until it comes back
  one_way,     ///< producers send on a fixed schedule, whether or not the queue keeps up
};

/// How messages get into the queue.
enum class Write : std::uint8_t {
  in_place,  ///< a batch is written where the consumer reads it, if the queue offers that
  copy,      ///< a batch is written to a private buffer and copied in
  deferred,  ///< single pushes are staged and published together, if the queue offers that
};

/// How a ring of ours lays out its messages; see ringmpsc/layout.hpp.
using ringmpsc::Layout;

template <class E>
using Named = std::pair<std::string_view, E>;

inline constexpr std::array kConsumeNames = {Named<Consume>{"verify", Consume::verify},
                                             Named<Consume>{"read", Consume::read},
                                             Named<Consume>{"count", Consume::count}};

inline constexpr std::array kWaitNames = {
    Named<Wait>{"adaptive", Wait::adaptive}, Named<Wait>{"busy-spin", Wait::busy_spin},
    Named<Wait>{"yielding", Wait::yielding}, Named<Wait>{"backoff", Wait::backoff},
    Named<Wait>{"blocking", Wait::blocking}, Named<Wait>{"none", Wait::none},
};

inline constexpr std::array kPatternNames = {Named<Pattern>{"stream", Pattern::stream},
                                             Named<Pattern>{"round-trip", Pattern::round_trip},
                                             Named<Pattern>{"one-way", Pattern::one_way}};
inline constexpr std::array kWriteNames = {Named<Write>{"in-place", Write::in_place},
                                           Named<Write>{"copy", Write::copy},
                                           Named<Write>{"deferred", Write::deferred}};
inline constexpr std::array kLayoutNames = {Named<Layout>{"celled", Layout::celled},
                                            Named<Layout>{"dense", Layout::dense}};

[[nodiscard]] std::string_view name(Pattern pattern) noexcept;
[[nodiscard]] std::string_view name(Write write) noexcept;
[[nodiscard]] std::string_view name(Layout layout) noexcept;
[[nodiscard]] std::string_view name(Consume consume) noexcept;
[[nodiscard]] std::string_view name(Wait wait) noexcept;

/// The message sizes that are compiled in, in bytes.
inline constexpr std::array<std::size_t, 9> kPayloadBytes = {4, 8, 16, 32, 64, 128, 256, 512, 1024};

/// Stands for a preset where the rings have another size than that of the preset asked for.
inline constexpr std::string_view kNoPreset = "none";

struct Spec {
  std::string queue = "ringmpsc";
  /// The preset that gave ring_bits; kNoPreset if they were given themselves.
  std::string preset = "default";
  /// Producer threads, 1 to 128. The consumer is one more thread.
  unsigned producers = 1;
  /// Additional producers that are registered and never send, 0 to 128 - producers.
  unsigned idle_producers = 0;
  Pattern pattern = Pattern::stream;
  /// A ring has 2^ring_bits slots; 1 to 20.
  unsigned ring_bits = 16;
  /// Null for a queue that has one layout of its own; in a request, for the one that layout_for
  /// chooses.
  std::optional<Layout> layout;
  /// One of kPayloadBytes.
  std::size_t payload_bytes = 8;
  /// Messages per reserve and commit, from 1 to the ring's slots. 1 pushes one at a time.
  std::size_t batch = 256;
  Write write = Write::in_place;
  Consume consume = Consume::verify;
  Wait wait = Wait::adaptive;
  /// Exactly one of the two is set: how long producers send, or how many messages each of them
  /// sends.
  std::optional<double> duration_s = 0.3;
  std::optional<std::uint64_t> messages_per_producer;
  bool metrics = false;
  /// Messages per second of all producers together, more than 0. Set in one_way and only there.
  std::optional<double> rate;
  /// Times every message. In a round trip, the time is from sending the message to having it back.
  /// In one_way, which always times messages, it is from when the message was due to when it had
  /// been read. The messages of a stream are not timed.
  bool latency = false;

  friend bool operator==(const Spec&, const Spec&) = default;
};

/// The layout that ringmpsc/layout.hpp advises for this spec: celled where messages are sent one at
/// a time or few together, dense for batches of several that fill a cache line and for deferred
/// pushes.
[[nodiscard]] Layout layout_for(const Spec& spec) noexcept;

}  // namespace bench::workload
