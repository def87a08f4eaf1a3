// The work of the consumer in a round of our channel.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "ringmpsc/ringmpsc.hpp"
#include "stress/channel_checks.hpp"
#include "stress/channel_in_use.hpp"
#include "stress/ledger.hpp"
#include "stress/messages.hpp"
#include "stress/round.hpp"

namespace bench::stress {

/// Reads until the round is over, which it may be the one to end.
template <class T, ringmpsc::Layout L>
class ChannelConsumer {
 public:
  ChannelConsumer(Round& round, ChannelInUse<T, L>& in_use, ChannelChecks<T, L>& checks,
                  Worker& worker)
      : round_(round), in_use_(in_use), checks_(checks), worker_(worker) {}

  /// The whole work of the consumer; it may go on on threads that it starts.
  void work() {
    ringmpsc::Consumer<T, L> consumer = in_use_.channel->take_consumer();
    if (plan_.has(Shape::close_consumer) || plan_.has(Shape::leave)) {
      ends_after_ = worker_.random.spread(0, plan_.messages * plan_.threads);
      closes_within_handler_ = plan_.has(Shape::close_consumer) && worker_.random.once_in(2);
    }
    live(consumer);
    if (!checks_.has_left()) drain(consumer);
  }

 private:
  /// Takes turns until the round is over.
  void live(ringmpsc::Consumer<T, L>& consumer) {
    while (!over_) {
      if (plan_.has(Shape::move_consumer) && moves_ < kMostMoves && worker_.random.once_in(64)) {
        ++moves_;
        round_.on_another_thread(worker_, Shape::move_consumer, [&] {
          ringmpsc::Consumer<T, L> there = std::move(consumer);
          live(there);
          consumer = std::move(there);
        });
        continue;
      }
      turn(consumer);
    }
  }

  void turn(ringmpsc::Consumer<T, L>& consumer) {
    round_.wander(worker_);
    round_.freeze(worker_, Shape::freeze_consumer);
    const bool due = ledger_.received() >= ends_after_;
    if (plan_.has(Shape::leave) && (due || round_.stopping() || round_.all_producers_ended())) {
      return leave(consumer);
    }
    if (wants_close() &&
        (round_.stopping() || round_.all_producers_ended() || (due && !closes_within_handler_))) {
      close(consumer);
    }
    // Looked at before the read: what a producer has left is there then.
    const bool ended = round_.all_producers_ended();
    const bool closed = in_use_.is_closed();
    const std::uint32_t lives_ended = in_use_.lives_ended.load(std::memory_order_acquire);
    if (got_some(consumer, ended)) {
      in_use_.room.notify();
      round_.rest(worker_);
      return;
    }
    over_ = (ended && !ends_itself()) || (closed && consumer.drained());
    if (!over_ && !ended) wait_for_messages(consumer, lives_ended);
  }

  /// Waits for a message, for the end of another life of a producer, or for the end of the round.
  void wait_for_messages(ringmpsc::Consumer<T, L>& consumer, std::uint32_t lives_ended) {
    worker_.position.is(Doing::waiting_for_messages);
    worker_.happened(kWaitShapes[static_cast<std::size_t>(plan_.consumer_wait)]);
    const auto ready = [&] {
      return !consumer.empty() || round_.all_producers_ended() || round_.failed() ||
             in_use_.lives_ended.load(std::memory_order_acquire) != lives_ended ||
             (round_.stopping() && ends_itself()) || (in_use_.is_closed() && consumer.drained());
    };
    if (worker_.random.once_in(8)) {
      const auto deadline = std::chrono::steady_clock::now() +
                            std::chrono::microseconds(worker_.random.spread(1, 2000));
      static_cast<void>(
          in_use_.news.visit([&](auto& strategy) { return strategy.wait_until(deadline, ready); }));
    } else {
      in_use_.news.wait(ready);
    }
  }

  // ---- the end

  /// Destroys the consumer, and with the rings all messages that it has not read.
  void leave(ringmpsc::Consumer<T, L>& consumer) {
    in_use_.close(worker_, Shape::leave, [&] { const auto gone = std::move(consumer); });
    over_ = true;
    checks_.left();
  }

  void close(ringmpsc::Consumer<T, L>& consumer) {
    in_use_.close(worker_, Shape::close_consumer, [&] { consumer.close(); });
  }

  [[nodiscard]] bool wants_close() const {
    return plan_.has(Shape::close_consumer) && !in_use_.is_closing();
  }

  /// The consumer is the one that ends the round.
  [[nodiscard]] bool ends_itself() const { return plan_.has(Shape::leave) || wants_close(); }

  /// Sees that nothing more comes, and checks what holds then.
  void drain(ringmpsc::Consumer<T, L>& consumer) {
    worker_.position.is(Doing::draining);
    while (!round_.all_producers_ended()) std::this_thread::yield();
    const std::uint64_t before = ledger_.received();
    read_all(consumer);
    if (ledger_.received() != before) {
      round_.fail("messages came after drained() had said that none would");
    }
    checks_.drained(consumer, worker_);
  }

  // ---- reading

  /// Reads some messages, or all if the producers have `ended`. False if none came.
  [[nodiscard]] bool got_some(ringmpsc::Consumer<T, L>& consumer, bool ended) {
    worker_.position.is(Doing::consuming);
    const std::uint64_t before = ledger_.received();
    if (ended) {
      read_all(consumer);
    } else {
      read(consumer);
    }
    worker_.messages = ledger_.received();
    worker_.position.has(worker_.messages);
    if (consumer.received() != ledger_.received()) {
      round_.fail(fmt::format("received() says {}, and {} messages came", consumer.received(),
                              ledger_.received()));
    }
    return ledger_.received() > before;
  }

  void read_all(ringmpsc::Consumer<T, L>& consumer) {
    consumer.consume_all([&](const T& message) {
      const WithinHandler within(worker_.position);
      note(message);
    });
  }

  void read(ringmpsc::Consumer<T, L>& consumer) {
    if (plan_.has(Shape::metrics) && worker_.random.once_in(64)) {
      checks_.running(consumer.metrics());
    }
    const std::uint64_t before = ledger_.received();
    const Shape way = ways_[worker_.random.below(ways_.size())];
    try {
      const std::size_t told = read_in(way, consumer);
      if (told != ledger_.received() - before) {
        round_.fail(fmt::format("a call says that it handed over {} messages, and it was {}", told,
                                ledger_.received() - before));
      }
      if (told > 0) worker_.happened(way);
    } catch (const OnPurpose&) {
      worker_.happened(Shape::throwing_handler);
    }
  }

  /// Returns how many messages the call says that it handed over.
  [[nodiscard]] std::size_t read_in(Shape way, ringmpsc::Consumer<T, L>& consumer) {
    const auto limit =
        static_cast<std::size_t>(worker_.random.spread(1, std::uint64_t{2} << plan_.ring_bits));
    const auto each = [&](const T& message) { handle({&message, 1}, consumer); };
    const auto run = [&](std::span<T> messages) { handle(messages, consumer); };
    switch (way) {
      case Shape::consume_runs:
        return consumer.consume_all(run);
      case Shape::consume_limited: {
        const std::size_t told = worker_.random.once_in(2) ? consumer.consume_all_up_to(limit, each)
                                                           : consumer.consume_all_up_to(limit, run);
        if (told > limit) round_.fail("more messages were consumed than the limit allows");
        return told;
      }
      case Shape::recv:
        return receive(std::min(limit, kMostReceived), consumer);
      case Shape::try_recv: {
        const auto message = consumer.try_recv();
        if (message) note(*message);
        return message ? 1 : 0;
      }
      default:
        return consumer.consume_all(each);
    }
  }

  [[nodiscard]] std::size_t receive(std::size_t most, ringmpsc::Consumer<T, L>& consumer) {
    std::vector<T> out(most);
    const std::size_t told = consumer.recv(out);
    if (told > out.size()) round_.fail("more messages were received than fit");
    for (const T& message : std::span(out).first(std::min(told, out.size()))) note(message);
    return told;
  }

  /// The work of a handler, which may close the channel or throw.
  void handle(std::span<const T> messages, ringmpsc::Consumer<T, L>& consumer) {
    const WithinHandler within(worker_.position);
    for (const T& message : messages) note(message);
    if (closes_within_handler_ && ledger_.received() >= ends_after_ && wants_close()) {
      close(consumer);
    }
    if (plan_.has(Shape::throwing_handler) && worker_.random.once_in(128)) throw OnPurpose();
  }

  void note(const T& message) {
    round_.pause(worker_);
    constexpr std::uint64_t kBetweenSigns = 1024;
    if (ledger_.received() % kBetweenSigns == 0) worker_.position.has(ledger_.received());
    if (!ledger_.arrived(message.stamp(), message.intact())) [[unlikely]] {
      round_.stop();  // what went wrong is told once all that is left has come
      if (++wrong_ > kMostWrong) round_.fail("messages go wrong without end");
    }
  }

  // In the order of workload::Wait.
  static constexpr std::array kWaitShapes = {Shape::consumer_adaptive, Shape::consumer_busy_spin,
                                             Shape::consumer_yielding, Shape::consumer_backoff,
                                             Shape::consumer_blocking};
  static constexpr std::size_t kMostReceived = 4096;
  static constexpr std::uint64_t kMostWrong = 1'000'000;

  Round& round_;
  ChannelInUse<T, L>& in_use_;
  ChannelChecks<T, L>& checks_;
  Worker& worker_;
  const RoundPlan& plan_ = round_.plan();
  Ledger& ledger_ = checks_.ledger();
  const std::vector<Shape> ways_ = drawn(plan_, Shape::consume_each, Shape::try_recv);
  unsigned moves_ = 0;
  bool over_ = false;
  std::uint64_t wrong_ = 0;                ///< messages that were not the ones that were due
  std::uint64_t ends_after_ = UINT64_MAX;  ///< messages, after which it closes or leaves
  bool closes_within_handler_ = false;
};

}  // namespace bench::stress
