// How a ring lays out its messages and what is published of them.
#pragma once

#include <cstdint>

namespace ringmpsc {

/// The layout of a ring, chosen where its type is written: `Channel<T>` is celled,
/// `Channel<T, Layout::dense>` is dense.
///
/// Take celled for messages that are pushed one at a time, and for small batches. A greedy consumer
/// does not slow it down: 1,300 M messages/s of 8 bytes between far cores, where dense has 100.
/// Take dense where a producer publishes several messages together (reserve and commit, or send)
/// that fill a cache line of 64 bytes: it hands them over as one array, 2,000 M/s in batches of 8
/// and 2,500 in batches of 64, celled 1,750. Below a line a greedy consumer holds it up as it does
/// single pushes. `Deferred`, which publishes pushes together, is for dense rings alone.
enum class Layout : std::uint8_t {
  /// Memory is cut into cells. A cell holds one message, or as many small ones as fill a cache
  /// line, and beside them the sequence up to which its messages are published. A message thus
  /// comes with its publication in one line. Runs of messages end where a cell ends.
  celled,
  /// An array of messages, and one published tail on a line of its own. Runs of messages end where
  /// the array ends.
  dense,
};

}  // namespace ringmpsc
