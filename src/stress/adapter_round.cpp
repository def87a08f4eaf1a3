#include "stress/adapter_round.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <thread>

namespace bench::stress {
namespace {

constexpr std::array kWays = {Shape::push, Shape::reserve, Shape::send};
constexpr std::uint64_t kMostWrongMessages = 1'000'000;

workload::QueueOptions options_of(const RoundPlan& plan) {
  workload::Spec spec;
  spec.queue = plan.queue.name;
  spec.producers = plan.threads;
  spec.ring_bits = plan.ring_bits;
  spec.payload_bytes = plan.payload_bytes;
  spec.batch = plan.most_at_once;
  return workload::queue_options(spec);
}

void write_stamp(std::span<std::byte> message, const Stamp& stamp) {
  // The words of a message are aligned, wherever its bytes come from.
  stamping::write({reinterpret_cast<std::uint64_t*>(message.data()), message.size() / 8}, stamp);
}

}  // namespace

AdapterRound::AdapterRound(const RoundPlan& plan)
    : Round(plan), sent_(plan.threads), ledger_(sent_.size()) {
  for (const Shape way : kWays) {
    if (plan.has(way)) ways_.push_back(way);
  }
  if (ways_.empty()) ways_.push_back(Shape::push);
}

bool AdapterRound::made_in_time(Worker& worker) {
  worker.position.is(Doing::starting);
  while (!made_.load(std::memory_order_acquire)) {
    if (never_made_.load(std::memory_order_acquire) || failed()) return false;
    std::this_thread::yield();
  }
  return true;
}

void AdapterRound::produce(unsigned thread, Worker& worker) {
  if (!made_in_time(worker)) return;
  worker.position.is(Doing::registering);
  Sending sending{.end = queue_->producer(), .id = thread};
  sending.defers = plan_.has(Shape::deferred) && worker.random.once_in(2) && sending.end->defer();
  while (sending.written < plan_.messages && !failed() && !(stopping() && may_end(sending))) {
    step(sending, worker);
  }
  worker.position.sends(sending.id, sending.written);
  worker.position.is(Doing::flushing);
  while (!sending.end->flush()) {
    if (failed()) return;
    std::this_thread::yield();
  }
  sent_[thread] = sending.written;
}

bool AdapterRound::may_end(const Sending& sending) const {
  // A queue that never has room again is a hang, and not the end of the round.
  if (sending.had_room) return true;
  return plan_.queue.may_starve && some_sent_.load(std::memory_order_relaxed);
}

void AdapterRound::step(Sending& sending, Worker& worker) {
  wander(worker);
  freeze(worker, Shape::freeze_producer);
  pause(worker);
  const std::uint64_t most = std::min<std::uint64_t>(
      {plan_.most_at_once, std::uint64_t{1} << plan_.ring_bits, plan_.messages - sending.written});
  const auto count = static_cast<std::size_t>(worker.random.spread(1, most));
  const Shape way = sending.defers ? Shape::deferred : ways_[worker.random.below(ways_.size())];
  worker.position.sends(sending.id, sending.written);
  const std::size_t sent = write(way, count, sending, worker);
  sending.had_room = sent > 0;
  if (sent == 0) {
    worker.position.is(Doing::waiting_for_room);
    if (sending.defers) static_cast<void>(sending.end->flush());
    std::this_thread::yield();
    return;
  }
  if (!some_sent_.load(std::memory_order_relaxed)) {
    some_sent_.store(true, std::memory_order_relaxed);
  }
  sending.written += sent;
  worker.messages += sent;
  worker.position.has(worker.messages);
  worker.happened(way);
}

std::size_t AdapterRound::write(Shape way, std::size_t count, Sending& sending, Worker& worker) {
  const auto due = [&](std::uint64_t further) {
    return Stamp{.sender = sending.id, .sequence = sending.written + further};
  };
  const std::size_t words = plan_.payload_bytes / 8;
  if (way == Shape::reserve) {
    worker.position.is(Doing::reserving);
    std::uint64_t next = 0;
    return sending.end->produce(count,
                                [&](std::span<std::byte> slot) { write_stamp(slot, due(next++)); });
  }
  const std::size_t most = way == Shape::send ? count : 1;
  std::vector<std::uint64_t> batch(most * words);
  const auto bytes = std::as_writable_bytes(std::span(batch));
  for (std::size_t i = 0; i < most; ++i) {
    write_stamp(bytes.subspan(i * plan_.payload_bytes, plan_.payload_bytes), due(i));
  }
  if (way == Shape::send) {
    worker.position.is(Doing::sending);
    return sending.end->send(bytes);
  }
  worker.position.is(Doing::pushing);
  return sending.end->push(bytes) ? 1 : 0;
}

void AdapterRound::consume(Worker& worker) {
  try {
    queue_ = plan_.queue.make_any(plan_.payload_bytes, options_of(plan_));
  } catch (...) {
    never_made_.store(true, std::memory_order_release);
    throw;
  }
  auto consumer = queue_->consumer();
  made_.store(true, std::memory_order_release);
  while (true) {
    wander(worker);
    freeze(worker, Shape::freeze_consumer);
    // Looked at before the read: what a producer has left is there then.
    const bool ended = all_producers_ended();
    const std::uint64_t before = ledger_.received();
    read(*consumer, worker);
    worker.messages = ledger_.received();
    worker.position.has(worker.messages);
    if (ledger_.received() > before) {
      rest(worker);
    } else if (ended) {
      break;
    } else {
      worker.position.is(Doing::waiting_for_messages);
      std::this_thread::yield();
    }
  }
  worker.position.is(Doing::draining);
  received_ = ledger_.received();
  const std::string wrong = ledger_.fault(sent_, plan_.queue.order != workload::kNoOrder);
  if (!wrong.empty()) fail(wrong);
  worker.happened(Shape::end);
  consumer.reset();
  queue_.reset();
}

void AdapterRound::read(workload::AnyConsumer& consumer, Worker& worker) {
  worker.position.is(Doing::consuming);
  const std::uint64_t before = ledger_.received();
  const std::size_t told = consumer.consume([&](workload::Bytes message) {
    const WithinHandler within(worker.position);
    pause(worker);
    constexpr std::uint64_t kBetweenSigns = 1024;
    if (ledger_.received() % kBetweenSigns == 0) worker.position.has(ledger_.received());
    const std::span words(reinterpret_cast<const std::uint64_t*>(message.data()),
                          message.size() / 8);
    if (ledger_.arrived(stamping::stamp_of(words.front()), stamping::intact(words))) return;
    // Without an order between messages, one that comes late is none that went wrong.
    const bool ordered = plan_.queue.order != workload::kNoOrder;
    if (ordered) stop();
    const std::uint64_t most =
        ordered ? kMostWrongMessages : kMostWrongMessages + plan_.messages * plan_.threads;
    if (++wrong_ > most) fail("messages go wrong without end");
  });
  if (told != ledger_.received() - before) {
    fail(fmt::format("a call says that it handed over {} messages, and it was {}", told,
                     ledger_.received() - before));
  }
  if (told > 0) worker.happened(Shape::consume_each);
}

}  // namespace bench::stress
