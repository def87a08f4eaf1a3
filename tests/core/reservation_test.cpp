// Reservations: of all slots asked for or of those that are free; committed, committed in part, or
// dropped. Their ring is dense, whose runs end only at the wrap; cells_test.cpp has those of cells.

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

#include "counted.hpp"
#include "drained.hpp"
#include "layouts.hpp"
#include "ringmpsc/ring.hpp"

namespace ringmpsc::testing {
namespace {

using Number = std::int64_t;

TEST(Reservation, IsReceivedAfterItIsWrittenInPlaceAndCommitted) {
  RingOf<Number, Dense> ring(3);
  auto [sender, receiver] = ring.split();
  auto reservation = sender.reserve(3);
  ASSERT_EQ(reservation.size(), 3U);
  reservation[0] = 1;
  reservation.slots()[1] = 2;
  *(reservation.begin() + 2) = 3;
  EXPECT_EQ(reservation.end() - reservation.begin(), 3);
  EXPECT_TRUE(receiver.empty()) << "visible before the commit";
  reservation.commit();
  EXPECT_EQ(drained(receiver), numbers(1, 3));
}

TEST(Reservation, IsEmptyAfterItsCommit) {
  RingOf<Number, Dense> ring(3);
  auto [sender, receiver] = ring.split();
  auto reservation = sender.reserve(1);
  reservation[0] = 1;
  reservation.commit();
  EXPECT_TRUE(reservation.empty());
  EXPECT_FALSE(reservation);
  reservation.commit();  // does nothing
  EXPECT_EQ(reservation.commit(1).error(), CommitError::exceeds_reservation);
  EXPECT_EQ(drained(receiver), numbers(1, 1));
}

TEST(Reservation, ReserveIsRefusedUnlessAllSlotsAreFree) {
  RingOf<Number, Dense> ring(3);
  auto [sender, receiver] = ring.split();
  for (Number i = 0; i < 5; ++i) ASSERT_TRUE(sender.push(i));
  EXPECT_TRUE(sender.reserve(4).empty());
  EXPECT_EQ(sender.reserve(3).size(), 3U);
  receiver.consume_batch([](Number) {});
  EXPECT_EQ(sender.reserve(4).size(), 3U) << "4 are free, 3 of them before the wrap";
}

TEST(Reservation, ReserveUpToTakesWhatIsFreeAndContiguous) {
  RingOf<Number, Dense> ring(3);
  auto [sender, receiver] = ring.split();
  EXPECT_EQ(sender.reserve_up_to(100).size(), 8U);
  for (Number i = 0; i < 5; ++i) ASSERT_TRUE(sender.push(i));
  EXPECT_EQ(sender.reserve_up_to(4).size(), 3U);
  EXPECT_EQ(sender.reserve_up_to(2).size(), 2U);
  for (Number i = 5; i < 8; ++i) ASSERT_TRUE(sender.push(i));
  EXPECT_TRUE(sender.reserve_up_to(1).empty());
  EXPECT_EQ(receiver.consume_up_to(2, [](Number) {}), 2U);
  EXPECT_EQ(sender.reserve_up_to(100).size(), 2U);
}

TEST(Reservation, OfNoSlotsOrOfMoreThanTheRingHoldsIsEmpty) {
  RingOf<Number, Dense> ring(3);
  auto [sender, receiver] = ring.split();
  EXPECT_TRUE(sender.reserve(0).empty());
  EXPECT_TRUE(sender.reserve_up_to(0).empty());
  EXPECT_TRUE(sender.reserve_with_backoff(0).empty());
  EXPECT_TRUE(sender.reserve(9).empty());
  EXPECT_TRUE(sender.reserve(static_cast<std::size_t>(-1)).empty());
  EXPECT_TRUE(sender.reserve_with_backoff(9).empty());
  EXPECT_EQ(sender.reserve(8).size(), 8U);
  EXPECT_EQ(sender.space(), 8U) << "none of these reservations was committed";
}

TEST(Reservation, IsShorterAtTheWrapAndTheNextOneTakesTheRest) {
  for (unsigned bits = kMinRingBits; bits <= 6; ++bits) {
    RingOf<Number, Dense> ring(bits);
    auto [sender, receiver] = ring.split();
    const std::size_t capacity = ring.capacity();
    Number next = 0;
    for (std::size_t offset = 0; offset < 2 * capacity; ++offset) {
      std::size_t left = capacity;
      int reservations = 0;
      while (left > 0) {
        auto reservation = sender.reserve(left);
        ASSERT_FALSE(reservation.empty());
        for (Number& slot : reservation) slot = next++;
        left -= reservation.size();
        reservation.commit();
        ++reservations;
      }
      ASSERT_EQ(reservations, offset % capacity == 0 ? 1 : 2);
      ASSERT_EQ(drained(receiver), numbers(next - static_cast<Number>(capacity), next - 1));
      ASSERT_TRUE(sender.push(next++));
      receiver.consume_batch([](Number) {});
    }
  }
}

TEST(Reservation, CommittedInPartPublishesTheFirstSlotsAndFreesTheRest) {
  RingOf<Number, Dense> ring(3);
  auto [sender, receiver] = ring.split();
  auto reservation = sender.reserve(8);
  for (std::size_t i = 0; i < 8; ++i) reservation[i] = static_cast<Number>(i);
  ASSERT_TRUE(reservation.commit(3));
  EXPECT_TRUE(reservation.empty());
  EXPECT_EQ(sender.space(), 5U);
  EXPECT_EQ(drained(receiver), numbers(0, 2));
}

TEST(Reservation, IsUnchangedByACommitOfMoreThanWasReserved) {
  RingOf<Number, Dense> ring(3);
  auto [sender, receiver] = ring.split();
  auto reservation = sender.reserve(2);
  reservation[0] = 1;
  reservation[1] = 2;
  const auto outcome = reservation.commit(3);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error(), CommitError::exceeds_reservation);
  EXPECT_EQ(reservation.size(), 2U);
  EXPECT_TRUE(receiver.empty());
  EXPECT_TRUE(reservation.commit(2));
  EXPECT_EQ(drained(receiver), numbers(1, 2));
}

TEST(Reservation, IsUnchangedByACommitOfMoreThanWasBuilt) {
  const NothingLeaks check;
  RingOf<Counted, Dense> ring(3);
  auto [sender, receiver] = ring.split();
  auto reservation = sender.reserve(4);
  reservation.emplace(1);
  reservation.emplace(2);
  EXPECT_EQ(reservation.commit(3).error(), CommitError::exceeds_reservation);
  EXPECT_EQ(reservation.size(), 4U);
  EXPECT_EQ(reservation.built(), 2U);
  reservation.emplace(3);
  EXPECT_TRUE(reservation.commit(3));
  EXPECT_EQ(drained(receiver), numbers(1, 3));
}

TEST(Reservation, CommitOfNothingPublishesNothing) {
  RingOf<Number, Dense> ring(3);
  auto [sender, receiver] = ring.split();
  auto reservation = sender.reserve(4);
  EXPECT_TRUE(reservation.commit(0));
  EXPECT_TRUE(reservation.empty());
  EXPECT_TRUE(receiver.empty());
  EXPECT_EQ(sender.sent(), 0U);
  ReservationOf<Number, Dense> none;
  EXPECT_TRUE(none.commit(0));
  EXPECT_EQ(none.commit(1).error(), CommitError::exceeds_reservation);
  none.commit();
}

TEST(Reservation, PublishesNothingAndFreesItsSlotsWhenDropped) {
  RingOf<Number, Dense> ring(3);
  auto [sender, receiver] = ring.split();
  {
    auto reservation = sender.reserve(8);
    reservation[0] = 99;
  }
  EXPECT_TRUE(receiver.empty());
  EXPECT_EQ(sender.space(), 8U);
  ASSERT_TRUE(sender.push(1));
  EXPECT_EQ(drained(receiver), numbers(1, 1));
}

TEST(Reservation, DestroysExactlyTheBuiltMessagesWhenDropped) {
  const NothingLeaks check;
  RingOf<Counted, Dense> ring(3);
  auto [sender, receiver] = ring.split();
  const auto alive_before = Counted::alive();
  {
    auto reservation = sender.reserve(5);
    reservation.emplace(1);
    reservation.emplace(2);
    EXPECT_EQ(Counted::alive(), alive_before + 2);
  }
  EXPECT_EQ(Counted::alive(), alive_before);
  EXPECT_TRUE(receiver.empty());
}

TEST(Reservation, CommittedInPartDestroysTheMessagesThatAreNotPublished) {
  const NothingLeaks check;
  RingOf<Counted, Dense> ring(3);
  auto [sender, receiver] = ring.split();
  const auto alive_before = Counted::alive();
  auto reservation = sender.reserve(5);
  for (Number i = 0; i < 4; ++i) reservation.emplace(i);
  ASSERT_TRUE(reservation.commit(1));
  EXPECT_EQ(Counted::alive(), alive_before + 1);
  EXPECT_EQ(drained(receiver), numbers(0, 0));
}

TEST(Reservation, CommittedWholePublishesOnlyWhatWasBuilt) {
  const NothingLeaks check;
  RingOf<Counted, Dense> ring(3);
  auto [sender, receiver] = ring.split();
  auto reservation = sender.reserve(8);
  reservation.emplace(1);
  reservation.emplace(2);
  reservation.commit();
  EXPECT_EQ(sender.space(), 6U);
  EXPECT_EQ(drained(receiver), numbers(1, 2));
}

TEST(Reservation, EmplaceRefusesOneMoreThanWasReserved) {
  const NothingLeaks check;
  RingOf<Counted, Dense> ring(1);
  auto [sender, receiver] = ring.split();
  auto reservation = sender.reserve(2);
  EXPECT_NE(reservation.emplace(1), nullptr);
  Counted* second = reservation.emplace(2);
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(second->value(), 2);
  EXPECT_EQ(reservation.emplace(3), nullptr);
  reservation.commit();
  EXPECT_EQ(drained(receiver), numbers(1, 2));
}

TEST(Reservation, AConstructorThatThrowsLeavesTheReservationAsItWas) {
  const NothingLeaks check;
  RingOf<Fragile, Dense> ring(2);
  auto [sender, receiver] = ring.split();
  auto reservation = sender.reserve(3);
  reservation.emplace(1);
  EXPECT_THROW(reservation.emplace(-1), Thrown);
  EXPECT_EQ(reservation.built(), 1U);
  reservation.emplace(2);
  reservation.commit();
  EXPECT_EQ(drained(receiver), numbers(1, 2));
}

TEST(Reservation, IsCommittedOnceEvenIfMoved) {
  const NothingLeaks check;
  RingOf<Counted, Dense> ring(3);
  auto [sender, receiver] = ring.split();
  auto first = sender.reserve(4);
  first.emplace(1);
  ReservationOf<Counted, Dense> second = std::move(first);
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): the moved-from state is tested
  EXPECT_EQ(second.built(), 1U);
  second.emplace(2);
  ReservationOf<Counted, Dense> third;
  third = std::move(second);
  EXPECT_TRUE(second.empty());  // NOLINT(bugprone-use-after-move)
  second.commit();              // publishes nothing
  third.commit();
  EXPECT_EQ(drained(receiver), numbers(1, 2));
}

TEST(Reservation, DropsItsMessagesWhenAnotherIsAssignedToIt) {
  const NothingLeaks check;
  RingOf<Counted, Dense> one(2);
  RingOf<Counted, Dense> other(2);
  auto [sender, receiver] = one.split();
  auto [other_sender, other_receiver] = other.split();
  auto reservation = sender.reserve(2);
  reservation.emplace(1);
  reservation = other_sender.reserve(2);
  reservation.emplace(2);
  reservation.commit();
  EXPECT_TRUE(receiver.empty());
  EXPECT_EQ(drained(other_receiver), numbers(2, 2));
}

TEST(Reservation, KeepsItsMessagesWhenAssignedToItself) {
  const NothingLeaks check;
  RingOf<Counted, Dense> ring(2);
  auto [sender, receiver] = ring.split();
  auto reservation = sender.reserve(2);
  reservation.emplace(1);
  ReservationOf<Counted, Dense>& itself = reservation;
  reservation = std::move(itself);
  reservation.commit();
  EXPECT_EQ(drained(receiver), numbers(1, 1));
}

TEST(Reservation, WithBackoffTakesFreeSpaceAndGivesUpWhenThereIsNone) {
  RingOf<Number, Dense> ring(1);
  auto [sender, receiver] = ring.split();
  auto reservation = sender.reserve_with_backoff(2);
  EXPECT_EQ(reservation.size(), 2U);
  reservation.commit();
  EXPECT_TRUE(sender.reserve_with_backoff(1).empty());
  receiver.close();
  EXPECT_TRUE(sender.reserve_with_backoff(1).empty());
}

TEST(Reservation, CanStillBeCommittedAfterACallOfSpaceOnAClosedRing) {
  RingOf<Number, Dense> ring(2);
  auto [sender, receiver] = ring.split();
  ASSERT_TRUE(sender.push(0));
  auto reservation = sender.reserve(2);
  reservation[0] = 1;
  receiver.close();
  EXPECT_EQ(sender.space(), 0U);
  EXPECT_TRUE(sender.closed());
  EXPECT_FALSE(receiver.drained());
  ASSERT_TRUE(reservation.commit(1));
  EXPECT_EQ(drained(receiver), numbers(0, 1));
}

static_assert(!std::is_copy_constructible_v<Reservation<Number>>);
static_assert(std::is_nothrow_move_constructible_v<Reservation<Number>>);
static_assert(std::is_nothrow_default_constructible_v<Reservation<Number>>);

}  // namespace
}  // namespace ringmpsc::testing
