// Slots of a ring that a producer has to itself until it commits them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

namespace ringmpsc {

/// Types whose slots may be written like an array: copying bytes makes a value, and nothing needs
/// destroying.
template <class T>
concept Plain = std::is_trivially_copyable_v<T>;

enum class CommitError : std::uint8_t {
  exceeds_reservation,  ///< more than was reserved (or, for types with constructors, than was
                        ///< built)
};

template <class T, std::size_t Extent>
class Sender;

/// One contiguous run of free slots, to be written in place and then published.
///
/// For a Plain type it is an array to assign to. For any other type, `emplace` builds messages in
/// order from the first slot. Committing publishes and empties the reservation; dropping it
/// publishes nothing and destroys what was built, and its slots are free again.
///
/// It belongs to the thread of its Sender, which must not be moved, closed, destroyed or written
/// through otherwise (push, send, another reservation) while this one has slots.
template <class T, std::size_t Extent = std::dynamic_extent>
class [[nodiscard]] Reservation {
 public:
  /// An empty one: what a full or closed ring gives.
  Reservation() noexcept = default;
  Reservation(Reservation&& other) noexcept
      : sender_(other.sender_),
        slots_(std::exchange(other.slots_, {})),
        built_(std::exchange(other.built_, 0)) {}
  Reservation& operator=(Reservation&& other) noexcept {
    if (this != &other) {
      drop();
      sender_ = other.sender_;
      slots_ = std::exchange(other.slots_, {});
      built_ = std::exchange(other.built_, 0);
    }
    return *this;
  }
  ~Reservation() { drop(); }

  /// Reserved slots: 0 when nothing could be reserved, or after a commit.
  [[nodiscard]] std::size_t size() const noexcept { return slots_.size(); }
  [[nodiscard]] bool empty() const noexcept { return slots_.empty(); }
  explicit operator bool() const noexcept { return !empty(); }

  /// The slots as an array. What they hold before they are written is unspecified.
  [[nodiscard]] std::span<T> slots() const noexcept
    requires Plain<T>
  {
    return slots_;
  }
  [[nodiscard]] T& operator[](std::size_t i) const noexcept
    requires Plain<T>
  {
    return slots_[i];
  }
  [[nodiscard]] T* begin() const noexcept
    requires Plain<T>
  {
    return slots_.data();
  }
  [[nodiscard]] T* end() const noexcept
    requires Plain<T>
  {
    return slots_.data() + slots_.size();
  }

  /// Builds the next message in place. nullptr, and nothing built, when every slot is.
  template <class... Args>
    requires(!Plain<T>)
  T* emplace(Args&&... args) noexcept(std::is_nothrow_constructible_v<T, Args...>) {
    if (built_ == slots_.size()) return nullptr;
    T* message = std::construct_at(slots_.data() + built_, std::forward<Args>(args)...);
    ++built_;
    return message;
  }
  /// How many messages `emplace` has built.
  [[nodiscard]] std::size_t built() const noexcept
    requires(!Plain<T>)
  {
    return built_;
  }

  /// Publishes all of it: every slot of a Plain type, every message built of any other. Wait-free.
  void commit() noexcept { publish(committable()); }

  /// Publishes the first `count` messages and drops the rest. With more than there are, publishes
  /// nothing, keeps the reservation as it is and says so.
  [[nodiscard]] std::expected<void, CommitError> commit(std::size_t count) noexcept {
    if (count > committable()) return std::unexpected(CommitError::exceeds_reservation);
    publish(count);
    return {};
  }

 private:
  friend class Sender<T, Extent>;

  Reservation(Sender<T, Extent>* sender, std::span<T> slots) noexcept
      : sender_(sender), slots_(slots) {}

  [[nodiscard]] std::size_t committable() const noexcept {
    if constexpr (Plain<T>) {
      return slots_.size();
    } else {
      return built_;
    }
  }

  void publish(std::size_t count) noexcept {
    destroy_built_from(count);
    slots_ = {};
    built_ = 0;
    if (count > 0) sender_->publish(count);
  }

  void drop() noexcept {
    destroy_built_from(0);
    slots_ = {};
    built_ = 0;
  }

  void destroy_built_from(std::size_t first) noexcept {
    if constexpr (!Plain<T>) {
      for (std::size_t i = first; i < built_; ++i) std::destroy_at(slots_.data() + i);
    }
  }

  Sender<T, Extent>* sender_ = nullptr;
  std::span<T> slots_;
  std::size_t built_ = 0;
};

}  // namespace ringmpsc
