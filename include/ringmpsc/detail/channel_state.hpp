// The state that the ends of a channel share: one slot for each producer that may be registered.
//
// Registration is off the data path, so it may use read-modify-writes. Its protocol:
//
//   [slot]          A slot goes free -> building -> live -> polled -> free. Only the registering
//                   thread that wins the first step builds. When its ring is complete, it stores
//                   `live` (release) and then counts one registration (release). The consumer
//                   reads the count (acquire) and then the states (acquire), so it never meets an
//                   unbuilt ring, and there is no count of producers that could exceed the limit.
//                   Only the consumer frees (release) a slot that was live, after the producer has
//                   ended and its ring is drained. The next claim (acquire) then replaces the ring.
//   [registration]  A claim stores `building` and then reads `closed`. A thread that asks whether a
//                   closed channel is drained reads `closed` and then the states. These four
//                   accesses and the store to `closed` are sequentially consistent, so either the
//                   claim sees the close and gives up, or the other thread sees the slot. With
//                   weaker orders, a producer could commit to a channel that was reported drained.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "ringmpsc/config.hpp"
#include "ringmpsc/detail/platform.hpp"
#include "ringmpsc/ring.hpp"

namespace ringmpsc::detail {

enum class SlotState : std::uint8_t { free, building, live, polled };

template <class T, Layout L>
struct ChannelSlot {
  Atomic<SlotState> state{SlotState::free};
  /// The ring of the current producer. In a free slot, the last producer's ring stays until the
  /// next claim replaces it, so that the consumer never frees memory.
  std::unique_ptr<Ring<T, std::dynamic_extent, L>> ring;
  /// Present from the claim until the consumer first sees the ring.
  std::optional<Receiver<T, std::dynamic_extent, L>> receiver;
};

template <class T, Layout L>
struct ChannelState {
  static_assert(kFillsLines<ChannelSlot<T, L>>,
                "the slots of two producers must not share a cache line");

  explicit ChannelState(const Config& c) : config(validated(c)) {}

  /// A slot on its way from free to live. Destroying the claim before publish() frees the slot.
  class Claim {
   public:
    Claim(ChannelState& channel, ChannelSlot<T, L>& slot) : channel_(&channel), slot_(&slot) {
      try {
        slot.receiver.reset();
        slot.ring.reset();  // first, so that old and new ring are never in memory together
        slot.ring = std::make_unique<Ring<T, std::dynamic_extent, L>>(
            channel.config.ring_bits, channel.config.enable_metrics);
        auto [sender, receiver] = slot.ring->split(channel.gate);
        sender_.emplace(std::move(sender));
        slot.receiver.emplace(std::move(receiver));
      } catch (...) {
        slot.state.store(SlotState::free, std::memory_order_release);
        throw;
      }
    }
    Claim(Claim&& other) noexcept
        : channel_(other.channel_),
          slot_(std::exchange(other.slot_, nullptr)),
          sender_(std::move(other.sender_)) {}
    Claim& operator=(Claim&&) = delete;
    ~Claim() {
      if (slot_ == nullptr) return;
      // The sender ends before the slot is free: it writes to the ring when it ends, and the next
      // claim of a free slot replaces the ring.
      sender_.reset();
      slot_->receiver.reset();
      slot_->state.store(SlotState::free, std::memory_order_release);
    }

    /// Makes the slot live. Returns false if the channel has been closed.
    [[nodiscard]] bool publish() noexcept {
      if (channel_->gate.closed.load(std::memory_order_seq_cst)) return false;  // [registration]
      std::exchange(slot_, nullptr)->state.store(SlotState::live, std::memory_order_release);
      channel_->registrations.fetch_add(1, std::memory_order_release);  // [slot]
      return true;
    }
    [[nodiscard]] Sender<T, std::dynamic_extent, L>& sender() noexcept { return *sender_; }

   private:
    ChannelState* channel_;
    ChannelSlot<T, L>* slot_;  // null once published or moved from
    std::optional<Sender<T, std::dynamic_extent, L>> sender_;
  };

  /// Claims a free slot and builds its ring. Returns nothing if no slot is free. Throws
  /// std::bad_alloc.
  [[nodiscard]] std::optional<Claim> claim_slot() {
    for (std::size_t i = 0; i < config.max_producers; ++i) {
      SlotState expected = SlotState::free;
      // For [slot], an acquire of the consumer's store of `free`. For [registration], seq_cst.
      if (slots[i].state.compare_exchange_strong(expected, SlotState::building,
                                                 std::memory_order_seq_cst)) {
        return std::optional<Claim>(std::in_place, *this, slots[i]);
      }
    }
    return std::nullopt;
  }

  /// Consumer only. Calls `take` with the index and the receiver of every slot that became live
  /// since the last call of this function.
  template <class F>
  void for_each_new_ring(F take) {
    for (std::size_t i = 0; i < config.max_producers; ++i) {
      if (slots[i].state.load(std::memory_order_acquire) != SlotState::live) continue;  // [slot]
      take(i, std::move(*slots[i].receiver));
      slots[i].receiver.reset();
      // Relaxed: only the consumer acts on `polled`, and only it changes it.
      slots[i].state.store(SlotState::polled, std::memory_order_relaxed);
    }
  }

  /// Consumer only.
  void free_slot(std::size_t i) noexcept {
    slots[i].state.store(SlotState::free, std::memory_order_release);  // [slot]
  }

  /// Consumer only, and only after it has seen the channel closed.
  [[nodiscard]] bool all_slots_free() const noexcept {
    for (std::size_t i = 0; i < config.max_producers; ++i) {
      if (slots[i].state.load(std::memory_order_seq_cst) != SlotState::free) {  // [registration]
        return false;
      }
    }
    return true;
  }

  void close() noexcept { gate.closed.store(true, std::memory_order_seq_cst); }  // [registration]

  const Config config;
  /// These three share a line: it is read at every reservation and every poll, and written a few
  /// times in a channel's life.
  alignas(kLineBytes) Gate gate;
  Atomic<std::uint64_t> registrations{0};
  Atomic<bool> consumer_taken{false};
  alignas(kLineBytes) const std::unique_ptr<ChannelSlot<T, L>[]> slots =
      std::make_unique<ChannelSlot<T, L>[]>(config.max_producers);

 private:
  static Config validated(Config c) {
    c.validate();
    return c;
  }
};

}  // namespace ringmpsc::detail
