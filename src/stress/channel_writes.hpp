// The ways in which a producer of a round publishes messages.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

#include "ringmpsc/ringmpsc.hpp"
#include "stress/channel_in_use.hpp"
#include "stress/messages.hpp"
#include "stress/round.hpp"

namespace bench::stress {

/// A producer between its registration and its end.
struct ProducerLife {
  /// The stamp of the message that is due after `further` more.
  [[nodiscard]] Stamp due(std::uint64_t further = 0) const noexcept {
    return {.sender = id, .sequence = sent + further};
  }

  std::uint32_t id = 0;
  std::uint64_t sent = 0;  ///< messages that are published
  bool over = false;       ///< it was refused because the channel is closed
  unsigned moves = 0;
  std::uint64_t closes_after = UINT64_MAX;  ///< messages, after which it closes the channel
  bool expects_refusal = false;             ///< the channel was closed before the step began
};

/// What one producing thread writes, wherever its producer has moved to.
template <class T, ringmpsc::Layout L>
class ChannelWrites {
 public:
  ChannelWrites(Round& round, ChannelInUse<T, L>& in_use, Worker& worker)
      : round_(round), in_use_(in_use), worker_(worker) {}

  /// Publishes some messages in one of the ways of the plan, or finds no room and waits for it.
  /// Returns how many it published. Throws what a message's constructor throws. Precondition:
  /// !none().
  [[nodiscard]] std::size_t some(ringmpsc::Producer<T, L>& producer, const ProducerLife& life) {
    const Shape way = ways_[worker_.random.below(ways_.size())];
    const std::uint64_t left = plan_.messages - life.sent;
    const std::size_t most =
        std::min<std::uint64_t>({plan_.most_at_once, producer.capacity(), left});
    const auto count = static_cast<std::size_t>(worker_.random.spread(1, most));
    switch (way) {
      case Shape::emplace:
        worker_.position.is(Doing::pushing);
        return taken(producer.try_emplace(life.due()) ? 1 : 0, way, producer);
      case Shape::push_waiting:
        return push_waiting(producer, life);
      case Shape::reserve:
      case Shape::reserve_part:
      case Shape::reserve_dropped:
      case Shape::reserve_up_to:
      case Shape::reserve_backoff:
        return write_in_place(way, count, producer, life);
      case Shape::send:
        if constexpr (kCopies) return send(count, producer, life);
        [[fallthrough]];
      default:
        return push(producer, life);
    }
  }

  /// The plan has no way but pushes that are published later, which are no business of this class.
  [[nodiscard]] bool none() const { return ways_.empty(); }

 private:
  static constexpr bool kCopies = std::is_copy_constructible_v<T>;

  /// Notes that a call published so many messages, or waits for room if it published none.
  std::size_t taken(std::size_t count, Shape way, ringmpsc::Producer<T, L>& producer) {
    if (count > 0) {
      worker_.happened(way);
    } else {
      wait_for_room(producer);
    }
    return count;
  }

  void wait_for_room(ringmpsc::Producer<T, L>& producer) {
    worker_.position.is(Doing::waiting_for_room);
    worker_.happened(kWaitShapes[static_cast<std::size_t>(plan_.producers_wait)]);
    in_use_.room.wait([&] { return producer.space() > 0 || producer.closed() || round_.failed(); });
  }

  std::size_t push(ringmpsc::Producer<T, L>& producer, const ProducerLife& life) {
    worker_.position.is(Doing::pushing);
    T message(life.due());
    if constexpr (kCopies) {
      if (worker_.random.once_in(2)) {
        return taken(producer.push(std::as_const(message)) ? 1 : 0, Shape::push, producer);
      }
    }
    return taken(producer.push(std::move(message)) ? 1 : 0, Shape::push, producer);
  }

  std::size_t push_waiting(ringmpsc::Producer<T, L>& producer, const ProducerLife& life) {
    worker_.position.is(Doing::pushing);
    T message(life.due());
    const bool has_deadline = worker_.random.once_in(4);
    const bool pushed = in_use_.room.visit([&](auto& strategy) {
      if (!has_deadline) return producer.push(std::move(message), strategy);
      const auto deadline = std::chrono::steady_clock::now() +
                            std::chrono::microseconds(worker_.random.spread(1, 2000));
      return producer.push(std::move(message), strategy, deadline);
    });
    if (pushed) {
      worker_.happened(Shape::push_waiting);
    } else if (!has_deadline && !producer.closed()) {
      round_.fail("a push that waits for room gave up on an open channel");
    }
    return pushed ? 1 : 0;
  }

  std::size_t write_in_place(Shape way, std::size_t count, ringmpsc::Producer<T, L>& producer,
                             const ProducerLife& life) {
    worker_.position.is(Doing::reserving);
    auto reservation = way == Shape::reserve_up_to     ? producer.reserve_up_to(count)
                       : way == Shape::reserve_backoff ? producer.reserve_with_backoff(count)
                                                       : producer.reserve(count);
    if (!reservation) {
      wait_for_room(producer);
      return 0;
    }
    if (life.expects_refusal) {
      round_.fail("slots were reserved after the channel had been closed");
    }
    if (reservation.size() > count) {
      round_.fail("a reservation has more slots than were asked for");
    }
    worker_.position.is(Doing::writing);
    round_.pause(worker_);
    const std::size_t size = reservation.size();
    const bool drops = way == Shape::reserve_dropped;
    const std::size_t kept = drops                        ? 0
                             : way == Shape::reserve_part ? worker_.random.below(size + 1)
                                                          : size;
    build(reservation, kept, life);
    if (!drops) commit(reservation, way, kept);
    worker_.happened(way);
    return kept;
  }

  /// Builds the messages that are kept, and maybe some that must never be seen.
  void build(auto& reservation, std::size_t kept, const ProducerLife& life) {
    const std::size_t built = worker_.random.between(kept, reservation.size());
    for (std::size_t i = 0; i < built; ++i) {
      const Stamp stamp = i < kept ? life.due(i) : Stamp{.sender = kNobody};
      if constexpr (ringmpsc::Plain<T>) {
        reservation[i] = T(stamp);
      } else {
        static_cast<void>(reservation.emplace(stamp));
      }
    }
  }

  void commit(auto& reservation, Shape way, std::size_t kept) {
    if (reservation.commit(reservation.size() + 1)) {
      round_.fail("more messages than were reserved could be committed");
    }
    round_.pause(worker_);
    if (way != Shape::reserve_part) {
      reservation.commit();
    } else if (!reservation.commit(kept)) {
      round_.fail("a part of a reservation could not be committed");
    }
  }

  std::size_t send(std::size_t count, ringmpsc::Producer<T, L>& producer, const ProducerLife& life)
    requires kCopies
  {
    std::vector<T> batch;
    batch.reserve(count);
    for (std::size_t i = 0; i < count; ++i) batch.emplace_back(life.due(i));
    worker_.position.is(Doing::sending);
    return taken(producer.send(batch), Shape::send, producer);
  }

  // In the order of workload::Wait.
  static constexpr std::array kWaitShapes = {Shape::producer_adaptive, Shape::producer_busy_spin,
                                             Shape::producer_yielding, Shape::producer_backoff,
                                             Shape::producer_blocking};

  Round& round_;
  ChannelInUse<T, L>& in_use_;
  Worker& worker_;
  const RoundPlan& plan_ = round_.plan();
  const std::vector<Shape> ways_ = drawn(plan_, Shape::push, Shape::send);
};

}  // namespace bench::stress
