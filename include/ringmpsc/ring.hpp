// A bounded single-producer single-consumer ring.
//
// The algorithm is Lamport's (Proving the Correctness of Multiprocess Programs, 1977) with two
// refinements. First, each side keeps a copy of the other side's index and reads that index again
// only when the copy says full or empty (Lee et al., MCRingBuffer, 2010). Second, this copy and the
// side's own index are not in the ring but in the endpoint that the thread holds, so that the
// ring's lines carry only what one side tells the other.
#pragma once

#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "ringmpsc/config.hpp"
#include "ringmpsc/detail/shared.hpp"
#include "ringmpsc/layout.hpp"
#include "ringmpsc/metrics.hpp"
#include "ringmpsc/receiver.hpp"
#include "ringmpsc/sender.hpp"

namespace ringmpsc {

/// The slots and the published sequences. `Ring<T>` has its slots on the heap; `Ring<T, 4096>` has
/// 4,096 slots inline (the extent is written as for std::span). The layout is celled unless another
/// is named (see Layout). A ring cannot be moved or copied, and it must outlive its two endpoints.
///
/// The ring's destructor destroys the messages that were not consumed.
template <class T, std::size_t Extent = std::dynamic_extent, Layout L = Layout::celled>
class Ring {
  static_assert(std::is_object_v<T> && !std::is_const_v<T> && !std::is_volatile_v<T>);
  static_assert(std::is_nothrow_destructible_v<T>, "a message's destructor must not throw");
  static_assert(detail::kFillsLines<Sender<T, Extent, L>> &&
                    detail::kFillsLines<Receiver<T, Extent, L>> &&
                    detail::kFillsLines<detail::SenderCounters> &&
                    detail::kFillsLines<detail::ReceiverCounters>,
                "what the two threads write must not share a cache line");

 public:
  /// Makes a ring of 2^ring_bits slots. The calling thread allocates the slots and faults them in,
  /// so they lie on its NUMA node. Throws std::invalid_argument unless ring_bits is 1 to 20, and
  /// std::bad_alloc if there is too little memory.
  explicit Ring(unsigned ring_bits, bool enable_metrics = false)
    requires(Extent == std::dynamic_extent)
      : memory_(detail::Capacity<Extent>(slots_of(ring_bits))), metrics_enabled_(enable_metrics) {}

  explicit Ring(bool enable_metrics = false)
    requires(Extent != std::dynamic_extent)
      : memory_(detail::Capacity<Extent>()), metrics_enabled_(enable_metrics) {}

  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;

  /// Precondition: neither endpoint is in use any more.
  ~Ring() {
    // Relaxed here and below, because the thread that destroys the ring has already synchronised
    // with both threads.
    assert((ends_ == Ends::inside || published_.finished.load(std::memory_order_relaxed)) &&
           "the ring ends before its Sender");
    assert(
        (ends_ != Ends::with_own_gate || published_.gate.closed.load(std::memory_order_relaxed)) &&
        "the ring ends before its Receiver");
    if constexpr (!std::is_trivially_destructible_v<T>) {
      const auto head = published_.head.load(std::memory_order_relaxed);
      const auto tail = memory_.tail(head);
      for (auto s = head; s != tail; ++s) std::destroy_at(memory_.at(s));
    }
  }

  /// Returns the two endpoints. A second call throws std::logic_error. Two threads must not call it
  /// at the same time.
  [[nodiscard]] std::pair<Sender<T, Extent, L>, Receiver<T, Extent, L>> split() & {
    return split(published_.gate, &published_.gate, Ends::with_own_gate);
  }
  void split() && = delete;  // the ends need their ring

  /// The same for an owner of several rings that closes all of them with one gate of its own. The
  /// gate must outlive the senders. The receiver cannot close the ring then.
  [[nodiscard]] std::pair<Sender<T, Extent, L>, Receiver<T, Extent, L>> split(
      detail::Gate& gate) & {
    return split(gate, nullptr, Ends::with_other_gate);
  }

  [[nodiscard]] std::size_t capacity() const noexcept { return memory_.capacity(); }

  /// The counters so far. Any thread may call it.
  [[nodiscard]] Metrics metrics() const noexcept {
    // The receiver sees messages, stores its head and then counts a batch. Read in the opposite
    // order with acquires, no batch has more messages than were received, and no more than were
    // sent.
    const std::uint64_t batches = receiver_counters_.batches.value();
    const std::uint64_t received = published_.head.load(std::memory_order_acquire);
    // The head again: the sender may be more than a capacity beyond what was received before, and
    // the tail must be no older than the snapshot.
    const auto sent = sender_counters_.commits.snapshot([this]() noexcept {
      return memory_.tail(published_.head.load(std::memory_order_acquire));
    });
    return {.messages_sent = sent.messages,
            .messages_received = received,
            .commits = metrics_enabled_ ? sent.commits : 0,
            .refused_full = sender_counters_.refused_full.value(),
            .batches = batches,
            .empty_polls = receiver_counters_.empty_polls.value()};
  }

 private:
  /// Where the two endpoints are, and which gate closes the ring.
  enum class Ends : std::uint8_t { inside, with_own_gate, with_other_gate };

  static std::size_t slots_of(unsigned ring_bits) {
    detail::check_range("ring_bits", ring_bits, kMinRingBits, kMaxRingBits);
    return std::size_t{1} << ring_bits;
  }

  std::pair<Sender<T, Extent, L>, Receiver<T, Extent, L>> split(detail::Gate& of_sender,
                                                                detail::Gate* of_receiver,
                                                                Ends ends) {
    if (ends_ != Ends::inside) throw std::logic_error("a ring can be split only once");
    ends_ = ends;
    return {Sender<T, Extent, L>(memory_.writer(), &published_, &of_sender,
                                 metrics_enabled_ ? &sender_counters_ : nullptr),
            Receiver<T, Extent, L>(memory_.reader(), &published_, of_receiver,
                                   metrics_enabled_ ? &receiver_counters_ : nullptr)};
  }

  detail::Published published_;
  detail::SenderCounters sender_counters_;
  detail::ReceiverCounters receiver_counters_;
  detail::Views<T, Extent, L>::Memory memory_;
  bool metrics_enabled_;
  Ends ends_ = Ends::inside;
};

}  // namespace ringmpsc
