// A multi-producer single-consumer channel by ring decomposition: every producer owns a ring, so
// producers never contend, and the only consumer polls the rings.
#pragma once

#include <algorithm>
#include <atomic>
#include <cassert>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include "ringmpsc/config.hpp"
#include "ringmpsc/detail/channel_state.hpp"
#include "ringmpsc/metrics.hpp"
#include "ringmpsc/ring.hpp"

namespace ringmpsc {

enum class RegisterError : std::uint8_t {
  too_many_producers,  ///< Config::max_producers producers are registered; a slot becomes free when
                       ///< a producer has ended and the consumer has drained its ring
  closed,              ///< the channel was closed
};

template <class T, Layout L>
class Channel;

/// One producer's end of a channel: a Sender whose ring belongs to the channel. One thread at a
/// time may use it; it can move between threads. Its destruction ends its ring, and the messages
/// that it sent are still consumed.
///
/// The messages of one producer arrive in the order of their publication. There is no order between
/// the messages of different producers.
template <class T, Layout L = Layout::celled>
class Producer : private Sender<T, std::dynamic_extent, L> {
  using Base = Sender<T, std::dynamic_extent, L>;

 public:
  using value_type = T;
  static constexpr Layout kLayout = L;

  Producer(Producer&&) noexcept = default;
  Producer& operator=(Producer&& other) noexcept {
    if (this != &other) {
      Base::operator=(std::move(other));  // ends the old ring while the old channel is alive
      channel_ = std::move(other.channel_);
    }
    return *this;
  }
  /// Closes explicitly, because the ring lives in the channel, and the member that keeps the
  /// channel alive is destroyed before the base class.
  ~Producer() { Base::close(); }

  using Base::capacity;
  using Base::close;
  using Base::closed;
  using Base::push;
  using Base::reserve;
  using Base::reserve_up_to;
  using Base::reserve_with_backoff;
  using Base::send;
  using Base::sent;
  using Base::space;
  using Base::try_emplace;

 private:
  friend class Channel<T, L>;
  Producer(Base sender, std::shared_ptr<detail::ChannelState<T, L>> channel) noexcept
      : Base(std::move(sender)), channel_(std::move(channel)) {}

  std::shared_ptr<detail::ChannelState<T, L>> channel_;
};

/// The only consumer of a channel. One thread at a time may use it; it can move between threads.
/// Its destruction closes the channel.
///
/// Handlers, and the effect of a handler that throws, are the same as for Receiver. A handler may
/// close() the Consumer that calls it but must not use it in any other way. Polling never
/// allocates, locks or blocks. A poll of an idle ring touches one line.
template <class T, Layout L = Layout::celled>
class alignas(detail::kLineBytes) Consumer {
  using RingEnd = Receiver<T, std::dynamic_extent, L>;

 public:
  Consumer(Consumer&&) noexcept = default;
  Consumer& operator=(Consumer&& other) noexcept {
    if (this != &other) {
      close();
      rings_ = std::move(other.rings_);
      channel_ = std::move(other.channel_);
      registrations_seen_ = other.registrations_seen_;
      ended_seen_ = other.ended_seen_;
      ending_ = other.ending_;
      start_ = other.start_;
      answering_ = other.answering_;
      retired_ = other.retired_;
    }
    return *this;
  }
  ~Consumer() { close(); }

  /// Number of messages consumed so far from all producers, past ones too. Includes those whose
  /// handler threw.
  [[nodiscard]] std::uint64_t received() const noexcept {
    std::uint64_t sum = retired_.messages_received;
    for (const PolledRing& polled : rings_) sum += polled.receiver.received();
    return sum;
  }

  /// Hands everything published so far to `handler`, ring by ring. Returns the number of messages.
  /// Where the handler may throw, ask received() instead of adding these numbers up: a throw loses
  /// the call's number, and the message or the run that was being handled.
  template <Handler<T> F>
  std::size_t consume_all(F&& handler) {
    std::size_t consumed = 0;
    poll([&](RingEnd& ring) {
      const std::size_t count = ring.consume_batch(handler);
      consumed += count;
      return Visit{.found = count};
    });
    return consumed;
  }

  /// The same for at most `limit` messages. Each call starts one ring further than the last, so
  /// every producer gets its turn under any limit.
  template <Handler<T> F>
  std::size_t consume_all_up_to(std::size_t limit, F&& handler) {
    std::size_t consumed = 0;
    if (limit == 0) return 0;
    poll([&](RingEnd& ring) {
      const std::size_t count = ring.consume_up_to(limit - consumed, handler);
      consumed += count;
      return Visit{.found = count, .enough = consumed == limit};
    });
    return consumed;
  }

  /// Moves messages into `out` until `out` is full or every ring is empty. Returns the number of
  /// messages.
  [[nodiscard]] std::size_t recv(std::span<T> out) {
    std::size_t received = 0;
    if (out.empty()) return 0;
    poll([&](RingEnd& ring) {
      const std::size_t count = ring.recv(out.subspan(received));
      received += count;
      return Visit{.found = count, .enough = received == out.size()};
    });
    return received;
  }

  /// Takes one message, or nothing if every ring is empty. Each call starts one ring further than
  /// the last.
  [[nodiscard]] std::optional<T> try_recv()
    requires std::move_constructible<T>
  {
    std::optional<T> message;
    consume_all_up_to(1, [&message](T&& next) { message.emplace(std::move(next)); });
    return message;
  }

  /// True if no ring has a message at this moment.
  [[nodiscard]] bool empty() {
    bool none = true;
    const auto look = [&none](RingEnd& ring) {
      none = ring.empty();
      return Visit{.found = none ? 0U : 1U, .enough = !none};
    };
    poll(look, 0);  // keeps the start, so that this query does not use up the next ring's turn
    return none;
  }

  /// Refuses registrations and reservations from now on. Committed messages can still be consumed.
  void close() noexcept {
    if (channel_ != nullptr) channel_->close();
  }

  /// True once the channel is closed, is empty and can get no more messages: every producer has
  /// ended or was refused since the close, and its ring is empty. A producer that neither ends nor
  /// tries again may still commit a reservation, so it keeps the channel undrained.
  [[nodiscard]] bool drained() {
    if (channel_ == nullptr) return true;
    if (!channel_->gate.closed.load(std::memory_order_seq_cst)) return false;  // [registration]
    take_in_new_rings();
    retire_drained_rings();
    return rings_.empty() && channel_->all_slots_free();
  }

  /// True once at least `producers` producers have been registered since the channel was made, all
  /// that have been have ended, and their rings are empty; and true once drained(). The channel
  /// need not be closed.
  ///
  /// A producer counts from the end of its registration. One that registers later makes this false
  /// again, so `producers` should be the number of all that will come.
  [[nodiscard]] bool all_ended(std::uint64_t producers) {
    // Every ring of a registration that was counted has been taken in. A ring that has ended was
    // counted before. So if no ring is left, all that were counted have ended.
    const bool none_left = producer_count() == 0;
    return (none_left && registrations_seen_ >= producers) || drained();
  }

  /// Number of producers whose ring the consumer polls. A registered producer counts until it has
  /// ended and its ring is drained.
  [[nodiscard]] std::size_t producer_count() {
    take_in_new_rings();
    retire_drained_rings();
    return rings_.size();
  }

  /// The sum over all producers since the channel was made.
  [[nodiscard]] Metrics metrics() {
    take_in_new_rings();
    Metrics sum = retired_;
    for (const PolledRing& polled : rings_) sum += channel_->slots[polled.slot].ring->metrics();
    return sum;
  }

 private:
  friend class Channel<T, L>;

  /// How many messages a visit to a ring found, and whether the poll now has enough.
  struct Visit {
    std::size_t found;
    bool enough = false;
  };
  struct PolledRing {
    RingEnd receiver;
    std::size_t slot;
  };

  explicit Consumer(std::shared_ptr<detail::ChannelState<T, L>> channel)
      : channel_(std::move(channel)) {
    rings_.reserve(channel_->config.max_producers);  // so that polling never allocates
  }

  /// Visits each ring once and stops early if a visit says `enough`. The first ring moves on by
  /// `step` with each call.
  ///
  /// In between, it visits an answering ring again and again, so that this ring does not wait for a
  /// hundred idle ones. A ring is answering if its last visit brought a few messages: its next
  /// message may come at any moment. A streaming ring, whose visit brought more, is not visited
  /// again, because it gains from being left alone.
  template <class F>
  void poll(F visit, std::size_t step = 1) {
    if (channel_ == nullptr) return;
    take_in_new_rings();
    const std::size_t count = rings_.size();
    if (count == 0) return;
    if (start_ >= count) start_ = 0;
    std::size_t i = std::exchange(start_, start_ + step);
    unsigned idle = 0;
    for (std::size_t visited = 0; visited < count; ++visited) {
      const Visit outcome = visit(rings_[i].receiver);
      assert(rings_.size() == count && "a handler used the Consumer that called it");
      if (outcome.found > 0) answering_ = outcome.found <= detail::kFewMessages ? i : kNone;
      if (outcome.enough) break;
      if (outcome.found == 0) {
        if (++idle % kIdleRun == 0 && answering_ < count) {
          const Visit again = visit(rings_[answering_].receiver);
          assert(rings_.size() == count && "a handler used the Consumer that called it");
          if (again.found > detail::kFewMessages) answering_ = kNone;
          if (again.enough) break;
        }
      }
      if (++i == count) i = 0;
    }
    retire_ended_rings();
  }

  /// Starts to poll the rings that were registered since the last call. If there are none, it costs
  /// one load.
  void take_in_new_rings() {
    if (channel_ == nullptr) return;
    const auto registrations = channel_->registrations.load(std::memory_order_acquire);  // [slot]
    if (registrations == registrations_seen_) return;
    registrations_seen_ = registrations;
    ending_ = true;  // one of them may have ended already, and its end may have been seen
    channel_->for_each_new_ring([this](std::size_t slot, RingEnd&& receiver) {
      rings_.push_back({std::move(receiver), slot});
    });
  }

  /// Frees the slots of producers that have ended and whose rings are drained. Looks at the rings
  /// only if a producer has ended whose slot may not be free yet, so that a poll of an idle ring
  /// needs no second line of it.
  void retire_ended_rings() {
    const auto ended = channel_->gate.ended.load(std::memory_order_acquire);  // [ended]
    if (ended != std::exchange(ended_seen_, ended)) ending_ = true;
    if (ending_) retire_drained_rings();
  }

  void retire_drained_rings() {
    ending_ = false;
    std::erase_if(rings_, [this](PolledRing& polled) {
      if (!polled.receiver.finished()) return false;
      if (!polled.receiver.drained()) {
        ending_ = true;
        return false;
      }
      retired_ += channel_->slots[polled.slot].ring->metrics();
      channel_->free_slot(polled.slot);
      return true;
    });
  }

  std::shared_ptr<detail::ChannelState<T, L>> channel_;
  std::vector<PolledRing> rings_;
  std::uint64_t registrations_seen_ = 0;
  std::uint64_t ended_seen_ = 0;
  bool ending_ = false;  // a ring may have finished that is still polled
  std::size_t start_ = 0;
  /// Index of the answering ring, if there is one. The retirement of other rings can make it wrong.
  /// Then another ring is visited more often, which does no harm.
  std::size_t answering_ = kNone;
  Metrics retired_;

  static constexpr std::size_t kNone = SIZE_MAX;
  // Visits the answering ring again after every 8 idle rings. Beside 127 idle producers this raises
  // round trips from 0.36 to 1.07 of a lone producer's (PERFORMANCE.md, "Appendix").
  static constexpr unsigned kIdleRun = 8;
};

/// Makes the ends of a channel. The ends keep the channel's memory alive, so they may outlive this
/// object.
template <class T, Layout L = Layout::celled>
class Channel {
  static_assert(detail::kFillsLines<Producer<T, L>> && detail::kFillsLines<Consumer<T, L>>,
                "the ends of two threads must not share a cache line");

 public:
  /// Throws std::invalid_argument for an invalid Config. Allocates no ring yet.
  explicit Channel(const Config& config = {})
      : state_(std::make_shared<detail::ChannelState<T, L>>(config)) {}
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  /// Registers a new producer. The calling thread allocates its ring and faults it in, so the ring
  /// lies on that thread's NUMA node: call this on the thread that will produce. Any thread may
  /// call it. It is lock-free except for the allocation, which throws std::bad_alloc if it fails.
  [[nodiscard]] std::expected<Producer<T, L>, RegisterError> register_producer() {
    if (state_->gate.closed.load(std::memory_order_seq_cst)) {
      return std::unexpected(RegisterError::closed);
    }
    auto claimed = state_->claim_slot();
    if (!claimed) return std::unexpected(RegisterError::too_many_producers);
    if (!claimed->publish()) return std::unexpected(RegisterError::closed);
    return Producer<T, L>(std::move(claimed->sender()), state_);
  }

  /// Returns the consumer. A second call throws std::logic_error. Any thread may call it.
  [[nodiscard]] Consumer<T, L> take_consumer() {
    if (state_->consumer_taken.exchange(true, std::memory_order_relaxed)) {
      throw std::logic_error("the only consumer of this channel has already been taken");
    }
    return Consumer<T, L>(state_);
  }

  /// Does the same as Consumer::close. Any thread may call it.
  void close() noexcept { state_->close(); }

  [[nodiscard]] const Config& config() const noexcept { return state_->config; }

 private:
  std::shared_ptr<detail::ChannelState<T, L>> state_;
};

}  // namespace ringmpsc
