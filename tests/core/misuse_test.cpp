// Misuse: what can never work does not compile, and what would corrupt messages without a word ends
// the program where assertions are on.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "counted.hpp"
#include "drained.hpp"
#include "ringmpsc/ringmpsc.hpp"

#if defined(RINGMPSC_TEST_PROMISES_ASSERTIONS) && defined(NDEBUG)
#error "assertions are off in a build of which the README says that they are on"
#endif

namespace ringmpsc::testing {
namespace {

using Number = std::int64_t;

// What would refer to an end that is gone.

template <class S>
concept ReservesFromATemporary = requires(S s) { std::move(s).reserve(1); } || requires(S s) {
  std::move(s).reserve_up_to(1);
} || requires(S s) { std::move(s).reserve_with_backoff(1); };
template <class S>
concept Reserves = requires(S s) {
  s.reserve(1);
  s.reserve_up_to(1);
  s.reserve_with_backoff(1);
};
static_assert(Reserves<Sender<Number>> && !ReservesFromATemporary<Sender<Number>>);
static_assert(Reserves<Sender<Number, 4>> && !ReservesFromATemporary<Sender<Number, 4>>);
static_assert(Reserves<Producer<Number>> && !ReservesFromATemporary<Producer<Number>>,
              "channel.register_producer().value().reserve(4)");

template <class R>
concept ReadsInATemporary = requires(R r) { std::move(r).readable(); };
static_assert(requires(Receiver<Number> r) { r.readable(); });
static_assert(!ReadsInATemporary<Receiver<Number>> && !ReadsInATemporary<Receiver<Number, 4>>);

template <class R>
concept WritesInATemporary =
    requires(R r) { std::move(r).slots(); } || requires(R r) { std::move(r)[0]; } || requires(R r) {
      std::move(r).begin();
    } || requires(R r) { std::move(r).end(); } || requires(R r) { std::move(r).emplace(1); };
static_assert(requires(const Reservation<Number> r) { r.slots(), r[0], r.begin(), r.end(); });
static_assert(requires(Reservation<Counted> r) { r.emplace(1); });
static_assert(!WritesInATemporary<Reservation<Number>> &&
              !WritesInATemporary<const Reservation<Number>> &&
              !WritesInATemporary<Reservation<Counted>>);
template <class R>
concept CommitsATemporary =
    requires(R r) { std::move(r).commit(); } || requires(R r) { std::move(r).commit(1); };
static_assert(!CommitsATemporary<Reservation<Number>> && !CommitsATemporary<Reservation<Counted>>,
              "nothing can have been written into it");

template <class R>
concept SplitsATemporary = requires(R r) { std::move(r).split(); };
static_assert(requires(Ring<Number, 4>& ring) { ring.split(); });
static_assert(!SplitsATemporary<Ring<Number, 4>&&> && !SplitsATemporary<Ring<Number>&&>);

template <class W>
concept BeginsInATemporary = requires(W w) { std::move(w).begin(); };
static_assert(!BeginsInATemporary<BlockingWait&&>);

/// Death tests. They are skipped where assertions are off.
class MisuseDeathTest : public ::testing::Test {
 protected:
  void SetUp() override {
#ifdef NDEBUG
    GTEST_SKIP() << "assertions are off in this build; debug, asan and tsan have them on";
#endif
    GTEST_FLAG_SET(death_test_style, "threadsafe");
  }

  template <class T>
  struct Ends {
    Ring<T> ring{3};
    std::pair<Sender<T>, Receiver<T>> pair = ring.split();
    Sender<T>& sender = pair.first;
    Receiver<T>& receiver = pair.second;
  };
  Ends<Number> plain_;
  Ends<Counted> built_;
};

TEST_F(MisuseDeathTest, AWriteThatIsNotTheReservationsIsFoundWhenItIsCommitted) {
  auto& sender = plain_.sender;
  const auto written = "has written in another way";
  auto held = sender.reserve(2);
  EXPECT_DEATH(((void)sender.push(1), held.commit()), written);
  EXPECT_DEATH(((void)sender.send(numbers(1, 2)), held.commit()), written);
  auto second = sender.reserve(2);
  EXPECT_DEATH((second.commit(), held.commit()), written);
}

TEST_F(MisuseDeathTest, AWriteThatIsNotTheReservationsIsFoundBeforeAMessageIsBuiltOverIt) {
  auto& sender = built_.sender;
  auto held = sender.reserve(2);
  EXPECT_DEATH(((void)sender.push(Counted(1)), held.emplace(2)), "has written in another way");
}

TEST_F(MisuseDeathTest, AWriteThatIsNotTheReservationsIsFoundBeforeItsMessagesAreDestroyed) {
  auto& sender = built_.sender;
  EXPECT_DEATH(
      {
        auto held = sender.reserve(2);
        held.emplace(1);
        (void)sender.push(Counted(2));
      },
      "has written in another way");
}

TEST_F(MisuseDeathTest, ACommitToASenderThatHasEndedIsFound) {
  auto& sender = plain_.sender;
  const auto ended = "was closed or moved";
  auto held = sender.reserve(2);
  EXPECT_DEATH((sender.close(), held.commit()), ended);
  EXPECT_DEATH((plain_.receiver.close(), (void)sender.push(1), held.commit()), ended)
      << "a sender that is refused ends itself";
  EXPECT_DEATH(
      {
        const Sender<Number> moved = std::move(sender);
        held.commit();
      },
      ended);
}

TEST_F(MisuseDeathTest, ACommitToASenderThatHasAnotherRingIsFound) {
  auto& sender = plain_.sender;
  Ends<Number> other;
  auto held = sender.reserve(2);
  EXPECT_DEATH((sender = std::move(other.sender), held.commit()), "has written in another way");
}

TEST_F(MisuseDeathTest, AStaleReservationIsFoundBeforeItIsWrittenTo) {
  auto& sender = plain_.sender;
  auto held = sender.reserve(2);
  EXPECT_DEATH(((void)sender.push(1), held[0] = 2), "has written in another way");
  EXPECT_DEATH(((void)sender.push(1), (void)held.slots()), "has written in another way");
  EXPECT_DEATH(((void)sender.push(1), std::ranges::fill(held, 2)), "has written in another way");
  EXPECT_DEATH((sender.close(), held[0] = 2), "was closed or moved");
  held = {};
  EXPECT_TRUE(sender.push(1)) << "a dropped reservation is in nobody's way";
}

TEST_F(MisuseDeathTest, ARingThatEndsBeforeItsReceiverIsFound) {
  EXPECT_DEATH(
      {
        auto ring = std::make_unique<Ring<Number>>(3);
        auto ends = ring->split();
        ends.first.close();
        ring.reset();
      },
      "the ring ends before its Receiver");
}

TEST_F(MisuseDeathTest, ASlotOutsideTheReservationIsFound) {
  auto held = plain_.sender.reserve(2);
  EXPECT_DEATH(held[2] = 1, "outside the reservation");
  const Reservation<Number> empty;
  EXPECT_DEATH(empty[0] = 1, "outside the reservation");
}

TEST_F(MisuseDeathTest, AHandlerThatUsesItsReceiverIsFound) {
  ASSERT_EQ(plain_.sender.send(numbers(1, 4)), 4U);
  auto& receiver = plain_.receiver;
  EXPECT_DEATH(receiver.consume_batch([&](Number) { receiver.consume_up_to(1, [](Number) {}); }),
               "a handler used the Receiver");
  EXPECT_DEATH(
      receiver.consume_batch([&](std::span<Number> run) { (void)receiver.advance(run.size()); }),
      "a handler used the Receiver");
}

TEST_F(MisuseDeathTest, AHandlerThatUsesItsConsumerIsFound) {
  Channel<Number> channel({.ring_bits = 3, .max_producers = 2});
  auto consumer = channel.take_consumer();
  auto producer = channel.register_producer().value();
  {
    const auto ended = channel.register_producer().value();
    EXPECT_EQ(consumer.producer_count(), 2U);
  }
  ASSERT_TRUE(producer.push(1));
  EXPECT_DEATH(consumer.consume_all([&](Number) { (void)consumer.consume_all([](Number) {}); }),
               "a handler used the Receiver");
  EXPECT_DEATH(consumer.consume_all([&](Number) { (void)consumer.producer_count(); }),
               "a handler used the Consumer");
}

/// A message whose construction pushes another one into the same ring.
struct Nested {
  explicit Nested(Sender<Nested>* sender) {
    if (sender != nullptr) (void)sender->try_emplace(nullptr);
  }
};

TEST_F(MisuseDeathTest, AMessageThatPushesWhileItIsPushedIsFound) {
  Ends<Nested> ends;
  EXPECT_DEATH((void)ends.sender.try_emplace(&ends.sender), "has written in another way");
}

TEST_F(MisuseDeathTest, ARingThatEndsBeforeItsSenderIsFound) {
  EXPECT_DEATH(
      {
        auto ring = std::make_unique<Ring<Number>>(3);
        auto ends = ring->split();
        ring.reset();
      },
      "the ring ends before its Sender");
}

}  // namespace
}  // namespace ringmpsc::testing
