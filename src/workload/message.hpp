// The messages of a trial. Every word of a message follows from its producer and its sequence
// number, so that the consumer can check all words and name what went wrong.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>

namespace bench::workload {

/// A message of `Bytes` bytes: words of 8 bytes, or a single word of 4 bytes.
template <std::size_t Bytes>
struct Message {
  using Word = std::conditional_t<(Bytes < 8), std::uint32_t, std::uint64_t>;
  static_assert(Bytes % sizeof(Word) == 0);

  std::array<Word, Bytes / sizeof(Word)> words;
};

/// How words are made: the first word is K * (sequence * 128 + producer), and each following word
/// adds C, all modulo 2^bits.
///
/// K is odd, so that multiplying by its inverse gives back producer and sequence. The next message
/// is one addition away, so that writing and checking vectorise. A damaged word turns into a
/// producer or a sequence number that is far from any expected one: K was found by searching, so
/// that every single flipped bit moves the sequence number by more than kWindow (tested).
template <class Word>
struct Encoding;

template <>
struct Encoding<std::uint32_t> {
  static constexpr std::uint32_t kK = 0x486975fb;
  static constexpr std::uint32_t kKInverse = 0x54b34d33;
  static constexpr std::uint32_t kC = 0x9e3779b9;
  /// A sequence number further than this from the expected one means damage, not loss or
  /// repetition.
  static constexpr std::uint64_t kWindow = std::uint64_t{1} << 21;
};

template <>
struct Encoding<std::uint64_t> {
  static constexpr std::uint64_t kK = 0xccbafdadb53cbda9;
  static constexpr std::uint64_t kKInverse = 0x6cd9c6b26dc93699;
  static constexpr std::uint64_t kC = 0x9e3779b97f4a7c15;
  static constexpr std::uint64_t kWindow = std::uint64_t{1} << 32;
};

inline constexpr unsigned kProducerBits = 7;

/// The first word of a producer's message. 32-bit words hold the sequence number modulo 2^25.
template <class Word>
[[nodiscard]] constexpr Word first_word(unsigned producer, std::uint64_t sequence) noexcept {
  return static_cast<Word>(Encoding<Word>::kK *
                           static_cast<Word>((sequence << kProducerBits) | producer));
}

/// The difference between the first words of two consecutive messages of one producer.
template <class Word>
inline constexpr Word kStep = static_cast<Word>(Encoding<Word>::kK << kProducerBits);

template <class Word>
struct Origin {
  unsigned producer;
  Word sequence;  ///< modulo 2^(bits - 7)
};

/// The producer and the sequence number of the message with this first word.
template <class Word>
[[nodiscard]] constexpr Origin<Word> origin_of(Word first) noexcept {
  const auto x = static_cast<Word>(first * Encoding<Word>::kKInverse);
  return {static_cast<unsigned>(x & ((1U << kProducerBits) - 1)),
          static_cast<Word>(x >> kProducerBits)};
}

/// How far a sequence number with these low bits is from `expected`. Of all sequence numbers with
/// these low bits, this takes the nearest. The distance is negative before `expected`.
template <class Word>
[[nodiscard]] constexpr std::int64_t distance_from(std::uint64_t expected,
                                                   Word low_sequence) noexcept {
  // Makes the difference a signed number that is as wide as the low bits.
  constexpr unsigned kSpare = 64 - 8 * sizeof(Word) + kProducerBits;
  return static_cast<std::int64_t>((std::uint64_t{low_sequence} - expected) << kSpare) >> kSpare;
}

/// Whether a sequence number at this distance from the expected one comes from damage.
template <class Word>
[[nodiscard]] constexpr bool is_damage(std::int64_t distance, std::uint64_t expected) noexcept {
  constexpr auto kWindow = static_cast<std::int64_t>(Encoding<Word>::kWindow);
  const bool before_the_first = distance < 0 && static_cast<std::uint64_t>(-distance) > expected;
  return distance > kWindow || distance < -kWindow || before_the_first;
}

/// 0 if all words are those that follow from `first`. Not a bool, so that a caller can combine the
/// results of many messages before it branches.
template <class M>
[[nodiscard]] constexpr typename M::Word difference(const M& message,
                                                    typename M::Word first) noexcept {
  using Word = typename M::Word;
  Word bits = 0;
  Word expected = first;
  for (const Word word : message.words) {
    bits |= word ^ expected;
    expected += Encoding<Word>::kC;
  }
  return bits;
}

/// The sum of all words of a producer's first `count` messages, modulo 2^bits. A consumer that adds
/// up every word it reads must arrive at the same sum.
template <class M>
[[nodiscard]] constexpr typename M::Word sum_of_words(unsigned producer,
                                                      std::uint64_t count) noexcept {
  using Word = typename M::Word;
  constexpr std::uint64_t kWords = std::tuple_size_v<decltype(M::words)>;
  // The sum of 0 .. n-1. One of the two factors is even.
  constexpr auto kTriangle = [](std::uint64_t n) noexcept {
    if (n == 0) return n;
    return n % 2 == 0 ? (n / 2) * (n - 1) : n * ((n - 1) / 2);
  };
  const auto n = static_cast<Word>(count);
  const auto sequences = static_cast<Word>(kTriangle(count) << kProducerBits);
  const Word firsts =
      static_cast<Word>(Encoding<Word>::kK * static_cast<Word>(sequences + n * producer));
  const Word pattern = static_cast<Word>(Encoding<Word>::kC * static_cast<Word>(kTriangle(kWords)));
  return static_cast<Word>(static_cast<Word>(kWords) * firsts + n * pattern);
}

/// Writes a producer's messages, in order.
template <class M>
class MessageWriter {
 public:
  using Word = typename M::Word;

  explicit MessageWriter(unsigned producer) noexcept : first_(first_word<Word>(producer, 0)) {}

  /// One message, to be copied at once.
  [[nodiscard]] M next() noexcept {
    M message;
    write_wide(message, first_);
    first_ += kStep<Word>;
    return message;
  }

  void operator()(std::span<M> messages) noexcept {
    Word first = first_;
    for (M& message : messages) {
      write(message, first);
      first += kStep<Word>;
    }
    first_ = first;
  }

 private:
  static constexpr std::size_t kWords = std::tuple_size_v<decltype(M::words)>;
  /// Those that fit into the widest register.
  static constexpr std::size_t kWideWords = std::min(kWords, __BIGGEST_ALIGNMENT__ / sizeof(Word));
  static_assert(kWords % kWideWords == 0);
  using Wide [[gnu::vector_size(kWideWords * sizeof(Word))]] = Word;

  static void write(M& message, Word first) noexcept {
    for (Word& word : message.words) {
      word = first;
      first += Encoding<Word>::kC;
    }
  }

  /// The same with the widest stores. A queue copies a message with the widest loads, and one that
  /// spans several stores waits until they have left the store buffer: with a store for each word,
  /// a push of 32 bytes took 5 ns longer, whatever the queue.
  static void write_wide(M& message, Word first) noexcept {
    if constexpr (kWords == 1) {
      message.words.front() = first;
    } else {
      Wide words = {};
      for (std::size_t i = 0; i < kWideWords; ++i) {
        words[i] = static_cast<Word>(i * Encoding<Word>::kC);
      }
      words += first;
      for (std::size_t i = 0; i < kWords; i += kWideWords) {
        std::memcpy(&message.words[i], &words, sizeof words);
        words += static_cast<Word>(kWideWords * Encoding<Word>::kC);
      }
    }
  }

  Word first_;
};

}  // namespace bench::workload
