// What the consumer does with its messages: one type of sink for each Consume. A sink's Reader gets
// the messages in contiguous runs or, from queues that do not have runs, one by one. It is a local
// object of a poll, so that what changes with each message is kept in registers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "ringmpsc/detail/platform.hpp"
#include "workload/account.hpp"
#include "workload/message.hpp"
#include "workload/sample.hpp"

namespace bench::workload {

/// Checks every word of every message.
template <class M>
class alignas(ringmpsc::detail::kLineBytes) VerifyingSink {
 public:
  using Word = typename M::Word;

  explicit VerifyingSink(unsigned producers) : accounts_(producers), expected_(producers) {
    for (unsigned i = 0; i < producers; ++i) expected_[i].first = first_word<Word>(i, 0);
  }

  class Reader {
   public:
    explicit Reader(VerifyingSink& sink) noexcept
        : sink_(sink), next_(sink.expected_[sink.streak_producer_].first) {}
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    ~Reader() { sink_.end_streak(next_, streak_); }

    void operator()(const M& message) {
      // This is usually the next message of the producer that sent the last one. This comparison
      // shows it without decoding the producer.
      if (difference(message, next_) == 0) [[likely]] {
        next_ += kStep<Word>;
        ++streak_;
        return;
      }
      next_ = sink_.after_streak(message, next_, std::exchange(streak_, 0));
    }

    void operator()(std::span<const M> run) {
      // Cells of one message give runs of one, which is known where this is inlined.
      if (run.size() == 1) return (*this)(run.front());
      // A run that goes on with the streak is compared whole, with one branch and without decoding
      // the producer: runs may be as short as a cell.
      if (run.front().words.front() == next_) [[likely]] {
        const auto [bits, expected] = compared(run, next_);
        if (bits == 0) [[likely]] {
          next_ = expected;
          streak_ += run.size();
          return;
        }
      }
      sink_.end_streak(next_, std::exchange(streak_, 0));
      sink_.verify(run);
      next_ = sink_.expected_[sink_.streak_producer_].first;
    }

   private:
    VerifyingSink& sink_;
    Word next_;  // the first word of the next message if the streak goes on
    std::uint64_t streak_ = 0;
  };

  [[nodiscard]] Verification verification(std::span<const std::uint64_t> sent) const {
    Verification seen = faults_;
    seen.received = received_;
    return settle(accounts_, sent, std::move(seen), unattributed_);
  }

 private:
  /// Compares a run with the messages of one producer from `next` on: the bits in which they
  /// differ, and the first word of the message after them.
  static std::pair<Word, Word> compared(std::span<const M> run, Word next) {
    Word bits = 0;
    for (const M& message : run) {
      bits |= difference(message, next);
      next += kStep<Word>;
    }
    return {bits, next};
  }

  void verify(std::span<const M> run) {
    received_ += run.size();
    // It usually comes from one producer, in order.
    const unsigned producer = origin_of(run.front().words.front()).producer;
    if (producer < accounts_.size()) {
      streak_producer_ = producer;
      const auto [bits, expected] = compared(run, expected_[producer].first);
      if (bits == 0) [[likely]] {
        expected_[producer].first = expected;
        accounts_[producer].arrived_in_order(run.size());
        return;
      }
    }
    examine(run);
  }

  /// `count` messages of the streak's producer arrived in order; `next` is the first word of its
  /// next message.
  void end_streak(Word next, std::uint64_t count) {
    if (count == 0) return;
    received_ += count;
    accounts_[streak_producer_].arrived_in_order(count);
    expected_[streak_producer_].first = next;
  }

  /// Handles a message that does not continue the streak, and begins a streak of its producer.
  /// Returns the first word that would continue it.
  [[gnu::noinline]] Word after_streak(const M& message, Word next, std::uint64_t count) {
    end_streak(next, count);
    ++received_;
    examine({&message, 1});
    const unsigned producer = origin_of(message.words.front()).producer;
    if (producer < accounts_.size()) streak_producer_ = producer;
    return expected_[streak_producer_].first;
  }

  /// Checks message by message: runs of several producers, and anything that went wrong.
  [[gnu::noinline]] void examine(std::span<const M> run) {
    for (const M& message : run) {
      const Word first = message.words.front();
      const auto [producer, low_sequence] = origin_of(first);
      if (producer >= accounts_.size()) {
        unattributed();
        continue;
      }
      ProducerAccount& account = accounts_[producer];
      const std::uint64_t expected = account.expected();
      const std::int64_t distance = distance_from(expected, low_sequence);
      if (is_damage<Word>(distance, expected)) {
        unattributed();
        continue;
      }
      FaultyMessage faulty{.producer = producer,
                           .expected = expected,
                           .seen = expected + static_cast<std::uint64_t>(distance),
                           .trial = {}};
      // The sender is known. If another word is damaged, the message still takes its place.
      if (difference(message, first) != 0) {
        faulty.kind = FaultKind::corrupted;
        ++faults_.corrupted;
        faults_.keep_first(faulty);
      }
      if (const auto wrong = account.arrived(*faulty.seen)) {
        faulty.kind = *wrong;
        faults_.keep_first(faulty);
      }
      expected_[producer].first = first_word<Word>(producer, account.expected());
    }
  }

  /// Notes a damaged message of an unknown sender. Where there is only one, it is known after all.
  void unattributed() {
    ++faults_.corrupted;
    ++unattributed_;
    FaultyMessage faulty{.kind = FaultKind::corrupted};
    if (accounts_.size() == 1) {
      faulty.producer = 0;
      faulty.expected = accounts_.front().expected();
    }
    faults_.keep_first(faulty);
  }

  std::vector<ProducerAccount> accounts_;
  /// The first word of a producer's next message. It has cache lines of its own, because what lies
  /// beside it may belong to another sink, which another thread writes to at the same time.
  struct alignas(ringmpsc::detail::kLineBytes) Expected {
    Word first = 0;
  };
  std::vector<Expected> expected_;
  unsigned streak_producer_ = 0;  // the producer of the last single message
  std::uint64_t received_ = 0;
  std::uint64_t unattributed_ = 0;
  Verification faults_;  // the corrupted messages, and the first of each kind of fault
};

/// Adds up every word. Finds a wrong sum but not its cause, and does not see the order of messages.
template <class M>
class ReadingSink {
 public:
  using Word = typename M::Word;

  explicit ReadingSink(unsigned /*producers*/) {}

  class Reader {
   public:
    explicit Reader(ReadingSink& sink) noexcept : sink_(sink) {}
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    ~Reader() {
      sink_.received_ += received_;
      sink_.sum_ += sum_;
    }
    void operator()(std::span<const M> run) noexcept {
      for (const M& message : run) (*this)(message);
    }
    void operator()(const M& message) noexcept {
      ++received_;
      for (const Word word : message.words) sum_ += word;
    }

   private:
    ReadingSink& sink_;
    std::uint64_t received_ = 0;
    Word sum_ = 0;
  };

  [[nodiscard]] Verification verification(std::span<const std::uint64_t> sent) const noexcept {
    Word expected = 0;
    for (unsigned i = 0; i < sent.size(); ++i) expected += sum_of_words<M>(i, sent[i]);
    Verification result = compare_counts(sent, received_);
    // If the number is right and the sum is wrong, at least one message is not what was sent.
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

/// Reads no message. Checks only the number of messages.
template <class M>
class CountingSink {
 public:
  explicit CountingSink(unsigned /*producers*/) {}

  class Reader {
   public:
    explicit Reader(CountingSink& sink) noexcept : sink_(sink) {}
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    ~Reader() { sink_.received_ += received_; }
    void operator()(std::span<const M> run) noexcept { received_ += run.size(); }
    void operator()(const M& /*message*/) noexcept { ++received_; }

   private:
    CountingSink& sink_;
    std::uint64_t received_ = 0;
  };

  [[nodiscard]] Verification verification(std::span<const std::uint64_t> sent) const noexcept {
    return ReadingSink<M>::compare_counts(sent, received_);
  }

 private:
  std::uint64_t received_ = 0;
};

}  // namespace bench::workload
