// The messages of a round. Each carries a stamp, from which every word of it follows; those that
// are not plain also notice when they are destroyed twice or never.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

namespace bench::stress {

/// Whose message it is, and which.
struct Stamp {
  std::uint32_t sender = 0;    ///< a life of a producer; below 2^24
  std::uint64_t sequence = 0;  ///< of its messages, from 0; below 2^40

  friend bool operator==(const Stamp&, const Stamp&) = default;
};

/// Marks messages that are written and never published.
inline constexpr std::uint32_t kNobody = (1U << 24) - 1;

/// Stamps as words: the first is K * (sender * 2^40 + sequence), and each following word adds C.
/// K is odd, so that a word has one stamp, and it spreads a damaged bit over the whole stamp.
namespace stamping {

inline constexpr std::uint64_t kK = 0xccbafdadb53cbda9;
inline constexpr std::uint64_t kKInverse = 0x6cd9c6b26dc93699;
inline constexpr std::uint64_t kC = 0x9e3779b97f4a7c15;
static_assert(kK * kKInverse == 1);
inline constexpr unsigned kSequenceBits = 40;

[[nodiscard]] constexpr std::uint64_t word_of(const Stamp& stamp) noexcept {
  return kK * ((std::uint64_t{stamp.sender} << kSequenceBits) | stamp.sequence);
}

[[nodiscard]] constexpr Stamp stamp_of(std::uint64_t word) noexcept {
  const std::uint64_t plain = word * kKInverse;
  return {.sender = static_cast<std::uint32_t>(plain >> kSequenceBits),
          .sequence = plain & ((std::uint64_t{1} << kSequenceBits) - 1)};
}

inline void write(std::span<std::uint64_t> words, const Stamp& stamp) noexcept {
  std::uint64_t next = word_of(stamp);
  for (std::uint64_t& word : words) {
    word = next;
    next += kC;
  }
}

/// Whether all words follow from the first.
[[nodiscard]] inline bool intact(std::span<const std::uint64_t> words) noexcept {
  std::uint64_t next = words.front();
  std::uint64_t wrong = 0;
  for (const std::uint64_t word : words) {
    wrong |= word ^ next;
    next += kC;
  }
  return wrong == 0;
}

}  // namespace stamping

/// What a thread did with the objects of a round. Each thread has its own, so that counting adds no
/// order between threads which the queue itself does not make.
struct ObjectCounts {
  std::int64_t alive = 0;  ///< constructed less destroyed, by this thread
  std::uint64_t destroyed_twice = 0;
  std::uint64_t used_dead = 0;  ///< moved from, assigned to or read after its destruction
  /// The next so many constructions work, and the one after them throws; never if negative.
  std::int64_t until_throw = -1;

  ObjectCounts& operator+=(const ObjectCounts& other) noexcept {
    alive += other.alive;
    destroyed_twice += other.destroyed_twice;
    used_dead += other.used_dead;
    return *this;
  }
};

/// The calling thread's counts.
[[nodiscard]] inline ObjectCounts& object_counts() noexcept {
  thread_local ObjectCounts counts;
  return counts;
}

/// Thrown by messages and handlers, as the round wants it.
struct OnPurpose {};

/// A member that counts its object's life.
class Life {
 public:
  Life() noexcept { begin(); }
  Life(const Life& other) noexcept {
    other.look();
    begin();
  }
  Life(Life&& other) noexcept {
    other.look();
    begin();
  }
  Life& operator=(const Life& other) noexcept {
    look();
    other.look();
    return *this;
  }
  Life& operator=(Life&& other) noexcept {
    look();
    other.look();
    return *this;
  }
  ~Life() {
    ObjectCounts& counts = object_counts();
    if (state_ != alive()) ++counts.destroyed_twice;
    // Not elided as a dead store: the next destruction or use must see it.
    *const_cast<volatile std::uint64_t*>(&state_) = kDead;
    --counts.alive;
  }

  void look() const noexcept {
    if (state_ != alive()) ++object_counts().used_dead;
  }

 private:
  static constexpr std::uint64_t kDead = 0xdeadbeefdeadbeef;
  /// Depends on the place, so that bytes which were copied are no object.
  [[nodiscard]] std::uint64_t alive() const noexcept {
    return reinterpret_cast<std::uintptr_t>(this) ^ 0x5a5a5a5aa5a5a5a5;
  }
  void begin() noexcept {
    state_ = alive();
    ++object_counts().alive;
  }

  std::uint64_t state_;
};

/// A message of so many bytes that can be copied like bytes.
template <std::size_t Bytes>
struct PlainMessage {
  std::array<std::uint64_t, Bytes / 8> words;

  PlainMessage() = default;
  explicit PlainMessage(const Stamp& stamp) noexcept { stamping::write(words, stamp); }
  [[nodiscard]] Stamp stamp() const noexcept { return stamping::stamp_of(words.front()); }
  [[nodiscard]] bool intact() const noexcept { return stamping::intact(words); }
};

/// A message whose constructors throw when the round wants it, except those that move. Has 32
/// bytes.
class ThrowingMessage {
 public:
  ThrowingMessage() noexcept = default;
  explicit ThrowingMessage(const Stamp& stamp) : ThrowingMessage() {
    throw_if_due();
    stamping::write(words_, stamp);
  }
  ThrowingMessage(const ThrowingMessage& other) : ThrowingMessage() {
    other.life_.look();
    throw_if_due();
    words_ = other.words_;
  }
  ThrowingMessage(ThrowingMessage&&) noexcept = default;
  ThrowingMessage& operator=(const ThrowingMessage&) noexcept = default;
  ThrowingMessage& operator=(ThrowingMessage&&) noexcept = default;
  ~ThrowingMessage() = default;

  [[nodiscard]] Stamp stamp() const noexcept {
    life_.look();
    return stamping::stamp_of(words_.front());
  }
  [[nodiscard]] bool intact() const noexcept { return stamping::intact(words_); }

 private:
  static void throw_if_due() {
    ObjectCounts& counts = object_counts();
    if (counts.until_throw < 0) return;
    if (counts.until_throw-- == 0) throw OnPurpose();
  }

  Life life_;
  std::array<std::uint64_t, 3> words_{};
};

/// A message that only moves and owns memory. Has 16 bytes, and 32 more on the heap.
class HeapMessage {
 public:
  HeapMessage() noexcept = default;
  explicit HeapMessage(const Stamp& stamp) : words_(std::make_unique<Words>()) {
    stamping::write(*words_, stamp);
  }

  [[nodiscard]] Stamp stamp() const noexcept {
    life_.look();
    return words_ ? stamping::stamp_of(words_->front()) : Stamp{.sender = kNobody};
  }
  [[nodiscard]] bool intact() const noexcept { return words_ && stamping::intact(*words_); }

 private:
  using Words = std::array<std::uint64_t, 4>;
  Life life_;
  std::unique_ptr<Words> words_;
};

}  // namespace bench::stress
