// Which fault the core has on purpose, in the copy of it that broken.cmake makes.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace bench::testing {

enum class CoreFault : std::uint8_t {
  none,
  wrap,        ///< a run of slots ends one slot too late, at a dense ring's wrap or a cell's end
  reuse,       ///< there is a cell too few, and a message is overwritten before it is read
  head_first,  ///< the head is stored before the messages are read
  destructor_commits,  ///< a reservation is published by its destructor
  forgets_destroy,     ///< the last message of a run is not destroyed
  destroys_twice,      ///< the first message of a run is destroyed twice
  loses_wake_up,       ///< one notification in a hundred wakes nobody
  misses_sleeper,      ///< one notification in a hundred overlooks who sleeps
  frees_early,         ///< a slot is free once its producer has ended, drained or not
  loses,               ///< one message in a million is not handed over
  doubles,             ///< one message in a million is handed over twice
  swaps,               ///< two messages in a million change places
  flips,               ///< one message in a million has a bit flipped
  leaks,               ///< a channel leaves an object behind
  lets_one_in,         ///< a closed ring lets one more message in
  stops,               ///< the consumer sees only a producer's first thousand messages
};

inline constexpr std::array kCoreFaultNames = {
    std::pair{std::string_view("wrap"), CoreFault::wrap},
    std::pair{std::string_view("reuse"), CoreFault::reuse},
    std::pair{std::string_view("head_first"), CoreFault::head_first},
    std::pair{std::string_view("destructor_commits"), CoreFault::destructor_commits},
    std::pair{std::string_view("forgets_destroy"), CoreFault::forgets_destroy},
    std::pair{std::string_view("destroys_twice"), CoreFault::destroys_twice},
    std::pair{std::string_view("loses_wake_up"), CoreFault::loses_wake_up},
    std::pair{std::string_view("misses_sleeper"), CoreFault::misses_sleeper},
    std::pair{std::string_view("frees_early"), CoreFault::frees_early},
    std::pair{std::string_view("loses"), CoreFault::loses},
    std::pair{std::string_view("doubles"), CoreFault::doubles},
    std::pair{std::string_view("swaps"), CoreFault::swaps},
    std::pair{std::string_view("flips"), CoreFault::flips},
    std::pair{std::string_view("leaks"), CoreFault::leaks},
    std::pair{std::string_view("lets_one_in"), CoreFault::lets_one_in},
    std::pair{std::string_view("stops"), CoreFault::stops}};

/// The fault that the environment variable FAULT names.
inline const CoreFault kCoreFault = [] {
  const char* const variable = std::getenv("FAULT");
  const std::string_view name = variable == nullptr ? "" : variable;
  const auto* const found =
      std::ranges::find(kCoreFaultNames, name, [](const auto& one) { return one.first; });
  return found == kCoreFaultNames.end() ? CoreFault::none : found->second;
}();

/// Whether the core has this fault. Not for the whole of a constant's initialiser: a compiler takes
/// that for constant evaluation, in which nothing is broken.
[[nodiscard]] constexpr bool broken(CoreFault fault) noexcept {
  if (std::is_constant_evaluated()) return false;
  return kCoreFault == fault;
}

/// True for one call in `times`, if the core has the fault.
[[nodiscard]] inline bool broken_once_in(CoreFault fault, std::uint64_t times) noexcept {
  if (!broken(fault)) return false;
  static std::atomic<std::uint64_t> calls{0};
  return calls.fetch_add(1, std::memory_order_relaxed) % times == times - 1;
}

/// Which of the next `count` messages is the one in a million; `count` if none of them is.
[[nodiscard]] inline std::size_t one_in_a_million(std::size_t count) noexcept {
  constexpr std::uint64_t kPeriod = 1'000'000;
  static std::atomic<std::uint64_t> handed{0};
  const std::uint64_t before = handed.fetch_add(count, std::memory_order_relaxed);
  return static_cast<std::size_t>(std::min<std::uint64_t>(kPeriod - 1 - before % kPeriod, count));
}

/// Hands over a run of messages of which one is wrong, by `handle`, which destroys what it has
/// handed over, and `hand`, which does not. `drop` destroys a message without handing it over.
template <class T>
void hand_over_broken(std::span<T> run, auto handle, auto hand, auto drop) {
  const std::size_t at = one_in_a_million(run.size());
  if (at == run.size()) return handle(run);
  if (broken(CoreFault::swaps) && at + 1 < run.size()) {
    T first = std::move(run[at]);
    run[at] = std::move(run[at + 1]);
    run[at + 1] = std::move(first);
  }
  if constexpr (std::is_trivially_copyable_v<T>) {
    if (broken(CoreFault::flips)) reinterpret_cast<unsigned char*>(&run[at])[sizeof(T) - 2] ^= 8;
    if (broken(CoreFault::doubles)) hand(run[at]);
  }
  if (!broken(CoreFault::loses)) return handle(run);
  if (at > 0) handle(run.first(at));
  drop(run[at]);
  if (at + 1 < run.size()) handle(run.subspan(at + 1));
}

/// Leaves an object behind.
inline void leak() {
  static std::atomic<std::uint64_t*> last{nullptr};
  last.store(new std::uint64_t[3], std::memory_order_relaxed);
}

}  // namespace bench::testing
