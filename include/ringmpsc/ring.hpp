// A bounded single-producer single-consumer ring.
//
// The algorithm is Lamport's (Proving the Correctness of Multiprocess Programs, 1977) with two
// refinements: each side keeps a copy of the other's index and looks again only when the copy says
// full or empty (Lee et al., MCRingBuffer, 2010), and that copy, like the side's own index, is not
// in the ring but in the endpoint that the thread holds, so that the ring's lines carry only what
// one side tells the other.
#pragma once

#include <bit>
#include <cstddef>
#include <memory>
#include <span>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "ringmpsc/config.hpp"
#include "ringmpsc/detail/shared.hpp"
#include "ringmpsc/metrics.hpp"
#include "ringmpsc/receiver.hpp"
#include "ringmpsc/sender.hpp"

namespace ringmpsc {

/// The slots and the published sequences. `Ring<T>` has its slots on the heap, `Ring<T, 4096>` has
/// them inline, as with std::span. It neither moves nor copies, and outlives its two endpoints.
///
/// Whatever is left unconsumed is destroyed with the ring.
template <class T, std::size_t Extent = std::dynamic_extent>
class Ring {
  static_assert(std::is_object_v<T> && !std::is_const_v<T> && !std::is_volatile_v<T>);
  static_assert(std::is_nothrow_destructible_v<T>, "a message's destructor must not throw");

 public:
  /// 2^ring_bits slots, allocated and faulted in by the calling thread, on whose NUMA node they
  /// therefore lie. Throws std::invalid_argument unless ring_bits is 1 to 20, and std::bad_alloc.
  explicit Ring(unsigned ring_bits, bool enable_metrics = false)
    requires(Extent == std::dynamic_extent)
      : storage_(ring_bits), metrics_enabled_(enable_metrics) {}

  explicit Ring(bool enable_metrics = false)
    requires(Extent != std::dynamic_extent)
      : metrics_enabled_(enable_metrics) {}

  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;

  /// Precondition: neither endpoint is in use any more.
  ~Ring() {
    if constexpr (!std::is_trivially_destructible_v<T>) {
      // Relaxed: who destroys the ring has already been synchronised with both threads.
      const auto tail = published_.tail.load(std::memory_order_relaxed);
      for (auto s = published_.head.load(std::memory_order_relaxed); s != tail; ++s) {
        std::destroy_at(storage_.view().at(s));
      }
    }
  }

  /// The two endpoints, once: a second call throws std::logic_error. Not for two threads at a time.
  [[nodiscard]] std::pair<Sender<T, Extent>, Receiver<T, Extent>> split() {
    return split(published_.closed, &published_.closed);
  }

  /// The same for the owner of several rings, who closes them all with one flag, `closed`, of its
  /// own that outlives them. The receiver cannot close then.
  [[nodiscard]] std::pair<Sender<T, Extent>, Receiver<T, Extent>> split(
      const detail::Atomic<bool>& closed) {
    return split(closed, nullptr);
  }

  [[nodiscard]] std::size_t capacity() noexcept { return storage_.view().capacity(); }

  /// Counters so far. Any thread.
  [[nodiscard]] Metrics metrics() const noexcept {
    // A batch's tail is stored before its surplus, and the surplus is read before the tail: no
    // batch is subtracted that is not in the tail.
    std::uint64_t surplus = 0;
    std::uint64_t sent = 0;
    do {
      surplus = sender_counters_.surplus.value();
      sent = published_.tail.load(std::memory_order_acquire);
    } while (surplus != sender_counters_.surplus.value());
    return {.messages_sent = sent,
            .messages_received = published_.head.load(std::memory_order_relaxed),
            .commits = metrics_enabled_ ? sent - surplus : 0,
            .refused_full = sender_counters_.refused_full.value(),
            .batches = receiver_counters_.batches.value(),
            .empty_polls = receiver_counters_.empty_polls.value()};
  }

 private:
  std::pair<Sender<T, Extent>, Receiver<T, Extent>> split(
      const detail::Atomic<bool>& seen_by_sender, detail::Atomic<bool>* set_by_receiver) {
    if (std::exchange(split_, true)) throw std::logic_error("a ring can be split only once");
    return {Sender<T, Extent>(storage_.view(), &published_, &seen_by_sender,
                              metrics_enabled_ ? &sender_counters_ : nullptr),
            Receiver<T, Extent>(storage_.view(), &published_, set_by_receiver,
                                metrics_enabled_ ? &receiver_counters_ : nullptr)};
  }

  detail::Published published_;
  detail::SenderCounters sender_counters_;
  detail::ReceiverCounters receiver_counters_;
  detail::SlotStorage<T, Extent> storage_;
  bool metrics_enabled_;
  bool split_ = false;
};

}  // namespace ringmpsc
