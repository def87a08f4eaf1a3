// A round of our channel, which is used in all of its ways.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "ringmpsc/ringmpsc.hpp"
#include "stress/ledger.hpp"
#include "stress/round.hpp"
#include "stress/waits.hpp"

namespace bench::stress {

/// `T` is one of the messages of messages.hpp.
template <class T>
class ChannelRound final : public Round {
 public:
  explicit ChannelRound(const RoundPlan& plan)
      : Round(plan),
        channel_(std::in_place, ringmpsc::Config{.ring_bits = plan.ring_bits,
                                                 .max_producers = plan.limit,
                                                 .enable_metrics = plan.has(Shape::metrics)}),
        ledger_(sent_.size()),
        room_(plan.producers_wait),
        news_(plan.consumer_wait) {}

 private:
  static constexpr bool kPlain = ringmpsc::Plain<T>;
  static constexpr bool kCopies = std::is_copy_constructible_v<T>;
  static constexpr bool kThrows = !std::is_nothrow_constructible_v<T, const Stamp&> && kCopies;

  // ---- producers

  /// A producer between its registration and its end.
  struct ProducerLife {
    std::uint32_t id = 0;
    std::uint64_t sent = 0;  ///< messages that are published
    bool over = false;       ///< it was refused because the channel is closed
    unsigned moves = 0;
    std::uint64_t closes_after = UINT64_MAX;  ///< messages, after which it closes the channel
    bool expects_refusal = false;             ///< the channel was closed before the step began
  };

  void produce(unsigned thread, Worker& worker) override {
    const bool closes = thread == 0 && plan_.has(Shape::close_producer);
    const unsigned closing_life = static_cast<unsigned>(worker.random.below(plan_.lives));
    for (unsigned i = 0; i < plan_.lives && !stopping() && !failed(); ++i) {
      if (i > 0) worker.happened(Shape::rejoin);
      auto producer = registered(worker);
      if (!producer) break;
      ProducerLife life{.id = lives_.fetch_add(1, std::memory_order_relaxed)};
      if (closes && i == closing_life) life.closes_after = worker.random.spread(0, plan_.messages);
      live(std::move(*producer), life, worker);
      lives_ended_.fetch_add(1, std::memory_order_release);
      news_.notify();  // the consumer frees its place, and may find the channel drained
      if (life.over) break;
    }
    if (closes && !closing_.load(std::memory_order_acquire)) {
      close(worker, Shape::close_producer, [this] { channel_->close(); });
    }
    if (closed_.load(std::memory_order_acquire)) expect_no_registration(worker);
  }

  std::optional<ringmpsc::Producer<T>> registered(Worker& worker) {
    while (true) {
      worker.position.is(Doing::registering);
      const bool was_closed = closed_.load(std::memory_order_acquire);
      attempts_.fetch_add(1, std::memory_order_acq_rel);
      auto producer = channel_->register_producer();
      if (producer) {
        const unsigned held = held_.fetch_add(1, std::memory_order_acq_rel) + 1;
        registrations_.fetch_add(1, std::memory_order_acq_rel);
        if (held > plan_.limit) {
          fail(fmt::format("{} producers were registered at once, and the limit is {}", held,
                           plan_.limit));
        }
        if (was_closed) fail("a producer was registered after the channel had been closed");
        return std::move(*producer);
      }
      if (producer.error() == ringmpsc::RegisterError::closed) {
        if (!closing_.load(std::memory_order_acquire)) {
          fail("a registration was refused as closed, and nobody had closed the channel");
        }
        news_.notify();  // while it was tried, the channel was not drained
        return std::nullopt;
      }
      worker.happened(Shape::crowd);
      // Each producer in its way has counted its attempt before it took its place.
      const std::uint64_t attempts = attempts_.load(std::memory_order_acquire);
      if (attempts <= plan_.limit) {
        fail(fmt::format("registration {} was refused as one too many, and the limit is {}",
                         attempts, plan_.limit));
      }
      if (was_closed) fail("a registration was refused as one too many after the close");
      if (stopping()) return std::nullopt;
      worker.position.is(Doing::pausing);
      std::this_thread::yield();
    }
  }

  void expect_no_registration(Worker& worker) {
    worker.position.is(Doing::registering);
    auto producer = channel_->register_producer();
    if (producer) {
      fail("a producer was registered after the channel had been closed");
    } else if (producer.error() != ringmpsc::RegisterError::closed) {
      fail("a registration was refused as one too many after the close");
    }
  }

  /// Sends until the life is over, and ends the producer.
  void live(ringmpsc::Producer<T> producer, ProducerLife& life, Worker& worker) {
    if constexpr (kPlain) {
      if (plan_.has(Shape::deferred) && (only_deferred() || worker.random.once_in(2))) {
        return live_deferred(ringmpsc::Deferred(std::move(producer)), life, worker);
      }
    }
    while (goes_on(life)) {
      if (plan_.has(Shape::move_producer) && life.moves < kMostMoves &&
          worker.random.once_in(256)) {
        ++life.moves;
        on_another_thread(worker, Shape::move_producer,
                          [&] { live(std::move(producer), life, worker); });
        return;
      }
      step(producer, life, worker);
    }
    if (life.over) expect_refusals(producer, worker);
    if (producer.sent() != life.sent) {
      fail(fmt::format(
          "producer {} was told that {} of its messages were published, and sent() says {}",
          life.id, life.sent, producer.sent()));
    }
    end(life);
  }

  [[nodiscard]] bool goes_on(const ProducerLife& life) const {
    return life.sent < plan_.messages && !life.over && !stopping();
  }

  /// Called before the producer is destroyed, and thus before another one can have its place.
  void end(const ProducerLife& life) {
    sent_[life.id] = life.sent;
    held_.fetch_sub(1, std::memory_order_acq_rel);
  }

  void step(ringmpsc::Producer<T>& producer, ProducerLife& life, Worker& worker) {
    wander(worker);
    freeze(worker, Shape::freeze_producer);
    pause(worker);
    close_if_due(life, life.sent, worker);
    worker.position.sends(life.id, life.sent);
    life.expects_refusal = closed_.load(std::memory_order_acquire);
    if constexpr (kThrows) {
      if (worker.random.once_in(64)) {
        object_counts().until_throw = static_cast<std::int64_t>(worker.random.below(4));
      }
    }
    const std::uint64_t before = life.sent;
    try {
      write(producer, life, worker);
    } catch (const OnPurpose&) {
      worker.happened(Shape::payload_throwing);
      life.sent = producer.sent();
      if (life.sent > before) ++worker.commits;
    }
    object_counts().until_throw = -1;
    worker.messages += life.sent - before;
    worker.position.has(worker.messages);
    if (life.sent > before) {
      if (life.expects_refusal) {
        fail(fmt::format("message {} of producer {} was let in after the channel had been closed",
                         before, life.id));
      }
      news_.notify();
      return;
    }
    if (producer.closed()) {
      if (!closing_.load(std::memory_order_acquire)) {
        fail("a producer was refused as closed, and nobody had closed the channel");
      }
      life.over = true;
    }
  }

  /// Closes the channel, of which it still has a producer.
  void close_if_due(ProducerLife& life, std::uint64_t sent, Worker& worker) {
    if (sent < life.closes_after) return;
    life.closes_after = UINT64_MAX;
    close(worker, Shape::close_producer, [this] { channel_->close(); });
  }

  /// Publishes some messages in one of the ways of the plan, or finds no room and waits for it.
  void write(ringmpsc::Producer<T>& producer, ProducerLife& life, Worker& worker) {
    const Shape way = ways_[worker.random.below(ways_.size())];
    const std::uint64_t left = plan_.messages - life.sent;
    const std::size_t most =
        std::min<std::uint64_t>({plan_.most_at_once, producer.capacity(), left});
    const auto count = static_cast<std::size_t>(worker.random.spread(1, most));
    switch (way) {
      case Shape::emplace:
        worker.position.is(Doing::pushing);
        return took(producer.try_emplace(due(life)) ? 1 : 0, way, producer, life, worker);
      case Shape::push_waiting:
        return push_waiting(producer, life, worker);
      case Shape::reserve:
      case Shape::reserve_part:
      case Shape::reserve_dropped:
      case Shape::reserve_up_to:
      case Shape::reserve_backoff:
        return write_in_place(way, count, producer, life, worker);
      case Shape::send:
        if constexpr (kCopies) return send(count, producer, life, worker);
        [[fallthrough]];
      default:
        break;
    }
    worker.position.is(Doing::pushing);
    T message(due(life));
    if constexpr (kCopies) {
      if (worker.random.once_in(2)) {
        return took(producer.push(std::as_const(message)) ? 1 : 0, Shape::push, producer, life,
                    worker);
      }
    }
    took(producer.push(std::move(message)) ? 1 : 0, Shape::push, producer, life, worker);
  }

  [[nodiscard]] static Stamp due(const ProducerLife& life, std::uint64_t further = 0) {
    return {.sender = life.id, .sequence = life.sent + further};
  }

  /// Notes that a call published so many messages, or waits for room if it published none.
  void took(std::size_t count, Shape way, ringmpsc::Producer<T>& producer, ProducerLife& life,
            Worker& worker) {
    if (count > 0) {
      life.sent += count;
      ++worker.commits;
      worker.happened(way);
      return;
    }
    wait_for_room(producer, worker);
  }

  void wait_for_room(ringmpsc::Producer<T>& producer, Worker& worker) {
    worker.position.is(Doing::waiting_for_room);
    worker.happened(kProducerWaitShapes[static_cast<std::size_t>(plan_.producers_wait)]);
    room_.wait([&] { return producer.space() > 0 || producer.closed() || failed(); });
  }

  void push_waiting(ringmpsc::Producer<T>& producer, ProducerLife& life, Worker& worker) {
    worker.position.is(Doing::pushing);
    T message(due(life));
    const bool has_deadline = worker.random.once_in(4);
    const bool pushed = room_.visit([&](auto& strategy) {
      if (!has_deadline) return producer.push(std::move(message), strategy);
      const auto deadline = std::chrono::steady_clock::now() +
                            std::chrono::microseconds(worker.random.spread(1, 2000));
      return producer.push(std::move(message), strategy, deadline);
    });
    if (!pushed) {
      if (has_deadline) return;
      if (!producer.closed()) fail("a push that waits for room gave up on an open channel");
      return;
    }
    ++life.sent;
    ++worker.commits;
    worker.happened(Shape::push_waiting);
  }

  void write_in_place(Shape way, std::size_t count, ringmpsc::Producer<T>& producer,
                      ProducerLife& life, Worker& worker) {
    worker.position.is(Doing::reserving);
    auto reservation = way == Shape::reserve_up_to     ? producer.reserve_up_to(count)
                       : way == Shape::reserve_backoff ? producer.reserve_with_backoff(count)
                                                       : producer.reserve(count);
    if (!reservation) return wait_for_room(producer, worker);
    if (life.expects_refusal) fail("slots were reserved after the channel had been closed");
    if (reservation.size() > count) fail("a reservation has more slots than were asked for");
    worker.position.is(Doing::writing);
    pause(worker);
    const std::size_t size = reservation.size();
    const bool drops = way == Shape::reserve_dropped;
    const std::size_t kept = drops                        ? 0
                             : way == Shape::reserve_part ? worker.random.below(size + 1)
                                                          : size;
    const std::size_t built = worker.random.between(kept, size);
    for (std::size_t i = 0; i < built; ++i) {
      const Stamp stamp = i < kept ? due(life, i) : Stamp{.sender = kNobody};
      if constexpr (kPlain) {
        reservation[i] = T(stamp);
      } else {
        static_cast<void>(reservation.emplace(stamp));
      }
    }
    if (drops) {
      worker.happened(way);
      return;
    }
    if (reservation.commit(size + 1)) fail("more messages than were reserved could be committed");
    pause(worker);
    if (way == Shape::reserve_part) {
      if (!reservation.commit(kept)) fail("a part of a reservation could not be committed");
    } else {
      reservation.commit();
    }
    worker.happened(way);
    life.sent += kept;
    if (kept > 0) ++worker.commits;
  }

  void send(std::size_t count, ringmpsc::Producer<T>& producer, ProducerLife& life, Worker& worker)
    requires kCopies
  {
    std::vector<T> batch;
    batch.reserve(count);
    for (std::size_t i = 0; i < count; ++i) batch.emplace_back(due(life, i));
    worker.position.is(Doing::sending);
    took(producer.send(batch), Shape::send, producer, life, worker);
  }

  /// `producer` is a Deferred, which exists for plain messages only.
  void live_deferred(auto producer, ProducerLife& life, Worker& worker) {
    // What is staged counts as sent once it is published.
    std::uint64_t pushed = life.sent;
    while (pushed < plan_.messages && !life.over && !stopping()) {
      pause(worker);
      close_if_due(life, pushed, worker);
      worker.position.sends(life.id, pushed);
      wander(worker);
      freeze(worker, Shape::freeze_producer);
      const bool was_closed = closed_.load(std::memory_order_acquire);
      const std::size_t staged = producer.staged();
      worker.position.is(Doing::pushing);
      if (producer.push(T(Stamp{.sender = life.id, .sequence = pushed}))) {
        ++pushed;
        if (was_closed && staged == 0) {
          fail(fmt::format("message {} of producer {} was let in after the channel had been closed",
                           pushed - 1, life.id));
        }
        published(pushed - producer.staged(), life, worker);
      } else if (producer.closed()) {
        life.over = true;
        continue;
      } else {
        worker.position.is(Doing::waiting_for_room);
        std::this_thread::yield();
      }
      if (producer.staged() > 0 && worker.random.once_in(64)) flush(producer, pushed, life, worker);
    }
    if (!life.over) flush(producer, pushed, life, worker);
    if (life.over && !closing_.load(std::memory_order_acquire)) {
      fail("a producer was refused as closed, and nobody had closed the channel");
    }
    end(life);
  }

  void flush(auto& producer, std::uint64_t pushed, ProducerLife& life, Worker& worker) {
    worker.position.is(Doing::flushing);
    if (!producer.flush()) {
      life.over = true;
      return;
    }
    published(pushed, life, worker);
  }

  /// A stage was published if more messages than before have been.
  void published(std::uint64_t sent, ProducerLife& life, Worker& worker) {
    if (sent == life.sent) return;
    worker.happened(Shape::deferred);
    ++worker.commits;
    worker.messages += sent - life.sent;
    life.sent = sent;
    worker.position.has(worker.messages);
    news_.notify();
  }

  /// Whatever a producer tries once it was refused is refused too.
  void expect_refusals(ringmpsc::Producer<T>& producer, Worker& worker) {
    worker.position.is(Doing::pushing);
    const Stamp nobody{.sender = kNobody};
    if (producer.push(T(nobody)) || producer.reserve(1) || producer.reserve_up_to(2)) {
      fail("a producer was let in again after it had been refused as closed");
    }
    if (producer.space() != 0) fail("a closed ring says that it has space");
  }

  [[nodiscard]] bool only_deferred() const {
    return ways_.size() == 1 && ways_.front() == Shape::deferred;
  }

  // ---- the consumer

  /// The consumer, which may move to another thread.
  struct ConsumerLife {
    ringmpsc::Consumer<T> consumer;
    unsigned moves = 0;
    bool over = false;
  };

  void consume(Worker& worker) override {
    ConsumerLife life{.consumer = channel_->take_consumer()};
    if (plan_.has(Shape::close_consumer) || plan_.has(Shape::leave)) {
      ends_after_ = worker.random.spread(0, plan_.messages * plan_.threads);
      closes_within_handler_ = plan_.has(Shape::close_consumer) && worker.random.once_in(2);
    }
    while (!life.over) consume_here(life, worker);
    if (!left_) check_consumer(life.consumer, worker);
    received_ = ledger_.received();
  }

  void consume_here(ConsumerLife& life, Worker& worker) {
    while (!life.over) {
      if (plan_.has(Shape::move_consumer) && life.moves < kMostMoves && worker.random.once_in(64)) {
        ++life.moves;
        on_another_thread(worker, Shape::move_consumer, [&] {
          ConsumerLife there{.consumer = std::move(life.consumer), .moves = life.moves};
          consume_here(there, worker);
          life.consumer = std::move(there.consumer);
          life.over = there.over;
        });
        continue;
      }
      turn(life, worker);
    }
  }

  void turn(ConsumerLife& life, Worker& worker) {
    wander(worker);
    freeze(worker, Shape::freeze_consumer);
    const bool due = ledger_.received() >= ends_after_;
    if (plan_.has(Shape::leave) && (due || stopping() || all_producers_ended())) {
      return leave(life, worker);
    }
    if (wants_close() &&
        (stopping() || all_producers_ended() || (due && !closes_within_handler_))) {
      close(worker, Shape::close_consumer, [&] { life.consumer.close(); });
    }
    // Looked at before the read: what a producer has left is there then.
    const bool ended = all_producers_ended();
    const bool closed = closed_.load(std::memory_order_acquire);
    const std::uint32_t lives_ended = lives_ended_.load(std::memory_order_acquire);
    worker.position.is(Doing::consuming);
    const std::uint64_t before = ledger_.received();
    if (ended) {
      read_all(life.consumer, worker);
    } else {
      read(life.consumer, worker);
    }
    const std::uint64_t count = ledger_.received() - before;
    worker.messages = ledger_.received();
    worker.position.has(worker.messages);
    if (life.consumer.received() != ledger_.received()) {
      fail(fmt::format("received() says {}, and {} messages came", life.consumer.received(),
                       ledger_.received()));
    }
    if (count > 0) {
      room_.notify();
      rest(worker);
      return;
    }
    life.over = (ended && !ends_itself()) || (closed && life.consumer.drained());
    if (ended) return;
    if (!life.over) wait_for_messages(life.consumer, lives_ended, worker);
  }

  /// Destroys the consumer, and with the rings all messages that it has not read.
  void leave(ConsumerLife& life, Worker& worker) {
    close(worker, Shape::leave, [&] { const auto gone = std::move(life.consumer); });
    life.over = true;
    left_ = true;
  }

  [[nodiscard]] bool wants_close() const {
    return plan_.has(Shape::close_consumer) && !closing_.load(std::memory_order_acquire);
  }

  /// Waits for a message, for the end of another life of a producer, or for the end of the round.
  void wait_for_messages(ringmpsc::Consumer<T>& consumer, std::uint32_t lives_ended,
                         Worker& worker) {
    worker.position.is(Doing::waiting_for_messages);
    worker.happened(kConsumerWaitShapes[static_cast<std::size_t>(plan_.consumer_wait)]);
    const auto ready = [&] {
      return !consumer.empty() || all_producers_ended() || failed() ||
             lives_ended_.load(std::memory_order_acquire) != lives_ended ||
             (stopping() && ends_itself()) ||
             (closed_.load(std::memory_order_acquire) && consumer.drained());
    };
    if (worker.random.once_in(8)) {
      const auto deadline = std::chrono::steady_clock::now() +
                            std::chrono::microseconds(worker.random.spread(1, 2000));
      static_cast<void>(
          news_.visit([&](auto& strategy) { return strategy.wait_until(deadline, ready); }));
    } else {
      news_.wait(ready);
    }
  }

  /// The consumer is the one that ends the round.
  [[nodiscard]] bool ends_itself() const { return plan_.has(Shape::leave) || wants_close(); }

  void read(ringmpsc::Consumer<T>& consumer, Worker& worker) {
    if (plan_.has(Shape::metrics) && worker.random.once_in(64)) check_running(consumer.metrics());
    try {
      read_in(reads_[worker.random.below(reads_.size())], consumer, worker);
    } catch (const OnPurpose&) {
      worker.happened(Shape::throwing_handler);
    }
  }

  void read_in(Shape way, ringmpsc::Consumer<T>& consumer, Worker& worker) {
    const std::uint64_t before = ledger_.received();
    const auto limit =
        static_cast<std::size_t>(worker.random.spread(1, std::uint64_t{2} << plan_.ring_bits));
    const auto each = [&](const T& message) {
      note(message, worker);
      end_handler(consumer, worker);
    };
    const auto run = [&](std::span<T> messages) {
      for (const T& message : messages) note(message, worker);
      end_handler(consumer, worker);
    };
    std::size_t told = 0;
    switch (way) {
      case Shape::consume_runs:
        told = consumer.consume_all(run);
        break;
      case Shape::consume_limited:
        told = worker.random.once_in(2) ? consumer.consume_all_up_to(limit, each)
                                        : consumer.consume_all_up_to(limit, run);
        if (told > limit) fail("more messages were consumed than the limit allows");
        break;
      case Shape::recv: {
        std::vector<T> out(std::min<std::size_t>(limit, kMostReceived));
        told = consumer.recv(out);
        if (told > out.size()) return fail("more messages were received than fit");
        for (const T& message : std::span(out).first(told)) note(message, worker);
        break;
      }
      case Shape::try_recv:
        if (const auto message = consumer.try_recv()) {
          note(*message, worker);
          told = 1;
        }
        break;
      default:
        told = consumer.consume_all(each);
        break;
    }
    if (told != ledger_.received() - before) {
      fail(fmt::format("a call says that it handed over {} messages, and it was {}", told,
                       ledger_.received() - before));
    }
    if (told > 0) worker.happened(way);
  }

  void read_all(ringmpsc::Consumer<T>& consumer, Worker& worker) {
    consumer.consume_all([&](const T& message) { note(message, worker); });
  }

  void note(const T& message, Worker& worker) {
    pause(worker);
    constexpr std::uint64_t kBetweenSigns = 1024;
    if (ledger_.received() % kBetweenSigns == 0) worker.position.has(ledger_.received());
    if (!ledger_.arrived(message.stamp(), message.intact())) [[unlikely]] {
      stop();  // what went wrong is told once all that is left has come
      if (++wrong_ > kMostWrong) fail("messages go wrong without end");
    }
  }

  void end_handler(ringmpsc::Consumer<T>& consumer, Worker& worker) {
    if (closes_within_handler_ && ledger_.received() >= ends_after_ && wants_close()) {
      close(worker, Shape::close_consumer, [&] { consumer.close(); });
    }
    if (plan_.has(Shape::throwing_handler) && worker.random.once_in(128)) throw OnPurpose();
  }

  // ---- the end

  void close(Worker& worker, Shape shape, auto closes) {
    worker.position.is(Doing::closing);
    closing_.store(true, std::memory_order_release);
    closes();
    closed_.store(true, std::memory_order_release);
    worker.happened(shape);
    wake_all();
  }

  void check_consumer(ringmpsc::Consumer<T>& consumer, Worker& worker) {
    worker.position.is(Doing::draining);
    while (!all_producers_ended()) std::this_thread::yield();
    const std::uint64_t before = ledger_.received();
    read_all(consumer, worker);
    if (ledger_.received() != before)
      fail("messages came after drained() had said that none would");
    if (const std::string wrong = ledger_.fault(sent_, true); !wrong.empty()) return fail(wrong);
    const std::uint64_t registered = registrations_.load(std::memory_order_acquire);
    if (!consumer.empty()) fail("empty() is false after everything was consumed");
    if (consumer.producer_count() != 0) {
      fail(fmt::format("producer_count() says {} after all producers have ended",
                       consumer.producer_count()));
    }
    if (!consumer.all_ended(registered))
      fail("all_ended() is false after all producers have ended");
    if (consumer.drained() != closed_.load(std::memory_order_acquire)) {
      fail("drained() is not what it must be after all producers have ended");
    }
    check_metrics(consumer.metrics(), worker);
    check_registrations(consumer);
    if (!closed_.load(std::memory_order_acquire)) worker.happened(Shape::end);
  }

  /// What holds of counters at every moment.
  void check_running(const ringmpsc::Metrics& metrics) {
    if (metrics.messages_received != ledger_.received()) {
      fail(fmt::format("metrics say {} messages received, and it was {}", metrics.messages_received,
                       ledger_.received()));
    }
    if (metrics.messages_sent < metrics.messages_received ||
        metrics.commits > metrics.messages_sent || metrics.batches > metrics.messages_received) {
      fail(
          "metrics count more messages received than sent, or more commits or batches than "
          "messages");
    }
  }

  void check_metrics(const ringmpsc::Metrics& metrics, Worker& worker) {
    // The producers have ended, and told before how much they sent.
    std::uint64_t sent = 0;
    for (const std::uint64_t of_life : sent_) sent += of_life;
    const auto same = [&](std::string_view what, std::uint64_t counted, std::uint64_t right) {
      if (counted != right)
        fail(fmt::format("metrics say {} {}, and it was {}", counted, what, right));
    };
    same("messages sent", metrics.messages_sent, sent);
    same("messages received", metrics.messages_received, ledger_.received());
    if (!plan_.has(Shape::metrics)) return;
    worker.happened(Shape::metrics);
    check_running(metrics);
    metrics_ = metrics;
  }

  /// As many producers as the limit allows can register again, and no more; after a close, none.
  void check_registrations(ringmpsc::Consumer<T>& consumer) {
    if (closed_.load(std::memory_order_acquire)) {
      const auto producer = channel_->register_producer();
      if (producer || producer.error() != ringmpsc::RegisterError::closed) {
        fail("a registration after the close was not refused as closed");
      }
      return;
    }
    constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 22;
    if ((std::uint64_t{plan_.limit} * sizeof(T)) << plan_.ring_bits > kMostBytes) return;
    std::vector<ringmpsc::Producer<T>> producers;
    for (unsigned i = 0; i < plan_.limit; ++i) {
      auto producer = channel_->register_producer();
      if (!producer) {
        return fail(fmt::format("after all producers had ended, registration {} of {} was refused",
                                i + 1, plan_.limit));
      }
      producers.push_back(std::move(*producer));
    }
    const auto one_more = channel_->register_producer();
    if (one_more || one_more.error() != ringmpsc::RegisterError::too_many_producers) {
      fail("a registration beyond the limit was not refused as one too many");
    }
    if (consumer.producer_count() != plan_.limit) {
      fail("producer_count() is not the number of registered producers");
    }
  }

  void check_end() override {
    channel_.reset();  // and with it the messages that nobody has read
    if (left_) {
      // Of what the consumer has not read, all that can be checked is that it was destroyed once.
      const std::string wrong = ledger_.fault(ledger_.seen(), true);
      if (!wrong.empty()) fail(wrong);
      return;
    }
    // A batch of messages that are not plain may be published in several steps.
    if (metrics_ && (kPlain || !plan_.has(Shape::send)) && metrics_->commits != commits_) {
      fail(fmt::format("metrics say {} commits, and it was {}", metrics_->commits, commits_));
    }
  }

  void wake_all() noexcept {
    news_.notify();
    room_.notify();
  }
  void on_failure() noexcept override { wake_all(); }
  void on_last_producers_end() noexcept override { news_.notify(); }
  void on_stop() noexcept override {
    if (plan_.has(Shape::leave) || plan_.has(Shape::close_consumer)) news_.notify();
  }

  [[nodiscard]] std::vector<std::string> hints() const override {
    return {fmt::format("the channel {}; {} registrations",
                        closed_.load(std::memory_order_acquire) ? "is closed" : "is open",
                        registrations_.load(std::memory_order_acquire))};
  }

  [[nodiscard]] std::vector<Shape> drawn(Shape first, Shape last) const {
    std::vector<Shape> all;
    for (auto i = static_cast<std::size_t>(first); i <= static_cast<std::size_t>(last); ++i) {
      if (plan_.has(static_cast<Shape>(i))) all.push_back(static_cast<Shape>(i));
    }
    return all;
  }

  // In the order of workload::Wait.
  static constexpr std::array kProducerWaitShapes = {
      Shape::producer_adaptive, Shape::producer_busy_spin, Shape::producer_yielding,
      Shape::producer_backoff, Shape::producer_blocking};
  static constexpr std::array kConsumerWaitShapes = {
      Shape::consumer_adaptive, Shape::consumer_busy_spin, Shape::consumer_yielding,
      Shape::consumer_backoff, Shape::consumer_blocking};
  static constexpr unsigned kMostMoves = 3;
  static constexpr std::size_t kMostReceived = 4096;
  static constexpr std::uint64_t kMostWrong = 1'000'000;

  std::optional<ringmpsc::Channel<T>> channel_;
  Ledger ledger_;
  WaitPlace room_;
  WaitPlace news_;
  const std::vector<Shape> ways_ = drawn(Shape::push, Shape::deferred);
  const std::vector<Shape> reads_ = drawn(Shape::consume_each, Shape::try_recv);
  std::optional<ringmpsc::Metrics> metrics_;
  // Only the consumer uses these four.
  std::uint64_t wrong_ = 0;
  std::uint64_t ends_after_ = UINT64_MAX;  ///< messages, after which it closes or leaves
  bool closes_within_handler_ = false;
  bool left_ = false;
  std::atomic<bool> closing_{false};  ///< somebody closes, or has closed
  std::atomic<bool> closed_{false};   ///< a close has returned
  std::atomic<std::uint32_t> lives_{0};
  std::atomic<std::uint32_t> lives_ended_{0};
  std::atomic<std::uint64_t> attempts_{0};
  std::atomic<std::uint64_t> registrations_{0};
  std::atomic<unsigned> held_{0};
};

}  // namespace bench::stress
