// The words of messages: decoded, added up and damaged.

#include "workload/message.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <vector>

namespace bench::workload {
namespace {

template <class M>
std::vector<M> written(unsigned producer, std::size_t count) {
  std::vector<M> messages(count);
  MessageWriter<M> writer(producer);
  writer(messages);
  return messages;
}

template <class M>
class Messages : public ::testing::Test {};
using MessageSizes = ::testing::Types<Message<4>, Message<8>, Message<16>, Message<32>, Message<64>,
                                      Message<128>, Message<256>, Message<1024>>;
TYPED_TEST_SUITE(Messages, MessageSizes);

TYPED_TEST(Messages, AreTheSameWrittenOneByOne) {
  for (const unsigned producer : {0U, 127U}) {
    const auto messages = written<TypeParam>(producer, 1000);
    MessageWriter<TypeParam> writer(producer);
    for (const TypeParam& message : messages) ASSERT_EQ(writer.next().words, message.words);
  }
}

TYPED_TEST(Messages, IdentifyTheirProducerAndSequence) {
  for (const unsigned producer : {0U, 1U, 77U, 127U}) {
    const auto messages = written<TypeParam>(producer, 1000);
    for (std::size_t i = 0; i < messages.size(); ++i) {
      const auto origin = origin_of(messages[i].words.front());
      ASSERT_EQ(origin.producer, producer);
      ASSERT_EQ(origin.sequence, i);
    }
  }
}

TYPED_TEST(Messages, AreTheSameWhetherWrittenSinglyOrInRuns) {
  MessageWriter<TypeParam> singly(5);
  for (const TypeParam& message : written<TypeParam>(5, 100)) {
    ASSERT_EQ(singly.next().words, message.words);
  }
}

TYPED_TEST(Messages, DifferFromTheExpectedOnesInEveryFlippedBit) {
  using Word = typename TypeParam::Word;
  TypeParam message = written<TypeParam>(3, 10).back();
  const Word first = first_word<Word>(3, 9);
  ASSERT_EQ(difference(message, first), 0U);
  for (Word& word : message.words) {
    for (unsigned bit = 0; bit < 8 * sizeof(Word); ++bit) {
      word ^= Word{1} << bit;
      ASSERT_NE(difference(message, first), 0U);
      word ^= Word{1} << bit;
    }
  }
}

TYPED_TEST(Messages, AddUpToTheSumOfTheFormula) {
  using Word = typename TypeParam::Word;
  for (const unsigned producer : {0U, 6U, 127U}) {
    Word sum = 0;
    std::uint64_t count = 0;
    EXPECT_EQ(sum_of_words<TypeParam>(producer, 0), 0U);
    for (const TypeParam& message : written<TypeParam>(producer, 777)) {
      for (const Word word : message.words) sum += word;
      ASSERT_EQ(sum_of_words<TypeParam>(producer, ++count), sum);
    }
  }
}

template <class Word>
void every_flipped_bit_is_implausible() {
  for (const unsigned producer : {0U, 100U}) {
    for (const std::uint64_t sequence : {std::uint64_t{0}, std::uint64_t{12345}}) {
      const Word word = first_word<Word>(producer, sequence);
      for (unsigned bit = 0; bit < 8 * sizeof(Word); ++bit) {
        const auto origin = origin_of(static_cast<Word>(word ^ (Word{1} << bit)));
        const unsigned spare = 64 - (8 * sizeof(Word) - kProducerBits);
        const auto distance =
            static_cast<std::int64_t>((std::uint64_t{origin.sequence} - sequence) << spare) >>
            spare;
        EXPECT_GT(std::abs(distance), static_cast<std::int64_t>(Encoding<Word>::kWindow))
            << "bit " << bit;
      }
    }
  }
}

TEST(Encoding, MovesASequenceFarAwayForEveryFlippedBit) {
  every_flipped_bit_is_implausible<std::uint32_t>();
  every_flipped_bit_is_implausible<std::uint64_t>();
}

TEST(Encoding, HasAnInverse) {
  static_assert(static_cast<std::uint32_t>(Encoding<std::uint32_t>::kK *
                                           Encoding<std::uint32_t>::kKInverse) == 1);
  static_assert(Encoding<std::uint64_t>::kK * Encoding<std::uint64_t>::kKInverse == 1);
}

}  // namespace
}  // namespace bench::workload
