// What the consumer does with the messages it is handed: one type for each Consume, called with
// contiguous runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "workload/account.hpp"
#include "workload/message.hpp"
#include "workload/sample.hpp"

namespace bench::workload {

/// Checks every word of every message.
template <class M>
class VerifyingSink {
 public:
  using Word = typename M::Word;

  explicit VerifyingSink(unsigned producers) : accounts_(producers), expected_(producers) {
    for (unsigned i = 0; i < producers; ++i) expected_[i] = first_word<Word>(i, 0);
  }

  void operator()(std::span<const M> run) {
    received_ += run.size();
    // As a rule a run is one producer's, in order: compare it whole and branch once.
    const unsigned producer = origin_of(run.front().words.front()).producer;
    if (producer < accounts_.size()) {
      Word expected = expected_[producer];
      Word bits = 0;
      for (const M& message : run) {
        bits |= difference(message, expected);
        expected += kStep<Word>;
      }
      if (bits == 0) [[likely]] {
        expected_[producer] = expected;
        accounts_[producer].arrived_in_order(run.size());
        return;
      }
    }
    examine(run);
  }

  [[nodiscard]] Verification verification(std::span<const std::uint64_t> sent) const {
    return settle(accounts_, sent, received_, corrupted_, unattributed_);
  }

 private:
  /// Message by message: runs of several producers, and anything that went wrong.
  [[gnu::noinline]] void examine(std::span<const M> run) {
    for (const M& message : run) {
      const Word first = message.words.front();
      const auto [producer, low_sequence] = origin_of(first);
      if (producer >= accounts_.size()) {
        ++corrupted_;
        ++unattributed_;
        continue;
      }
      ProducerAccount& account = accounts_[producer];
      // How far the sequence number is from the expected one, as a signed number of its width.
      constexpr unsigned kSpare = 64 - 8 * sizeof(Word) + kProducerBits;
      const auto distance =
          static_cast<std::int64_t>((std::uint64_t{low_sequence} - account.expected()) << kSpare) >>
          kSpare;
      constexpr auto kWindow = static_cast<std::int64_t>(Encoding<Word>::kWindow);
      const bool before_the_first =
          distance < 0 && static_cast<std::uint64_t>(-distance) > account.expected();
      if (distance > kWindow || distance < -kWindow || before_the_first) {
        ++corrupted_;
        ++unattributed_;
        continue;
      }
      // The sender is plain; should another word be damaged, the message still took its place.
      if (difference(message, first) != 0) ++corrupted_;
      account.arrived(account.expected() + static_cast<std::uint64_t>(distance));
      expected_[producer] = first_word<Word>(producer, account.expected());
    }
  }

  std::vector<ProducerAccount> accounts_;
  std::vector<Word> expected_;  // first word of each producer's next message
  std::uint64_t received_ = 0;
  std::uint64_t corrupted_ = 0;
  std::uint64_t unattributed_ = 0;
};

/// Adds up every word. Finds a wrong sum, not what made it wrong; the order of messages is not
/// seen.
template <class M>
class ReadingSink {
 public:
  using Word = typename M::Word;

  explicit ReadingSink(unsigned /*producers*/) {}

  void operator()(std::span<const M> run) noexcept {
    received_ += run.size();
    Word sum = 0;
    for (const M& message : run) {
      for (const Word word : message.words) sum += word;
    }
    sum_ += sum;
  }

  [[nodiscard]] Verification verification(std::span<const std::uint64_t> sent) const noexcept {
    Word expected = 0;
    for (unsigned i = 0; i < sent.size(); ++i) expected += sum_of_words<M>(i, sent[i]);
    Verification result = compare_counts(sent, received_);
    // With the right number of messages and a wrong sum, one at least is not what was sent.
    if (result.passed() && sum_ != expected) result.corrupted = 1;
    return result;
  }

  [[nodiscard]] static Verification compare_counts(std::span<const std::uint64_t> sent,
                                                   std::uint64_t received) noexcept {
    Verification result{.received = received};
    for (const std::uint64_t count : sent) result.sent += count;
    if (result.sent > received) result.lost = result.sent - received;
    if (received > result.sent) result.duplicated = received - result.sent;
    return result;
  }

 private:
  std::uint64_t received_ = 0;
  Word sum_ = 0;
};

/// Looks at nothing: only the number of messages is checked.
template <class M>
class CountingSink {
 public:
  explicit CountingSink(unsigned /*producers*/) {}

  void operator()(std::span<const M> run) noexcept { received_ += run.size(); }

  [[nodiscard]] Verification verification(std::span<const std::uint64_t> sent) const noexcept {
    return ReadingSink<M>::compare_counts(sent, received_);
  }

 private:
  std::uint64_t received_ = 0;
};

}  // namespace bench::workload
