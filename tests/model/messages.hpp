// Messages whose every access is checked for data races.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <source_location>
#include <string>

#include "model/model_atomic.hpp"

namespace ringmpsc::model {

/// Fails the simulation if `condition` does not hold, just as an error that the checker finds does.
inline void require(bool condition, const char* what,
                    std::source_location where = std::source_location::current()) {
  if (!condition) rl::ctx().fail_test(what, rl::test_result_user_assert_failed, at(where));
}

/// Holds one checked cell for each address at which a simulation builds messages. If the message
/// itself contained the checker's variable, each message in a slot would begin a new history. The
/// checker would then never see that a message was built over another that is still being read.
class SlotCells {
 public:
  SlotCells() { current_ = this; }
  SlotCells(const SlotCells&) = delete;
  SlotCells& operator=(const SlotCells&) = delete;

  static rl::var<int>& of(const void* address) {
    SlotCells& cells = *current_;
    std::size_t i = 0;
    while (i < cells.used_ && cells.addresses_[i] != address) ++i;
    require(i < cells.cells_.size(), "there are enough cells");
    if (i == cells.used_) cells.addresses_[cells.used_++] = address;
    return cells.cells_[i];
  }

 private:
  static constexpr std::size_t kMost = 16;  // of the largest ring
  static inline SlotCells* current_ = nullptr;

  std::size_t used_ = 0;
  std::array<const void*, kMost> addresses_{};
  std::array<rl::var<int>, kMost> cells_;
};

/// Whether a celled ring of a message has the cells that it needs, or so few that the sender
/// overwrites what is unread.
enum class Enough : std::uint8_t { yes, no };

/// A message for a ring that lasts as long as its simulation. The simulation must own a SlotCells.
/// Building and destroying a message count as writes. A cell has K of them.
template <std::size_t K = 1, Enough Cells = Enough::yes>
class SlotMessage {
 public:
  explicit SlotMessage(int value) { write(value, std::source_location::current()); }
  SlotMessage(const SlotMessage&) = delete;
  SlotMessage& operator=(const SlotMessage&) = delete;
  ~SlotMessage() { write(kDestroyed, std::source_location::current()); }

  [[nodiscard]] int value(std::source_location where = std::source_location::current()) const {
    return SlotCells::of(this)(at(where)).load();
  }

 private:
  static constexpr int kDestroyed = -1;

  void write(int value, const std::source_location& where) {
    SlotCells::of(this)(at(where)).store(value);
  }
};

/// A message for a channel, whose rings come and go and may share addresses. It is checked from its
/// construction to its destruction. The checker counts these messages, so a lost one is a leak. A
/// cell has K of them.
template <std::size_t K = 1>
class OwnMessage {
 public:
  explicit OwnMessage(int value) : value_(value) {}
  OwnMessage(const OwnMessage&) = delete;
  OwnMessage& operator=(const OwnMessage&) = delete;
  ~OwnMessage() { value_(at(std::source_location::current())).store(kDestroyed); }

  [[nodiscard]] int value(std::source_location where = std::source_location::current()) const {
    return value_(at(where)).load();
  }

 private:
  static constexpr int kDestroyed = -1;

  mutable rl::var<int> value_;
};

/// The messages of a program, and the layout of its rings.
template <class M, Layout L>
struct Laid {
  using Message = M;
  static constexpr Layout kLayout = L;
};
struct LaidName {
  template <class V>
  static std::string GetName(int) {
    if (V::kLayout == Layout::dense) return "Dense";
    return "CellsOf" + std::to_string(detail::kCellMessages<typename V::Message>);
  }
};

}  // namespace ringmpsc::model

namespace ringmpsc::detail {

template <std::size_t K, model::Enough Cells>
inline constexpr std::size_t kCellMessages<model::SlotMessage<K, Cells>> = K;
template <std::size_t K>
inline constexpr std::size_t kCellMessages<model::OwnMessage<K>> = K;

/// One cell of two messages for four slots, where two cells are needed.
template <>
constexpr std::size_t cells_of<model::SlotMessage<2, model::Enough::no>>(
    std::size_t capacity) noexcept {
  return capacity / 4;
}

}  // namespace ringmpsc::detail
