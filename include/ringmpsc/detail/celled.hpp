// The celled layout: cells of one or several messages, each with what is published of it.
//
// A message's own line tells that it is there, as in FastForward (Giacomoni et al., PPoPP 2008) and
// in Vyukov's bounded queue; here by a sequence, so that every value can be a message. One sequence
// serves a cell, and messages of up to 8 bytes share one.
//
//   [cell]  The sender's store-release of a cell's sequence and the receiver's load-acquire: the
//           cell's messages below that sequence are written before the receiver sees it. With
//           weaker orders, the receiver reads half-written messages.
//
// A message is overwritten N*K messages later, in a ring of N cells of K messages. The sender is
// never more than a capacity ahead of the receiver, so N*K >= capacity keeps what is unread. At the
// end of such a ring, the sender may already be in the cell that the receiver still reads. The
// cell's sequence is then beyond its own messages of this lap, which says no less than that all of
// them are published: sequences count from the ring's beginning and only grow. In a cell that the
// sender has not reached in this lap, the sequence is at most the receiver's own.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "ringmpsc/detail/memory.hpp"
#include "ringmpsc/detail/platform.hpp"

namespace ringmpsc::detail {

/// The bytes of a cell of several messages. Where a line has 128, it holds two cells.
inline constexpr std::size_t kCellBytes = 64;

/// The number of messages of `bytes` in a cell. Messages of up to 8 bytes share one, which is one
/// line. Larger ones have a cell each and are not padded: they are read sooner, and as fast as
/// three of 16 bytes to a line.
constexpr std::size_t cell_messages(std::size_t bytes) noexcept {
  return bytes <= sizeof(std::uint64_t) ? (kCellBytes - sizeof(std::uint64_t)) / bytes : 1;
}
template <class T>
inline constexpr std::size_t kCellMessages = cell_messages(sizeof(T));

/// Several messages, and the sequence up to which they are published.
template <class T, std::size_t K = kCellMessages<T>>
struct alignas(kCellBytes) Cell {
  /// By the cell's own address: of the array's, GCC warns a caller that writes a reservation in a
  /// loop, because it does not know that a run ends where the array does.
  [[nodiscard]] T* first() noexcept { return reinterpret_cast<T*>(this); }

  alignas(T) std::byte bytes[K * sizeof(T)];
  Atomic<std::uint64_t> published{0};
};

/// One message. It stands behind the sequence, because the receiver looks at that first.
template <class T>
struct Cell<T, 1> {
  [[nodiscard]] T* first() noexcept { return reinterpret_cast<T*>(bytes); }

  Atomic<std::uint64_t> published{0};
  alignas(T) std::byte bytes[sizeof(T)];
};

/// The number of cells in a ring of `capacity` messages.
template <class T>
constexpr std::size_t cells_of(std::size_t capacity) noexcept {
  const std::size_t k = kCellMessages<T>;
  return (capacity + k - 1) / k;
}

/// One side's place in a ring whose cells hold several messages.
template <class T, std::size_t Extent, std::size_t K = kCellMessages<T>>
class Cells {
 public:
  /// How many messages lie one behind the other.
  static constexpr std::size_t kRun = K;

  Cells(Cell<T>* first, Capacity<Extent> capacity) noexcept
      : capacity_(capacity), cell_(first), first_(first), last_(first + count() - 1) {}

  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_.count(); }
  [[nodiscard]] std::size_t count() const noexcept { return cells_of<T>(capacity()); }

  /// The place of a message of this cell.
  [[nodiscard]] T* at(std::uint64_t sequence) const noexcept {
    return cell_->first() + (K - (cell_end_ - sequence));
  }
  /// The places from `sequence` on, as far as this cell has them, and at most `count`, which is at
  /// least 1.
  [[nodiscard]] std::span<T> run(std::uint64_t sequence, std::size_t count) const noexcept {
    return {at(sequence), std::min<std::size_t>(count, cell_end_ - sequence)};
  }
  /// True if it is the first of the cell's sequences.
  [[nodiscard]] bool begins_at(std::uint64_t sequence) const noexcept {
    return cell_end_ - sequence == K;
  }
  /// The published sequence of the cell of `sequence`.
  [[nodiscard]] Atomic<std::uint64_t>& published(std::uint64_t /*sequence*/) const noexcept {
    return cell_->published;
  }
  /// Goes on to the cell of `sequence`, which is in this one or is the first of the next.
  void enter(std::uint64_t sequence) noexcept {
    if (sequence != cell_end_) return;
    cell_end_ += K;
    cell_ = cell_ == last_ ? first_ : cell_ + 1;
  }
  /// The cell `cells` further on and the sequence of its first message; `cells` is less than
  /// count().
  [[nodiscard]] std::pair<const Cell<T>*, std::uint64_t> ahead(std::size_t cells) const noexcept {
    const auto left = static_cast<std::size_t>(last_ - cell_);
    const Cell<T>* const cell = cells <= left ? cell_ + cells : first_ + (cells - left - 1);
    return {cell, cell_end_ + (cells - 1) * K};
  }
  /// Asks for the line of the cell `cells` further on than that of `sequence`.
  [[gnu::always_inline]] void fetch(std::uint64_t /*sequence*/, std::size_t cells) const noexcept {
    prefetch(ahead(cells).first);
  }
  /// The sequence up to which this cell has places, but at most `end`.
  [[nodiscard]] std::uint64_t stop(std::uint64_t end) const noexcept {
    return std::min(end, cell_end_);
  }

 private:
  [[no_unique_address]] Capacity<Extent> capacity_;
  Cell<T>* cell_;
  std::uint64_t cell_end_ = K;  // one past the sequence of the cell's last message
  Cell<T>* first_;
  Cell<T>* last_;
};

/// The same for cells of one message. The cell follows from the sequence.
template <class T, std::size_t Extent>
class Cells<T, Extent, 1> {
 public:
  static constexpr std::size_t kRun = 1;

  Cells(Cell<T>* first, Capacity<Extent> capacity) noexcept : capacity_(capacity), first_(first) {}

  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_.count(); }
  [[nodiscard]] T* at(std::uint64_t sequence) const noexcept { return cell(sequence).first(); }
  [[nodiscard]] std::span<T> run(std::uint64_t sequence, std::size_t /*count*/) const noexcept {
    return {at(sequence), 1};
  }
  [[nodiscard]] Atomic<std::uint64_t>& published(std::uint64_t sequence) const noexcept {
    return cell(sequence).published;
  }
  static void enter(std::uint64_t /*sequence*/) noexcept {}
  [[gnu::always_inline]] void fetch(std::uint64_t sequence, std::size_t cells) const noexcept {
    prefetch(&cell(sequence + cells));
  }
  [[nodiscard]] static std::uint64_t stop(std::uint64_t end) noexcept { return end; }

 private:
  [[nodiscard]] Cell<T>& cell(std::uint64_t sequence) const noexcept {
    return first_[sequence & capacity_.mask()];
  }

  [[no_unique_address]] Capacity<Extent> capacity_;
  Cell<T>* first_;
};

/// The sender's view of a celled ring.
template <class T, std::size_t Extent>
class CelledWriter : public Cells<T, Extent> {
 public:
  using Cells<T, Extent>::Cells;

  /// Publishes the messages below `tail`, of which the last is in the sender's cell.
  void publish(std::uint64_t tail) noexcept {
    this->published(tail - 1).store(tail, std::memory_order_release);  // [cell]
  }
};

/// The receiver's view of a celled ring.
template <class T, std::size_t Extent>
class CelledReader : public Cells<T, Extent> {
 public:
  using Cells<T, Extent>::Cells;

  /// The sequence up to which messages can be read, if those below `head` have been: those of this
  /// cell at least, and a whole lap if the sender is in it again.
  [[nodiscard]] std::uint64_t look(std::uint64_t head) const noexcept {
    const std::uint64_t published =
        this->published(head).load(std::memory_order_acquire);  // [cell]
    if (published <= head) return head;
    return this->kRun == 1 ? head + 1 : published;
  }
  /// The first sequence of the cell `cells` further on, if that has begun; `head` otherwise.
  [[nodiscard]] std::uint64_t look_ahead(std::uint64_t head, std::size_t cells) const noexcept {
    if constexpr (Cells<T, Extent>::kRun == 1) {
      const std::uint64_t far = head + cells;
      return this->published(far).load(std::memory_order_acquire) > far ? far : head;  // [cell]
    } else {
      const auto [cell, begin] = this->ahead(cells);
      return cell->published.load(std::memory_order_acquire) > begin ? begin : head;  // [cell]
    }
  }
};

/// What the two threads of a celled ring share besides its head.
template <class T, std::size_t Extent>
class CelledMemory {
  static constexpr std::size_t kMessages = kCellMessages<T>;
  static constexpr std::size_t kCells =
      Extent == std::dynamic_extent ? Extent : cells_of<T>(Extent);

 public:
  explicit CelledMemory(Capacity<Extent> capacity)
      : cells_(cells_of<T>(capacity.count())), capacity_(capacity) {}

  [[nodiscard]] CelledWriter<T, Extent> writer() noexcept { return {cells_.first(), capacity_}; }
  [[nodiscard]] CelledReader<T, Extent> reader() noexcept { return {cells_.first(), capacity_}; }

  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_.count(); }
  /// The place of a message that is in the ring.
  [[nodiscard]] T* at(std::uint64_t sequence) noexcept {
    return cells_.first()[cell_of(sequence)].first() + sequence % kMessages;
  }
  /// The sequence up to which messages are published. Any thread may ask; `head` was the
  /// receiver's at some moment.
  ///
  /// Searches for the last published message, by halves. What has been published stays so: a cell's
  /// sequence only grows. At the time of `head`, at most a capacity was published beyond it. The
  /// answer is a sequence that the sender has stored, not before that time.
  [[nodiscard]] std::uint64_t tail(std::uint64_t head) const noexcept {
    std::uint64_t tail = head;
    std::uint64_t unpublished = head + capacity();
    while (tail < unpublished) {
      const std::uint64_t middle = tail + (unpublished - tail) / 2;
      const std::uint64_t published =
          cells_.first()[cell_of(middle)].published.load(std::memory_order_acquire);  // [cell]
      if (published > middle) {
        tail = published;
      } else {
        unpublished = middle;
      }
    }
    return tail;
  }

 private:
  [[nodiscard]] std::size_t cell_of(std::uint64_t sequence) const noexcept {
    return static_cast<std::size_t>(sequence / kMessages % cells_of<T>(capacity_.count()));
  }

  Units<Cell<T>, kCells> cells_;
  [[no_unique_address]] Capacity<Extent> capacity_;
};

}  // namespace ringmpsc::detail
