// Message types for the tests of the core: one counts its objects, one throws when copied.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <utility>

namespace ringmpsc::testing {

inline std::atomic<std::int64_t> lives{0};        // Counted objects that are alive
inline std::atomic<std::int64_t> faulty_ends{0};  // destructions that went wrong

/// A message that knows how many of its kind are alive. It notices when it is destroyed twice, is
/// destroyed without having been built, or has been moved as bytes.
class Counted {
 public:
  explicit Counted(std::int64_t value = 0) : value_(value) { born(); }
  Counted(const Counted& other) : value_(other.value_) { born(); }
  Counted(Counted&& other) noexcept : value_(std::exchange(other.value_, kMovedFrom)) { born(); }
  Counted& operator=(const Counted&) = default;
  Counted& operator=(Counted&& other) noexcept {
    value_ = std::exchange(other.value_, kMovedFrom);
    return *this;
  }
  ~Counted() {
    if (self_ != this) faulty_ends.fetch_add(1, std::memory_order_relaxed);
    self_ = nullptr;  // volatile, so that a second destruction sees it
    lives.fetch_sub(1, std::memory_order_relaxed);
  }

  [[nodiscard]] std::int64_t value() const noexcept { return value_; }
  [[nodiscard]] static std::int64_t alive() noexcept { return lives.load(); }
  [[nodiscard]] static std::int64_t faults() noexcept { return faulty_ends.load(); }

  static constexpr std::int64_t kMovedFrom = -1;

 private:
  void born() noexcept {
    self_ = this;
    lives.fetch_add(1, std::memory_order_relaxed);
  }

  const Counted* volatile self_ = nullptr;
  std::int64_t value_;
};

/// The same in no more bytes than its value has, so that several share a cell. It does not notice
/// that it has been moved as bytes.
template <class V>
class SmallCounted {
 public:
  explicit SmallCounted(std::int64_t value = 0) : value_(static_cast<V>(value)) { born(); }
  SmallCounted(const SmallCounted& other) : value_(other.value_) { born(); }
  SmallCounted(SmallCounted&& other) noexcept : value_(other.value_) {
    other.value_ = Counted::kMovedFrom;
    born();
  }
  SmallCounted& operator=(const SmallCounted& other) = default;
  SmallCounted& operator=(SmallCounted&& other) noexcept {
    const V value = other.value_;
    other.value_ = Counted::kMovedFrom;
    value_ = value;
    return *this;
  }
  ~SmallCounted() {
    if (value_ == kDestroyed) faulty_ends.fetch_add(1, std::memory_order_relaxed);
    *static_cast<volatile V*>(&value_) = kDestroyed;  // so that a second destruction sees it
    lives.fetch_sub(1, std::memory_order_relaxed);
  }

  [[nodiscard]] std::int64_t value() const noexcept { return value_; }

 private:
  static constexpr V kDestroyed = std::numeric_limits<V>::min();

  static void born() noexcept { lives.fetch_add(1, std::memory_order_relaxed); }

  V value_;
};

/// Checks that as many messages are alive at its end as at its beginning, and that no destruction
/// went wrong. A test makes it first, so that it is destroyed last.
class NothingLeaks {
 public:
  NothingLeaks() = default;
  NothingLeaks(const NothingLeaks&) = delete;
  NothingLeaks& operator=(const NothingLeaks&) = delete;
  ~NothingLeaks() {
    EXPECT_EQ(Counted::alive(), alive_) << "more: messages leaked; fewer: destroyed twice";
    EXPECT_EQ(Counted::faults(), faults_) << "a destructor ran where there was no message";
  }

 private:
  std::int64_t alive_ = Counted::alive();
  std::int64_t faults_ = Counted::faults();
};

/// The exception that the throwing handlers and messages of the tests throw.
struct Thrown : std::runtime_error {
  Thrown() : std::runtime_error("thrown by a test") {}
};

/// A message that throws when it is built from a negative value. One made by cursed() also throws
/// when it is copied.
class Fragile {
 public:
  explicit Fragile(std::int64_t value) : counted_(checked(value)) {}
  Fragile(const Fragile& other) : counted_(checked(other.value())), cursed_(other.cursed_) {
    if (cursed_) throw Thrown();
  }
  Fragile(Fragile&&) noexcept = default;
  Fragile& operator=(const Fragile&) = default;
  Fragile& operator=(Fragile&&) noexcept = default;
  ~Fragile() = default;

  /// A message whose copy throws.
  [[nodiscard]] static Fragile cursed(std::int64_t value) {
    Fragile made(value);
    made.cursed_ = true;
    return made;
  }
  [[nodiscard]] std::int64_t value() const noexcept { return counted_.value(); }

 private:
  static std::int64_t checked(std::int64_t value) {
    if (value < 0) throw Thrown();
    return value;
  }

  Counted counted_;
  bool cursed_ = false;
};

}  // namespace ringmpsc::testing
