// Random sequences of operations, compared step by step with the simplest queue there is. The seeds
// are fixed, so that a failure can be reproduced.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <random>
#include <span>
#include <utility>
#include <vector>

#include "counted.hpp"
#include "layouts.hpp"
#include "plain_bytes.hpp"
#include "ringmpsc/channel.hpp"

namespace ringmpsc::testing {
namespace {

using Number = std::int64_t;

Number value_of(Number message) { return message; }
Number value_of(const auto& message) { return message.value(); }

/// A ring together with a queue of what it should hold.
template <class T, std::size_t Extent, class L>
class Model {
 public:
  Model(RingOf<T, L, Extent>& ring, std::uint32_t seed)
      : ring_(ring), capacity_(ring.capacity()), ends_(ring.split()), random_(seed) {}

  void step() {
    switch (below(11)) {
      case 0:
        return push();
      case 1:
        return send();
      case 2:
        return reserve(false);
      case 3:
        return reserve(true);
      case 4:
        return consume_all();
      case 5:
        return consume_some();
      case 6:
        return consume_runs();
      case 7:
        return read_and_advance();
      case 8:
        return receive();
      case 9:
        return move_ends();
      default:
        return consume_and_throw();
    }
  }

  void compare() {
    ASSERT_EQ(sender().space(), free());
    ASSERT_EQ(receiver().empty(), held_.empty());
    ASSERT_EQ(sender().sent(), static_cast<std::uint64_t>(next_));
    ASSERT_EQ(receiver().received(), static_cast<std::uint64_t>(next_) - held_.size());
    ASSERT_FALSE(receiver().drained());
    ASSERT_EQ(ring_.metrics().messages_sent, sender().sent());
    ASSERT_EQ(ring_.metrics().messages_received, receiver().received());
  }

  void end() {
    sender().close();
    ASSERT_EQ(receiver().drained(), held_.empty());
    consume_all();
    ASSERT_TRUE(receiver().drained());
  }

 private:
  SenderOf<T, L, Extent>& sender() { return ends_.first; }
  ReceiverOf<T, L, Extent>& receiver() { return ends_.second; }
  std::size_t below(std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_);
  }
  std::size_t amount() { return below(capacity_ + 3); }
  std::size_t free() const { return capacity_ - held_.size(); }
  std::size_t run_from(Number sequence) const {
    return to_end_of_run<T, L>(static_cast<std::uint64_t>(sequence), capacity_);
  }
  Number oldest() const { return next_ - static_cast<Number>(held_.size()); }
  void sent() { held_.push_back(next_++); }
  void expect_oldest(const T& message) {
    ASSERT_FALSE(held_.empty());
    ASSERT_EQ(value_of(message), held_.front());
    held_.pop_front();
  }

  void push() {
    const bool room = free() > 0;
    ASSERT_EQ(below(2) == 0 ? sender().push(T(next_)) : sender().try_emplace(next_), room);
    if (room) sent();
  }
  void send() {
    std::vector<T> messages;
    for (std::size_t i = amount(); i > 0; --i) {
      messages.emplace_back(next_ + static_cast<Number>(messages.size()));
    }
    const std::size_t count = std::min(messages.size(), free());
    ASSERT_EQ(sender().send(messages), count);
    for (std::size_t i = 0; i < count; ++i) sent();
  }
  void reserve(bool up_to) {
    const std::size_t asked = amount();
    auto reservation = up_to ? sender().reserve_up_to(asked) : sender().reserve(asked);
    const std::size_t granted =
        !up_to && asked > free() ? 0 : std::min({asked, free(), run_from(next_)});
    ASSERT_EQ(reservation.size(), granted);
    if (granted == 0) return;
    const std::size_t written = Plain<T> ? granted : below(granted + 1);
    for (std::size_t i = 0; i < written; ++i) {
      const Number value = next_ + static_cast<Number>(i);
      if constexpr (Plain<T>) {
        reservation[i] = T(value);
      } else {
        reservation.emplace(value);
      }
    }
    switch (below(4)) {
      case 0:
        return;  // dropped
      case 1: {
        const std::size_t part = below(written + 1);
        ASSERT_TRUE(reservation.commit(part));
        for (std::size_t i = 0; i < part; ++i) sent();
        return;
      }
      case 2:
        ASSERT_FALSE(reservation.commit(written + 1));
        ASSERT_EQ(reservation.size(), granted);
        [[fallthrough]];
      default:
        reservation.commit();
        for (std::size_t i = 0; i < written; ++i) sent();
    }
  }

  void consume_all() {
    const std::size_t count = held_.size();
    ASSERT_EQ(receiver().consume_batch([this](const T& m) { expect_oldest(m); }), count);
    ASSERT_TRUE(held_.empty());
  }
  void consume_some() {
    const std::size_t limit = below(8) == 0 ? SIZE_MAX : amount();
    const std::size_t count = std::min(limit, held_.size());
    ASSERT_EQ(receiver().consume_up_to(limit, [this](T&& m) { expect_oldest(std::move(m)); }),
              count);
  }
  void consume_runs() {
    const std::size_t limit = amount();
    const std::size_t count = std::min(limit, held_.size());
    ASSERT_EQ(receiver().consume_up_to(limit,
                                       [this](std::span<const T> run) {
                                         ASSERT_LE(run.size(), run_from(oldest()));
                                         for (const T& m : run) expect_oldest(m);
                                       }),
              count);
  }
  void read_and_advance() {
    const std::span<T> run = receiver().readable();
    ASSERT_EQ(run.size(), std::min(held_.size(), run_from(oldest())));
    ASSERT_FALSE(receiver().advance(run.size() + 1));
    const std::size_t count = below(run.size() + 1);
    for (std::size_t i = 0; i < count; ++i) expect_oldest(run[i]);
    ASSERT_TRUE(receiver().advance(count));
  }
  void receive() {
    std::vector<T> out(amount(), T(0));
    const std::size_t count = std::min(out.size(), held_.size());
    ASSERT_EQ(receiver().recv(out), count);
    for (std::size_t i = 0; i < count; ++i) expect_oldest(out[i]);
  }
  void move_ends() {
    SenderOf<T, L, Extent> sender_elsewhere = std::move(ends_.first);
    ReceiverOf<T, L, Extent> receiver_elsewhere = std::move(ends_.second);
    ends_.first = std::move(sender_elsewhere);
    ends_.second = std::move(receiver_elsewhere);
  }
  void consume_and_throw() {
    const std::size_t fatal = amount();
    if (fatal >= held_.size()) return;
    std::size_t handled = 0;
    ASSERT_THROW(receiver().consume_batch([&](const T& m) {
      expect_oldest(m);
      if (handled++ == fatal) throw Thrown();
    }),
                 Thrown);
    ASSERT_EQ(handled, fatal + 1);
  }

  RingOf<T, L, Extent>& ring_;
  std::size_t capacity_;
  std::pair<SenderOf<T, L, Extent>, ReceiverOf<T, L, Extent>> ends_;
  std::mt19937 random_;
  std::deque<Number> held_;
  Number next_ = 0;
};

template <class T, class L, std::size_t Extent>
void run_model(RingOf<T, L, Extent>& ring, std::uint32_t seed) {
  Model<T, Extent, L> model(ring, seed);
  for (int i = 0; i < 2000; ++i) {
    model.step();
    model.compare();
    if (::testing::Test::HasFatalFailure()) {
      FAIL() << "seed " << seed << ", step " << i << ", capacity " << ring.capacity();
    }
  }
  model.end();
}

/// The messages of a test, and the layout of their ring.
template <class T, class L>
struct Modelled {
  using Message = T;
  using Ringed = L;
};
template <class P>
class RingAgainstAModel : public ::testing::Test {};
// Cells of 14, 8, 7 and 1 messages that are copied as bytes, and of 14, 7 and 1 that are not. One
// of the rings has as many slots as a cell of 8.
using PlainAndOthers = ::testing::Types<
    Modelled<PlainBytes<4>, Celled>, Modelled<PlainBytes<7>, Celled>, Modelled<Number, Celled>,
    Modelled<PlainBytes<16>, Celled>, Modelled<SmallCounted<std::int32_t>, Celled>,
    Modelled<SmallCounted<Number>, Celled>, Modelled<Counted, Celled>, Modelled<Number, Dense>,
    Modelled<PlainBytes<7>, Dense>, Modelled<Counted, Dense>>;
TYPED_TEST_SUITE(RingAgainstAModel, PlainAndOthers);

TYPED_TEST(RingAgainstAModel, AgreesAfterEveryOperation) {
  using T = TypeParam::Message;
  using L = TypeParam::Ringed;
  const NothingLeaks check;
  for (std::uint32_t seed = 1; seed <= 12; ++seed) {
    RingOf<T, L> ring(1 + seed % 5);
    run_model<T, L, std::dynamic_extent>(ring, seed);
    if (this->HasFatalFailure()) return;
  }
}

// A fixed extent is one way of knowing the capacity, whatever the message: a few types are enough.
template <class P>
class FixedRingAgainstAModel : public ::testing::Test {};
using OneOfEachKind =
    ::testing::Types<Modelled<PlainBytes<7>, Celled>, Modelled<SmallCounted<Number>, Celled>,
                     Modelled<Counted, Celled>, Modelled<Number, Dense>, Modelled<Counted, Dense>>;
TYPED_TEST_SUITE(FixedRingAgainstAModel, OneOfEachKind);

TYPED_TEST(FixedRingAgainstAModel, AgreesAfterEveryOperation) {
  using T = TypeParam::Message;
  using L = TypeParam::Ringed;
  const NothingLeaks check;
  for (std::uint32_t seed = 100; seed <= 103; ++seed) {
    RingOf<T, L, 8> ring;
    run_model<T, L, 8>(ring, seed);
    if (this->HasFatalFailure()) return;
  }
}

template <class P>
class ChannelAgainstAModel : public ::testing::Test {};
using CountedInCellsAndOthers =
    ::testing::Types<Modelled<Counted, Celled>, Modelled<SmallCounted<Number>, Celled>,
                     Modelled<SmallCounted<std::int32_t>, Celled>, Modelled<Counted, Dense>>;
TYPED_TEST_SUITE(ChannelAgainstAModel, CountedInCellsAndOthers);

/// Producers come, send and go; the consumer consumes in every way. The model has one queue for
/// each producer, which holds the messages that were sent and not yet consumed.
TYPED_TEST(ChannelAgainstAModel, AgreesAfterEveryOperation) {
  using T = TypeParam::Message;
  using L = TypeParam::Ringed;
  const NothingLeaks check;
  constexpr std::size_t kLimit = 4;
  struct Sending {
    Number id;  // index in `all`
    std::unique_ptr<ProducerOf<T, L>> producer;
    std::deque<Number> sent;
  };
  std::mt19937 random(7);
  const auto below = [&random](std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
  };
  ChannelOf<T, L> channel({.ring_bits = 2, .max_producers = kLimit});
  auto consumer = channel.take_consumer();
  std::deque<Sending> all;  // a message names its producer by the index in here
  std::uint64_t total = 0;
  std::uint64_t consumed = 0;
  const auto expect_next = [&](const T& message) {
    auto& queue = all[static_cast<std::size_t>(message.value() / 100'000)].sent;
    ASSERT_FALSE(queue.empty());
    ASSERT_EQ(message.value(), queue.front());
    queue.pop_front();
    ++consumed;
  };
  const auto in_use = [&all] {  // a producer keeps its slot while it lives or has messages left
    return static_cast<std::size_t>(std::ranges::count_if(
        all, [](const Sending& s) { return s.producer != nullptr || !s.sent.empty(); }));
  };
  for (int step = 0; step < 20'000; ++step) {
    const auto alive = [&]() -> Sending* {
      std::vector<Sending*> candidates;
      for (Sending& s : all) {
        if (s.producer) candidates.push_back(&s);
      }
      return candidates.empty() ? nullptr : candidates[below(candidates.size())];
    };
    switch (below(8)) {
      case 0: {
        ASSERT_EQ(consumer.producer_count(), in_use());  // also frees the slots that can be freed
        auto registered = channel.register_producer();
        ASSERT_EQ(registered.has_value(), in_use() < kLimit);
        if (registered) {
          auto producer = std::make_unique<ProducerOf<T, L>>(std::move(*registered));
          all.push_back({static_cast<Number>(all.size()), std::move(producer), {}});
        }
        break;
      }
      case 1:
        if (Sending* s = alive(); s != nullptr && below(4) == 0) s->producer.reset();
        break;
      case 2:
      case 3:
      case 4:
        if (Sending* s = alive()) {
          const Number message = s->id * 100'000 + static_cast<Number>(s->producer->sent());
          ASSERT_EQ(s->producer->try_emplace(message), s->sent.size() < 4);
          if (s->sent.size() < 4) {
            s->sent.push_back(message);
            ++total;
          }
        }
        break;
      case 5:
        consumer.consume_all(expect_next);
        break;
      case 6: {
        const std::size_t limit = below(6);
        const auto count = std::min<std::uint64_t>(limit, total - consumed);
        ASSERT_EQ(consumer.consume_all_up_to(limit, expect_next), count);
        break;
      }
      default: {
        std::vector<T> out(below(6));
        const auto count = std::min<std::uint64_t>(out.size(), total - consumed);
        ASSERT_EQ(consumer.recv(out), count);
        for (std::size_t i = 0; i < count; ++i) expect_next(out[i]);
        break;
      }
    }
    ASSERT_EQ(consumer.empty(), total == consumed);
    ASSERT_EQ(consumer.metrics().messages_sent, total);
    ASSERT_EQ(consumer.metrics().messages_received, consumed);
    if (this->HasFatalFailure()) FAIL() << "step " << step;
  }
  EXPECT_GT(all.size(), 100U) << "too few producers to use the slots again and again";
  consumer.close();
  consumer.consume_all(expect_next);
  for (Sending& s : all) {
    EXPECT_FALSE(s.producer && s.producer->try_emplace(0));
  }
  EXPECT_TRUE(consumer.drained());
  EXPECT_EQ(total, consumed);
}

}  // namespace
}  // namespace ringmpsc::testing
