// Finds memory that grows from round to round.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace bench::stress {

/// The process's memory at a moment, in bytes; null where the system does not tell.
struct MemoryUse {
  std::optional<std::uint64_t> allocated;  ///< from the heap, and not freed
  std::optional<std::uint64_t> mapped;     ///< of the address space
  std::optional<std::uint64_t> resident;
};

[[nodiscard]] MemoryUse memory_use();

/// Whether a quantity grows without end. Between rounds it wanders: what a thread has cached, and
/// how the heap is cut up. But the least of a window of rounds stays where it is, unless each round
/// leaves something behind: then it grows from window to window, by at least so much a round.
class Growth {
 public:
  /// Each of the rounds of a window must add at least `least_a_round` bytes.
  explicit constexpr Growth(std::uint64_t least_a_round) noexcept : least_a_round_(least_a_round) {}

  /// Notes the value after one more round. True once it has grown in kWindows windows one after the
  /// other.
  bool grows(std::uint64_t value) noexcept;

  /// The least of the first window, and of the last whole one.
  [[nodiscard]] std::optional<std::uint64_t> first() const noexcept { return first_; }
  [[nodiscard]] std::optional<std::uint64_t> last() const noexcept { return last_; }

  static constexpr std::size_t kRounds = 16;  ///< of a window
  static constexpr std::size_t kWindows = 8;

 private:
  std::uint64_t least_a_round_;
  std::size_t seen_ = 0;     // rounds of this window
  std::uint64_t least_ = 0;  // of this window
  std::size_t grown_ = 0;    // windows one after the other
  std::optional<std::uint64_t> first_;
  std::optional<std::uint64_t> last_;
};

}  // namespace bench::stress
