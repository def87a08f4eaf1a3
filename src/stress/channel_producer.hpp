// The work of a producing thread in a round of our channel.
#pragma once

#include <fmt/format.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>

#include "ringmpsc/ringmpsc.hpp"
#include "stress/channel_in_use.hpp"
#include "stress/channel_writes.hpp"
#include "stress/messages.hpp"
#include "stress/round.hpp"

namespace bench::stress {

/// Registers, sends and ends, as often as the plan wants it. What is refused is held against
/// whether the channel was closed.
template <class T, ringmpsc::Layout L>
class ChannelProducer {
 public:
  ChannelProducer(Round& round, ChannelInUse<T, L>& in_use, Worker& worker)
      : round_(round), in_use_(in_use), worker_(worker), writes_(round, in_use, worker) {}

  /// The whole work of producing thread `thread`; it may go on on threads that it starts.
  void work(unsigned thread) {
    const bool closes = thread == 0 && plan_.has(Shape::close_producer);
    const unsigned closing_life = static_cast<unsigned>(worker_.random.below(plan_.lives));
    for (unsigned i = 0; i < plan_.lives && !round_.stopping() && !round_.failed(); ++i) {
      if (i > 0) worker_.happened(Shape::rejoin);
      auto producer = registered();
      if (!producer) break;
      life_ = {.id = in_use_.lives.fetch_add(1, std::memory_order_relaxed)};
      if (closes && i == closing_life) {
        life_.closes_after = worker_.random.spread(0, plan_.messages);
      }
      live(std::move(*producer));
      in_use_.lives_ended.fetch_add(1, std::memory_order_release);
      in_use_.news.notify();  // the consumer frees its place, and may find the channel drained
      if (life_.over) break;
    }
    if (closes && !in_use_.is_closing()) close();
    if (in_use_.is_closed()) expect_no_registration();
  }

 private:
  // ---- registration

  std::optional<ringmpsc::Producer<T, L>> registered() {
    while (true) {
      worker_.position.is(Doing::registering);
      const bool was_closed = in_use_.is_closed();
      in_use_.attempts.fetch_add(1, std::memory_order_acq_rel);
      auto producer = in_use_.channel->register_producer();
      if (producer) {
        check_admission(was_closed);
        return std::move(*producer);
      }
      if (producer.error() == ringmpsc::RegisterError::closed) {
        check_refusal("a registration");
        in_use_.news.notify();  // while it was tried, the channel was not drained
        return std::nullopt;
      }
      check_crowd(was_closed);
      if (round_.stopping()) return std::nullopt;
      worker_.position.is(Doing::pausing);
      std::this_thread::yield();
    }
  }

  void check_admission(bool was_closed) {
    const unsigned held = in_use_.held.fetch_add(1, std::memory_order_acq_rel) + 1;
    in_use_.registrations.fetch_add(1, std::memory_order_acq_rel);
    if (held > plan_.limit) {
      round_.fail(fmt::format("{} producers were registered at once, and the limit is {}", held,
                              plan_.limit));
    }
    if (was_closed) round_.fail("a producer was registered after the channel had been closed");
  }

  /// Called where something was refused as closed.
  void check_refusal(std::string_view what) {
    if (in_use_.is_closing()) return;
    round_.fail(fmt::format("{} was refused as closed, and nobody had closed the channel", what));
  }

  /// Called where a registration was refused as one too many.
  void check_crowd(bool was_closed) {
    worker_.happened(Shape::crowd);
    // Each producer in its way has counted its attempt before it took its place.
    const std::uint64_t attempts = in_use_.attempts.load(std::memory_order_acquire);
    if (attempts <= plan_.limit) {
      round_.fail(fmt::format("registration {} was refused as one too many, and the limit is {}",
                              attempts, plan_.limit));
    }
    if (was_closed) round_.fail("a registration was refused as one too many after the close");
  }

  void expect_no_registration() {
    worker_.position.is(Doing::registering);
    auto producer = in_use_.channel->register_producer();
    if (producer) {
      round_.fail("a producer was registered after the channel had been closed");
    } else if (producer.error() != ringmpsc::RegisterError::closed) {
      round_.fail("a registration was refused as one too many after the close");
    }
  }

  // ---- one life

  /// Sends until the life is over, and ends the producer.
  void live(ringmpsc::Producer<T, L> producer) {
    if constexpr (ringmpsc::Plain<T> && L == ringmpsc::Layout::dense) {
      if (plan_.has(Shape::deferred) && (writes_.none() || worker_.random.once_in(2))) {
        return live_deferred(ringmpsc::Deferred(std::move(producer)));
      }
    }
    while (goes_on(life_.sent)) {
      if (plan_.has(Shape::move_producer) && life_.moves < kMostMoves &&
          worker_.random.once_in(256)) {
        ++life_.moves;
        round_.on_another_thread(worker_, Shape::move_producer, [&] { live(std::move(producer)); });
        return;
      }
      step(producer);
    }
    if (life_.over) expect_refusals(producer);
    if (producer.sent() != life_.sent) {
      round_.fail(
          fmt::format("life {} was told that {} of its messages were published, and sent() says {}",
                      life_.id, life_.sent, producer.sent()));
    }
    end();
  }

  /// Called with the number of messages that are published or staged.
  [[nodiscard]] bool goes_on(std::uint64_t written) const {
    return written < plan_.messages && !life_.over && !round_.stopping();
  }

  /// Called before the producer is destroyed, and thus before another one can have its place.
  void end() {
    in_use_.sent[life_.id] = life_.sent;
    in_use_.held.fetch_sub(1, std::memory_order_acq_rel);
  }

  void step(ringmpsc::Producer<T, L>& producer) {
    round_.wander(worker_);
    round_.freeze(worker_, Shape::freeze_producer);
    round_.pause(worker_);
    close_if_due(life_.sent);
    worker_.position.sends(life_.id, life_.sent);
    life_.expects_refusal = in_use_.is_closed();
    const std::uint64_t before = life_.sent;
    write(producer);
    worker_.messages += life_.sent - before;
    worker_.position.has(worker_.messages);
    if (life_.sent > before) {
      ++worker_.commits;
      if (life_.expects_refusal) let_in_after_close(before);
      in_use_.news.notify();
      return;
    }
    if (producer.closed()) {
      check_refusal("a producer");
      life_.over = true;
    }
  }

  /// Writes some messages, of which some throw.
  void write(ringmpsc::Producer<T, L>& producer) {
    if constexpr (kThrows) {
      if (worker_.random.once_in(64)) {
        object_counts().until_throw = static_cast<std::int64_t>(worker_.random.below(4));
      }
    }
    try {
      life_.sent += writes_.some(producer, life_);
    } catch (const OnPurpose&) {
      worker_.happened(Shape::payload_throwing);
      life_.sent = producer.sent();
    }
    object_counts().until_throw = -1;
  }

  void let_in_after_close(std::uint64_t sequence) {
    round_.fail(fmt::format("message {} of life {} was let in after the channel had been closed",
                            sequence, life_.id));
  }

  /// Closes the channel, of which it still has a producer.
  void close_if_due(std::uint64_t written) {
    if (written < life_.closes_after) return;
    life_.closes_after = UINT64_MAX;
    close();
  }

  void close() {
    in_use_.close(worker_, Shape::close_producer, [this] { in_use_.channel->close(); });
  }

  /// Whatever a producer tries once it was refused is refused too.
  void expect_refusals(ringmpsc::Producer<T, L>& producer) {
    worker_.position.is(Doing::pushing);
    const Stamp nobody{.sender = kNobody};
    if (producer.push(T(nobody)) || producer.reserve(1) || producer.reserve_up_to(2)) {
      round_.fail("a producer was let in again after it had been refused as closed");
    }
    if (producer.space() != 0) round_.fail("a closed ring says that it has space");
  }

  // ---- one life of deferred pushes

  /// `producer` is a Deferred, which exists for plain messages in dense rings only.
  void live_deferred(auto producer) {
    // What is staged counts as sent once it is published.
    std::uint64_t pushed = life_.sent;
    while (goes_on(pushed)) {
      round_.pause(worker_);
      close_if_due(pushed);
      worker_.position.sends(life_.id, pushed);
      round_.wander(worker_);
      round_.freeze(worker_, Shape::freeze_producer);
      if (!push_deferred(producer, pushed)) continue;
      if (producer.staged() > 0 && worker_.random.once_in(64)) flush(producer, pushed);
    }
    if (!life_.over) flush(producer, pushed);
    if (life_.over) check_refusal("a producer");
    end();
  }

  /// Pushes the message, and then counts it, or yields if there is no room. False if the channel is
  /// closed.
  bool push_deferred(auto& producer, std::uint64_t& pushed) {
    const bool was_closed = in_use_.is_closed();
    const std::size_t staged = producer.staged();
    worker_.position.is(Doing::pushing);
    if (producer.push(T(Stamp{.sender = life_.id, .sequence = pushed}))) {
      if (was_closed && staged == 0) let_in_after_close(pushed);
      ++pushed;
      published(pushed - producer.staged());
    } else if (producer.closed()) {
      life_.over = true;
    } else {
      worker_.position.is(Doing::waiting_for_room);
      std::this_thread::yield();
    }
    return !life_.over;
  }

  void flush(auto& producer, std::uint64_t pushed) {
    worker_.position.sends(life_.id, pushed);
    worker_.position.is(Doing::flushing);
    if (!producer.flush()) {
      life_.over = true;
      return;
    }
    published(pushed);
  }

  /// A stage was published if more messages than before have been.
  void published(std::uint64_t sent) {
    if (sent == life_.sent) return;
    worker_.happened(Shape::deferred);
    ++worker_.commits;
    worker_.messages += sent - life_.sent;
    life_.sent = sent;
    worker_.position.has(worker_.messages);
    in_use_.news.notify();
  }

  static constexpr bool kThrows =
      !std::is_nothrow_constructible_v<T, const Stamp&> && std::is_copy_constructible_v<T>;

  Round& round_;
  ChannelInUse<T, L>& in_use_;
  Worker& worker_;
  const RoundPlan& plan_ = round_.plan();
  ChannelWrites<T, L> writes_;
  ProducerLife life_;
};

}  // namespace bench::stress
