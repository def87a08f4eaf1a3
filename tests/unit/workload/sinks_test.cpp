// What the sinks report about intact and faulty streams.

#include "workload/sinks.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "workload/message.hpp"

namespace bench::workload {
namespace {

template <class M>
class Verifying : public ::testing::Test {
 protected:
  static constexpr unsigned kProducers = 3;
  static constexpr std::size_t kEach = 100;

  Verifying() {
    for (unsigned id = 0; id < kProducers; ++id) {
      MessageWriter<M> writer(id);
      for (std::size_t i = 0; i < kEach; ++i) stream_.push_back(writer.next());
    }
  }

  /// Verifies the stream in three ways: in runs of every length, as a ring hands them over; message
  /// by message; and in a mixture of both. Every poll has several runs. The account must be the
  /// same each way.
  [[nodiscard]] Verification verified() const {
    const Verification in_runs = verified([](std::size_t) { return true; });
    EXPECT_EQ(verified([](std::size_t) { return false; }), in_runs);
    EXPECT_EQ(verified([](std::size_t i) { return i % 3 == 0; }), in_runs);
    return in_runs;
  }

  /// The same without the first message of each kind.
  [[nodiscard]] Verification counts() const {
    Verification all = verified();
    all.first.clear();
    return all;
  }

  template <class AsRun>
  [[nodiscard]] Verification verified(AsRun as_run) const {
    VerifyingSink<M> sink(kProducers);
    std::size_t i = 0;
    for (std::span<const M> rest = stream_; !rest.empty();) {
      typename VerifyingSink<M>::Reader reader(sink);
      for (int part = 0; part < 3 && !rest.empty(); ++part, ++i) {
        const std::size_t length = std::min(i % 17 + 1, rest.size());
        if (as_run(i)) {
          reader(rest.first(length));
        } else {
          for (const M& message : rest.first(length)) reader(message);
        }
        rest = rest.subspan(length);
      }
    }
    const std::vector<std::uint64_t> sent(kProducers, kEach);
    return sink.verification(sent);
  }

  std::vector<M> stream_;
};

using VerifiedSizes = ::testing::Types<Message<4>, Message<8>, Message<32>>;
TYPED_TEST_SUITE(Verifying, VerifiedSizes);

TYPED_TEST(Verifying, PassesAnIntactStream) {
  const Verification v = this->verified();
  EXPECT_TRUE(v.passed());
  EXPECT_EQ(v.sent, 300U);
  EXPECT_EQ(v.received, 300U);
}

TYPED_TEST(Verifying, PassesProducersInAnyInterleaving) {
  std::vector<TypeParam> mixed;
  for (std::size_t i = 0; i < this->kEach; ++i) {
    for (unsigned id = 0; id < this->kProducers; ++id) {
      mixed.push_back(this->stream_[id * this->kEach + i]);
    }
  }
  this->stream_ = mixed;
  EXPECT_TRUE(this->verified().passed());
}

TYPED_TEST(Verifying, CountsALostMessageAsLostAtEveryPosition) {
  for (const std::size_t position : {0U, 50U, 99U, 100U, 250U, 299U}) {
    const auto whole = this->stream_;
    this->stream_.erase(this->stream_.begin() + static_cast<std::ptrdiff_t>(position));
    EXPECT_EQ(this->counts(), (Verification{.sent = 300, .received = 299, .lost = 1}));
    this->stream_ = whole;
  }
}

TYPED_TEST(Verifying, CountsARepeatedMessageAsDuplicatedAtOnceOrMuchLater) {
  for (const std::size_t position : {1U, 60U, 100U, 300U}) {
    const auto whole = this->stream_;
    this->stream_.insert(this->stream_.begin() + static_cast<std::ptrdiff_t>(position),
                         this->stream_.front());
    EXPECT_EQ(this->counts(), (Verification{.sent = 300, .received = 301, .duplicated = 1}));
    this->stream_ = whole;
  }
}

TYPED_TEST(Verifying, CountsSwappedMessagesAsReordered) {
  std::swap(this->stream_[40], this->stream_[41]);
  EXPECT_EQ(this->counts(), (Verification{.sent = 300, .received = 300, .reordered = 1}));
}

TYPED_TEST(Verifying, CountsALateMessageAsReorderedAndNotAsLost) {
  std::rotate(this->stream_.begin() + 10, this->stream_.begin() + 11, this->stream_.begin() + 90);
  EXPECT_EQ(this->counts(), (Verification{.sent = 300, .received = 300, .reordered = 1}));
}

TYPED_TEST(Verifying, CountsAnyFlippedBitAsCorruptedAndNothingElse) {
  using Word = typename TypeParam::Word;
  const auto whole = this->stream_;
  for (const std::size_t position : {0U, 150U, 299U}) {
    for (std::size_t word = 0; word < this->stream_[0].words.size(); ++word) {
      for (unsigned bit = 0; bit < 8 * sizeof(Word); ++bit) {
        this->stream_[position].words[word] ^= Word{1} << bit;
        ASSERT_EQ(this->counts(), (Verification{.sent = 300, .received = 300, .corrupted = 1}))
            << "message " << position << ", word " << word << ", bit " << bit;
        this->stream_ = whole;
      }
    }
  }
}

TYPED_TEST(Verifying, NamesTheFirstMessageOfEachKindOfFault) {
  std::swap(this->stream_[220], this->stream_[221]);  // reordered
  std::swap(this->stream_[240], this->stream_[241]);
  this->stream_.insert(this->stream_.begin() + 171, this->stream_[170]);  // duplicated
  this->stream_.insert(this->stream_.begin() + 181, this->stream_[180]);
  this->stream_.erase(this->stream_.begin() + 130, this->stream_.begin() + 133);  // lost
  this->stream_.erase(this->stream_.begin() + 140, this->stream_.begin() + 141);
  std::vector<FaultyMessage> first = this->verified().first;
  std::ranges::sort(first, {}, &FaultyMessage::kind);
  ASSERT_EQ(first.size(), 3U);
  EXPECT_EQ(first[0],
            (FaultyMessage{.kind = FaultKind::lost, .producer = 1, .expected = 30, .seen = 33}));
  EXPECT_EQ(
      first[1],
      (FaultyMessage{.kind = FaultKind::duplicated, .producer = 1, .expected = 71, .seen = 70}));
  EXPECT_EQ(
      first[2],
      (FaultyMessage{.kind = FaultKind::reordered, .producer = 2, .expected = 22, .seen = 20}));
}

TYPED_TEST(Verifying, NamesTheFirstOfTheMessagesThatNeverCameAtTheEnd) {
  this->stream_.resize(290);
  EXPECT_EQ(this->verified().first,
            (std::vector{FaultyMessage{.kind = FaultKind::lost, .producer = 2, .expected = 90}}));
}

TYPED_TEST(Verifying, NamesADamagedMessageAsFarAsItIsKnown) {
  this->stream_[150].words.back() ^= 4;
  const std::vector<FaultyMessage> first = this->verified().first;
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0].kind, FaultKind::corrupted);
  if (this->stream_[0].words.size() > 1) {
    EXPECT_EQ(first[0].producer, 1U);
    EXPECT_EQ(first[0].expected, 50U);
    EXPECT_EQ(first[0].seen, 50U);
  } else {
    EXPECT_EQ(first[0].producer, std::nullopt) << "no word says whose it is";
    EXPECT_EQ(first[0].seen, std::nullopt);
  }
}

TYPED_TEST(Verifying, KeepsTheFourFaultsApartInOneStream) {
  this->stream_[250].words[0] ^= 1;                                             // corrupted
  std::swap(this->stream_[120], this->stream_[121]);                            // reordered
  this->stream_.insert(this->stream_.begin() + 71, this->stream_[70]);          // duplicated
  this->stream_.erase(this->stream_.begin() + 30, this->stream_.begin() + 33);  // lost
  EXPECT_EQ(this->counts(), (Verification{.sent = 300,
                                          .received = 298,
                                          .lost = 3,
                                          .duplicated = 1,
                                          .reordered = 1,
                                          .corrupted = 1}));
}

TYPED_TEST(Verifying, CountsAMessageOfAnUnknownProducerAsCorrupted) {
  this->stream_[5] = MessageWriter<TypeParam>(100).next();
  const Verification v = this->verified();
  EXPECT_EQ(v.corrupted, 1U);
  EXPECT_EQ(v.lost, 0U);  // the unknown message takes its place
}

TEST(ProducerAccount, AccountsForEveryMessageOfAShuffledStream) {
  std::vector<std::uint64_t> order(5000);
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::mt19937_64 random(7);
  std::ranges::shuffle(order, random);
  order.resize(4000);  // a thousand are lost, and the first hundred arrive again
  ProducerAccount account;
  for (const std::uint64_t sequence : order) account.arrived(sequence);
  for (std::size_t i = 0; i < 100; ++i) account.arrived(order[i]);
  EXPECT_EQ(account.missing(5000), 1000U);
  EXPECT_EQ(account.duplicated(), 100U);
}

TEST(ProducerAccount, StaysBoundedWhenEverySecondMessageIsLost) {
  ProducerAccount account;
  constexpr std::uint64_t kMany = 400'000;
  for (std::uint64_t i = 1; i < kMany; i += 2) account.arrived(i);
  EXPECT_EQ(account.missing(kMany), kMany / 2);
}

TEST(Verifying32, FollowsASequenceThatNoLongerFitsIntoAWord) {
  using M = Message<4>;
  VerifyingSink<M> sink(1);
  MessageWriter<M> writer(0);
  std::vector<M> run(1 << 20);
  const auto read = [&sink](std::span<const M> messages) {
    VerifyingSink<M>::Reader reader(sink);
    reader(messages);
  };
  constexpr std::uint64_t kRuns = 70;  // 2^25 messages are 32 runs
  for (std::uint64_t i = 0; i < kRuns; ++i) {
    writer(run);
    if (i == 50) {
      read(std::span<const M>(run).first(1000));
      read(std::span<const M>(run).subspan(1001));  // one is lost after the wrap
    } else {
      read(run);
    }
  }
  const std::vector<std::uint64_t> sent{kRuns << 20};
  constexpr std::uint64_t kLost = (std::uint64_t{50} << 20) + 1000;
  EXPECT_EQ(
      sink.verification(sent),
      (Verification{
          .sent = kRuns << 20,
          .received = (kRuns << 20) - 1,
          .lost = 1,
          .first = {
              {.kind = FaultKind::lost, .producer = 0, .expected = kLost, .seen = kLost + 1}}}));
}

TEST(ReadingSink, FindsALostARepeatedAndADamagedMessage) {
  using M = Message<16>;
  std::vector<M> stream(1000);
  MessageWriter<M> writer(0);
  writer(stream);
  const std::vector<std::uint64_t> sent{1000};
  const auto read = [&](const std::vector<M>& messages) {
    ReadingSink<M> sink(1);
    {
      ReadingSink<M>::Reader reader(sink);
      reader(std::span<const M>(messages).first(messages.size() / 2));
      for (const M& message : std::span<const M>(messages).subspan(messages.size() / 2)) {
        reader(message);
      }
    }
    return sink.verification(sent);
  };
  EXPECT_TRUE(read(stream).passed());
  auto lost = stream;
  lost.erase(lost.begin() + 500);
  EXPECT_EQ(read(lost).lost, 1U);
  auto repeated = stream;
  repeated.push_back(stream[3]);
  EXPECT_EQ(read(repeated).duplicated, 1U);
  auto flipped = stream;
  flipped[999].words[1] ^= 1;
  EXPECT_EQ(read(flipped).corrupted, 1U);
}

TEST(CountingSink, FindsOnlyAWrongNumberOfMessages) {
  using M = Message<8>;
  const std::vector<M> stream(10);
  CountingSink<M> sink(1);
  {
    CountingSink<M>::Reader reader(sink);
    reader(std::span<const M>(stream));
  }
  EXPECT_TRUE(sink.verification(std::vector<std::uint64_t>{10}).passed());
  EXPECT_EQ(sink.verification(std::vector<std::uint64_t>{12}).lost, 2U);
}

}  // namespace
}  // namespace bench::workload
