// Slots of a ring that belong to a producer alone until it commits them.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

#include "ringmpsc/layout.hpp"

namespace ringmpsc {

/// Types whose slots may be written like an array: copying the bytes makes a value, and no value
/// needs destroying.
template <class T>
concept Plain = std::is_trivially_copyable_v<T>;

enum class CommitError : std::uint8_t {
  exceeds_reservation,  ///< the count exceeds the slots reserved (for a type that is not Plain: the
                        ///< messages built)
};

template <class T, std::size_t Extent, Layout L>
class Sender;

/// One contiguous run of free slots, to be written in place and then published.
///
/// For a Plain type, it is an array to assign to. For any other type, `emplace` builds messages in
/// order from the first slot. Committing publishes the messages and empties the reservation.
/// Dropping the reservation (destroying it or assigning `{}` to it) publishes nothing, destroys the
/// messages that were built and frees the slots.
///
/// It belongs to the thread of its Sender. While it has slots, the Sender must not be moved, closed
/// or destroyed, and must not write in another way (push, send, another reservation, even one that
/// is assigned to this object). Builds with assertions find a breach of this when the reservation
/// is next used.
template <class T, std::size_t Extent = std::dynamic_extent, Layout L = Layout::celled>
class [[nodiscard]] Reservation {
 public:
  /// An empty reservation, as a full or closed ring returns it.
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

  /// Number of reserved slots: 0 if nothing could be reserved, and after a commit.
  [[nodiscard]] std::size_t size() const noexcept { return slots_.size(); }
  [[nodiscard]] bool empty() const noexcept { return slots_.empty(); }
  explicit operator bool() const noexcept { return !empty(); }

  /// The slots as an array. Their contents are unspecified until they are written.
  [[nodiscard]] std::span<T> slots() const& noexcept
    requires Plain<T>
  {
    if (!empty()) check_slots();
    return slots_;
  }
  [[nodiscard]] T& operator[](std::size_t i) const& noexcept
    requires Plain<T>
  {
    assert(i < slots_.size() && "outside the reservation");
    check_slots();
    return slots_[i];
  }
  [[nodiscard]] T* begin() const& noexcept
    requires Plain<T>
  {
    return slots().data();
  }
  [[nodiscard]] T* end() const& noexcept
    requires Plain<T>
  {
    return begin() + slots_.size();
  }
  // The slots of a temporary are free again before they can be committed.
  void slots() const&& = delete;
  void operator[](std::size_t i) const&& = delete;
  void begin() const&& = delete;
  void end() const&& = delete;

  /// Builds the next message in place. Returns nullptr and builds nothing if every slot already
  /// holds a message.
  template <class... Args>
    requires(!Plain<T>)
  T* emplace(Args&&... args) & noexcept(std::is_nothrow_constructible_v<T, Args...>) {
    if (built_ == slots_.size()) return nullptr;
    check_slots();
    T* message = std::construct_at(slots_.data() + built_, std::forward<Args>(args)...);
    ++built_;
    return message;
  }
  /// Number of messages that `emplace` has built.
  [[nodiscard]] std::size_t built() const noexcept
    requires(!Plain<T>)
  {
    return built_;
  }

  /// Publishes everything: for a Plain type, every slot; for any other type, every message that was
  /// built. Wait-free. Not for a temporary, into which nothing can have been written.
  void commit() & noexcept { publish(committable()); }

  /// Publishes the first `count` messages and drops the rest. If there are fewer than `count`, it
  /// publishes nothing, leaves the reservation unchanged and returns an error.
  [[nodiscard]] std::expected<void, CommitError> commit(std::size_t count) & noexcept {
    if (count > committable()) return std::unexpected(CommitError::exceeds_reservation);
    publish(count);
    return {};
  }

 private:
  friend class Sender<T, Extent, L>;

  Reservation(Sender<T, Extent, L>* sender, std::span<T> slots) noexcept
      : sender_(sender), slots_(slots) {}

  [[nodiscard]] std::size_t committable() const noexcept {
    if constexpr (Plain<T>) {
      return slots_.size();
    } else {
      return built_;
    }
  }

  void publish(std::size_t count) noexcept {
    if (count > 0) check_slots();
    destroy_built_from(count);
    slots_ = {};
    built_ = 0;
    if (count > 0) sender_->publish(count);
  }

  void drop() noexcept {
    if (built_ > 0) check_slots();
    destroy_built_from(0);
    slots_ = {};
    built_ = 0;
  }

  /// Checks that the Sender's next message still goes into the first of these slots.
  void check_slots() const noexcept {
    assert(sender_->published_ != nullptr &&
           "the Sender was closed or moved while it had a reservation");
    assert(sender_->slots_.at(sender_->tail_) == slots_.data() &&
           "the Sender has written in another way while it had a reservation");
  }

  void destroy_built_from(std::size_t first) noexcept {
    if constexpr (!Plain<T>) {
      for (std::size_t i = first; i < built_; ++i) std::destroy_at(slots_.data() + i);
    }
  }

  Sender<T, Extent, L>* sender_ = nullptr;
  std::span<T> slots_;
  std::size_t built_ = 0;
};

}  // namespace ringmpsc
