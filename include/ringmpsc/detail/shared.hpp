// What the two threads of a ring tell each other, in either layout. Everything else is private to
// one of the threads and lives in its endpoint.
//
// Every atomic access on the data path belongs to one of these pairs, which the comments of the
// endpoints cite by name, or to the pair of the ring's layout (dense.hpp, celled.hpp), which
// publishes messages:
//
//   [head]      The receiver's store-release and the sender's load-acquire: the slots below the
//               head are read and destroyed before they are written again. With weaker orders, the
//               sender overwrites a message that is still being read.
//   [finished]  The sender's store-release after its last message, and the receiver's load-acquire
//               before its last look. With weaker orders, a ring with messages seems drained.
//   [ended]     The increment by a channel's sender after `finished`, and the consumer's load
//   before
//               it looks for rings that have finished. With weaker orders, one may be overlooked.
//   [closed]    The closer's store-release and the sender's load-acquire: a sender that is refused
//               sees what the closer did before it closed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "ringmpsc/detail/celled.hpp"
#include "ringmpsc/detail/dense.hpp"
#include "ringmpsc/detail/platform.hpp"
#include "ringmpsc/layout.hpp"

namespace ringmpsc::detail {

/// What opens and shuts a ring, or all the rings of a channel. It is written once for each end, so
/// it stays in all cores' caches.
struct Gate {
  Atomic<bool> closed{false};
  Atomic<std::uint64_t> ended{0};  ///< how many senders have ended
};

/// Sequences count messages since the ring was made. They never wrap: at 10^10 messages a second,
/// 2^64 last 58 years. A full ring therefore differs from an empty one, and no value repeats (no
/// ABA).
struct Published {
  /// Written only by the receiver.
  alignas(kLineBytes) Atomic<std::uint64_t> head{0};
  /// Written once by the sender, beside the gate of a ring that is none of a channel's.
  alignas(kLineBytes) Atomic<bool> finished{false};
  Gate gate;
};

/// True if what different threads write lies in lines of its own. A template, because the atomics
/// of a model checker have no offsets.
template <class P>
consteval bool has_lines_apart() {
  if constexpr (std::is_standard_layout_v<P>) {
    return offsetof(P, finished) >= offsetof(P, head) + kLineBytes &&
           sizeof(P) >= offsetof(P, finished) + kLineBytes;
  }
  return true;
}
static_assert(has_lines_apart<Published>());

/// A batch of more messages is part of a stream. One of fewer may be an answer, or a question whose
/// answer somebody waits for.
inline constexpr std::size_t kFewMessages = 8;

template <class T, std::size_t Extent, Layout L>
struct Views {
  using Memory = CelledMemory<T, Extent>;
  using Writer = CelledWriter<T, Extent>;
  using Reader = CelledReader<T, Extent>;
};
template <class T, std::size_t Extent>
struct Views<T, Extent, Layout::dense> {
  using Memory = DenseMemory<T, Extent>;
  using Writer = DenseWriter<T, Extent>;
  using Reader = DenseReader<T, Extent>;
};

/// Copies a run of messages. A full cell is copied by a constant number of moves: without the
/// constant, 64 messages of 8 bytes take a fifth longer.
template <class T, Layout L>
void copy_run(T* to, const T* from, std::size_t count) noexcept {
  if constexpr (L == Layout::celled) {
    if (count == kCellMessages<T>) {
// GCC knows a caller's array and not that fewer messages never come here.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Warray-bounds"
#pragma GCC diagnostic ignored "-Wstringop-overflow"
#pragma GCC diagnostic ignored "-Wstringop-overread"
#endif
      std::memcpy(to, from, kCellMessages<T> * sizeof(T));
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
      return;
    }
  }
  copy_bytes(to, from, count * sizeof(T));
}

}  // namespace ringmpsc::detail
